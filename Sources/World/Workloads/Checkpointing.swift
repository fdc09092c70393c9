import Quantities

/// How a Job's Pod saves its work: after every so much of it, and at its end.
///
/// > Source: the model of J. W. Young, *Communications of the ACM* 17 (1974), and J. T. Daly, *Future
/// > Generation Computer Systems* 22 (2006).
public struct Checkpointing: Hashable, Sendable {
  /// Work between checkpoints. Default 10 min.
  public var every = TimeSpan.minutes(10)
  /// How long writing one takes. Default 10 s (A).
  public var cost = TimeSpan.seconds(10)
  /// How long a Pod that isn't the first in its place takes to read the last one. Default 10 s (A).
  public var restart = TimeSpan.seconds(10)
  /// The defaults above.
  public init() {}

  /// How long so much work takes with its checkpoints.
  public func running(_ work: TimeSpan) -> TimeSpan {
    work + cost * Int((work.nanoseconds + every.nanoseconds - 1) / every.nanoseconds)
  }

  /// How much of a work is done after a time, and how much of that is saved.
  public func progress(
    after time: TimeSpan, of work: TimeSpan
  ) -> (done: TimeSpan, saved: TimeSpan) {
    let (whole, rest) = time.nanoseconds.quotientAndRemainder(
      dividingBy: (every + cost).nanoseconds)
    let saved = min(work, every * Int(whole))
    return (min(work, saved + min(every, TimeSpan(nanoseconds: rest))), saved)
  }
}
