import ClusterModel
import Quantities

/// What a controller knows of its workloads and their Pods: what it has read in the change log.
///
/// A change says which fields changed, in the order of changes; the value then read may be newer.
/// Fields that no change has named yet stay at what they are when a Pod is created.
struct PodLedger: Sendable {
  /// What a controller follows.
  struct Rules: Sendable {
    /// Kinds of workloads to follow, owners before what they own.
    var kinds: [WorkloadKind]
    /// Whether a Pod keeps its place until it is gone, rather than until it ends or is told to.
    var holdsPlaceUntilGone = false
    /// Whether a Pod that ended well keeps its place for ever.
    var keepsPlaceAfterSuccess = false
    /// Whether a Pod that becomes ready, or stops being so, marks its workload.
    var mindsReadiness = false
  }

  let rules: Rules
  private(set) var pods: [FollowedPod] = []
  var workloads: [FollowedWorkload?] = []
  /// The number of the next change to read.
  private(set) var cursor = -1
  private var followedCount = 0

  init(rules: Rules) { self.rules = rules }

  /// The followed Pod in a slot, or nil.
  func pod(slot: Int) -> FollowedPod? {
    guard slot < pods.count, pods[slot].facts.contains(.followed) else { return nil }
    return pods[slot]
  }

  /// A followed Pod, or nil.
  func pod(_ id: PodID) -> FollowedPod? {
    guard let pod = pod(slot: id.index), pod.id == id else { return nil }
    return pod
  }

  // MARK: Reading

  /// Reads the changes up to the pass's position, and marks the workloads they concern.
  mutating func follow(
    _ cluster: borrowing ClusterState, in pass: ControllerPass, marking queue: inout WorkQueue
  ) {
    guard cursor < pass.position else { return }
    guard cursor >= 0, let changes = cluster.changes(since: cursor, upTo: pass.position) else {
      rebuild(from: cluster, at: pass.now, marking: &queue)
      return
    }
    for change in changes {
      if change.fields.contains(.workload) {
        follow(workload: change, cluster, marking: &queue)
      } else if followedCount > 0, change.fields.contains(.pod) {
        follow(pod: change, cluster, at: pass.now, marking: &queue)
      }
    }
    cursor = pass.position
  }

  private mutating func follow(
    workload change: Change, _ cluster: borrowing ClusterState, marking queue: inout WorkQueue
  ) {
    let id = change.workload
    if change.fields.contains(.deleted) {
      if followed(id) { drop(workload: id, marking: &queue) }
    } else if let workload = cluster.workload(id) {
      take(workload, marking: &queue)
    }
  }

  private mutating func follow(
    pod change: Change, _ cluster: borrowing ClusterState, at now: Instant,
    marking queue: inout WorkQueue
  ) {
    if change.fields.contains(.created) {
      if let pod = cluster.pod(change.pod) { begin(pod, marking: &queue) }
      return
    }
    let slot = change.pod.index
    guard slot < pods.count, pods[slot].facts.contains(.followed), pods[slot].id == change.pod
    else { return }
    if change.fields.contains(.deleted) {
      remove(slot: slot, marking: &queue)
    } else {
      update(slot: slot, change.fields, cluster.pod(change.pod), at: now, marking: &queue)
    }
  }

  /// Compares everything with the state, as after `410 Gone`.
  private mutating func rebuild(
    from cluster: borrowing ClusterState, at now: Instant, marking queue: inout WorkQueue
  ) {
    for slot in workloads.indices {
      if let known = workloads[slot], cluster.workload(known.id) == nil {
        drop(workload: known.id, marking: &queue)
      }
    }
    for kind in rules.kinds {
      for slot in 0..<cluster.workloadSlotCount {
        guard let workload = cluster.workload(slot: slot), workload.kind == kind else { continue }
        take(workload, marking: &queue)
      }
    }
    for slot in pods.indices where pods[slot].facts.contains(.followed) {
      if cluster.pod(pods[slot].id) == nil { remove(slot: slot, marking: &queue) }
    }
    for slot in 0..<cluster.podSlotCount {
      guard let pod = cluster.pod(slot: slot) else { continue }
      begin(pod, marking: &queue)
      guard self.pod(pod.id) != nil else { continue }
      let since = cursor < 0 ? pod.started ?? pod.created : now
      update(slot: pod.id.index, [.bound, .phase, .ready], pod, at: since, marking: &queue)
      if pod.isTerminating { update(slot: slot, .terminating, pod, at: now, marking: &queue) }
    }
    cursor = cluster.logEnd
  }

