import Quantities

/// The average over time of a whole number that changes in steps, such as how many Pods wait.
///
/// The area under the curve is an exact integer (value times nanoseconds), so Little's law
/// ∫N dt = Σ time spent inside can be checked as an identity.
public struct TimeWeightedAverage: Hashable, BitwiseCopyable, Sendable {
  /// The present value.
  public private(set) var value: Int64
  /// The largest value since the start.
  public private(set) var maximum: Int64
  /// When the observation began.
  public private(set) var start: Instant
  private var changed: Instant
  private var accumulated: Int128 = 0

  /// Begins to observe at an instant.
  public init(_ value: Int64 = 0, at start: Instant = .zero) {
    self.value = value
    self.start = start
    maximum = value
    changed = start
  }

  /// Changes the value at an instant that is not before the last change.
  public mutating func set(_ value: Int64, at now: Instant) {
    accumulated = area(until: now)
    changed = now
    self.value = value
    maximum = max(maximum, value)
  }

  /// Raises or lowers the value at an instant that is not before the last change.
  public mutating func add(_ difference: Int64, at now: Instant) {
    set(value + difference, at: now)
  }

  /// Begins anew with the present value, as at the end of a warm-up.
  public mutating func restart(at now: Instant) {
    self = TimeWeightedAverage(value, at: now)
  }

  /// The area under the curve since the start, in units of the value times nanoseconds.
  public func area(until now: Instant) -> Int128 {
    precondition(now >= changed, "An average over time is asked for before its last change.")
    return accumulated + Int128(value) * Int128((now - changed).nanoseconds)
  }

  /// The average since the start; nil if no time has passed.
  public func average(until now: Instant) -> Double? {
    guard now > start else { return nil }
    return Double(area(until: now)) / Double((now - start).nanoseconds)
  }
}
