import ClusterModel
import Controllers
import DiscreteEvents
import Infrastructure
import Probability
import Quantities

extension CloudLuck {
  /// When the node lifecycle controller first looks: its manager was elected some time.
  func firstMonitor(_ parameters: NodeLifecycleParameters) -> TimeSpan {
    let phase = lease.uniform(for: Subject("node lifecycle").raw)
    return .seconds(parameters.monitorPeriod.seconds * phase)
  }
}

extension PipelineStep {
  /// Whether the step is a report that the API server must hear.
  fileprivate var isReport: Bool {
    switch self {
    case .runningStored, .readyStored, .endStored, .stopped: true
    default: false
    }
  }
}

extension HybridCloud {
  // MARK: What waits

  /// Whether an event can't happen now; then it is kept for later, or means nothing any more.
  mutating func holdsBack(
    _ event: CloudEvent, on agenda: inout EventList<CloudEvent>
  ) -> Bool {
    let now = agenda.now
    switch event {
    case .write(let slot):
      guard contacts.isAPIDown else { return false }
      contacts.waitForAPI(event)
      noteHeldUp(slot, on: &agenda)
      return true
    case .seen(let pod), .stopSeen(let pod): return waitsForNode(event, pod, reports: true)
    case .pipeline(let pod, let step):
      guard contacts.isCurrent(pod, step, at: now) else {
        if step != .retry { timersSet -= 1 }
        return true
      }
      return waitsForNode(event, pod, reports: step.isReport)
    case .wake, .giveUp, .transfer, .load, .fault, .nodeBack, .sample, .labels, .endpoint, .kubelet,
      .scrape, .serve, .streams, .machineRegisters, .machineReady, .line, .loss, .preheat, .reclaim,
      .announce, .takeBack:
      return false
    case .lost:
      guard contacts.isAPIDown else { return false }
      contacts.waitForAPI(event)
      return true
    }
  }

  private mutating func waitsForNode(_ event: CloudEvent, _ id: PodID, reports: Bool) -> Bool {
    guard let node = cluster.pod(id)?.node else { return false }
    let silence = contacts.silence(of: node.index)
    if !silence.isEmpty, reports || silence.contains(.hung) {
      contacts.wait(event, forNode: node.index)
      return true
    }
    if contacts.isAPIDown, reports {
      contacts.waitForAPI(event)
      return true
    }
    if case .stopSeen = event, pipeline.isOut(id) {
      contacts.waitingForProvider.append(id)
      return true
    }
    return false
  }

  // MARK: Failures

  mutating func foreseeFault(on agenda: inout EventList<CloudEvent>) {
    guard let next = faults.next, next <= parameters.horizon else { return }
    agenda.schedule(.fault, at: max(next, agenda.now), priority: .faults)
  }

  /// Something fails or works again.
  mutating func fail(on agenda: inout EventList<CloudEvent>) {
    faultChanges.removeAll(keepingCapacity: true)
    faults.advance(to: agenda.now, into: &faultChanges)
    usage.insert(.failures)
    for index in faultChanges.indices {
      let change = faultChanges[index]
      if change.fails { failures.failed += 1 }
      let number = Int(change.subject.index)
      switch change.subject.part {
      case .node: silence(number, .crashed, change.fails, on: &agenda)
      case .kubelet: silence(number, .hung, change.fails, on: &agenda)
      case .link: setLine(number, isDown: change.fails, on: &agenda)
      case .registry:
        pipeline.setRegistry(
          number, isDown: change.fails, capacity: contacts.egress[number], at: agenda.now)
      case .apiServer: setAPIServer(isDown: change.fails, on: &agenda)
      case .cloudAPI: setProvider(number + layout.siteNames.count, isOut: change.fails, on: &agenda)
      case .stock:
        let spot = layout.spots[number]
        pipeline.setSoldOut(change.fails, subnet: Int(spot.number), ofPlace: Int(spot.place))
      }
    }
    outbox.clear()
    deliver(on: &agenda)
    foreseeFault(on: &agenda)
  }

  private mutating func setProvider(
    _ place: Int, isOut: Bool, on agenda: inout EventList<CloudEvent>
  ) {
    pipeline.setOutage(isOut, ofPlace: place)
    guard !isOut else { return }
    let pods = contacts.waitingForProvider
    contacts.waitingForProvider.removeAll()
    for pod in pods { agenda.schedule(.stopSeen(pod), at: agenda.now) }
  }

