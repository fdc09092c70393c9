import CloudSimulation

/// How a study is made.
public struct StudyOptions: Sendable {
  /// How much of a claim's study is made.
  public enum Depth: Hashable, Sendable {
    /// Verdicts only.
    case verdicts
    /// Verdicts, what binds, on which assumptions they depend, and what must change.
    case whole
  }
  /// Which replications give rows to `placements.csv` and `stages.csv`.
  public enum Records: Hashable, Sendable { case none, first, all }

  /// How many replications run at the same time. Default 1.
  public var jobs = 1
  /// How many replications; nil: as the scenario says, else the fewest with which every claim can
  /// hold (59 at the defaults), at least 1.
  ///
  /// A scenario without chance is decided by one replication and never runs more.
  public var replications: Int?
  /// Looks at the replications, instead of the scenario's; nil: those.
  public var looks: [Int]?
  /// Only the replication of this number is run, and nothing is decided; nil: all.
  public var only: Int?
  /// The seed; nil: the scenario's.
  public var seed: UInt64?
  /// Parameters moved from the start, as by `--set`; later ones count.
  public var settings: [ParameterSetting] = []
  /// How much is studied. Default everything.
  public var depth = Depth.whole
  /// On how many replications the effect of taking a limit away is measured. Default 10: the
  /// differences are paired, so that few show them.
  public var counterfactualReplications = 10
  /// The response whose sensitivity to assumed values is found out; nil: of none. An empty text: the
  /// first claim's metric, else the cost.
  public var sensitivity: String?
  /// Rows for `placements.csv` and `stages.csv`. Default those of the first replication.
  public var records = Records.first
  /// Whether syncs of HorizontalPodAutoscalers are kept. Default false.
  public var recordsAutoscalers = false
  /// Whether the study finds out what each line, registry and failure cost. Default false.
  public var explainsCauses = false
  /// Called now and then with what the study is at, from one task at a time.
  public var progress: (@Sendable (StudyProgress) -> Void)?

  /// The defaults above.
  public init() {}
}

/// What a study is at.
public struct StudyProgress: Hashable, Sendable {
  /// Parts of a study.
  public enum Phase: String, Hashable, Sendable {
    /// The scenario as it is.
    case replications
    /// Which limit binds.
    case limits
    /// On which assumptions a verdict depends.
    case conditions
    /// What must change.
    case ladder
    /// How far assumed values move a response.
    case sensitivity
    /// What each cause cost.
    case causes
  }
  /// The part.
  public var phase: Phase
  /// Units of the part's present batch that are done.
  public var done: Int
  /// Units in the batch.
  public var total: Int
  /// Progress from its parts.
  public init(phase: Phase, done: Int, total: Int) {
    self.phase = phase
    self.done = done
    self.total = total
  }
}
