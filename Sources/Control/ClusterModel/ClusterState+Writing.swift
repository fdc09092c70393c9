import Quantities

extension ClusterState {
  private mutating func note(_ id: PodID, _ fields: ChangeFields) {
    podRecords[id.index].version &+= 1
    log.append(
      Change(slot: id.slot, generation: id.generation, fields: fields.union(.pod)))
  }

  private mutating func note(_ id: NodeID, _ fields: ChangeFields) {
    log.append(
      Change(slot: id.slot, generation: id.generation, fields: fields.union(.node)))
  }

  // MARK: Nodes

  /// Adds a node.
  @discardableResult
  public mutating func addNode(_ node: Node) -> NodeID {
    let (slot, generation) = nodeSlots.allocate()
    let id = NodeID(slot: slot, generation: generation)
    if id.index == nodeRecords.count {
      nodeRecords.append(node)
      usages.append(NodeUsage())
    } else {
      nodeRecords[id.index] = node
      usages[id.index] = NodeUsage()
    }
    note(id, .created)
    return id
  }

  /// Removes a node; Pods bound to it keep their binding until somebody deletes them.
  public mutating func removeNode(_ id: NodeID) {
    guard node(id) != nil else { return }
    nodeRecords[id.index] = nil
    note(id, .deleted)
    nodeSlots.release(id.slot)
  }

  /// Replaces a node's record and says what changed about it.
  public mutating func updateNode(_ id: NodeID, _ fields: ChangeFields, to node: Node) {
    guard self.node(id) != nil else { return }
    nodeRecords[id.index] = node
    note(id, fields)
  }

  // MARK: Templates

  /// Adds a template.
  public mutating func addTemplate(_ template: PodTemplate) -> TemplateID {
    templates.append(template)
    let requests = template.requests
    footprints.append(TemplateFootprint(cpu: requests.cpu, memory: requests.memory))
    tolerantTemplates.append([])
    namespaceOfTemplate.append(namespaceIndex(of: template.namespace))
    return TemplateID(index: templates.count - 1)
  }

  private mutating func namespaceIndex(of name: String) -> Int32 {
    if let index = namespaceNames.firstIndex(of: name) { return Int32(index) }
    namespaceNames.append(name)
    namespaceUsages.append(NodeUsage())
    return Int32(namespaceNames.count - 1)
  }

  private mutating func chargeNamespace(_ template: TemplateID, sign: Int64) {
    let index = Int(namespaceOfTemplate[Int(template.index)])
    let footprint = footprints[Int(template.index)]
    namespaceUsages[index].cpu += sign * footprint.cpu
    namespaceUsages[index].memory += sign * footprint.memory
    namespaceUsages[index].pods += Int32(sign)
  }

  /// The template that differs from another by tolerating a taint as well; made once per toleration.
  public mutating func template(_ id: TemplateID, tolerating toleration: Toleration) -> TemplateID {
    var template = templates[Int(id.index)]
    if template.tolerations.contains(toleration) { return id }
    for known in tolerantTemplates[Int(id.index)]
    where templates[Int(known.index)].tolerations.last == toleration {
      return known
    }
    template.tolerations.append(toleration)
    let made = addTemplate(template)
    tolerantTemplates[Int(id.index)].append(made)
    return made
  }

  // MARK: Pods

  /// Adds a Pod that its workload asked for.
  @discardableResult
  public mutating func createPod(
    owner: WorkloadID?, template: TemplateID, ordinal: Int32, attempt: Int32, at now: Instant,
    pinned: NodeID? = nil, name: String? = nil
  ) -> PodID {
    let (slot, generation) = podSlots.allocate()
    let id = PodID(slot: slot, generation: generation)
    var nameIndex: Int32 = -1
    if let name {
      nameIndex = Int32(names.count)
      names.append(name)
    }
    let pod = Pod(
      id: id, template: template, owner: owner, ordinal: ordinal, attempt: attempt, node: nil,
      nominatedNode: nil, pinnedNode: pinned, phase: .pending, flags: [], version: 0,
      created: now, started: nil, readyTransition: nil, nameIndex: nameIndex)
    if id.index == podRecords.count {
      podRecords.append(pod)
      podExists.append(true)
    } else {
      podRecords[id.index] = pod
      podExists[id.index] = true
    }
    livePodCount += 1
    chargeNamespace(template, sign: 1)
    changeStatus(of: owner) { $0.active += 1 }
    note(id, .created)
    return id
  }

