import Quantities

/// A time during which something doesn't answer, as a scenario scripts it.
public struct Outage: Hashable, Sendable {
  /// When it begins.
  public var from: TimeSpan
  /// When it is over.
  public var to: TimeSpan
  /// An outage between two times.
  public init(from: TimeSpan, to: TimeSpan) {
    self.from = from
    self.to = to
  }
}

extension [Outage] {
  /// Whether one of them is going on; an outage is over at its end.
  public func cover(_ now: Instant) -> Bool {
    contains { Instant.zero + $0.from <= now && now < .zero + $0.to }
  }
}
