import ClusterModel
import Quantities

/// A Pod to be created for a workload.
struct PodCreation: BitwiseCopyable, Sendable {
  var ordinal: Int32
  var attempt: Int32
  var pinned: NodeID?
}

/// What one sync of a workload wants done.
struct SyncPlan: Sendable {
  var creations: [PodCreation] = []
  var deletions: [PodID] = []
  var isEmpty: Bool { creations.isEmpty && deletions.isEmpty }
}

/// The work that controllers of Pods share: follow the log, take workloads from the queue, carry out
/// what a sync wants, in batches, and keep account of what was asked for and not yet seen.
///
/// > Source: Kubernetes' controller expectations and `slowStartBatch` (M). Expectations end with the
/// > answer or the sight of the Pod, never by a timeout: a Pod that came and went between two reads
/// > is recognised by the log's end at the answer.
struct PodSyncLoop: Sendable {
  private struct Sync: Sendable {
    var owner: WorkloadID?
    var todo: [PodCreation] = []
    var issued = 0
    var batch = 1
    var inFlight = 0
    var hasFailed = false
    var isRunning = false
    /// Marked while running; to be looked at again afterwards.
    var isStale = false
  }
  private struct Unseen: BitwiseCopyable, Sendable {
    var workload: WorkloadID
    var ordinal: Int32
    var attempt: Int32
    var logEnd: Int
  }

  let configuration: PodSyncConfiguration
  var ledger: PodLedger
  var queue: WorkQueue
  private var syncs: [Sync] = []
  private var tickets = TicketTable()
  private var unseen: [Unseen] = []
  private var unseenHead = 0
  private var runningCount = 0

  init(_ configuration: PodSyncConfiguration, following rules: PodLedger.Rules) {
    self.configuration = configuration
    ledger = PodLedger(rules: rules)
    queue = WorkQueue(
      initialBackoff: configuration.initialBackoff, maxBackoff: configuration.maxBackoff)
  }

  // MARK: A pass

  /// Reads changes and outcomes, goes on with running syncs, and lines up what is to be looked at.
  mutating func observe(
    _ cluster: borrowing ClusterState, in pass: ControllerPass, into out: inout CommandBuffer
  ) {
    ledger.follow(cluster, in: pass, marking: &queue)
    for outcome in pass.outcomes {
      guard let slot = tickets.take(outcome.ticket) else { continue }
      take(outcome, for: slot, logEnd: cluster.logEnd, into: &out)
      syncs[slot].inFlight -= 1
      if syncs[slot].inFlight == 0 { advance(slot, at: pass.now, into: &out) }
    }
    if !unseen.isEmpty { forgetVanished() }
    queue.lineUp(at: pass.now)
  }

  /// The next workload to sync, or nil; what it asked for before has been seen.
  mutating func next() -> Int? {
    while runningCount < configuration.concurrentSyncs, let slot = queue.pop() {
      let index = Int(slot)
      guard index < ledger.workloads.count, ledger.workloads[index] != nil else { continue }
      while syncs.count <= index { syncs.append(Sync()) }
      if syncs[index].isRunning {
        syncs[index].isStale = true
      } else if ledger.workloads[index]!.isSettled {
        return index
      }
    }
    return nil
  }

  /// Starts what a sync wants; with nothing to do, the workload is done with.
  mutating func start(
    _ plan: SyncPlan, for slot: Int, at now: Instant, into out: inout CommandBuffer
  ) {
    guard !plan.isEmpty else {
      queue.succeed(UInt32(slot))
      return
    }
    for creation in plan.creations { ledger.expectCreation(slot, ordinal: creation.ordinal) }
    for id in plan.deletions {
      ledger.expectDeletion(of: id)
      issue(.deletePod(id, atOnce: false), for: slot, into: &out)
    }
    syncs[slot].owner = ledger.workloads[slot]?.id
    syncs[slot].todo = plan.creations
    syncs[slot].issued = 0
    syncs[slot].batch = configuration.slowStart ? 1 : plan.creations.count
    syncs[slot].hasFailed = false
    syncs[slot].isRunning = true
    runningCount += 1
    issueBatch(of: slot, into: &out)
  }

