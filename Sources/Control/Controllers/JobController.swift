import ClusterModel
import Quantities

/// How a ``JobController`` works.
public struct JobConfiguration: Hashable, Sendable {
  /// How it paces itself.
  public var sync: PodSyncConfiguration
  /// The wait after a Job's first failed Pod before another takes its place; it doubles with every
  /// failure. Default 10 s.
  ///
  /// > Source: Kubernetes' documentation of Jobs, "Pod backoff failure policy" (D).
  public var initialFailureBackoff: TimeSpan
  /// The longest such wait. Default 6 min.
  ///
  /// > Source: Kubernetes' documentation of Jobs, "capped at six minutes" (D).
  public var maxFailureBackoff: TimeSpan

  /// Kubernetes' defaults.
  public init(
    sync: PodSyncConfiguration = PodSyncConfiguration(),
    initialFailureBackoff: TimeSpan = .seconds(10), maxFailureBackoff: TimeSpan = .minutes(6)
  ) {
    precondition(maxFailureBackoff >= initialFailureBackoff, "a back-off doubles up to its most")
    self.sync = sync
    self.initialFailureBackoff = initialFailureBackoff
    self.maxFailureBackoff = maxFailureBackoff
  }
}

/// Runs each Job's Pods until it is complete or has failed too often.
///
/// A completion is a place: a Pod that failed is replaced in its place, one that succeeded keeps it.
/// For an indexed Job the place is the completion's index. A Job without a number of completions
/// runs as many Pods as may run at once until one of them succeeds, then waits for the rest. A
/// finished Job gets no more Pods, and those that still run are deleted, unless it waits for them.
///
/// > Source: Kubernetes' Job controller, `syncJob` and `manageJob` (M). Suspension, deadlines,
/// > failure policies, and the finalizers' calls are left out.
public struct JobController: Controller {
  /// What is remembered of a Job beyond its Pods that exist.
  private struct Record: BitwiseCopyable, Sendable {
    var job: WorkloadID?
    /// Failures seen, and the number of them since the last success.
    var failed: Int32 = 0
    var sinceSuccess: Int32 = 0
    var succeeded: Int32 = 0
    /// Before this instant no Pod is created.
    var notBefore = Instant.zero
    var isFinished = false
  }

  private let configuration: JobConfiguration
  private var loop: PodSyncLoop
  private var records: [Record] = []

  /// A controller that has read nothing yet.
  public init(configuration: JobConfiguration = JobConfiguration()) {
    self.configuration = configuration
    loop = PodSyncLoop(
      configuration.sync,
      following: PodLedger.Rules(kinds: [.job], keepsPlaceAfterSuccess: true))
  }

  /// Reads changes and outcomes up to the pass's position, and issues what follows from them.
  public mutating func reconcile(
    _ cluster: borrowing ClusterState, in pass: ControllerPass, into out: inout CommandBuffer
  ) -> Instant? {
    loop.observe(cluster, in: pass, into: &out)
    while let slot = loop.next() {
      count(slot, at: pass.now)
      let plan = plan(for: slot, at: pass.now)
      loop.start(plan, for: slot, at: pass.now, into: &out)
    }
    return loop.queue.nextDue
  }

  /// Takes note of Pods that ended since the last look.
  private mutating func count(_ slot: Int, at now: Instant) {
    while records.count <= slot { records.append(Record()) }
    let id = loop.ledger.workloads[slot]!.id
    if records[slot].job != id { records[slot] = Record(job: id) }
    let succeeded = loop.ledger.workloads[slot]!.everSucceeded
    let failed = loop.ledger.workloads[slot]!.everFailed
    if succeeded > records[slot].succeeded { records[slot].sinceSuccess = 0 }
    if failed > records[slot].failed {
      records[slot].sinceSuccess += failed - records[slot].failed
      records[slot].notBefore =
        now
        + WorkQueue.backoff(
          initial: configuration.initialFailureBackoff, maximum: configuration.maxFailureBackoff,
          failures: Int(records[slot].sinceSuccess) - 1)
    }
    records[slot].succeeded = succeeded
    records[slot].failed = failed
  }

  private mutating func plan(for slot: Int, at now: Instant) -> SyncPlan {
    var plan = SyncPlan()
    let shape = loop.ledger.workloads[slot]!.job
    let active = loop.ledger.workloads[slot]!.active
    let record = records[slot]
    if !record.isFinished {
      let isComplete =
        shape.completions.map { record.succeeded >= $0 } ?? (record.succeeded > 0 && active == 0)
      records[slot].isFinished = isComplete || record.failed > shape.backoffLimit
    }
    let wanted = records[slot].isFinished ? 0 : wanted(slot, record)
    if active > wanted {
      let surplus = loop.ledger.workloads[slot]!.members
        .compactMap { loop.ledger.pod(slot: Int($0)) }.filter(\.isActive)
        .sorted { Self.goesFirst($0, $1) }
      plan.deletions = surplus.prefix(Int(active - wanted)).map(\.id)
    } else if active < wanted {
      if now < record.notBefore {
        loop.queue.mark(UInt32(slot), at: record.notBefore)
        return plan
      }
      var place = loop.ledger.workloads[slot]!.places.nextFree(from: 0)
      for _ in 0..<loop.configuration.creations(of: Int(wanted - active)) {
        let attempt = loop.ledger.workloads[slot]!.places.attempt(of: place)
        plan.creations.append(PodCreation(ordinal: place, attempt: attempt, pinned: nil))
        place = loop.ledger.workloads[slot]!.places.nextFree(from: place + 1)
      }
    }
    return plan
  }

  /// How many Pods should be active.
  private func wanted(_ slot: Int, _ record: Record) -> Int32 {
    let parallelism = loop.ledger.workloads[slot]!.desired
    guard let completions = loop.ledger.workloads[slot]!.job.completions else {
      let active = loop.ledger.workloads[slot]!.active
      return record.succeeded > 0 ? min(active, parallelism) : parallelism
    }
    return min(parallelism, completions - record.succeeded)
  }

  /// Of an indexed Job the highest indexes go first; of others too, which is one of the orders that
  /// Kubernetes, which takes the youngest of those that aren't ready first, may choose.
  private static func goesFirst(_ a: FollowedPod, _ b: FollowedPod) -> Bool {
    if a.isAvailable != b.isAvailable { return !a.isAvailable }
    return a.ordinal > b.ordinal
  }
}
