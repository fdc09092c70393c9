import Autoscaling
import Infrastructure
import Quantities
import Statistics

/// What policies for jobs with a deadline would have paid on a recorded market.
///
/// One job at a time, without a cluster around it: the machine works, or is being changed, from look
/// to look, and a look is a value of the recording. Spot capacity that ends takes the machine at
/// once. Money is counted in hours on demand.
public struct DeadlineReplay: Sendable {
  /// One job's fate.
  public struct Fate: Hashable, Sendable {
    /// What it cost, over what its work alone would have cost on demand.
    public var cost: Double
    /// Whether it was done by its deadline.
    public var isInTime: Bool
    /// How many machines it had.
    public var machines: Int
  }

  /// The recording.
  public var history: AvailabilityHistory
  /// How long a job has, works and changes machines.
  public var terms: DeadlineConfiguration
  /// What spot costs over what a machine on demand costs. Default 0.2 (D, TKE's spot Pods).
  public var spotFactor = 0.2

  /// A replay of a recording.
  public init(_ history: AvailabilityHistory, terms: DeadlineConfiguration) {
    self.history = history
    self.terms = terms
  }

  /// When jobs begin: so many of them, evenly over the recording, which begins anew when it is over.
  public func starts(_ count: Int) -> [Int] {
    (0..<count).map { $0 * history.isUp.count / count }
  }

  /// What becomes of a job that begins with a value of the recording.
  public func fate(of policy: DeadlinePolicy, from start: Int) -> Fate {
    let task = DeadlineTask(
      begun: .zero, deadline: .zero + terms.within, work: terms.work, changeover: terms.changeover)
    var run = MachineRun(quantum: terms.quantum)
    var paid = 0.0
    var clock = Instant.zero
    var place = start
    while run.done < task.work {
      let isUp = history.isUp[place % history.isUp.count]
      if run.mode == .spot, !isUp { run.lose() }
      let sight = DeadlineSight(
        now: clock, tick: history.step, done: run.done, saved: run.saved, mode: run.mode,
        offersSpot: isUp)
      let mode = policy.mode(of: task, seeing: sight, hysteresis: terms.hysteresis)
      if mode != run.mode { run.change(to: mode, after: terms.changeover) }
      let spent = run.work(for: history.step, of: task.work)
      if mode != .wait { paid += spent.seconds * (mode == .spot ? spotFactor : 1) }
      clock = clock + (mode == .wait ? history.step : spent)
      place += 1
    }
    return Fate(
      cost: paid / task.work.seconds, isInTime: clock <= task.deadline, machines: run.machines)
  }
}

/// A job on the machines that it has one after the other.
private struct MachineRun {
  /// What is done between two times that it is saved; nil: nothing is.
  let quantum: TimeSpan?
  var mode = DeadlineMode.wait
  var done = TimeSpan.zero
  var machines = 0
  private var changing = TimeSpan.zero

  init(quantum: TimeSpan?) { self.quantum = quantum }

  var saved: TimeSpan {
    guard let quantum, quantum > .zero else { return .zero }
    return quantum * Int(done.nanoseconds / quantum.nanoseconds)
  }

  mutating func lose() {
    done = saved
    mode = .wait
  }

  /// Leaves a machine, with what is saved, for another.
  mutating func change(to mode: DeadlineMode, after changeover: TimeSpan) {
    done = saved
    self.mode = mode
    changing = changeover
    if mode != .wait { machines += 1 }
  }

  /// - Returns: how long it held the machine: to the next look, or until the work is done.
  mutating func work(for step: TimeSpan, of work: TimeSpan) -> TimeSpan {
    guard mode != .wait else { return .zero }
    let idle = min(changing, step)
    changing = changing - idle
    let worked = min(step - idle, work - done)
    done += worked
    return idle + worked
  }
}
