import ClusterModel
import Quantities

/// Starts the Jobs of ``CronJob``s at their times, and deletes those that are over.
///
/// A CronJob is looked at 100 ms after each of its times, and when one of its Jobs is over. It then
/// starts the newest run that is due and hasn't been started, unless that is too late or, by its
/// policy, an earlier one is under way. Of more than one run missed only the newest is made up for;
/// more than a hundred are noted, and the newest is still started.
///
/// > Source: Kubernetes' cronjob_controllerv2.go, `syncCronJob` (S), and its utils.go,
/// > `mostRecentScheduleTime` and `nextScheduleTimeDuration`, as remembered (M). A time
/// > zone is a fixed distance from the scenario's clock.
public struct CronJobController: Controller {
  /// A Job that was started.
  private struct Run: BitwiseCopyable, Sendable {
    /// Its time, in seconds since 1970.
    var second: Int64
    /// nil: it hasn't been seen yet.
    var job: WorkloadID?
  }

  private struct Record: Sendable {
    var lastScheduled: Int64?
    var created: Int64
    var active: [Run] = []
    var succeeded: [Run] = []
    var failed: [Run] = []
    /// The run whose Job is being created.
    var creating: (ticket: UInt32, second: Int64)?
    /// When it is to be looked at next.
    var wake: Instant? = .zero
    var failures = 0
  }

  /// How often runs were given up or found in great numbers, over all CronJobs.
  public struct Counts: Hashable, BitwiseCopyable, Sendable {
    /// Runs that were too late to start.
    public var tooLate = 0
    /// Runs that didn't start because an earlier one was under way.
    public var forbidden = 0
    /// Jobs deleted to make room for the next run.
    public var replaced = 0
    /// Looks that found more than a hundred runs missed.
    public var manyMissed = 0
    /// None.
    public init() {}
  }

  private let jobs: [CronJob]
  /// Instant zero on the scenario's clock, in seconds since 1970.
  private let origin: Int64
  private var ledger = PodLedger(
    rules: PodLedger.Rules(kinds: [.job], keepsPlaceAfterSuccess: true))
  private var queue = WorkQueue(initialBackoff: .milliseconds(5), maxBackoff: .seconds(1000))
  private var records: [Record] = []
  /// What became of runs so far.
  public private(set) var counts = Counts()

  /// How long after its time a CronJob is looked at: `nextScheduleDelta` (S).
  private static var delta: TimeSpan { .milliseconds(100) }
  /// From so many missed runs on they are noted as too many (S).
  private static var many: Int64 { 100 }

  /// A controller that has read nothing yet.
  /// - Parameters:
  ///   - jobs: the CronJobs.
  ///   - origin: instant zero on their clock, in seconds since 1970.
  public init(jobs: [CronJob], origin: Int64) {
    self.jobs = jobs
    self.origin = origin
    records = jobs.map { job in
      Record(
        lastScheduled: job.lastScheduled.map { origin + Self.seconds($0) },
        created: origin + Self.seconds(job.created))
    }
  }

  private static func seconds(_ instant: Instant) -> Int64 {
    let (seconds, rest) = instant.nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
    return rest < 0 ? seconds - 1 : seconds
  }

  /// Looks at every CronJob that is due.
  public mutating func reconcile(
    _ cluster: borrowing ClusterState, in pass: ControllerPass, into out: inout CommandBuffer
  ) -> Instant? {
    ledger.follow(cluster, in: pass, marking: &queue)
    for outcome in pass.outcomes { take(outcome, at: pass.now) }
    queue.lineUp(at: pass.now)
    var hasChanged = false
    while queue.pop() != nil { hasChanged = true }
    for index in records.indices {
      claim(index, cluster)
      if hasChanged, settle(index) { records[index].wake = pass.now }
      guard let wake = records[index].wake, wake <= pass.now, records[index].creating == nil
      else { continue }
      cleanUp(index, into: &out)
      records[index].wake = sync(index, at: pass.now, into: &out)
    }
    return records.compactMap { $0.creating == nil ? $0.wake : nil }.min()
  }

  private mutating func take(_ outcome: CommandOutcome, at now: Instant) {
    for index in records.indices {
      guard let creating = records[index].creating, creating.ticket == outcome.ticket else {
        continue
      }
      records[index].creating = nil
      if outcome.result == .accepted {
        records[index].failures = 0
        records[index].lastScheduled = creating.second
        records[index].active.append(Run(second: creating.second, job: nil))
        records[index].wake = next(index, at: now)
      } else {
        records[index].wake =
          now
          + WorkQueue.backoff(
            initial: .milliseconds(5), maximum: .seconds(1000), failures: records[index].failures)
        records[index].failures += 1
      }
    }
  }

