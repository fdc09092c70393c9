import Quantities

/// Where a job that can be interrupted works at present, or whether it waits.
public enum DeadlineMode: String, Hashable, BitwiseCopyable, Sendable, CaseIterable {
  /// It has no machine.
  case wait
  /// On spot capacity.
  case spot
  /// On a machine that nobody takes back.
  case onDemand
}

/// A job with a deadline, as far as it is known beforehand.
public struct DeadlineTask: Hashable, BitwiseCopyable, Sendable {
  /// When it was asked for.
  public var begun: Instant
  /// When it has to be done.
  public var deadline: Instant
  /// How long it works undisturbed, its checkpoints included.
  public var work: TimeSpan
  /// How long a machine takes from its order until the job works on it: start, image, reading the
  /// last checkpoint.
  public var changeover: TimeSpan
  /// A job from its parts.
  public init(begun: Instant, deadline: Instant, work: TimeSpan, changeover: TimeSpan) {
    self.begun = begun
    self.deadline = deadline
    self.work = work
    self.changeover = changeover
  }

  /// How much work is done at an instant by who spreads it evenly until the deadline.
  public func evenly(by now: Instant) -> TimeSpan {
    let whole = max(1, (deadline - begun).nanoseconds)
    let past = min(whole, max(0, (now - begun).nanoseconds))
    return TimeSpan(nanoseconds: Int64(Int128(work.nanoseconds) * Int128(past) / Int128(whole)))
  }
}

/// What a policy sees of a job and of the market, nothing of their future.
public struct DeadlineSight: Hashable, BitwiseCopyable, Sendable {
  /// The time.
  public var now: Instant
  /// How long until the next look.
  public var tick: TimeSpan
  /// Work that is done, what isn't saved included.
  public var done: TimeSpan
  /// Work that would be left to go on from if the machine were taken now.
  public var saved: TimeSpan
  /// Where it works.
  public var mode: DeadlineMode
  /// Whether the market has spot capacity now.
  public var offersSpot: Bool
  /// A sight from its parts.
  public init(
    now: Instant, tick: TimeSpan, done: TimeSpan, saved: TimeSpan, mode: DeadlineMode,
    offersSpot: Bool
  ) {
    self.now = now
    self.tick = tick
    self.done = done
    self.saved = saved
    self.mode = mode
    self.offersSpot = offersSpot
  }
}

/// The policies for jobs with a deadline.
///
/// Each of them stands above the same net: where the time that would be left at the next look no
/// longer suffices to do on demand, after a changeover, what isn't saved, the job goes on demand and
/// stays there. So none of them misses a deadline that the machine on demand can keep.
///
/// > Source: Wu et al., *Can't Be Late*, NSDI 2024 (M: the rules as remembered, the savings by its
/// > abstract).
public enum DeadlinePolicy: String, Hashable, BitwiseCopyable, Sendable, CaseIterable {
  /// On demand from the start: what the others save is measured against it.
  case onDemand
  /// Spot while there is some, waiting while there is none, until the net.
  case greedy
  /// Spot while there is some. While there is none, on demand if the work lags behind what an even
  /// spread over the time until the deadline would have done; once there, until it is ahead by what
  /// the spread does in so many changeovers. Waiting otherwise.
  case uniformProgress

  /// Where the job is to work until the next look.
  ///
  /// - Parameter hysteresis: in changeovers, how far ahead work on demand must be before it stops.
  ///   The paper has 2 (M).
  public func mode(
    of task: DeadlineTask, seeing sight: DeadlineSight, hysteresis: Int = 2
  ) -> DeadlineMode {
    guard hasSlack(task, sight) else { return .onDemand }
    switch self {
    case .onDemand: return .onDemand
    case .greedy: return sight.offersSpot ? .spot : .wait
    case .uniformProgress:
      if sight.offersSpot { return .spot }
      let ahead = sight.mode == .onDemand ? task.changeover * hysteresis : .zero
      return sight.done < task.evenly(by: sight.now + ahead) ? .onDemand : .wait
    }
  }

  /// Whether the machine on demand could still do it all if nothing were gained until the next look.
  private func hasSlack(_ task: DeadlineTask, _ sight: DeadlineSight) -> Bool {
    let left = max(.zero, task.work - sight.saved)
    return sight.now + sight.tick + task.changeover + left <= task.deadline
  }
}
