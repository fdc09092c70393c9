import CloudSimulation
import Statistics

/// What a study found out.
public struct StudyOutcome: Sendable {
  /// Everything that reports show, but for what only the caller knows: the scenario's digest, what
  /// was read, caveats, and commands.
  public var summary: RunSummary
  /// `placements`, `stages` and, where anybody scales, `scaling` and `conditions`; the curves and the bill are in the summary.
  public var tables: [ResultTable]
  /// Syncs of HorizontalPodAutoscalers, if they were kept.
  public var autoscalerRecordings: [AutoscalerRecording] = []
  /// The number of the replication that shows best what happened: the one farthest on the bad side
  /// of the first claim; nil without claims.
  public var tellingReplication: Int?
  /// How many replications were run in all, those with moved parameters included.
  public var replicationsRun: Int
  /// Whether claims were to be decided about: not where one replication alone was asked for.
  public var decides: Bool

  /// The exit status that says so: 130 if the study was cut short, 1 if a claim doesn't hold or is
  /// undecided, else 0.
  ///
  /// - Parameter allowUndecided: whether an undecided claim counts as done.
  public func exitStatus(allowUndecided: Bool = false) -> Int32 {
    if summary.isPartial { return 130 }
    guard decides else { return 0 }
    let isBad = summary.claims.contains { claim in
      claim.verdict == .fails || claim.verdict == .undecided && !allowUndecided
    }
    return isBad ? 1 : 0
  }
}
