import ClusterModel
import Infrastructure
import Quantities

/// What nobody who serves a workload can get around, whatever they know in advance: how many of its
/// Pods run at once at most, and what one in the cloud costs at least.
///
/// Generous on purpose, so that what is concluded from it holds for every run: own nodes are taken
/// as empty, their taints and failures are passed over, autoscaled pools have all their machines.
struct ServingLimits: Hashable, Sendable {
  /// Pods on own nodes.
  var own = 0
  /// Pods anywhere.
  var all = 0
  /// A Pod's hour in the cloud at the list price.
  var podHour = Money.zero
  /// Cores that one Pod may use; infinite without a limit.
  var cores = Double.infinity
}

extension Resources {
  /// How many Pods with these requests an empty node takes; extended resources are passed over, as
  /// a scheduler may be told to.
  func count(in allocatable: Resources) -> Int {
    var most = max(0, allocatable.pods)
    if cpu > 0 { most = min(most, allocatable.cpu / cpu) }
    if memory > 0 { most = min(most, allocatable.memory / memory) }
    if ephemeralStorage > 0 { most = min(most, allocatable.ephemeralStorage / ephemeralStorage) }
    return Int(max(0, most))
  }

  /// Takes, resource by resource, the smaller amount.
  fileprivate mutating func formMinimum(_ other: Resources) {
    cpu = min(cpu, other.cpu)
    memory = min(memory, other.memory)
    ephemeralStorage = min(ephemeralStorage, other.ephemeralStorage)
  }
}

extension PodTemplate {
  /// Cores that its containers may use together; infinite if one has no limit.
  var limitedCores: Double { cpuLimit ?? .infinity }
}

extension ServerlessPool {
  /// How many Pods of a size it runs of one workload at once.
  fileprivate func mostPods(millicores: Int64) -> Int {
    var most = subnets.reduce(0) { $0 + $1.addresses }
    let region = quota.podsPerRegion.map { max(0, $0 - quota.regionInUse) }
    let groups = podsPerSecurityGroup.map { $0 * securityGroups }
    for limit in [quota.podsPerCluster, quota.podsPerWorkload, region, groups] {
      if let limit { most = min(most, limit) }
    }
    if let stockCores { most = min(most, Int(Int64(stockCores) * 1000 / max(1, millicores))) }
    return most
  }
}

extension HybridCloud {
  /// Notes the limits of every workload that a load drives, at time zero.
  mutating func openLimits(_ scenario: Scenario) {
    guard !scenario.serverlessPools.isEmpty, !scenario.isBareDump else { return }
    for course in courses {
      guard let id = course.workload else { continue }
      let root = Int(rootIndex(of: id))
      levels[root].limits = limits(ofRoots: [Int32(root)], scenario)
    }
    for (service, target) in requestTargets.enumerated() {
      let limits = limits(ofRoots: roots(of: target), scenario)
      traffic.services[service].work = ServedWork(limits, of: traffic.services[service])
    }
  }

  private mutating func roots(of target: RequestTarget) -> [Int32] {
    switch target {
    case .root(let root): return [root]
    case .selected(let service):
      var found: [Int32] = []
      for slot in 0..<cluster.workloadSlotCount {
        guard let workload = cluster.workload(slot: slot),
          service.selects(cluster.templates[Int(workload.template.index)])
        else { continue }
        let root = rootIndex(of: workload.id)
        if !found.contains(root) { found.append(root) }
      }
      return found
    }
  }

  private mutating func limits(ofRoots members: [Int32], _ scenario: Scenario) -> ServingLimits {
    let templates = templates(ofRoots: members)
    guard let first = templates.first else { return ServingLimits() }
    var least = cluster.templates[Int(first.index)].requests
    var limits = ServingLimits()
    limits.cores = 0
    var cheapest: Money?
    var smallest = Int64.max
    for template in templates {
      least.formMinimum(cluster.templates[Int(template.index)].requests)
      limits.cores = max(limits.cores, cluster.templates[Int(template.index)].limitedCores)
      let facts = layout.facts(of: template, in: cluster)
      smallest = min(smallest, facts.millicores)
      for make in ServerlessPool.CPUType.allCases
      where scenario.serverlessPools.contains(where: { $0.cpuType == make })
        || facts.options.cpuType == make || facts.options.otherCPUType == make
      {
        let amount = layout.prices.amount(
          millicores: facts.millicores, halfGiB: facts.halfGiB, seconds: 3600, cpuType: make)
        cheapest = min(cheapest ?? amount, amount)
      }
    }
    limits.podHour = cheapest ?? .zero
    limits.own = ownPlaces(for: least, ofRoots: members)
    let cloud = scenario.serverlessPools.reduce(0) {
      $0 + $1.mostPods(millicores: smallest) * members.count
    }
    limits.all = limits.own + cloud
    return limits
  }

  /// Every template that a Pod of the workloads may have at time zero or later.
  private mutating func templates(ofRoots members: [Int32]) -> [TemplateID] {
    var found: [TemplateID] = []
    for slot in 0..<cluster.workloadSlotCount {
      guard let workload = cluster.workload(slot: slot),
        members.contains(rootIndex(of: workload.id)), !found.contains(workload.template)
      else { continue }
      found.append(workload.template)
    }
    for slot in 0..<cluster.podSlotCount {
      guard let pod = cluster.pod(slot: slot), members.contains(runs[slot].root),
        !found.contains(pod.template)
      else { continue }
      found.append(pod.template)
    }
    return found
  }

  /// How many Pods own nodes take at once; a node that holds more already counts as it is.
  private func ownPlaces(for requests: Resources, ofRoots members: [Int32]) -> Int {
    var held = [Int](repeating: 0, count: cluster.nodeSlotCount)
    for slot in 0..<cluster.podSlotCount {
      guard let pod = cluster.pod(slot: slot), !pod.phase.isFinished, let node = pod.node,
        members.contains(runs[slot].root)
      else { continue }
      held[node.index] += 1
    }
    var places = 0
    for slot in 0..<cluster.nodeSlotCount {
      guard layout.poolOfPlace[Int(layout.spots[slot].place)] == nil,
        let id = cluster.nodeID(slot: slot), let node = cluster.node(id)
      else { continue }
      let room = node.group == nil ? requests.count(in: node.allocatable) : 0
      places += max(room, held[slot])
    }
    for group in fleet.groups {
      places += group.autoscaling.max * requests.count(in: group.pool.node(0).allocatable)
    }
    return places
  }
}
