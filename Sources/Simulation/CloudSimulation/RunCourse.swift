import Quantities

/// How far a run came.
struct RunCourse {
  /// After how many events is looked whether the task was cancelled.
  static let eventsBetweenLooks = 64
  /// How many events happened.
  var events = 0
  /// When it was stopped; nil: it came to its end.
  var stoppedAt: Instant?
}
