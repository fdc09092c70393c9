import ClusterModel
import Quantities

extension ClusterAutoscaler {
  /// Finds the best way to help Pods and asks the cloud for it.
  mutating func scaleUp(
    _ pending: [PendingGroup], _ cluster: borrowing ClusterState, _ choices: Choices,
    _ loop: inout ScanLoop, into out: inout CommandBuffer
  ) {
    guard !pending.isEmpty else { return }
    let total = configuration.maxNodesTotal
    if total > 0 && ledger.readyNodes >= total {
      report.scaleUp = .limitedByMaxNodesTotal
      return
    }
    if areAllNew(pending, cluster, at: loop.now) {
      report.scaleUp = .inCooldown
      loop.isGathering = true
      return
    }
    var pending = pending
    let nodeCount = ledger.readyNodes + loop.upcoming
    let left = resourcesLeft(cluster, loop.templates)
    let valid = validGroups(cluster, loop, left)
    for place in valid { ask(place, &pending, cluster, loop) }
    var options: [ExpansionOption] = []
    for place in valid {
      if let option = option(
        for: place, valid, pending, cluster, loop, nodeCount: nodeCount) {
        options.append(option)
      }
    }
    describe(options, pending, valid, cluster)
    let context = expansionContext(cluster, loop)
    guard let best = choose(options, context, choices, at: loop.now) else {
      report.scaleUp = .noOptions
      return
    }
    report.best = options.firstIndex { $0.group == best.group }
    report.awaiting = pending.filter { !$0.takenBy.isEmpty && !$0.takenBy.contains(best.group) }
      .flatMap(\.pods)
    var count = best.nodeCount
    if total > 0 { count = min(count, total - nodeCount) }
    guard count > 0 else {
      report.scaleUp = .limitedByMaxNodesTotal
      return
    }
    let capacity = context.templates[best.group].capacity
    let cores = max(1, (capacity.cpu + 999) / 1000)
    count = min(count, Int(left.cores / cores), Int(left.memory / max(1, capacity.memory)))
    guard count > 0 else {
      report.scaleUp = .noOptions
      return
    }
    request(count, best, cluster, &loop, into: &out)
  }

  /// Whether no Pod has waited long enough for others to come.
  private func areAllNew(
    _ pending: [PendingGroup], _ cluster: borrowing ClusterState, at now: Instant
  ) -> Bool {
    for group in pending {
      for id in group.pods {
        guard let pod = cluster.pod(id) else { continue }
        if pod.created + configuration.podGatheringTime <= now { return false }
      }
    }
    return true
  }

  /// Cores and memory that the cluster may still get: machines count by what they have.
  func resourcesLeft(
    _ cluster: borrowing ClusterState, _ templates: [GroupTemplate]
  ) -> (cores: Int64, memory: Int64) {
    let used = resources(cluster, templates)
    return (
      max(0, configuration.cores.upperBound - used.cores),
      max(0, configuration.memory.upperBound - used.memory)
    )
  }

  /// Cores and memory of all machines, coming ones included; virtual nodes don't count.
  func resources(
    _ cluster: borrowing ClusterState, _ templates: [GroupTemplate]
  ) -> (cores: Int64, memory: Int64) {
    var cores: Int64 = 0
    var memory: Int64 = 0
    for place in templates.indices {
      let template = templates[place]
      let size = Int64(cluster.nodeGroups[place].targetSize)
      cores += size * ((template.capacity.cpu + 999) / 1000)
      memory += size * template.capacity.memory
    }
    for slot in 0..<cluster.nodeSlotCount {
      guard let id = cluster.nodeID(slot: slot), let node = cluster.node(id), node.group == nil,
        !node.isVirtual
      else { continue }
      let capacity = node.capacity ?? node.allocatable
      cores += (capacity.cpu + 999) / 1000
      memory += capacity.memory
    }
    return (cores, memory)
  }

  /// Groups that may grow by a node at least.
  private func validGroups(
    _ cluster: borrowing ClusterState, _ loop: ScanLoop, _ left: (cores: Int64, memory: Int64)
  ) -> [Int] {
    var valid: [Int] = []
    for place in cluster.nodeGroups.indices {
      let template = loop.templates[place]
      guard isSafe(place, at: loop.now),
        cluster.nodeGroups[place].targetSize < cluster.nodeGroups[place].maxSize,
        (template.capacity.cpu + 999) / 1000 <= left.cores, template.capacity.memory <= left.memory
      else { continue }
      valid.append(place)
    }
    return valid
  }

  private func isSafe(_ place: Int, at now: Instant) -> Bool {
    !ledger.isBackedOff(place, at: now) && ledger.isHealthy(place, configuration)
  }

  /// Asks which Pods a fresh node of a group takes.
  private mutating func ask(
    _ place: Int, _ pending: inout [PendingGroup], _ cluster: borrowing ClusterState,
    _ loop: ScanLoop
  ) {
    let template = loop.templates[place]
    let mark = oracle.mark
    let node = oracle.add(template.node)
    for pod in template.running {
      oracle.place(pod.shape, on: node, times: pod.count, in: cluster)
    }
    for group in pending.indices {
      if oracle.refusals(pending[group].shape, on: node, in: cluster).isEmpty {
        pending[group].takenBy.append(place)
      } else {
        pending[group].rejectedBy.append(place)
      }
    }
    oracle.rollback(to: mark)
  }