  private mutating func setAPIServer(isDown: Bool, on agenda: inout EventList<CloudEvent>) {
    contacts.isAPIDown = isDown
    guard !isDown else {
      contacts.apiFailed = agenda.now
      return
    }
    for event in contacts.releaseAPI(at: agenda.now) { agenda.schedule(event, at: agenda.now) }
    for index in courses.indices {
      if let id = courses[index].workload {
        cluster.setDesired(id, Int32(clamping: courses[index].level))
      }
    }
    // Without the API server the manager lost its election; the next one knows nothing of leases.
    loops.nodeLifecycle = NodeLifecycleController(configuration: loops.nodeLifecycle.configuration)
    request(.nodeLifecycle, at: agenda.now, on: &agenda)
  }

  /// One of a link's lines fails or works again, which may cut sites off from the API server's.
  private mutating func setLine(
    _ number: Int, isDown: Bool, on agenda: inout EventList<CloudEvent>
  ) {
    pipeline.failLine(ofLink: contacts.linkOfLine[number], fails: isDown, at: agenda.now)
    linksChanged(at: agenda.now)
    let before = contacts.isSiteCut
    contacts.isSiteCut = before.indices.map { pipeline.isSiteCut($0) }
    for slot in layout.spots.indices {
      let site = Int(layout.spots[slot].site)
      guard before[site] != contacts.isSiteCut[site] else { continue }
      silence(slot, .cut, contacts.isSiteCut[site], on: &agenda)
    }
  }

  /// A cause of silence between a node and the API server comes or goes.
  private mutating func silence(
    _ slot: Int, _ cause: NodeContacts.Silence, _ begins: Bool,
    on agenda: inout EventList<CloudEvent>
  ) {
    guard let id = cluster.nodeID(slot: slot) else { return }
    while contacts.silences.count <= slot { contacts.silences.append([]) }
    if begins {
      if contacts.silences[slot].isEmpty { cluster.stopLease(of: id, at: agenda.now) }
      contacts.silences[slot].insert(cause)
      contacts.silences[slot].remove(.returning)
      if cause == .hung { foreseeLosses(on: id, agenda: &agenda) }
      if cause == .crashed {
        contacts.silences[slot].insert(.lostPower)
        crash(id, on: &agenda)
      }
      return
    }
    contacts.silences[slot].remove(cause)
    guard contacts.silences[slot].isDisjoint(with: .causes),
      let back = cluster.nextLeaseRenewal(of: id, from: agenda.now)
    else { return }
    contacts.silences[slot].insert(.returning)
    agenda.schedule(.nodeBack(id), at: back, priority: .completions)
  }

  /// The agents of a virtual node's Pods fall silent: their provider waits for each as long as it is
  /// told, and then recreates it.
  private mutating func foreseeLosses(on id: NodeID, agenda: inout EventList<CloudEvent>) {
    guard cluster.node(id)?.isVirtual == true else { return }
    for slot in contacts.occupants(of: id) {
      guard let pod = cluster.pod(slot: slot), !pod.phase.isFinished,
        let period = layout.facts(of: pod.template, in: cluster).recreatedAfter
      else { continue }
      runs[slot].silentSince = agenda.now
      if agenda.now + period <= parameters.horizon {
        agenda.schedule(.lost(pod.id), at: agenda.now + period)
      }
    }
  }

  /// Recreates a Pod whose agent has been silent all the time: the sandbox is destroyed, and the
  /// Pod's workload replaces it.
  mutating func recreate(_ id: PodID, on agenda: inout EventList<CloudEvent>) {
    guard let pod = cluster.pod(id), !pod.phase.isFinished, let node = pod.node,
      contacts.silence(of: node.index).contains(.hung),
      let period = layout.facts(of: pod.template, in: cluster).recreatedAfter,
      agenda.now - runs[id.index].silentSince >= period
    else { return }
    runs[id.index].wasEvicted = true
    failures.evicted += 1
    delete(pod, atOnce: true, on: &agenda)
  }

  private mutating func crash(_ id: NodeID, on agenda: inout EventList<CloudEvent>) {
    outbox.clear()
    for slot in contacts.occupants(of: id) {
      guard let pod = cluster.pod(slot: slot) else { continue }
      pipeline.crash(pod.id, at: agenda.now, into: &outbox)
      contacts.forgetTimers(of: pod.id)
    }
    deliver(on: &agenda)
    for slot in contacts.occupants(of: id) {
      // What a Pod that crashed later gave to one that crashed before is nothing.
      if let pod = cluster.pod(slot: slot) { contacts.forgetTimers(of: pod.id) }
    }
    for case .pipeline(_, let step) in contacts.release(node: id.index, at: .distantFuture)
    where step != .retry { timersSet -= 1 }
  }

