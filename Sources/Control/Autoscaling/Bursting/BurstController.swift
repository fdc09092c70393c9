import ClusterModel
import Quantities

/// Brings a ``BurstPolicy`` into a cluster: a webhook that is asked about every new Pod, and a loop
/// that follows what becomes of Pods in the cloud and gives up those that don't start.
///
/// A spot Pod that is announced to be taken back is told to stop at once, so that its replacement
/// starts within the notice; its capacity is left alone for the hold.
///
/// A Pod that is given up is deleted; its workload replaces it, and the policy, which then sees that
/// the cloud fails, decides about the replacement. A workload's Pods are given up together: after the
/// first of them, nothing more is until the hold is over; other workloads find out for themselves.
public struct BurstController: Controller {
  private enum Where: UInt8 { case nowhere, unbound, own, cloud }
  private struct Followed: BitwiseCopyable, Sendable {
    var generation: UInt16 = 0
    var workload: WorkloadID?
    var place = Where.nowhere
    /// When it was seen bound to a virtual node, while it doesn't run yet.
    var startsSince: Instant?
  }
  private struct Counts: BitwiseCopyable, Sendable {
    var generation: UInt16 = 0
    var own: Int32 = 0
    var cloud: Int32 = 0
    var unbound: Int32 = 0
  }

  private var configuration: BurstConfiguration
  private var policies: BurstPolicies
  private var cursor = -1
  private var pods: [Followed] = []
  private var workloads: [Counts] = []
  private var overrides: [BurstConfiguration.Override?] = []
  private var starting: [PodID] = []
  /// By slot of the workload at the top of the owners.
  private var failures: [(generation: UInt16, at: Instant)?] = []
  private var announced: [PodID] = []
  private var metrics = BurstMetricsReader()
  private var troubles: [(capacity: SpotCapacity, at: Instant)] = []
  private var deadlines: DeadlineLoop

  /// A controller that has read nothing yet.
  public init(configuration: BurstConfiguration = BurstConfiguration()) {
    self.configuration = configuration
    policies = configuration.policies
    deadlines = DeadlineLoop(configuration.deadline)
    adopt(configuration)
  }

  /// Goes on with another configuration; what the loop has read stays known.
  ///
  /// Pods already bound to virtual nodes are given up only if they were followed before: under a
  /// configuration that gives Pods up.
  public mutating func adopt(_ configuration: BurstConfiguration) {
    self.configuration = configuration
    policies = configuration.policies
    policies.register(configuration.spot, as: .spotAware)
    deadlines.terms = configuration.deadline
  }

  // MARK: The webhook

  /// What a new Pod's specification gets, by what the loop has read so far.
  public mutating func placement(
    forPod ordinal: Int32, attempt: Int32, of workload: Workload,
    _ cluster: borrowing ClusterState, at now: Instant
  ) -> BurstPlacement {
    guard workload.kind != .daemonSet else { return .asWritten }
    if let placement = deadlines.placement(of: workload, at: now) { return placement }
    let index = Int(workload.template.index)
    while overrides.count <= index { overrides.append(nil) }
    let override =
      overrides[index]
      ?? configuration.override(of: cluster.templates[index], under: cluster.eksConfig)
    overrides[index] = override
    if let count = override.localReplicas { return .localReplicas(count) }
    if override.isLeftAlone { return .asWritten }
    let pod = BurstCandidate(
      ordinal: ordinal, attempt: attempt, share: override.share ?? configuration.share,
      localReplicas: configuration.localReplicas)
    let name = override.policy ?? configuration.policy
    var sight = sight(of: workload.id, cluster, at: now)
    if policies.readsMetrics(name) {
      sight.metrics = metrics.metrics(of: workload.id, configuration, cluster) {
        pods.indices.compactMap { slot in
          pods[slot].place == .nowhere
            ? nil : PodID(slot: UInt32(slot), generation: pods[slot].generation)
        }
      }
    }
    return policies.placement(by: name, of: pod, seeing: sight)
  }

  private func sight(
    of workload: WorkloadID, _ cluster: borrowing ClusterState, at now: Instant
  ) -> BurstSight {
    var sight = BurstSight(
      now: now, cloudPrice: configuration.cloudPrice, ownPrice: configuration.ownPrice)
    if workload.index < workloads.count,
      workloads[workload.index].generation == workload.generation
    {
      sight.own = Int(workloads[workload.index].own)
      sight.cloud = Int(workloads[workload.index].cloud)
      sight.unbound = Int(workloads[workload.index].unbound)
    }
    for course in configuration.spotPrices { course.show(in: &sight) }
    for trouble in troubles where trouble.at + configuration.fallbackHold > now {
      sight.troubled.append(trouble.capacity)
    }
    if let failedAt = failure(of: workload, cluster), failedAt + configuration.fallbackHold > now {
      sight.cloudFailedAt = failedAt
    }
    return sight
  }

  /// When the cloud last failed a workload, its earlier revisions included.
  private func failure(of workload: WorkloadID?, _ cluster: borrowing ClusterState) -> Instant? {
    guard let root = workload.map({ cluster.rootWorkload(of: $0) }), root.index < failures.count,
      let failure = failures[root.index], failure.generation == root.generation
    else { return nil }
    return failure.at
  }

  private mutating func noteFailure(
    of workload: WorkloadID?, _ cluster: borrowing ClusterState, at now: Instant
  ) {
    guard let root = workload.map({ cluster.rootWorkload(of: $0) }) else { return }
    while failures.count <= root.index { failures.append(nil) }
    failures[root.index] = (root.generation, now)
  }

