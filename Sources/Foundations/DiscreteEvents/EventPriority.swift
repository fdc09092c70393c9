/// The order of events that happen at the same instant.
///
/// Among equal priorities, events happen in the order in which they were scheduled.
public enum EventPriority: UInt8, CaseIterable, BitwiseCopyable, Sendable {
  /// What breaks: nothing completes on a machine that failed at the same instant.
  case faults = 0
  /// What ends and frees something: a place freed at an instant serves an arrival of that instant.
  case completions = 4
  /// What begins or asks for something.
  case arrivals = 7
  /// Control loops: they decide on the state that the instant's changes left.
  case control = 10
  /// Observers: they see the instant after everything else in it.
  case sampling = 13

  /// The priority of an event for which nothing else was asked: that of ``arrivals``.
  @inlinable public static var normal: EventPriority { .arrivals }
}
