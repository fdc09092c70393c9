import ClusterModel
import Quantities

/// Follows Jobs of one Pod that have a deadline, and moves them between spot capacity, machines on
/// demand and waiting.
///
/// A Job waits by `parallelism: 0`, which deletes its Pod without counting a failure, as `suspend`
/// does; it changes places by waiting and going on. How far it has come is reckoned from the times
/// at which its Pods were seen ready and gone: a lower bound of what it has done, so that the net
/// below the policy holds.
struct DeadlineLoop: Sendable {
  private struct Followed: BitwiseCopyable, Sendable {
    var job: WorkloadID
    var task: DeadlineTask
    var parallelism: Int32
    var pod: PodID?
    /// Where its Pod is meant to be.
    var mode = DeadlineMode.wait
    var isSuspended = false
    /// When its Pod was seen ready.
    var since: Instant?
    /// Whether an earlier Pod saved something that is read first.
    var hasEarlier = false
    /// What earlier Pods saved.
    var kept = TimeSpan.zero
    /// What the present one has saved by the last look.
    var gained = TimeSpan.zero
    /// What it has done by then.
    var worked = TimeSpan.zero
  }

  var terms: DeadlineConfiguration?
  private var jobs: [Followed] = []

  init(_ terms: DeadlineConfiguration?) { self.terms = terms }

  /// Whether a workload is a Job that has a deadline: one Pod that works to an end.
  private func hasDeadline(_ workload: Workload) -> Bool {
    workload.kind == .job && workload.job.completions ?? 1 == 1 && workload.job.parallelism == 1
  }

  private func index(of job: WorkloadID?) -> Int? {
    jobs.firstIndex { $0.job == job }
  }

  /// Whether a workload is a Job that has a deadline and isn't done.
  func follows(_ job: WorkloadID?) -> Bool { job != nil && index(of: job) != nil }

  // MARK: The webhook

  /// Where a new Pod goes; nil if its workload has no deadline.
  mutating func placement(of workload: Workload, at now: Instant) -> BurstPlacement? {
    guard let terms, hasDeadline(workload) else { return nil }
    let place = index(of: workload.id) ?? jobs.count
    if place == jobs.count {
      jobs.append(
        Followed(
          job: workload.id, task: terms.task(begun: max(.zero, workload.created)),
          parallelism: workload.job.parallelism))
    }
    jobs[place].mode = chosen(for: jobs[place], from: .wait, terms, at: now)
    switch jobs[place].mode {
    case .onDemand: return .virtualNodes
    case .spot, .wait:
      // Where it should wait, the next pass suspends it; until then it asks for spot in vain.
      return (terms.openZone(at: now) ?? terms.closures.first?.zone).map { .spot(zone: $0) }
        ?? .virtualNodes
    }
  }

  private func chosen(
    for job: Followed, from mode: DeadlineMode, _ terms: DeadlineConfiguration, at now: Instant
  ) -> DeadlineMode {
    let sight = DeadlineSight(
      now: now, tick: terms.tick, done: job.kept + job.worked, saved: job.kept + job.gained,
      mode: mode, offersSpot: terms.openZone(at: now) != nil)
    return terms.policy.mode(of: job.task, seeing: sight, hysteresis: terms.hysteresis)
  }

  // MARK: The loop

  /// Takes note of what was read about a Pod.
  mutating func see(_ id: PodID, _ cluster: borrowing ClusterState, at now: Instant) {
    guard terms != nil else { return }
    guard let pod = cluster.pod(id), let place = index(of: pod.owner) else {
      if let place = jobs.firstIndex(where: { $0.pod == id }) { lose(place) }
      return
    }
    if pod.phase.isFinished || pod.isTerminating {
      if jobs[place].pod == id { lose(place) }
      return
    }
    if jobs[place].pod != id {
      if jobs[place].pod != nil { lose(place) }
      jobs[place].pod = id
    }
    if pod.isReady, jobs[place].since == nil { jobs[place].since = now }
  }

  /// A Job's Pod is gone: what it had saved by the last look is what the next one goes on from.
  private mutating func lose(_ place: Int) {
    jobs[place].hasEarlier = jobs[place].hasEarlier || jobs[place].since != nil
    jobs[place].kept += jobs[place].gained
    jobs[place].gained = .zero
    jobs[place].worked = .zero
    jobs[place].since = nil
    jobs[place].pod = nil
  }

  /// Looks at every Job, suspends those that should wait or be elsewhere, and lets go on those that
  /// are to work.
  /// - Returns: when it wants to look again; nil without a Job.
  mutating func look(
    _ cluster: borrowing ClusterState, at now: Instant, into out: inout CommandBuffer
  ) -> Instant? {
    guard let terms else { return nil }
    jobs.removeAll { job in
      guard let workload = cluster.workload(job.job) else { return true }
      return workload.status.succeeded > 0
    }
    for place in jobs.indices {
      reckon(place, terms, at: now)
      let job = jobs[place]
      let mode = chosen(for: job, from: job.isSuspended ? .wait : job.mode, terms, at: now)
      if job.isSuspended {
        guard mode != .wait, job.pod == nil else { continue }
        jobs[place].isSuspended = false
        out.issue(.scale(job.job, replicas: job.parallelism))
      } else if let pod = job.pod,
        mode != job.mode || cluster.pod(pod)?.flags.contains(.reclaimed) == true
      {
        jobs[place].isSuspended = true
        jobs[place].mode = .wait
        out.issue(.scale(job.job, replicas: 0))
      }
    }
    return jobs.isEmpty ? nil : now + terms.tick
  }

  /// How far the present Pod has come at least.
  private mutating func reckon(_ place: Int, _ terms: DeadlineConfiguration, at now: Instant) {
    guard let since = jobs[place].since else { return }
    let job = jobs[place]
    let worked = max(.zero, now - since - (job.hasEarlier ? terms.restore : .zero))
    jobs[place].worked = worked
    guard let quantum = terms.quantum, quantum > .zero else { return }
    jobs[place].gained = quantum * Int(worked.nanoseconds / quantum.nanoseconds)
  }
}
