/// A length of simulated time, exact to the nanosecond.
///
/// Arithmetic traps on overflow: the range is ±292 years.
public struct TimeSpan: Hashable, Comparable, BitwiseCopyable, Sendable {
  /// The span in nanoseconds.
  public var nanoseconds: Int64

  /// A span of a whole number of nanoseconds.
  @inlinable public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  /// No time at all.
  public static let zero = TimeSpan(nanoseconds: 0)
  /// The longest span that can be expressed; used for "never".
  public static let infinite = TimeSpan(nanoseconds: .max)

  /// A span of so many seconds, rounded to the nearest nanosecond.
  ///
  /// Values beyond the range (and infinity) become ``infinite``.
  @inlinable public static func seconds(_ value: Double) -> TimeSpan {
    let nanoseconds = (value * 1e9).rounded()
    guard nanoseconds < 9.2e18 else { return .infinite }
    return TimeSpan(nanoseconds: Int64(nanoseconds))
  }

  /// A span of so many seconds.
  @inlinable public static func seconds(_ value: Int) -> TimeSpan {
    TimeSpan(nanoseconds: Int64(value) * 1_000_000_000)
  }

  /// A span of so many milliseconds.
  @inlinable public static func milliseconds(_ value: Int) -> TimeSpan {
    TimeSpan(nanoseconds: Int64(value) * 1_000_000)
  }

  /// A span of so many minutes.
  @inlinable public static func minutes(_ value: Int) -> TimeSpan { .seconds(value * 60) }

  /// A span of so many hours.
  @inlinable public static func hours(_ value: Int) -> TimeSpan { .seconds(value * 3600) }

  /// The span in seconds.
  @inlinable public var seconds: Double { Double(nanoseconds) / 1e9 }

  /// Whether `a` is shorter than `b`.
  @inlinable public static func < (a: TimeSpan, b: TimeSpan) -> Bool {
    a.nanoseconds < b.nanoseconds
  }
  /// The sum of two spans.
  @inlinable public static func + (a: TimeSpan, b: TimeSpan) -> TimeSpan {
    TimeSpan(nanoseconds: a.nanoseconds + b.nanoseconds)
  }
  /// The difference of two spans.
  @inlinable public static func - (a: TimeSpan, b: TimeSpan) -> TimeSpan {
    TimeSpan(nanoseconds: a.nanoseconds - b.nanoseconds)
  }
  /// Lengthens a span.
  @inlinable public static func += (a: inout TimeSpan, b: TimeSpan) {
    a.nanoseconds += b.nanoseconds
  }
  /// A multiple of a span.
  @inlinable public static func * (a: TimeSpan, factor: Int) -> TimeSpan {
    TimeSpan(nanoseconds: a.nanoseconds * Int64(factor))
  }
}

/// A point on the simulation clock, in nanoseconds since the start of the scenario.
///
/// Objects that existed before the start have negative instants.
public struct Instant: Hashable, Comparable, BitwiseCopyable, Sendable {
  /// Nanoseconds since the start of the scenario.
  public var nanoseconds: Int64

  /// The instant so many nanoseconds after the start.
  @inlinable public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  /// The start of the scenario.
  public static let zero = Instant(nanoseconds: 0)
  /// Later than everything.
  public static let distantFuture = Instant(nanoseconds: .max)

  /// The instant so many seconds after the start.
  @inlinable public static func seconds(_ value: Double) -> Instant {
    Instant(nanoseconds: TimeSpan.seconds(value).nanoseconds)
  }

  /// Seconds since the start of the scenario.
  @inlinable public var seconds: Double { Double(nanoseconds) / 1e9 }

  /// Whether `a` is earlier than `b`.
  @inlinable public static func < (a: Instant, b: Instant) -> Bool {
    a.nanoseconds < b.nanoseconds
  }
  /// An instant later by a span; never later than ``distantFuture``.
  @inlinable public static func + (a: Instant, b: TimeSpan) -> Instant {
    let (sum, overflow) = a.nanoseconds.addingReportingOverflow(b.nanoseconds)
    return overflow ? .distantFuture : Instant(nanoseconds: sum)
  }
  /// An instant earlier by a span.
  @inlinable public static func - (a: Instant, b: TimeSpan) -> Instant {
    Instant(nanoseconds: a.nanoseconds - b.nanoseconds)
  }
  /// The span from `b` to `a`.
  @inlinable public static func - (a: Instant, b: Instant) -> TimeSpan {
    TimeSpan(nanoseconds: a.nanoseconds - b.nanoseconds)
  }
}