  // MARK: Workloads

  private func followed(_ id: WorkloadID) -> Bool {
    id.index < workloads.count && workloads[id.index]?.id == id
  }

  private mutating func take(_ workload: Workload, marking queue: inout WorkQueue) {
    let id = workload.id
    guard rules.kinds.contains(workload.kind) else { return }
    if followed(id) {
      guard workloads[id.index]!.version != workload.version else { return }
      workloads[id.index]!.desired = min(workload.desired, Places.limit)
      workloads[id.index]!.template = workload.template
      workloads[id.index]!.version = workload.version
    } else {
      while workloads.count <= id.index { workloads.append(nil) }
      if let former = workloads[id.index] { drop(workload: former.id, marking: &queue) }
      workloads[id.index] = FollowedWorkload(workload)
      followedCount += 1
      if let owner = workload.owner, followed(owner) {
        workloads[owner.index]!.children.append(id.slot)
      }
    }
    queue.mark(id.slot)
  }

  private mutating func drop(workload id: WorkloadID, marking queue: inout WorkQueue) {
    for member in workloads[id.index]!.members { pods[Int(member)].facts = [] }
    if let owner = workloads[id.index]!.owner, followed(owner) {
      workloads[owner.index]!.children.removeAll { $0 == id.slot }
      queue.mark(owner.slot)
    }
    workloads[id.index] = nil
    followedCount -= 1
  }

  // MARK: Pods

  private mutating func begin(_ pod: Pod, marking queue: inout WorkQueue) {
    guard let owner = pod.owner, followed(owner) else { return }
    let slot = pod.id.index
    while pods.count <= slot { pods.append(Self.nobody) }
    if pods[slot].facts.contains(.followed) {
      guard pods[slot].id != pod.id else { return }
      remove(slot: slot, marking: &queue)
    }
    let member = Int32(workloads[owner.index]!.members.count)
    pods[slot] = FollowedPod(
      id: pod.id, owner: owner.slot, member: member, ordinal: pod.ordinal, attempt: pod.attempt,
      node: nil, pinned: pod.pinnedNode, created: pod.created)
    workloads[owner.index]!.members.append(pod.id.slot)
    workloads[owner.index]!.active += 1
    let wasExpected = workloads[owner.index]!.places.occupy(
      pod.ordinal, attempt: pod.attempt, slot: pod.id.slot)
    if wasExpected { workloads[owner.index]!.expectedCreations -= 1 }
    queue.mark(owner.slot)
  }

  private static let nobody = FollowedPod(
    id: PodID(slot: 0, generation: 0), owner: 0, member: 0, ordinal: 0, attempt: 0, node: nil,
    facts: [], created: .zero)

  private mutating func update(
    slot: Int, _ fields: ChangeFields, _ pod: Pod?, at now: Instant, marking queue: inout WorkQueue
  ) {
    let before = pods[slot]
    if let pod {
      if fields.contains(.bound) { pods[slot].node = pod.node }
      if fields.contains(.phase) { pods[slot].phase = pod.phase }
      if fields.contains(.ready), pod.isReady != before.facts.contains(.ready) {
        pods[slot].facts.formSymmetricDifference(.ready)
        if pod.isReady { pods[slot].readySince = now }
      }
    }
    if fields.contains(.terminating) { pods[slot].facts.insert(.terminating) }
    let after = pods[slot]
    let owner = Int(before.owner)
    if before.isAvailable != after.isAvailable {
      workloads[owner]!.available += after.isAvailable ? 1 : -1
      if !after.isAvailable { lowerAvailable(before) }
      if rules.mindsReadiness { queue.mark(before.owner) }
    }
    if before.phase != after.phase, after.phase.isFinished { count(finished: after, 1) }
    if before.isActive && !after.isActive {
      workloads[owner]!.active -= 1
      count(ended: after)
      if !rules.holdsPlaceUntilGone && !keepsPlace(after) {
        workloads[owner]!.places.vacate(before.ordinal, slot: before.id.slot)
      }
      queue.mark(before.owner)
    }
    if fields.contains(.terminating) {
      settleDeletion(slot: slot)
      queue.mark(before.owner)
    }
  }

