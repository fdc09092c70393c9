import CloudSimulation

/// Why a study can't be made of a scenario: bad input, located by its claim (exit status 65).
public enum StudyError: Error, Hashable, Sendable {
  /// A claim on a rate needs three minutes' worth of Pods at least: n ≥ 3 × the threshold per
  /// minute. The replication is the first in which the burst was too small.
  case burstTooSmall(claim: String, replication: Int, places: Int, needed: Int)
  /// The claim's load doesn't exist, or there isn't just one with a step to take, or the load has
  /// no step and the claim no window.
  case noBurst(claim: String)
  /// A claim's `share` or `confidence` doesn't lie strictly between 0 and 1.
  case notAShare(claim: String, field: String, value: Double)
  /// Fewer than one replication was asked for.
  case noReplications
  /// Windows of a trace would get different numbers of replications.
  case unequalWindows(replications: Int, windows: Int)

  /// The claim in question, if it is about one.
  public var claim: String? {
    switch self {
    case .burstTooSmall(let claim, _, _, _), .noBurst(let claim), .notAShare(let claim, _, _): claim
    case .noReplications, .unequalWindows: nil
    }
  }
}

extension StudyError: CustomStringConvertible {
  /// What is wrong, and what would be right.
  public var description: String {
    switch self {
    case .burstTooSmall(let claim, let replication, let places, let needed):
      "claim \(claim): its burst has \(StudyText.count(places)) Pods in replication "
        + "\(replication); a rate over a burst needs three minutes' worth at the threshold, "
        + "\(StudyText.count(needed))"
    case .noBurst(let claim):
      "claim \(claim): no burst to measure; name a `load` with a step, or the window's `from`"
    case .notAShare(let claim, let field, let value):
      "claim \(claim): \(field) is \(value); it lies between 0 and 1"
    case .unequalWindows(let replications, let windows):
      "\(StudyText.count(replications)) replications can't be shared out among "
        + "\(StudyText.count(windows)) windows of a trace; take a multiple"
    case .noReplications:
      "a run has at least one replication"
    }
  }
}

/// An identity that doesn't hold in a replication: a bug of the model, not of the input (exit
/// status 70).
public struct ModelFault: Error, Hashable, Sendable, CustomStringConvertible {
  /// The replication's number.
  public var replication: Int
  /// The seed that it ran with.
  public var seed: UInt64
  /// Parameters that the study had moved.
  public var settings: [ParameterSetting]
  /// The identity and its two sides.
  public var message: String

  /// A fault from its parts.
  public init(
    replication: Int, seed: UInt64, settings: [ParameterSetting] = [], message: String
  ) {
    self.replication = replication
    self.seed = seed
    self.settings = settings
    self.message = message
  }

  /// What doesn't hold, and where.
  public var description: String {
    let moved = settings.map { " --set '\($0.path)=\($0.value)'" }.joined()
    return "replication \(replication) of seed \(seed)\(moved): \(message)"
  }
}
