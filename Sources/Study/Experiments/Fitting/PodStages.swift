import Probability
import Statistics

/// One Pod's timestamps, in whole seconds since any time.
public struct PodTimeline: Hashable, Sendable {
  /// Whose it is.
  public var workload: String
  /// Where it is; nil while it is bound nowhere.
  public var site: String?
  /// Whether its workload's Pods come and go, so that those under way were met by that.
  public var comesAndGoes: Bool
  /// When it was created, scheduled, initialised, started and ready, as far as it has come.
  public var times: [Int64?]
  /// Whether a stage that hasn't ended is under way; false for one that was told to stop, or of which
  /// some time is not known any more.
  public var isUnderWay: Bool
  /// A timeline from its parts.
  public init(
    workload: String, site: String?, comesAndGoes: Bool, times: [Int64?], isUnderWay: Bool
  ) {
    self.workload = workload
    self.site = site
    self.comesAndGoes = comesAndGoes
    self.times = times
    self.isUnderWay = isUnderWay
  }
}

/// What timelines of Pods say about the laws of their stages.
public struct PodStages: Sendable {
  /// A stretch between two timestamps.
  public enum Stretch: Int, Hashable, Sendable, CaseIterable {
    /// From creation to PodScheduled.
    case schedule
    /// From PodScheduled to Initialized.
    case initialize
    /// From Initialized to the last container's start.
    case start
    /// From there to Ready.
    case ready
    /// From PodScheduled to the last container's start: what a place takes.
    case place

    /// The stretch in words.
    public var words: String {
      switch self {
      case .schedule: "created to PodScheduled"
      case .initialize: "PodScheduled to Initialized"
      case .start: "Initialized to the containers' start"
      case .ready: "the containers' start to Ready"
      case .place: "PodScheduled to the containers' start"
      }
    }
    fileprivate var ends: (from: Int, to: Int) {
      switch self {
      case .schedule: (0, 1)
      case .initialize: (1, 2)
      case .start: (2, 3)
      case .ready: (3, 4)
      case .place: (1, 3)
      }
    }
  }
  /// What was found of one stretch, of some Pods.
  public struct Finding: Sendable {
    /// The stretch.
    public var stretch: Stretch
    /// The Pods' workload; nil: all.
    public var workload: String?
    /// Their site; nil: all.
    public var site: String?
    /// How many had ended it.
    public var over: Int
    /// How many were in it.
    public var underWay: Int
    /// The laws, the best first; none where too few had ended it or all took equally long.
    public var fits: [RoundedFit]
    /// What all of them took, if it was the same, in seconds.
    public var constant: Int?
  }

  private let pods: [PodTimeline]
  private let now: Int64

  /// - Parameter now: when the Pods were looked at.
  public init(_ pods: [PodTimeline], at now: Int64) {
    self.pods = pods
    self.now = now
  }

  /// The workloads, in the order of the Pods.
  public var workloads: [String] { unique(pods.map(\.workload)) }
  /// The sites, in the order of the Pods.
  public var sites: [String] { unique(pods.compactMap(\.site)) }

  private func unique(_ names: [String]) -> [String] {
    var seen: Set<String> = []
    return names.filter { seen.insert($0).inserted }
  }

  /// What a stretch took Pods of a workload at a site.
  public func finding(
    _ stretch: Stretch, workload: String? = nil, site: String? = nil
  ) -> Finding {
    let durations = pods.filter { pod in
      workload ?? pod.workload == pod.workload && (site == nil || pod.site == site)
    }.compactMap { duration(of: $0, stretch) }
    let over = durations.filter { $0.sight == .over }.map(\.seconds)
    return Finding(
      stretch: stretch, workload: workload, site: site, over: over.count,
      underWay: durations.count - over.count, fits: RoundedFit.all(durations),
      constant: over.min() == over.max() ? over.first : nil)
  }

  private func duration(of pod: PodTimeline, _ stretch: Stretch) -> RoundedDuration? {
    let (from, to) = stretch.ends
    guard let begun = pod.times[from] else { return nil }
    if let ended = pod.times[to] {
      return RoundedDuration(seconds: Int(max(0, ended - begun)), sight: .over)
    }
    guard pod.isUnderWay, pod.times[(to + 1)...].allSatisfy({ $0 == nil }) else { return nil }
    return RoundedDuration(
      seconds: Int(max(0, now - begun)), sight: pod.comesAndGoes ? .met : .underWay)
  }
}