  /// A node's kubelet renews its lease again: it reports itself and its Pods, and hears what to do.
  mutating func nodeBack(_ id: NodeID, on agenda: inout EventList<CloudEvent>) {
    let slot = id.index
    guard cluster.node(id) != nil, contacts.silences[slot].contains(.returning) else { return }
    if contacts.isAPIDown {
      contacts.waitForAPI(.nodeBack(id))
      return
    }
    let hadNoPower = contacts.silences[slot].contains(.lostPower)
    contacts.silences[slot] = []
    cluster.resumeLease(of: id)
    cluster.setReadiness(of: id, .ready)
    for event in contacts.release(node: slot, at: agenda.now) {
      agenda.schedule(event, at: agenda.now)
    }
    for occupant in contacts.occupants(of: id) {
      guard let pod = cluster.pod(slot: occupant), !pod.phase.isFinished else { continue }
      if hadNoPower {
        restart(pod, on: &agenda)
      } else if pipeline.isReady(pod.id), !pod.isTerminating {
        if !pod.isReady { levels[Int(runs[pod.id.index].root)].becomeReady(at: agenda.now) }
        cluster.setReady(pod.id, true, at: agenda.now)
      }
    }
  }

  /// A machine that had lost power finds a Pod that is bound to it.
  private mutating func restart(_ pod: Pod, on agenda: inout EventList<CloudEvent>) {
    let now = agenda.now
    if pod.isTerminating {
      remove(pod.id, at: now)
      return
    }
    let hadStarted = pod.phase == .running
    if hadStarted, cluster.template(of: pod).restartPolicy == .never {
      failPod(pod, at: now)
      return
    }
    if pod.isReady { levels[Int(runs[pod.id.index].root)].becomeUnready(at: now) }
    cluster.setReady(pod.id, false, at: now)
    runs[pod.id.index].since = now
    agenda.schedule(.seen(pod.id), at: now)
  }

  private mutating func failPod(_ pod: Pod, at now: Instant) {
    counts.failed += 1
    close(pod.id, at: now, reason: "failed")
    roots[Int(runs[pod.id.index].root)].lose(pod.ordinal, pod.id, isFree: true, at: now)
    cluster.setPhase(pod.id, to: .failed)
  }

  // MARK: Assembly

  /// Brings the scenario's plans to its world, and gives every node a lease.
  mutating func addFaults(_ scenario: Scenario, sites: [Site], network: NetworkPlan) {
    let plane = scenario.controlPlane.nodeLifecycle
    var inventory = FaultInventory()
    for (number, link) in scenario.links.enumerated() {
      let first = contacts.linkOfLine.count
      contacts.linkOfLine += Array(repeating: number, count: link.lines)
      inventory.links.append((link.name, first..<first + link.lines))
    }
    inventory.registries = network.registries.map(\.name)
    inventory.groups = scenario.allFaults.flatMap(\.bursts).map(\.group)
    for pool in scenario.serverlessPools { inventory.pools.append((pool.name, [])) }
    for slot in 0..<cluster.nodeSlotCount {
      guard let id = cluster.nodeID(slot: slot), let node = cluster.node(id) else { continue }
      let phase = luck.lease.uniform(for: layout.nodeSubjects[slot])
      cluster.keepLease(
        of: id, from: .zero - .seconds(plane.leasePeriod.seconds * phase), every: plane.leasePeriod)
      let place = Int(layout.spots[slot].place)
      let isVirtual = layout.poolOfPlace[place] != nil
      if isVirtual { inventory.pools[place - sites.count].virtualNodes.append(slot) }
      inventory.nodes.append(
        FaultInventory.Node(
          name: node.name, pool: scenario.nodePools.first { $0.owns(node.name) }?.name,
          zone: node.labels["topology.kubernetes.io/zone"], slot: slot, isVirtual: isVirtual,
          key: layout.nodeSubjects[slot], groups: inventory.groups.map { node.labels[$0] }))
    }
    contacts.egress = Array(network.capacities.prefix(network.registries.count))
    for plan in scenario.allFaults { faults.add(plan, to: inventory, luck: luck.source) }
    for slot in 0..<cluster.podSlotCount {
      if let pod = cluster.pod(slot: slot), let node = pod.node, !pod.phase.isFinished {
        contacts.bind(pod.id, to: node)
      }
    }
  }
}
