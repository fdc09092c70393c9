/// How a plan is looked for.
public struct PlanOptions: Sendable {
  /// How many replications run at the same time. Default 1.
  public var jobs = 1
  /// The seed; nil: the scenario's.
  public var seed: UInt64?
  /// The most runs of the scenario that a search may need without having been asked for it. Default
  /// 200,000; nil: any number.
  public var mostRuns: Int? = 200_000
  /// Called now and then with how many runs are done, of at most how many.
  public var progress: (@Sendable (_ done: Int, _ most: Int) -> Void)?
  /// The defaults above.
  public init() {}
}

/// Why a plan can't be looked for.
public enum PlanError: Error, Hashable, Sendable, CustomStringConvertible {
  /// It may take more runs than were allowed (exit status 64).
  case tooLarge(runs: Int, most: Int)

  /// One sentence.
  public var description: String {
    switch self {
    case .tooLarge(let runs, let most):
      "the plan may take \(StudyText.count(runs)) runs of the scenario, more than "
        + "\(StudyText.count(most))"
    }
  }
}
