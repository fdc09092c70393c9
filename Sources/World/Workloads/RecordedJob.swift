import Quantities

/// A rigid job as a trace records it.
public struct RecordedJob: Hashable, BitwiseCopyable, Sendable {
  /// Its number in the trace.
  public var number: Int
  /// When it was handed in, after the trace's start.
  public var submitted: Instant
  /// How long it ran.
  public var runTime: TimeSpan
  /// How many processors or machines it took.
  public var processors: Int
  /// How long it said that it runs; where the trace doesn't say, the time it ran.
  public var requestedTime: TimeSpan

  /// A job from its parts.
  public init(
    number: Int, submitted: Instant, runTime: TimeSpan, processors: Int, requestedTime: TimeSpan
  ) {
    self.number = number
    self.submitted = submitted
    self.runTime = runTime
    self.processors = processors
    self.requestedTime = requestedTime
  }
}