  private mutating func changeStatus(
    of owner: WorkloadID?, _ body: (inout WorkloadStatus) -> Void
  ) {
    guard let owner, workload(owner) != nil else { return }
    let before = workloadRecords[owner.index]!.status.active
    body(&workloadRecords[owner.index]!.status)
    let change = workloadRecords[owner.index]!.status.active - before
    guard change != 0 else { return }
    var next: WorkloadID? = owner
    while let id = next, workload(id) != nil {
      workloadRecords[id.index]!.status.replicas += change
      next = workloadRecords[id.index]!.owner
    }
  }

  private mutating func charge(_ pod: Pod, sign: Int64) {
    guard let node = pod.node, node.index < usages.count,
      nodeSlots.generations[node.index] == node.generation
    else { return }
    let footprint = footprints[Int(pod.template.index)]
    usages[node.index].cpu += sign * footprint.cpu
    usages[node.index].memory += sign * footprint.memory
    usages[node.index].pods += Int32(sign)
  }

  /// Binds a Pod to a node; one that is bound already, or has ended, stays as it is.
  public mutating func bind(_ id: PodID, to node: NodeID) {
    guard let pod = pod(id), pod.isUnbound else { return }
    podRecords[id.index].node = node
    podRecords[id.index].nominatedNode = nil
    podRecords[id.index].flags.remove(.unschedulable)
    charge(podRecords[id.index], sign: 1)
    note(id, .bound)
  }

  /// Records when a Pod's node acknowledged it: from then on it has a condition Ready.
  public mutating func setStarted(_ id: PodID, at instant: Instant) {
    guard let pod = pod(id) else { return }
    podRecords[id.index].started = instant
    if pod.readyTransition == nil { podRecords[id.index].readyTransition = instant }
  }

  /// Records a Pod's phase; a finished Pod holds nothing any more.
  public mutating func setPhase(_ id: PodID, to phase: PodPhase) {
    guard let pod = pod(id), pod.phase != phase, !pod.phase.isFinished else { return }
    podRecords[id.index].phase = phase
    if phase.isFinished {
      release(pod)
      podRecords[id.index].flags.remove(.ready)
      changeStatus(of: pod.owner) {
        if phase == .succeeded { $0.succeeded += 1 } else { $0.failed += 1 }
      }
    }
    note(id, .phase)
  }

  private mutating func release(_ pod: Pod) {
    livePodCount -= 1
    chargeNamespace(pod.template, sign: -1)
    charge(pod, sign: -1)
    changeStatus(of: pod.owner) {
      if !pod.isTerminating { $0.active -= 1 }
      if pod.isReady && !pod.isTerminating { $0.ready -= 1 }
    }
  }

  /// Records when a Pod's condition Ready last changed, as its manifest gives it; nil: it has none.
  public mutating func setReadyTransition(_ id: PodID, at instant: Instant?) {
    guard pod(id) != nil else { return }
    podRecords[id.index].readyTransition = instant
  }

  /// Records whether a Pod is ready, and since when.
  public mutating func setReady(_ id: PodID, _ ready: Bool, at instant: Instant) {
    guard let pod = pod(id), pod.isReady != ready, !pod.phase.isFinished else { return }
    if ready {
      podRecords[id.index].flags.insert(.ready)
    } else {
      podRecords[id.index].flags.remove(.ready)
    }
    podRecords[id.index].readyTransition = instant
    if !pod.isTerminating { changeStatus(of: pod.owner) { $0.ready += ready ? 1 : -1 } }
    note(id, .ready)
  }