  // MARK: The loop

  /// Reads changes up to the pass's position and gives up what the cloud doesn't start.
  public mutating func reconcile(
    _ cluster: borrowing ClusterState, in pass: ControllerPass, into out: inout CommandBuffer
  ) -> Instant? {
    follow(cluster, in: pass)
    for id in announced where cluster.pod(id).map({ !$0.isTerminating }) ?? false {
      out.issue(.deletePod(id, atOnce: false))
      noteTrouble(with: id, cluster, at: pass.now)
    }
    announced.removeAll(keepingCapacity: true)
    let look = deadlines.look(cluster, at: pass.now, into: &out)
    guard let patience = configuration.fallbackAfter else { return look }
    let next = giveUp(after: patience, cluster, at: pass.now, into: &out)
    return next.map { min($0, look ?? $0) } ?? look
  }

  /// Deletes Pods that the cloud hasn't started in time. During the hold those bound before it
  /// began go as well; later ones have until it is over.
  /// - Returns: when the next is due.
  private mutating func giveUp(
    after patience: TimeSpan, _ cluster: borrowing ClusterState, at now: Instant,
    into out: inout CommandBuffer
  ) -> Instant? {
    var waiting: [PodID] = []
    swap(&waiting, &starting)
    var next: Instant?
    for id in waiting {
      guard let since = since(id) else { continue }
      let workload = pods[id.index].workload
      let failedAt = failure(of: workload, cluster)
      var due = since + patience
      if let failedAt, since > failedAt { due = max(due, failedAt + configuration.fallbackHold) }
      if due <= now {
        out.issue(.deletePod(id, atOnce: false))
        pods[id.index].startsSince = nil
        if noteTrouble(with: id, cluster, at: now) { continue }
        let isOver = failedAt.map { $0 + configuration.fallbackHold <= now } ?? true
        if isOver { noteFailure(of: workload, cluster, at: now) }
      } else {
        starting.append(id)
        next = min(next ?? due, due)
      }
    }
    return next
  }

  /// Notes the capacity of a spot Pod that didn't work out.
  /// - Returns: whether it is one.
  @discardableResult
  private mutating func noteTrouble(
    with id: PodID, _ cluster: borrowing ClusterState, at now: Instant
  ) -> Bool {
    guard let pod = cluster.pod(id), let node = pod.node.flatMap({ cluster.node($0) }),
      let zone = node.labels["topology.kubernetes.io/zone"],
      cluster.template(of: pod).annotations[BurstPlacement.spotKey] == "true"
    else { return false }
    let type = cluster.template(of: pod).annotations[BurstPlacement.typeKey]
    let capacity = SpotCapacity(zone: zone, type: type)
    troubles.removeAll { $0.capacity == capacity }
    troubles.append((capacity, now))
    return true
  }

  private func since(_ id: PodID) -> Instant? {
    pods[id.index].generation == id.generation ? pods[id.index].startsSince : nil
  }

  private mutating func follow(_ cluster: borrowing ClusterState, in pass: ControllerPass) {
    guard cursor < pass.position else { return }
    if cursor >= 0, let changes = cluster.changes(since: cursor, upTo: pass.position) {
      for change in changes where change.fields.contains(.pod) {
        look(at: change.pod, cluster, now: pass.now)
      }
      cursor = pass.position
    } else {
      for slot in pods.indices {
        look(
          at: PodID(slot: UInt32(slot), generation: pods[slot].generation), cluster, now: pass.now)
      }
      for slot in 0..<cluster.podSlotCount {
        if let pod = cluster.pod(slot: slot) { look(at: pod.id, cluster, now: pass.now) }
      }
      cursor = cluster.logEnd
    }
  }

  private mutating func look(at id: PodID, _ cluster: borrowing ClusterState, now: Instant) {
    while pods.count <= id.index { pods.append(Followed()) }
    deadlines.see(id, cluster, at: now)
    let old = pods[id.index]
    var new = Followed(generation: id.generation)
    if let pod = cluster.pod(id), !pod.phase.isFinished, !pod.isTerminating {
      new.workload = pod.owner
      if pod.flags.contains(.reclaimed), !deadlines.follows(pod.owner) { announced.append(id) }
      if let node = pod.node {
        new.place = cluster.node(node)?.isVirtual == true ? .cloud : .own
        if new.place == .cloud, pod.phase == .pending {
          let isKnown = old.generation == id.generation && old.place == .cloud
          new.startsSince = isKnown ? old.startsSince : now
          if !isKnown, configuration.fallbackAfter != nil { starting.append(id) }
        }
      } else {
        new.place = .unbound
      }
    }
    count(old, by: -1)
    count(new, by: 1)
    pods[id.index] = new
  }

  private mutating func count(_ pod: Followed, by sign: Int32) {
    guard let workload = pod.workload else { return }
    while workloads.count <= workload.index { workloads.append(Counts()) }
    if workloads[workload.index].generation != workload.generation {
      guard sign > 0 else { return }
      workloads[workload.index] = Counts(generation: workload.generation)
    }
    switch pod.place {
    case .nowhere: break
    case .unbound: workloads[workload.index].unbound += sign
    case .own: workloads[workload.index].own += sign
    case .cloud: workloads[workload.index].cloud += sign
    }
  }
}
