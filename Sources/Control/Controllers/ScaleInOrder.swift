import ClusterModel
import Quantities

/// Which of a ReplicaSet's Pods go first when it shrinks.
///
/// In order: without a node before with one; pending before running; not ready before ready; lower
/// `controller.kubernetes.io/pod-deletion-cost` first; more related Pods on the same node first;
/// ready for a shorter time first, then younger first, both by the logarithm of the age, to the
/// base of 2; the rest by chance. Times are whole seconds.
///
/// > Source: Kubernetes' `ActivePodsWithRanks` with `LogarithmicScaleDown` on, its default (M).
/// > Container restarts, which come between ready time and age, aren't modelled. When a Pod became
/// > ready is when the controller saw it; of a Pod ready before time zero, when it was created.
public enum ScaleInOrder: String, Hashable, Sendable, CaseIterable {
  /// Kubernetes as it is: where a Pod runs doesn't matter. The default.
  case kubernetes
  /// TKE's distribution: a Pod on a virtual node has a rank higher by the number of related Pods, so
  /// that among ready Pods those in the cloud go first.
  ///
  /// > Source: tke-k8s-distro's ReplicaSet patch (S, model cards, finding 4).
  case virtualNodesFirst

  /// The draws that controllers make, told apart.
  static let choicePurpose: UInt32 = 0x5343_414c

  /// What two Pods are compared by, field after field; the smaller goes first.
  private struct Key: BitwiseCopyable, Comparable {
    var stage: Int32
    var cost: Int32
    var rank: Int32
    var readyAge: Int32
    var age: Int32
    var luck: UInt64
    var ordinal: Int32
    var id: PodID

    static func == (a: Key, b: Key) -> Bool { a.id == b.id }
    static func < (a: Key, b: Key) -> Bool {
      if a.stage != b.stage { return a.stage < b.stage }
      if a.cost != b.cost { return a.cost < b.cost }
      if a.rank != b.rank { return a.rank > b.rank }
      if a.readyAge != b.readyAge { return a.readyAge < b.readyAge }
      if a.age != b.age { return a.age < b.age }
      if a.luck != b.luck { return a.luck < b.luck }
      return a.ordinal < b.ordinal
    }
  }

  /// The Pods to delete: so many of a workload's active ones, the first to go first.
  func first(
    _ count: Int, of slot: Int, in ledger: PodLedger, _ cluster: borrowing ClusterState,
    at now: Instant, choices: Choices
  ) -> [PodID] {
    let workload = ledger.workloads[slot]!
    let active = workload.members.compactMap { ledger.pod(slot: Int($0)) }.filter(\.isActive)
    guard count < active.count else { return active.sorted { $0.ordinal < $1.ordinal }.map(\.id) }
    let related = Related(to: workload, in: ledger, nodeSlots: cluster.nodeSlotCount)
    var keys: [Key] = []
    keys.reserveCapacity(active.count)
    for pod in active {
      let isReady = pod.facts.contains(.ready)
      var key = Key(
        stage: Int32(pod.node != nil ? 4 : 0) + (pod.phase == .running ? 2 : 0) + (isReady ? 1 : 0),
        cost: Self.deletionCost(of: pod.id, cluster), rank: related.count(on: pod.node),
        readyAge: 0, age: Self.ageClass(since: pod.created, at: now), luck: 0,
        ordinal: pod.ordinal, id: pod.id)
      if isReady { key.readyAge = Self.ageClass(since: pod.readySince, at: now) }
      if self == .virtualNodesFirst, let node = pod.node, cluster.node(node)?.isVirtual == true {
        key.rank += related.total
      }
      key.luck = choices.bits(
        purpose: Self.choicePurpose,
        subject: workload.key &+ UInt64(bitPattern: Int64(pod.ordinal)),
        number: UInt32(bitPattern: pod.attempt))
      keys.append(key)
    }
    keys.sort()
    return keys.prefix(count).map(\.id)
  }

  /// The logarithm, to the base of 2 and rounded down, of the nanoseconds since an instant that was
  /// recorded in whole seconds; −1 for none.
  private static func ageClass(since then: Instant, at now: Instant) -> Int32 {
    let second: Int64 = 1_000_000_000
    let whole = (then.nanoseconds - (then.nanoseconds % second + second) % second)
    let age = now.nanoseconds - whole
    return age <= 0 ? -1 : Int32(63 - age.leadingZeroBitCount)
  }

  private static func deletionCost(of id: PodID, _ cluster: borrowing ClusterState) -> Int32 {
    guard let pod = cluster.pod(id) else { return 0 }
    let written = cluster.templates[Int(pod.template.index)].annotations[
      "controller.kubernetes.io/pod-deletion-cost"]
    return written.flatMap { Int32($0) } ?? 0
  }
}

/// The active Pods of the ReplicaSets that share an owner, by node.
private struct Related {
  private(set) var total: Int32 = 0
  private var byNode: [Int32]
  private var unbound: Int32 = 0

  init(to workload: FollowedWorkload, in ledger: PodLedger, nodeSlots: Int) {
    byNode = [Int32](repeating: 0, count: nodeSlots)
    for case let other? in ledger.workloads {
      guard other.id == workload.id || (workload.owner != nil && other.owner == workload.owner)
      else { continue }
      for member in other.members {
        guard let pod = ledger.pod(slot: Int(member)), pod.isActive else { continue }
        total += 1
        if let node = pod.node { byNode[node.index] += 1 } else { unbound += 1 }
      }
    }
  }

  func count(on node: NodeID?) -> Int32 { node.map { byNode[$0.index] } ?? unbound }
}