  /// Gives a Pod a deletion timestamp.
  public mutating func markTerminating(_ id: PodID) {
    guard let pod = pod(id), !pod.isTerminating else { return }
    podRecords[id.index].flags.insert(.terminating)
    if !pod.phase.isFinished {
      changeStatus(of: pod.owner) {
        $0.active -= 1
        if pod.isReady { $0.ready -= 1 }
      }
    }
    note(id, .terminating)
  }

  /// Removes a Pod.
  public mutating func deletePod(_ id: PodID) {
    guard let pod = pod(id) else { return }
    if !pod.phase.isFinished { release(pod) }
    podExists[id.index] = false
    note(id, .deleted)
    podSlots.release(id.slot)
  }

  /// Sets flags that are conditions of no consequence for accounting.
  public mutating func setCondition(_ id: PodID, _ flag: PodFlags, _ value: Bool) {
    guard let pod = pod(id), pod.flags.contains(flag) != value else { return }
    if value {
      podRecords[id.index].flags.insert(flag)
    } else {
      podRecords[id.index].flags.remove(flag)
    }
    note(id, .condition)
  }

  /// Records or clears the node that a Pod is nominated to.
  public mutating func nominate(_ id: PodID, to node: NodeID?) {
    guard let pod = pod(id), pod.nominatedNode != node else { return }
    podRecords[id.index].nominatedNode = node
    note(id, .nomination)
  }

  /// Gives a Pod that isn't bound another template, such as one with more tolerations.
  public mutating func setTemplate(_ id: PodID, to template: TemplateID) {
    guard let pod = pod(id), pod.node == nil, pod.template != template else { return }
    podRecords[id.index].template = template
    note(id, .spec)
  }

  // MARK: Workloads and policies

  /// Adds a workload.
  @discardableResult
  public mutating func addWorkload(
    _ object: WorkloadObject, template: TemplateID, owner: WorkloadID?, at now: Instant
  ) -> WorkloadID {
    let (slot, generation) = workloadSlots.allocate()
    let id = WorkloadID(slot: slot, generation: generation)
    let workload = Workload(
      id: id, kind: object.kind, namespace: object.namespace, name: object.name,
      annotations: object.annotations, owner: owner, template: template,
      selector: object.selector,
      desired: object.kind == .job ? object.job.parallelism : object.replicas,
      strategy: object.strategy, job: object.job, version: 1, created: now,
      status: WorkloadStatus())
    if id.index == workloadRecords.count {
      workloadRecords.append(workload)
    } else {
      workloadRecords[id.index] = workload
    }
    log.append(Change(slot: slot, generation: generation, fields: [.workload, .created]))
    return id
  }

  /// Sets how many Pods a workload wants.
  public mutating func setDesired(_ id: WorkloadID, _ desired: Int32) {
    guard let workload = workload(id), workload.desired != desired else { return }
    workloadRecords[id.index]!.desired = desired
    workloadRecords[id.index]!.version &+= 1
    log.append(Change(slot: id.slot, generation: id.generation, fields: [.workload, .spec]))
  }

  /// Gives a workload another Pod template: a new revision of what it runs.
  public mutating func setTemplate(_ id: WorkloadID, to template: TemplateID) {
    guard let workload = workload(id), workload.template != template else { return }
    workloadRecords[id.index]!.template = template
    workloadRecords[id.index]!.version &+= 1
    log.append(Change(slot: id.slot, generation: id.generation, fields: [.workload, .spec]))
  }

  /// Removes a workload; its Pods stay until somebody deletes them.
  public mutating func removeWorkload(_ id: WorkloadID) {
    guard workload(id) != nil else { return }
    workloadRecords[id.index] = nil
    log.append(Change(slot: id.slot, generation: id.generation, fields: [.workload, .deleted]))
    workloadSlots.release(id.slot)
  }
}
