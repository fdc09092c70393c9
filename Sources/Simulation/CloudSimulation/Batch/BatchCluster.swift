import Quantities
import Scheduling
import Workloads

/// Machines of a batch system with a queue of rigid jobs before them, beside the Kubernetes cluster.
public struct BatchCluster: Hashable, Sendable {
  /// How the queue decides.
  public enum Policy: String, Hashable, Sendable, CaseIterable {
    /// In order; nothing overtakes the job that is next.
    case strict
    /// In order, and what ends before the next job's reservation may start: as RLScheduler does it.
    case easyRLScheduler
    /// First come, first served, with backfilling that doesn't delay the first: D. Lifka, JSSPP
    /// 1995, as textbooks have it.
    case easyTextbook
    /// The same on named machines, as Batsim's `easy_bf` does it.
    case easy
    /// Every waiting job holds a reservation on named machines, as Batsim's `conservative_bf`.
    case conservative
  }

  /// The cluster's name.
  public var name: String
  /// The trace that the jobs come from, as written.
  public var file = ""
  /// The jobs, in the order of their submission.
  public var jobs: [RecordedJob] = []
  /// Machines, or processors: a job takes so many of them. Default 256.
  public var machines = 256
  /// How the queue decides. Default `easy`.
  public var policy = Policy.easy
  /// Which job is next, under `strict` and `easyRLScheduler`.
  public var order = BatchOrder.firstComeFirstServed
  /// Into how many windows with equally many jobs the trace is cut, of which each replication gets
  /// one, in turn, from an empty cluster. Default 1.
  public var windows = 1
  /// A cluster without jobs.
  public init(name: String) { self.name = name }

  /// The policy as the queue knows it.
  var batchPolicy: BatchPolicy {
    switch policy {
    case .strict: .strict(order)
    case .easyRLScheduler: .selecting(order)
    case .easyTextbook: .easy
    case .easy: .easyOnMachines
    case .conservative: .conservativeOnMachines
    }
  }

  /// The jobs of a replication's window, counted from the first one's submission; those that the
  /// trace's last window would have beyond equal shares are left out.
  func jobs(of replication: Int) -> [RecordedJob] {
    guard windows > 1 else { return jobs }
    let length = jobs.count / windows
    let begin = replication % windows * length
    let stretch = jobs[begin..<begin + length]
    guard let start = stretch.first?.submitted else { return [] }
    return stretch.map { job in
      var job = job
      job.submitted = .zero + (job.submitted - start)
      return job
    }
  }

  /// What a replication's jobs go through until the horizon.
  func result(of replication: Int, horizon: Instant) -> BatchResult {
    let jobs = jobs(of: replication)
    let course = BatchSimulation.course(
      of: jobs, machines: machines, policy: batchPolicy, until: horizon)
    var result = BatchResult(
      name: name, jobs, course.outcomes, machines: machines, horizon: course.stoppedAt ?? horizon)
    result.stoppedAt = course.stoppedAt
    return result
  }
}

/// What became of a batch cluster's jobs in one replication.
public struct BatchResult: Hashable, Sendable {
  /// The cluster's name.
  public var name: String
  /// Jobs that were handed in before the horizon.
  public var submitted = 0
  /// Jobs that had ended by then.
  public var completed = 0
  /// Mean seconds before the start; a job that hasn't started waits until the horizon. Nil without
  /// a job.
  public var wait: Double?
  /// Mean seconds from submission to end, jobs under way taken to their own end.
  public var turnaround: Double?
  /// Mean of the bounded slowdown: D. G. Feitelson et al., JSSPP 1997.
  public var slowdown: Double?
  /// Seconds from the first submission to the last end; nil unless all jobs have ended by the
  /// horizon.
  public var makespan: Double?
  /// Machine time used over machine time there was, from the start to the last end or the horizon.
  public var utilisation: Double?
  /// Where it was stopped because its task was cancelled, which is then its horizon; nil: it wasn't.
  public var stoppedAt: Instant?

  /// A cluster that got no job.
  public init(name: String) { self.name = name }

  init(
    name: String, _ jobs: [RecordedJob], _ outcomes: [BatchSimulation.Outcome], machines: Int,
    horizon: Instant
  ) {
    self.name = name
    let handedIn = jobs.filter { $0.submitted <= horizon }
    submitted = handedIn.count
    completed = outcomes.count { $0.start + $0.job.runTime <= horizon }
    guard submitted > 0 else { return }
    // Outcomes stand in the order of the jobs.
    var next = 0
    var waiting: [BatchSimulation.Outcome] = []
    for job in handedIn {
      if next < outcomes.count, outcomes[next].job == job {
        next += 1
      } else {
        waiting.append(.init(job: job, start: horizon, machines: MachineSet(first: 0)))
      }
    }
    func mean(_ value: (BatchSimulation.Outcome) -> Double) -> Double {
      (outcomes + waiting).reduce(0) { $0 + value($1) } / Double(submitted)
    }
    wait = mean(\.wait.seconds)
    turnaround = mean(\.turnaround.seconds)
    slowdown = mean(\.boundedSlowdown)
    let ends = outcomes.map { $0.start + $0.job.runTime }
    if completed == jobs.count, let first = jobs.first?.submitted, let last = ends.max() {
      makespan = (last - first).seconds
    }
    let end =
      waiting.isEmpty
      ? min(horizon, ends.max() ?? horizon) : horizon
    let used = outcomes.reduce(0.0) { sum, outcome in
      let stop = min(outcome.start + outcome.job.runTime, end)
      return sum + Double(outcome.job.processors) * max(0, (stop - outcome.start).seconds)
    }
    let there = Double(machines) * (end - Instant.zero).seconds
    utilisation = there > 0 ? used / there : nil
  }

  /// Its values with their names and units, as reports and sweeps show them.
  public var values: [(name: String, unit: String, value: Double?)] {
    [
      ("batchWait/\(name)", "s", wait), ("batchTurnaround/\(name)", "s", turnaround),
      ("batchSlowdown/\(name)", "", slowdown), ("batchUtilisation/\(name)", "", utilisation),
      ("batchMakespan/\(name)", "s", makespan), ("batchCompleted/\(name)", "", Double(completed)),
    ]
  }
}