  private func keepsPlace(_ pod: FollowedPod) -> Bool {
    rules.keepsPlaceAfterSuccess && pod.phase == .succeeded
  }

  /// Counts a Pod that stops being active; one that this controller took away isn't a failure.
  private mutating func count(ended pod: FollowedPod) {
    if pod.phase == .succeeded {
      workloads[Int(pod.owner)]!.everSucceeded += 1
    } else if !pod.facts.contains(.deletionExpected) {
      workloads[Int(pod.owner)]!.everFailed += 1
    }
  }

  private mutating func lowerAvailable(_ pod: FollowedPod) {
    let former = workloads[Int(pod.owner)]!.availableBelow
    workloads[Int(pod.owner)]!.availableBelow = min(former, pod.ordinal)
  }

  private mutating func count(finished pod: FollowedPod, _ difference: Int32) {
    if pod.phase == .succeeded {
      workloads[Int(pod.owner)]!.succeeded += difference
    } else {
      workloads[Int(pod.owner)]!.failed += difference
    }
  }

  private mutating func remove(slot: Int, marking queue: inout WorkQueue) {
    let pod = pods[slot]
    let owner = Int(pod.owner)
    if pod.isActive {
      workloads[owner]!.active -= 1
      count(ended: pod)
    }
    if pod.isAvailable {
      workloads[owner]!.available -= 1
      lowerAvailable(pod)
    }
    if pod.phase.isFinished { count(finished: pod, -1) }
    settleDeletion(slot: slot)
    if !keepsPlace(pod) { workloads[owner]!.places.vacate(pod.ordinal, slot: pod.id.slot) }
    let last = workloads[owner]!.members.removeLast()
    if last != pod.id.slot {
      workloads[owner]!.members[Int(pod.member)] = last
      pods[Int(last)].member = pod.member
    }
    pods[slot].facts = []
    queue.mark(pod.owner)
  }

  // MARK: Expectations

  /// Notes that a Pod is being asked for.
  mutating func expectCreation(_ slot: Int, ordinal: Int32) {
    workloads[slot]?.places.expect(ordinal)
    workloads[slot]?.expectedCreations += 1
  }

  /// Notes that a Pod that was asked for won't come, or that it came and went unseen.
  /// - Returns: whether it was still expected.
  @discardableResult
  mutating func withdrawCreation(_ slot: Int, ordinal: Int32, used attempt: Int32? = nil) -> Bool {
    guard workloads[slot]?.places.withdraw(ordinal, used: attempt) == true else { return false }
    workloads[slot]!.expectedCreations -= 1
    return true
  }

  /// Notes that a Pod's deletion is being asked for.
  mutating func expectDeletion(of id: PodID) {
    guard let pod = pod(id), !pod.facts.contains(.deletionExpected) else { return }
    pods[id.index].facts.insert(.deletionExpected)
    workloads[Int(pod.owner)]!.expectedDeletions += 1
  }

  /// Notes that a Pod's deletion was refused.
  mutating func withdrawDeletion(of id: PodID) {
    if pod(id) != nil { settleDeletion(slot: id.index) }
  }

  private mutating func settleDeletion(slot: Int) {
    guard pods[slot].facts.contains(.deletionExpected) else { return }
    pods[slot].facts.remove(.deletionExpected)
    workloads[Int(pods[slot].owner)]!.expectedDeletions -= 1
  }
}
