import ClusterModel
import DiscreteEvents
import Infrastructure
import Quantities

extension HybridCloud {
  /// The taint of nodes that have registered and aren't ready.
  private static let notReady = Taint(key: "node.kubernetes.io/not-ready", effect: .noSchedule)

  /// Tells the cloud of the machines that autoscaled pools have at time zero.
  mutating func openNodeGroups(_ scenario: Scenario, sites: [Site]) {
    let claimed = scenario.siteOfNode(in: sites)
    for (place, pool) in scenario.autoscaledPools.enumerated() {
      guard let autoscaling = pool.autoscaling else { continue }
      let id = cluster.addNodeGroup(pool.nodeGroup(autoscaling))
      fleet.groups.append(
        FleetGroup(pool: pool, autoscaling: autoscaling, site: claimed(pool.node(0))))
      for slot in 0..<cluster.nodeSlotCount {
        guard let node = cluster.nodeID(slot: slot),
          cluster.node(node)?.group == NodeGroupID(index: place)
        else { continue }
        cluster.addInstance(id, at: .zero, node: node)
      }
      cluster.setTargetSize(id, Int32(clamping: pool.count))
    }
  }

  /// The cloud is asked for another number of machines.
  mutating func resize(
    _ group: NodeGroupID, to size: Int32, on agenda: inout EventList<CloudEvent>
  ) -> CommandResult {
    let now = agenda.now
    let before = cluster.nodeGroups[group.place].targetSize
    usage.insert(.nodeGroups)
    let pool = fleet.groups[group.place].pool
    if size > before, let stock = fleet.groups[group.place].autoscaling.stock, Int(size) > stock {
      noteScaling(pool.name, from: before, to: before, reason: "OutOfStock", at: now)
      return .forbidden
    }
    cluster.setTargetSize(group, size)
    noteScaling(
      pool.name, from: before, to: size,
      reason: size > before ? "TriggeredScaleUp" : "DecreasedTargetSize", at: now)
    for _ in 0..<max(0, size - before) {
      let number = cluster.addInstance(group, at: now)
      let name = pool.node(Int(number)).name
      guard let delay = fleet.registration(of: name, in: group.place) else { continue }
      agenda.schedule(
        .machineRegisters(UInt32(bitPattern: number), UInt16(group.index)), at: now + delay)
    }
    return .accepted
  }

  /// A machine registers as a node, which isn't ready yet.
  mutating func registerMachine(
    _ number: Int32, of group: NodeGroupID, on agenda: inout EventList<CloudEvent>
  ) {
    guard let instance = cluster.instance(number, of: group), instance.node == nil else { return }
    var node = fleet.groups[group.place].pool.node(Int(number))
    node.group = group
    node.created = agenda.now
    node.readiness = .notReady
    node.taints.append(Self.notReady)
    let name = node.name
    let id = cluster.addNode(node)
    cluster.register(number, of: group, as: id)
    let site = fleet.groups[group.place].site
    let spot = WorldLayout.Spot(
      site: Int16(site), place: Int16(site), number: Int32(id.slot))
    layout.place(id.index, spot, name: name)
    pipeline.renewMachine(id.index)
    agenda.schedule(
      .machineReady(id), at: agenda.now + fleet.readiness(of: name, in: group.place))
  }

  /// A node says that it is ready.
  mutating func readyMachine(_ id: NodeID) {
    guard var node = cluster.node(id), !node.isReady else { return }
    node.readiness = .ready
    node.taints.removeAll { $0 == Self.notReady }
    cluster.updateNode(id, [.ready, .taints], to: node)
  }

  /// Marks a node as about to be deleted, and keeps Pods off it; or takes that back.
  mutating func markDeleting(_ id: NodeID, _ isMarked: Bool) -> CommandResult {
    guard var node = cluster.node(id) else { return .notFound }
    node.taints.removeAll { $0 == .toBeDeleted }
    if isMarked { node.taints.append(.toBeDeleted) }
    node.isUnschedulable = isMarked
    cluster.updateNode(id, .taints, to: node)
    return .accepted
  }

