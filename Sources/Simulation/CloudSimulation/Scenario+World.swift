import Autoscaling
import ClusterModel
import Controllers
import Infrastructure
import Probability
import Quantities
import Workloads

extension Scenario {
  /// When the run ends at the latest: a bare dump's ends when nothing changes any more.
  public var horizon: TimeSpan { isBareDump ? .hours(24) : duration }

  /// The profiles, with the default one where none is for every workload.
  var profilesWithDefault: [WorkloadProfile] {
    profiles.contains { $0.target == nil }
      ? profiles : profiles + [WorkloadProfile(name: "default")]
  }

  /// The sites, with one of its own name for every pool that names none.
  public var allSites: [Site] {
    var all = sites
    for pool in serverlessPools where !all.contains(where: { $0.name == pool.site ?? pool.name }) {
      all.append(Site(name: pool.site ?? pool.name))
    }
    return all.isEmpty ? [Site(name: "idc")] : all
  }

  /// The number of the site that a pool stands in.
  public func siteIndex(of pool: ServerlessPool, in sites: [Site]) -> Int {
    sites.firstIndex { $0.name == pool.site ?? pool.name } ?? 0
  }

  /// Which pool and subnet a virtual node stands for.
  func virtualNode(named name: String) -> (pool: Int, subnet: Int)? {
    for (index, pool) in serverlessPools.enumerated() where name.hasPrefix("eklet-\(pool.name)-") {
      guard let subnet = Int(name.dropFirst("eklet-\(pool.name)-".count)),
        pool.subnets.indices.contains(subnet)
      else { continue }
      return (index, subnet)
    }
    return nil
  }

  /// Which site a machine stands in: that of its pool, the first whose selector matches, else the
  /// first without a selector, else the first.
  func siteOfNode(in sites: [Site]) -> (Node) -> Int {
    let pools = nodePools
    let fallback = sites.firstIndex { $0.nodes == nil } ?? 0
    return { node in
      for pool in pools where pool.owns(node.name) {
        if let site = pool.site { return sites.firstIndex { $0.name == site } ?? fallback }
      }
      return sites.firstIndex { $0.nodes?.matches(node.labels) ?? false } ?? fallback
    }
  }
}

extension Scenario {
  /// Whether some plan of failures can make anything fail.
  var canFail: Bool { allFaults.contains { $0.canFail } }

  /// The plans of failures, and what fails about links by themselves.
  var allFaults: [FaultPlan] { faults + links.compactMap(\.failures) }

  /// Whether a control loop has anything to do: nobody scales a bare dump.
  func needs(_ client: Client) -> Bool {
    switch client {
    case .admission: !serverlessPools.isEmpty
    case .burst: !serverlessPools.isEmpty && !burstConfiguration.isPassive
    case .cron: !cluster.cronScalers.isEmpty
    case .cronJob: !cluster.cronJobs.isEmpty && !isBareDump
    case .predictive: !predictiveScalers.isEmpty
    case .horizontalPodAutoscaler: !cluster.autoscalers.isEmpty && !isBareDump
    case .nodeAutoscaler: !autoscaledPools.isEmpty
    default: !client.mindsFailures || canFail
    }
  }
}

extension NodePool {
  /// Whether a node of this name is one of the pool's.
  func owns(_ node: String) -> Bool {
    guard node.hasPrefix("\(name)-"), let number = Int(node.dropFirst(name.count + 1)) else {
      return false
    }
    return autoscaling != nil || number < count
  }
}

extension ServerlessPool {
  /// The virtual nodes, one for each subnet: more room than any Pod asks for, behind a taint.
  ///
  /// They say which makes of processor are in stock and how many addresses are free; a pool's GPUs
  /// aren't modelled.
  ///
  /// > Source: names, labels and taint of tke-k8s-distro (S, model card 3.2).
  public var virtualNodes: [Node] {
    subnets.enumerated().map { index, subnet in
      var node = Node(
        name: "eklet-\(name)-\(index)",
        labels: [
          "node.kubernetes.io/instance-type": "eklet", "topology.kubernetes.io/zone": subnet.zone,
        ],
        allocatable: Resources(
          cpu: 100_000_000, memory: 400 << 40, ephemeralStorage: 400 << 40, pods: 1_000_000))
      node.labels["kubernetes.io/hostname"] = node.name
      node.annotations = [
        VirtualNodeNames.zone: subnet.zone, VirtualNodeNames.subnet: subnet.cidr,
      ]
      describe(addresses: subnet.addresses, isInStock: stockCores != 0, on: &node)
      node.taints = [Taint(key: Self.taintKey, effect: .noSchedule)]
      return node
    }
  }
}

extension ServerlessPool {
  /// Writes what is left into a virtual node's labels.
  func describe(addresses: Int, isInStock: Bool, on node: inout Node) {
    node.labels[VirtualNodeNames.addresses] = "\(addresses)"
    node.labels[VirtualNodeNames.stock(of: "cpu")] = isInStock ? "true" : "false"
    for make in CPUType.allCases {
      let isThere = isInStock && make == cpuType
      node.labels[VirtualNodeNames.stock(of: make.rawValue)] = isThere ? "true" : "false"
    }
  }
}

extension LoadProfile {
  /// Whether the load's target is the workload of a kind and name.
  public func names(_ kind: WorkloadKind, _ namespace: String, _ name: String) -> Bool {
    target == "\(kind.rawValue)/\(name)" || target == "\(kind.rawValue)/\(namespace)/\(name)"
  }
}

extension ControlPlaneParameters {
  func limits(of client: Client) -> ClientLimits {
    switch client {
    case .deployment: deployment
    case .replicaSet: replicaSet
    case .statefulSet: statefulSet
    case .daemonSet: daemonSet
    case .job, .cronJob: job
    case .scheduler: scheduler
    case .nodeLifecycle, .taintEviction, .podGarbage: nodeLifecycle.client
    case .nodeAutoscaler: nodeAutoscaler
    case .horizontalPodAutoscaler: horizontalPodAutoscaler
    case .admission, .burst, .cron, .predictive: admission
    }
  }
}

extension Scenario {
  /// How the node lifecycle controller works, whose first look is at an instant.
  func nodeLifecycle(firstMonitor: TimeSpan) -> NodeLifecycleConfiguration {
    let plane = controlPlane.nodeLifecycle
    var configuration = NodeLifecycleConfiguration()
    configuration.monitorPeriod = plane.monitorPeriod
    configuration.firstMonitor = firstMonitor
    configuration.gracePeriod =
      plane.gracePeriod ?? (scheduler.profile == .v136 ? .seconds(50) : .seconds(40))
    configuration.evictionRate = plane.evictionRate.perSecond
    configuration.secondaryEvictionRate = plane.secondaryEvictionRate.perSecond
    configuration.unhealthyZoneThreshold = plane.unhealthyZoneThreshold
    configuration.largeClusterSize = plane.largeClusterSize
    configuration.exemptsVirtualNodes = plane.exemptsVirtualNodes
    return configuration
  }
}
