import ClusterModel
import Quantities

/// How much of own machines' cores Pods' requests have taken: thousandths of a core times
/// nanoseconds.
struct OwnUse: Sendable {
  /// By site; machines of autoscaled pools aside.
  var sites: [Int128] = []
  /// By autoscaled pool.
  var groups: [Int128] = []

  /// A Pod that was bound to an own node leaves it.
  mutating func leave(site: Int, group: Int?, cpu: Int64, since: Instant, at now: Instant) {
    let taken = Int128(cpu) * Int128((now - since).nanoseconds)
    if let group {
      while groups.count <= group { groups.append(0) }
      groups[group] += taken
    } else {
      while sites.count <= site { sites.append(0) }
      sites[site] += taken
    }
  }

  /// Counts a Pod's time on its node until now, if that is a machine.
  mutating func count(
    _ pod: Pod, _ run: PodRun, in cluster: borrowing ClusterState, _ layout: WorldLayout,
    at now: Instant
  ) {
    guard let id = pod.node, let node = cluster.node(id) else { return }
    let spot = layout.spots[id.index]
    guard layout.poolOfPlace[Int(spot.place)] == nil, spot.site >= 0, !spot.isRented else { return }
    // Who was bound before time zero counts from then on.
    let since = run.bound == .distantFuture ? Instant.zero : max(.zero, run.bound)
    leave(
      site: Int(spot.site), group: node.group?.place,
      cpu: cluster.footprints[Int(pod.template.index)].cpu, since: min(since, now), at: now)
  }

  /// With those who are still there.
  func at(
    _ end: Instant, _ cluster: borrowing ClusterState, _ runs: [PodRun], _ layout: WorldLayout
  ) -> OwnUse {
    var use = self
    for slot in 0..<cluster.podSlotCount {
      guard let pod = cluster.pod(slot: slot), !pod.phase.isFinished, slot < runs.count else {
        continue
      }
      use.count(pod, runs[slot], in: cluster, layout, at: end)
    }
    while use.sites.count < layout.siteNames.count { use.sites.append(0) }
    while use.groups.count < cluster.nodeGroups.count { use.groups.append(0) }
    return use
  }
}
