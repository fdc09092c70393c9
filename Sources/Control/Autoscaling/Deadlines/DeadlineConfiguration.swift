import Quantities

/// How Jobs that have to be done by a time are brought to spot capacity.
public struct DeadlineConfiguration: Hashable, Sendable {
  /// The policy. Default Uniform Progress.
  public var policy = DeadlinePolicy.uniformProgress
  /// How long after it is asked for a Job has to be done. Default 24 h (A).
  public var within = TimeSpan.hours(24)
  /// How long a Job works undisturbed, checkpoints included, as its owner estimates it; a Job that
  /// works longer may be late. Default 16 h (A).
  public var work = TimeSpan.hours(16)
  /// How long it takes at most from the order of a machine until the Job works on it. Default 6 min
  /// (A; the paper sweeps it over minutes).
  public var changeover = TimeSpan.minutes(6)
  /// The time between looks. Default 1 min (A).
  public var tick = TimeSpan.minutes(1)
  /// How many changeovers ahead of an even spread work on demand must be before it stops. Default 2
  /// (M, *Can't Be Late*).
  public var hysteresis = 2
  /// Time at work between two checkpoints, writing one included: what a taken machine loses at most.
  /// Nil: nothing is ever saved.
  public var quantum: TimeSpan?
  /// How long the last checkpoint takes to be read.
  public var restore = TimeSpan.zero
  /// When each zone's market has no spot capacity.
  public var closures: [SpotClosures] = []
  /// The defaults above.
  public init() {}

  /// The first zone that has spot capacity now, in the order of the input; nil: none has.
  func openZone(at now: Instant) -> String? { closures.first { $0.isOpen(at: now) }?.zone }

  /// What is known of a Job that is asked for at an instant.
  func task(begun: Instant) -> DeadlineTask {
    DeadlineTask(begun: begun, deadline: begun + within, work: work, changeover: changeover)
  }
}

/// When a zone has no spot capacity, as whoever asks for some at a time would find out.
public struct SpotClosures: Hashable, Sendable {
  /// The zone.
  public var zone: String
  /// Stretches without: from, and until before.
  public var stretches: [Stretch]
  /// A stretch without capacity.
  public struct Stretch: Hashable, BitwiseCopyable, Sendable {
    /// From when on.
    public var from: Instant
    /// When it is over.
    public var to: Instant
    /// A stretch from its ends.
    public init(from: Instant, to: Instant) {
      self.from = from
      self.to = to
    }
  }
  /// A zone's closures from their parts; the stretches are in order and apart.
  public init(zone: String, stretches: [Stretch]) {
    self.zone = zone
    self.stretches = stretches
  }

  /// Whether there is capacity now.
  func isOpen(at now: Instant) -> Bool {
    var low = 0
    var high = stretches.count
    while low < high {
      let middle = (low + high) / 2
      if stretches[middle].to <= now { low = middle + 1 } else { high = middle }
    }
    return low == stretches.count || now < stretches[low].from
  }
}
