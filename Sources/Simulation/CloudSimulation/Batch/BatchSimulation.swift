import DiscreteEvents
import Quantities
import Scheduling
import Workloads

/// A batch queue before its machines, fed with recorded jobs by the event engine.
public enum BatchSimulation {
  /// What became of a job.
  public struct Outcome: Hashable, Sendable {
    /// The job.
    public var job: RecordedJob
    /// When it started.
    public var start: Instant
    /// The machines that it took.
    public var machines: MachineSet

    /// How long it waited.
    public var wait: TimeSpan { start - job.submitted }
    /// How long it was in the system.
    public var turnaround: TimeSpan { wait + job.runTime }
    /// Turnaround over the time it ran.
    public var slowdown: Double { turnaround.seconds / job.runTime.seconds }
    /// The slowdown of a job that counts as running ten seconds at least, itself at least 1:
    /// D. G. Feitelson et al., JSSPP 1997.
    public var boundedSlowdown: Double {
      max(1, turnaround.seconds / max(job.runTime.seconds, 10))
    }
  }

  /// Lets jobs pass through the queue.
  ///
  /// - Precondition: jobs in the order of submission, none larger than the machines.
  /// - Returns: what became of each that started before the horizon, or before the task was
  ///   cancelled, in the order given.
  public static func run(
    _ jobs: [RecordedJob], machines: Int, policy: BatchPolicy,
    until horizon: Instant = .distantFuture
  ) -> [Outcome] {
    course(of: jobs, machines: machines, policy: policy, until: horizon).outcomes
  }

  /// The same, and when it was stopped because the task was cancelled; nil: it wasn't.
  static func course(
    of jobs: [RecordedJob], machines: Int, policy: BatchPolicy, until horizon: Instant
  ) -> (outcomes: [Outcome], stoppedAt: Instant?) {
    var model = BatchModel(jobs: jobs, queue: BatchQueue(machines: machines, policy: policy))
    var agenda = EventList<BatchModel.Event>()
    model.start(on: &agenda)
    DiscreteEvents.run(&model, agenda: &agenda, until: horizon)
    let outcomes = zip(jobs, model.starts).compactMap { job, start in
      start.map { Outcome(job: job, start: $0.at, machines: $0.machines) }
    }
    return (outcomes, model.isFinished ? agenda.now : nil)
  }
}

/// Jobs, their queue and what starts when.
private struct BatchModel: SimulationModel, ~Copyable {
  enum Event: BitwiseCopyable, Sendable {
    case arrival(UInt32)
    case completion(UInt32)
    case decision
  }
  let jobs: [RecordedJob]
  var queue: BatchQueue
  var starts: [(at: Instant, machines: MachineSet)?]
  private var decisionAt: Instant?
  /// Whether the task was cancelled.
  private(set) var isFinished = false

  init(jobs: [RecordedJob], queue: BatchQueue) {
    self.jobs = jobs
    self.queue = queue
    starts = [(at: Instant, machines: MachineSet)?](repeating: nil, count: jobs.count)
  }

  mutating func start(on agenda: inout EventList<Event>) {
    for (index, job) in jobs.enumerated() {
      agenda.schedule(.arrival(UInt32(index)), at: job.submitted, priority: .arrivals)
    }
  }

  mutating func handle(_ event: Event, on agenda: inout EventList<Event>) {
    // With many jobs waiting, a single decision takes long.
    isFinished = Task.isCancelled
    switch event {
    case .arrival(let index):
      let job = jobs[Int(index)]
      queue.submit(
        BatchJob(
          id: Int(index), submitted: job.submitted, machines: job.processors,
          requested: job.requestedTime))
      decideSoon(on: &agenda)
    case .completion(let index):
      queue.complete(Int(index))
      decideSoon(on: &agenda)
    case .decision: decide(on: &agenda)
    }
  }

  /// At once where the policy sees every event by itself, else when the instant's events are in.
  private mutating func decideSoon(on agenda: inout EventList<Event>) {
    if queue.policy.decidesAfterEveryEvent {
      decide(on: &agenda)
    } else if decisionAt != agenda.now {
      decisionAt = agenda.now
      agenda.schedule(.decision, at: agenda.now, priority: .control)
    }
  }

  private mutating func decide(on agenda: inout EventList<Event>) {
    // Where every event counts by itself, what arrives at an instant comes before what completes.
    let priority: EventPriority = queue.policy.decidesAfterEveryEvent ? .control : .completions
    decisionAt = nil
    for start in queue.decide(at: agenda.now) {
      starts[start.job.id] = (agenda.now, start.machines)
      let job = jobs[start.job.id]
      agenda.schedule(
        .completion(UInt32(start.job.id)), at: agenda.now + job.runTime, priority: priority)
    }
  }
}
