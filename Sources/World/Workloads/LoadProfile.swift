import ClusterModel
import Probability
import Quantities

/// A demand that changes over time: how many replicas a workload is asked for, when Jobs come, or
/// how many requests a service gets.
public struct LoadProfile: Hashable, Sendable {
  /// What a load changes.
  public enum Drive: String, Hashable, Sendable, CaseIterable { case replicas, jobs, requests }

  /// The load's name.
  public var name: String
  /// The workload it drives, as `Kind/name` or `Kind/namespace/name`.
  public var target: String
  /// Whether it sets the target's replicas, has copies of the target Job arrive, or sends requests
  /// to the target's Pods.
  public var drives: Drive = .replicas
  /// Requests per second up to which every one is followed; of a load with a higher peak the Pods
  /// that stand for all are sent about as many. Default 100/s (C: a minute then holds 6,000, of
  /// which 1 % can be told from 1.4 %).
  public var followedRate = Rate(perSecond: 100)
  /// The site that its requests come in at: those to Pods at other sites cross the links between.
  /// Nil: they cross none.
  public var ingress: String?
  /// How the demand runs.
  public var shape: Shape
  /// A load on a target.
  public init(name: String, target: String, shape: Shape) {
    self.name = name
    self.target = target
    self.shape = shape
  }

  /// The courses that a demand can take.
  public enum Shape: Hashable, Sendable {
    case step(Step)
    case ramp(Ramp)
    case diurnal(Diurnal)
    case mmpp(MMPP)
    case flashCrowd(FlashCrowd)
    case batch(Batch)
    case arrivals(Arrivals)
    case series(Series)
    case trace(Trace)
  }

  /// One jump from a level to another.
  public struct Step: Hashable, Sendable {
    /// When. Default at the start.
    public var at: TimeSpan = .zero
    /// The level before; nil: what the manifest says. (Jobs and requests: 0.)
    public var from: Int?
    /// The level after. For Jobs: how many arrive at once.
    public var to: Int = 1
    /// A step to one replica at the start.
    public init() {}
  }

  /// A straight rise or fall between two levels.
  public struct Ramp: Hashable, Sendable {
    /// When it begins.
    public var at: TimeSpan = .zero
    /// How long it takes. Default 5 min.
    public var over: TimeSpan = .minutes(5)
    /// The level before; nil: what the manifest says.
    public var from: Int?
    /// The level after.
    public var to: Int = 1
    /// A ramp to one replica.
    public init() {}
  }

  /// A day's course: `base · (1 + amplitude·sin(2π(t − phase)/period) + second·sin(4π(t − phase)/period))`.
  ///
  /// Jobs arrive as a non-homogeneous Poisson process of that rate per hour; replicas follow the
  /// curve, looked at every `interval`.
  public struct Diurnal: Hashable, Sendable {
    /// The mean level: replicas, or Jobs per hour.
    public var base: Double = 10
    /// Default 0.5 (A, 0.3–0.7, model card 1.3).
    public var amplitude: Double = 0.5
    /// The second harmonic's share. Default 0.
    public var second: Double = 0
    /// Default 24 h.
    public var period: TimeSpan = .hours(24)
    /// When the curve crosses its mean upwards. Default 0.
    public var phase: TimeSpan = .zero
    /// Replicas only: how often the level is set. Default 1 min.
    public var interval: TimeSpan = .minutes(1)
    /// Half up and down around ten over a day.
    public init() {}
  }

  /// A two-state Markov-modulated process: quiet and busy times of exponential length.
  public struct MMPP: Hashable, Sendable {
    /// Level in quiet times: replicas, or Jobs per hour.
    public var low: Double = 10
    /// Level in busy times. Model card 1.3: 5–10 times the low one (A).
    public var high: Double = 70
    /// Mean length of a quiet time. 30 min (A).
    public var meanLow: TimeSpan = .minutes(30)
    /// Mean length of a busy time. 3 min (A).
    public var meanHigh: TimeSpan = .minutes(3)
    /// The card's defaults.
    public init() {}
  }

  /// A crowd that comes fast, stays, and goes.
  public struct FlashCrowd: Hashable, Sendable {
    /// When the rise begins.
    public var at: TimeSpan = .zero
    /// The level before and long after; nil: what the manifest says. (Jobs: per hour, 0.)
    public var from: Int?
    /// The level at the top.
    public var peak: Int = 10
    /// How long the rise takes, exponentially. Default 1 min (A, 60 s–10 min).
    public var rise: TimeSpan = .minutes(1)
    /// How long the top lasts. Default 10 min (A).
    public var hold: TimeSpan = .minutes(10)
    /// The fall's half-life. Default 5 min (A).
    public var decay: TimeSpan = .minutes(5)
    /// A crowd that asks for ten replicas.
    public init() {}
  }

  /// Jobs at given times of the day.
  public struct Batch: Hashable, Sendable {
    /// Times after the start.
    public var at: [TimeSpan] = []
    /// Jobs at each. Default 1.
    public var jobs: Int = 1
    /// Repeats after this long; nil: doesn't repeat.
    public var every: TimeSpan?
    /// Nothing yet.
    public init() {}
  }

  /// Jobs one after another, with times between them by a law.
  public struct Arrivals: Hashable, Sendable {
    /// Time between arrivals, in seconds. Default exponential with mean 60 s (A).
    public var interarrival: Law = .exponential(mean: 60)
    /// When the first may come. Default at the start.
    public var from: TimeSpan = .zero
    /// When the last may come; nil: at the horizon.
    public var until: TimeSpan?
    /// One a minute.
    public init() {}
  }

  /// Requests counted in intervals of equal length, as a server's log gives them.
  public struct Series: Hashable, Sendable {
    /// The file that the counts come from, as written.
    public var file = ""
    /// How long an interval is. Default 1 min.
    public var interval: TimeSpan = .minutes(1)
    /// What every count is multiplied by. Default 1.
    public var scale: Double = 1
    /// Into how many windows of equal length the counts are cut, of which each replication gets one,
    /// in turn. Default 1: every replication gets all of them.
    public var windows = 1
    /// Counts, interval by interval from the start on; within one requests come evenly at random.
    public var counts: [Double] = []
    /// No counts.
    public init() {}
  }

  /// What was recorded: Jobs with the time that each ran, or levels with the time from which on each
  /// held.
  public struct Trace: Hashable, Sendable {
    /// One row of a trace.
    public struct Row: Hashable, BitwiseCopyable, Sendable {
      /// When, after the start.
      public var at: TimeSpan
      /// Of Jobs, the seconds that each Pod works; of replicas, the level from then on.
      public var value: Double
      /// A row of a trace.
      public init(at: TimeSpan, value: Double) {
        self.at = at
        self.value = value
      }
    }

    /// The file that the rows come from, as written.
    public var file = ""
    /// How many Jobs come for each that was recorded, on average, or what every level is multiplied
    /// by. Default 1.
    public var scale: Double = 1
    /// The rows, in order of time.
    public var rows: [Row] = []
    /// No rows.
    public init() {}
  }
}
