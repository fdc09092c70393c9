import ClusterModel
import Infrastructure
import Probability
import Quantities
import Workloads

extension HybridCloud {
  /// What Pods that are ready at the end use of the own nodes, and what all of them can serve.
  ///
  /// A Pod that gets requests uses what its requests took, on average since it was ready; any other
  /// what its profile says.
  mutating func addUse(to result: inout ReplicationResult, end: Instant) {
    traffic.advance(to: end)
    var cpu = 0.0
    var memory = 0.0
    let profiles = layout.allProfiles
    let isOwn = layout.poolOfPlace.map { $0 == nil }
    for slot in 0..<cluster.podSlotCount {
      guard let pod = cluster.pod(slot: slot), pod.isReady, let node = pod.node else { continue }
      let subject = runs[slot].subject
      let profile = profiles[Int(layout.profileOfRoot[Int(runs[slot].root)])]
      result.serviceCapacity += profile.capacity(
        underLimit: cluster.templates[Int(pod.template.index)].cpuLimit)
      guard isOwn[Int(layout.spots[node.index].place)] else { continue }
      let footprint = cluster.footprints[Int(pod.template.index)]
      if requestService(of: pod) == nil {
        let share = luck.used.draw(profile.cpuUsed, for: subject, number: 0)
        cpu += Double(footprint.cpu) * share
      } else if runs[slot].ready < end {
        let used = traffic.usedCPU(of: pod.id) ?? 0
        cpu += used / Double((end - runs[slot].ready).nanoseconds) * 1000
      }
      memory +=
        Double(footprint.memory) * luck.used.draw(profile.memoryUsed, for: subject, number: 1)
    }
    var allocatable = (cpu: 0.0, memory: 0.0)
    for slot in 0..<cluster.nodeSlotCount {
      guard layout.poolOfPlace[Int(layout.spots[slot].place)] == nil,
        let id = cluster.nodeID(slot: slot), let node = cluster.node(id)
      else { continue }
      allocatable.cpu += Double(node.allocatable.cpu)
      allocatable.memory += Double(node.allocatable.memory)
    }
    if allocatable.cpu > 0 { result.utilisation.cpu = cpu / allocatable.cpu }
    if allocatable.memory > 0 { result.utilisation.memory = memory / allocatable.memory }
  }
}

extension PodTemplate {
  /// Cores that its containers may use; nil where one of them has no limit.
  var cpuLimit: Double? {
    var sum: Int128 = 0
    for container in containers {
      guard let limit = container.limits["cpu"] else { return nil }
      sum += limit
    }
    return Double(sum) / 1e9
  }
}

extension WorkloadProfile {
  /// Requests per second that a Pod serves at the most: as its places turn over on average, and no
  /// more than its CPU limit lasts for; 0 where no limit says anything.
  func capacity(underLimit limit: Double?) -> Double {
    let mean = serviceTime.mean
    var most = mean > 0 ? Double(concurrency) / mean : .infinity
    if let limit, requests.cpu > .zero { most = min(most, limit / requests.cpu.seconds) }
    return most.isFinite ? most : 0
  }
}