  /// How many nodes of a group would help how many Pods; nil if none.
  private mutating func option(
    for place: Int, _ valid: [Int], _ pending: [PendingGroup], _ cluster: borrowing ClusterState,
    _ loop: ScanLoop, nodeCount: Int
  ) -> ExpansionOption? {
    let template = loop.templates[place]
    let allocatable = template.node.allocatable
    func weight(_ group: Int) -> Double {
      let footprint = cluster.footprints[Int(pending[group].shape.template.index)]
      return Double(footprint.cpu) / Double(max(1, allocatable.cpu))
        + Double(footprint.memory) / Double(max(1, allocatable.memory))
    }
    var order: [(group: Int, weight: Double)] = []
    for group in pending.indices where pending[group].takenBy.contains(place) {
      order.append((group, weight(group)))
    }
    guard !order.isEmpty else { return nil }
    order.sort { $0.weight != $1.weight ? $0.weight > $1.weight : $0.group < $1.group }
    let similar = similarGroups(to: place, valid, pending, cluster, loop)
    var limit = 0
    for group in [place] + similar {
      limit += Int(cluster.nodeGroups[group].maxSize - cluster.nodeGroups[group].targetSize)
    }
    limit = min(limit, configuration.maxNodesPerScaleUp)
    if configuration.maxNodesTotal > 0 {
      limit = min(limit, configuration.maxNodesTotal - nodeCount)
    }
    guard limit > 0 else { return nil }
    let demands = order.map {
      PodDemand(shape: pending[$0.group].shape, count: pending[$0.group].pods.count)
    }
    let packing = oracle.pack(
      demands, on: template.node, running: template.running, limit: limit, in: cluster)
    var option = ExpansionOption(
      group: place, nodeCount: packing.nodes, placed: [], similar: similar, podCount: 0, cpu: 0,
      memory: 0)
    for (entry, count) in zip(order, packing.placed) where count > 0 {
      let footprint = cluster.footprints[Int(pending[entry.group].shape.template.index)]
      option.placed.append((entry.group, count))
      option.podCount += count
      option.cpu += footprint.cpu * Int64(count)
      option.memory += footprint.memory * Int64(count)
    }
    return option.podCount > 0 && option.nodeCount > 0 ? option : nil
  }

  private func expansionContext(
    _ cluster: borrowing ClusterState, _ loop: ScanLoop
  ) -> ExpansionContext {
    ExpansionContext(
      configuration: configuration, templates: loop.templates,
      names: cluster.nodeGroups.map(\.name), prices: cluster.nodeGroups.map(\.hourlyPrice),
      clusterNodes: ledger.nodeCount)
  }

  /// The best option by the chain of expanders; among equals a keyed choice.
  private func choose(
    _ options: [ExpansionOption], _ context: ExpansionContext, _ choices: Choices, at now: Instant
  ) -> ExpansionOption? {
    var left = options
    for expander in configuration.expanders where left.count > 1 {
      left = expander.best(of: left, context)
    }
    guard !left.isEmpty else { return nil }
    let bits = choices.bits(purpose: 16, subject: UInt64(bitPattern: now.nanoseconds))
    return left[Int(bits % UInt64(left.count))]
  }

  /// Asks for nodes, shared among similar groups.
  private mutating func request(
    _ count: Int, _ option: ExpansionOption, _ cluster: borrowing ClusterState,
    _ loop: inout ScanLoop, into out: inout CommandBuffer
  ) {
    for (place, size) in balanced(count, among: [option.group] + option.similar, cluster) {
      let group = NodeGroupID(index: place)
      let from = cluster.nodeGroups[place].targetSize
      report.resizes.append(NodeAutoscalerReport.Resize(group: group, from: from, to: size))
      ledger.request(size - from, of: place, configuration, at: loop.now)
      let ticket = out.issue(.setNodeGroupSize(group, size))
      loop.awaited.append(ScanLoop.Awaited(ticket: ticket, increase: size - from))
    }
  }

  private mutating func describe(
    _ options: [ExpansionOption], _ pending: [PendingGroup], _ valid: [Int],
    _ cluster: borrowing ClusterState
  ) {
    report.options = options.map { option in
      NodeAutoscalerReport.Option(
        group: NodeGroupID(index: option.group), nodeCount: option.nodeCount,
        pods: option.placed.flatMap { pending[$0.group].pods.prefix($0.count) },
        similar: option.similar.map { NodeGroupID(index: $0) })
    }
    let skipped = cluster.nodeGroups.indices.filter { !valid.contains($0) }
    for group in pending where group.takenBy.isEmpty {
      report.helpless.append(
        NodeAutoscalerReport.Helpless(
          pods: group.pods, rejected: group.rejectedBy.map { NodeGroupID(index: $0) },
          skipped: skipped.map { NodeGroupID(index: $0) }))
    }
  }
}