  /// Finds Jobs by their names: those that were created, and at first those of a dump.
  private mutating func claim(_ index: Int, _ cluster: borrowing ClusterState) {
    for place in records[index].active.indices where records[index].active[place].job == nil {
      let name = CronJob.jobName(jobs[index].name, second: records[index].active[place].second)
      for case let followed? in ledger.workloads {
        guard let workload = cluster.workload(followed.id), workload.name == name,
          workload.namespace == jobs[index].namespace
        else { continue }
        records[index].active[place].job = followed.id
      }
    }
  }

  /// Moves Jobs that are over from those under way to those that succeeded or failed.
  /// - Returns: whether there were any.
  private mutating func settle(_ index: Int) -> Bool {
    let before = records[index].active
    records[index].active = []
    for run in before {
      guard let id = run.job else {
        records[index].active.append(run)
        continue
      }
      guard id.index < ledger.workloads.count, let job = ledger.workloads[id.index], job.id == id
      else { continue }
      let isComplete =
        job.job.completions.map { job.everSucceeded >= $0 }
        ?? (job.everSucceeded > 0 && job.active == 0)
      if isComplete {
        records[index].succeeded.append(run)
      } else if job.everFailed > job.job.backoffLimit {
        records[index].failed.append(run)
      } else {
        records[index].active.append(run)
      }
    }
    return records[index].active.count < before.count
  }

  /// Deletes the oldest of the Jobs that are over, as far as they are too many.
  private mutating func cleanUp(_ index: Int, into out: inout CommandBuffer) {
    let limits = (jobs[index].successfulJobsHistoryLimit, jobs[index].failedJobsHistoryLimit)
    while records[index].succeeded.count > limits.0 {
      if let job = records[index].succeeded.removeFirst().job {
        out.issue(.deleteWorkload(job))
      }
    }
    while records[index].failed.count > limits.1 {
      if let job = records[index].failed.removeFirst().job {
        out.issue(.deleteWorkload(job))
      }
    }
  }

  /// Starts what is due.
  /// - Returns: when to look again.
  private mutating func sync(
    _ index: Int, at now: Instant, into out: inout CommandBuffer
  ) -> Instant? {
    let job = jobs[index]
    if job.isSuspended { return nil }
    let (due, missed) = mostRecent(index, at: now, minding: job.startingDeadlineSeconds)
    if missed > Self.many { counts.manyMissed += 1 }
    guard let second = due else { return next(index, at: now) }
    if let deadline = job.startingDeadlineSeconds, instant(second + deadline) < now {
      counts.tooLate += 1
      return next(index, at: now)
    }
    let record = records[index]
    if record.lastScheduled == second || record.active.contains(where: { $0.second == second }) {
      return next(index, at: now)
    }
    if job.concurrency == .forbid, !record.active.isEmpty {
      counts.forbidden += 1
      return next(index, at: now)
    }
    if job.concurrency == .replace {
      for case let run? in record.active.map(\.job) {
        counts.replaced += 1
        out.issue(.deleteWorkload(run))
      }
      records[index].active = []
    }
    let ticket = out.issue(.createJob(cronJob: UInt32(index), second: second))
    records[index].creating = (ticket, second)
    return nil
  }

  private func instant(_ second: Int64) -> Instant { .seconds(Double(second - origin)) }

  /// The newest time that is past and later than the last run's, and how many such there are, by the
  /// distance of the first two.
  ///
  /// - Parameter deadline: how many seconds back it is looked for at most.
  private func mostRecent(
    _ index: Int, at now: Instant, minding deadline: Int64?
  ) -> (second: Int64?, missed: Int64) {
    let present = origin + Self.seconds(now)
    let earliest = earliest(index, at: now, minding: deadline)
    guard earliest <= present, let first = time(of: index, after: earliest), first <= present else {
      return (nil, 0)
    }
    guard let second = time(of: index, after: first), second <= present else { return (first, 1) }
    let missed = (present - first) / (second - first) + 1
    // Where times aren't evenly spread, one step back finds the newest as well.
    var newest: Int64?
    var next = time(of: index, after: first + (missed - 2) * (second - first))
    while let candidate = next, candidate <= present {
      newest = candidate
      next = time(of: index, after: candidate)
    }
    return (newest, missed)
  }

  /// A CronJob's next time after another, both on the scenario's clock.
  private func time(of index: Int, after second: Int64) -> Int64? {
    let shift = jobs[index].clockShift
    return jobs[index].schedule.next(after: second + shift).map { $0 - shift }
  }

  private func earliest(_ index: Int, at now: Instant, minding deadline: Int64?) -> Int64 {
    let last = records[index].lastScheduled ?? records[index].created
    guard let deadline else { return last }
    return max(last, origin + Self.seconds(now) - deadline)
  }

  /// When a CronJob's next time will have come.
  private func next(_ index: Int, at now: Instant) -> Instant? {
    let (newest, missed) = mostRecent(index, at: now, minding: nil)
    let after =
      newest
      ?? (missed == 0 ? earliest(index, at: now, minding: nil) : origin + Self.seconds(now))
    return time(of: index, after: after).map { instant($0) + Self.delta }
  }
}