  /// The cloud deletes a node's machine: Pods that are still there are gone with it.
  mutating func deleteNode(
    _ id: NodeID, on agenda: inout EventList<CloudEvent>
  ) -> CommandResult {
    guard let node = cluster.node(id), let group = node.group else { return .notFound }
    let now = agenda.now
    for slot in 0..<cluster.podSlotCount {
      guard let pod = cluster.pod(slot: slot), pod.node == id else { continue }
      delete(pod, atOnce: true, on: &agenda)
    }
    if let instance = cluster.nodeGroups[group.place].instances.first(where: { $0.node == id }) {
      endInstance(instance, of: group, at: now)
    }
    cluster.removeNode(id)
    shrink(group, reason: "ScaleDown", at: now)
    return .accepted
  }

  /// The cloud gives up a machine that never registered.
  mutating func deleteInstance(
    _ number: Int32, of group: NodeGroupID, at now: Instant
  ) -> CommandResult {
    guard let instance = cluster.instance(number, of: group), instance.node == nil else {
      return .notFound
    }
    endInstance(instance, of: group, at: now)
    shrink(group, reason: "ScaleUpTimedOut", at: now)
    return .accepted
  }

  private mutating func shrink(_ group: NodeGroupID, reason: String, at now: Instant) {
    let before = cluster.nodeGroups[group.place].targetSize
    cluster.setTargetSize(group, before - 1)
    noteScaling(
      fleet.groups[group.place].pool.name, from: before, to: before - 1, reason: reason, at: now)
  }

  private mutating func endInstance(
    _ instance: CloudInstance, of group: NodeGroupID, at now: Instant
  ) {
    fleet.groups[group.place].stays += now - instance.requested
    fleet.groups[group.place].endedCount += 1
    cluster.removeInstance(instance.number, of: group)
  }

  private mutating func noteScaling(
    _ pool: String, from: Int32, to: Int32, reason: String, at now: Instant
  ) {
    recorder.scalings.append(
      ScalingRecord(
        at: now, namespace: "", scaler: "ClusterAutoscaler", target: "NodePool/\(pool)",
        from: from, to: to, reason: reason))
  }

  /// Evicts a Pod, unless a disruption budget has nothing left.
  ///
  /// A budget allows as many disruptions as it did at the start, less its Pods that aren't ready now:
  /// the disruption controller's count where nobody but evictions disturbs (A).
  mutating func evict(_ id: PodID, on agenda: inout EventList<CloudEvent>) -> CommandResult {
    guard let pod = cluster.pod(id) else { return .notFound }
    let template = cluster.template(of: pod)
    for budget in cluster.disruptionBudgets
    where budget.namespace == template.namespace
      && budget.selector?.matches(template.labels) == true
    {
      if unready(of: budget) >= budget.disruptionsAllowed { return .forbidden }
    }
    runs[id.index].wasEvicted = true
    delete(pod, atOnce: false, on: &agenda)
    return .accepted
  }

  private func unready(of budget: PodDisruptionBudget) -> Int32 {
    var count: Int32 = 0
    for slot in 0..<cluster.podSlotCount {
      guard let pod = cluster.pod(slot: slot), !pod.isReady, !pod.phase.isFinished,
        !pod.isTerminating
      else { continue }
      let template = cluster.templates[Int(pod.template.index)]
      if template.namespace == budget.namespace,
        budget.selector?.matches(template.labels) == true
      {
        count += 1
      }
    }
    return count
  }

  // MARK: Money

  /// How long machines of a group were there until an instant, all together.
  func machineTime(ofGroup place: Int, until end: Instant) -> TimeSpan {
    var total = fleet.groups[place].stays
    for instance in cluster.nodeGroups[place].instances { total += end - instance.requested }
    return total
  }
}