  // MARK: Syncs

  private mutating func issue(
    _ command: ClusterCommand, for slot: Int, into out: inout CommandBuffer
  ) {
    tickets.add(out.issue(command), slot: slot)
    syncs[slot].inFlight += 1
  }

  private mutating func issueBatch(of slot: Int, into out: inout CommandBuffer) {
    guard let owner = syncs[slot].owner else { return }
    let first = syncs[slot].issued
    let end = min(first + syncs[slot].batch, syncs[slot].todo.count)
    for index in first..<end {
      let creation = syncs[slot].todo[index]
      issue(
        .createPod(
          owner: owner, ordinal: creation.ordinal, attempt: creation.attempt,
          pinned: creation.pinned), for: slot, into: &out)
    }
    syncs[slot].issued = end
    syncs[slot].batch *= 2
  }

  /// Goes on once every command of a batch is answered.
  private mutating func advance(_ slot: Int, at now: Instant, into out: inout CommandBuffer) {
    let isFollowed = syncs[slot].owner == ledger.workloads[slot]?.id
    let rest = syncs[slot].issued..<syncs[slot].todo.count
    if isFollowed, !syncs[slot].hasFailed, !rest.isEmpty {
      issueBatch(of: slot, into: &out)
      return
    }
    if isFollowed {
      for index in rest { ledger.withdrawCreation(slot, ordinal: syncs[slot].todo[index].ordinal) }
    }
    syncs[slot].todo.removeAll(keepingCapacity: true)
    syncs[slot].isRunning = false
    runningCount -= 1
    if syncs[slot].hasFailed {
      queue.fail(UInt32(slot), at: now)
    } else {
      queue.succeed(UInt32(slot))
    }
    if syncs[slot].isStale {
      syncs[slot].isStale = false
      queue.mark(UInt32(slot))
    }
  }

  private mutating func take(
    _ outcome: CommandOutcome, for slot: Int, logEnd: Int, into out: inout CommandBuffer
  ) {
    switch outcome.command {
    case .createPod(let owner, let ordinal, let attempt, _):
      guard ledger.workloads[slot]?.id == owner else { return }
      if outcome.result == .accepted {
        out.record(.successfulCreate, about: .workload(owner))
        if ledger.workloads[slot]!.places.isExpected(ordinal) {
          unseen.append(
            Unseen(workload: owner, ordinal: ordinal, attempt: attempt, logEnd: logEnd))
        }
      } else {
        out.record(.failedCreate, about: .workload(owner))
        ledger.withdrawCreation(slot, ordinal: ordinal)
        syncs[slot].hasFailed = true
      }
    case .deletePod(let id, _):
      if outcome.result == .accepted {
        guard let owner = ledger.workloads[slot]?.id else { return }
        out.record(.successfulDelete, about: .workload(owner))
      } else {
        ledger.withdrawDeletion(of: id)
        if outcome.result != .notFound { syncs[slot].hasFailed = true }
      }
    default: break
    }
  }

  /// Withdraws expectations of Pods that were created and are gone by now without having been seen.
  private mutating func forgetVanished() {
    while unseenHead < unseen.count, unseen[unseenHead].logEnd <= ledger.cursor {
      let entry = unseen[unseenHead]
      unseenHead += 1
      guard let workload = ledger.workloads[entry.workload.index], workload.id == entry.workload,
        workload.places.isExpected(entry.ordinal),
        workload.places.attempt(of: entry.ordinal) <= entry.attempt
      else { continue }
      ledger.withdrawCreation(
        entry.workload.index, ordinal: entry.ordinal, used: entry.attempt)
      queue.mark(entry.workload.slot)
    }
    if unseenHead == unseen.count {
      unseen.removeAll(keepingCapacity: true)
      unseenHead = 0
    }
  }
}
