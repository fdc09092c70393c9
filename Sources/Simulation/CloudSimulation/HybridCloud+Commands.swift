import Autoscaling
import ClusterModel
import DiscreteEvents
import Infrastructure
import Probability
import Quantities

extension HybridCloud {
  /// Carries out a command as the API server does: admission, conflicts, storage.
  mutating func perform(
    _ issued: IssuedCommand, status: HorizontalPodAutoscalerStatus? = nil,
    on agenda: inout EventList<CloudEvent>
  ) -> CommandResult {
    let now = agenda.now
    switch issued.command {
    case .createPod(let owner, let ordinal, let attempt, let pinned):
      return create(owner: owner, ordinal: ordinal, attempt: attempt, pinned: pinned, at: now)
    case .bind(let id, let node):
      guard let pod = cluster.pod(id) else { return .notFound }
      guard cluster.node(node) != nil else { return .notFound }
      guard pod.isUnbound, !pod.isTerminating, current(pod, issued) else { return .conflict }
      bind(pod, to: node, on: &agenda)
    case .deletePod(let id, let atOnce):
      guard let pod = cluster.pod(id) else { return .notFound }
      delete(pod, atOnce: atOnce, on: &agenda)
    case .markUnschedulable(let id):
      guard let pod = cluster.pod(id) else { return .notFound }
      guard pod.isUnbound else { return .conflict }
      cluster.setCondition(id, .unschedulable, true)
    case .nominate(let id, let node):
      guard let pod = cluster.pod(id) else { return .notFound }
      guard pod.isUnbound else { return .conflict }
      cluster.nominate(id, to: node)
    case .markPreempted(let id):
      guard cluster.pod(id) != nil else { return .notFound }
      cluster.setCondition(id, .preempted, true)
      runs[id.index].wasEvicted = true
    case .tolerateVirtualNodes(let id):
      guard let pod = cluster.pod(id) else { return .notFound }
      guard pod.isUnbound else { return .conflict }
      tolerate(pod, at: now)
    case .markDisrupted(let id):
      guard cluster.pod(id) != nil else { return .notFound }
      runs[id.index].wasEvicted = true
      failures.evicted += 1
    case .markUnready(let id):
      guard let pod = cluster.pod(id) else { return .notFound }
      if pod.isReady, !pod.isTerminating {
        levels[Int(runs[id.index].root)].becomeUnready(at: now)
      }
      cluster.setReady(id, false, at: now)
    case .setReadiness(let id, let readiness): return record(readiness, of: id)
    case .taint(let id, let adding, let removing):
      guard cluster.node(id) != nil else { return .notFound }
      cluster.setTaints(of: id, adding: adding, removing: removing, at: now)
    case .evict(let id): return evict(id, on: &agenda)
    case .markDeleting(let id, let isMarked): return markDeleting(id, isMarked)
    case .setNodeGroupSize(let group, let size): return resize(group, to: size, on: &agenda)
    case .deleteNode(let id): return deleteNode(id, on: &agenda)
    case .deleteInstance(let group, let number):
      return deleteInstance(number, of: group, at: now)
    case .updateAutoscalerStatus(let id, _):
      guard let record = cluster.autoscaler(id), let status else { return .notFound }
      usage.insert(.autoscaling)
      noteConditions(of: record, becoming: status, at: now)
      cluster.setStatus(id, to: status)
    case .read(let id):
      return cluster.pod(id) == nil ? .notFound : .accepted
    case .createReplicaSet(let deployment, let replicas):
      return createReplicaSet(of: deployment, replicas: replicas, at: now)
    case .createJob(let number, let second): return createJob(Int(number), second, at: now)
    case .deleteWorkload(let id): return deleteWorkload(id, on: &agenda)
    case .setMinimum(let id, let replicas):
      guard cluster.workload(id) != nil else { return .notFound }
      setMinimum(of: id, to: Int(replicas), at: now)
    case .scale(let id, let replicas):
      guard let workload = cluster.workload(id) else { return .notFound }
      if let version = issued.expectedVersion, version != workload.version { return .conflict }
      usage.insert(.deployments)
      cluster.setDesired(id, replicas)
      if workload.owner == nil { setLevel(of: workload, to: replicas, at: now) }
    }
    return .accepted
  }

  /// A Job's level is its completions, however many of its Pods may run at once.
  private mutating func setLevel(of workload: Workload, to replicas: Int32, at now: Instant) {
    guard workload.kind != .job else { return }
    roots[Int(rootIndex(of: workload.id))].setLevel(Int(replicas), at: now)
  }

  private mutating func record(_ readiness: NodeReadiness, of id: NodeID) -> CommandResult {
    guard cluster.node(id) != nil else { return .notFound }
    // A kubelet that has reported meanwhile has changed the version that the author saw.
    if readiness == .unknown, cluster.renewsLease(id) { return .conflict }
    if readiness == .unknown { failures.unknown += 1 }
    cluster.setReadiness(of: id, readiness)
    return .accepted
  }

  private func current(_ pod: Pod, _ issued: IssuedCommand) -> Bool {
    issued.expectedVersion.map { $0 == pod.version } ?? true
  }

  private mutating func create(
    owner: WorkloadID, ordinal: Int32, attempt: Int32, pinned: NodeID?, at now: Instant
  ) -> CommandResult {
    guard let workload = cluster.workload(owner) else { return .notFound }
    if let cap = parameters.podCap, cluster.livePodCount >= cap { return .forbidden }
    if exceedsQuota(workload) { return .forbidden }
    let id = cluster.createPod(
      owner: owner,
      template: admitted(ordinal, attempt: attempt, of: workload, at: now), ordinal: ordinal,
      attempt: attempt, at: now,
      pinned: pinned)
    guard let pod = cluster.pod(id) else { return .notFound }
    let due = register(pod, at: now)
    usage.formUnion([.creation, Usage(creating: workload.kind)])
    recorder.note(StageMark(pod: id, stage: .create, start: due, end: now))
    return .accepted
  }

  /// The template of a new Pod with what the burst policy's webhook writes into it.
  private mutating func admitted(
    _ ordinal: Int32, attempt: Int32, of workload: Workload, at now: Instant
  ) -> TemplateID {
    if parameters.hasMatches {
      let template = matched(workload.template)
      if template != workload.template { return template }
    }
    guard parameters.asksPolicy else { return workload.template }
    let placement = loops.burst.placement(
      forPod: ordinal, attempt: attempt, of: workload, cluster, at: now)
    guard placement != .asWritten else { return workload.template }
    usage.insert(.admission)
    if let known = layout.placedTemplate(of: workload.template, placement) { return known }
    var template = cluster.templates[Int(workload.template.index)]
    placement.apply(to: &template)
    let made = cluster.addTemplate(template)
    layout.placed.append((workload.template, placement, made))
    return made
  }

  /// Whether one more Pod of a workload would break a quota of its namespace.
  private func exceedsQuota(_ workload: Workload) -> Bool {
    guard !cluster.resourceQuotas.isEmpty else { return false }
    let footprint = cluster.footprints[Int(workload.template.index)]
    for quota in cluster.resourceQuotas where quota.namespace == workload.namespace {
      let used = cluster.usage(ofNamespace: workload.namespace)
      for entry in quota.hard.entries {
        let after: Int128
        switch entry.name {
        case "pods", "count/pods": after = Int128(used.pods + 1) * 1_000_000_000
        case "cpu", "requests.cpu": after = Int128(used.cpu + footprint.cpu) * 1_000_000
        case "memory", "requests.memory":
          after = Int128(used.memory + footprint.memory) * 1_000_000_000
        default: continue
        }
        if after > entry.nano { return true }
      }
    }
    return false
  }

  private mutating func bind(
    _ pod: Pod, to node: NodeID, on agenda: inout EventList<CloudEvent>
  ) {
    let now = agenda.now
    let slot = pod.id.index
    cluster.bind(pod.id, to: node)
    recorder.note(StageMark(pod: pod.id, stage: .bind, start: runs[slot].since, end: now))
    runs[slot].since = now
    runs[slot].bound = now
    let spot = layout.spots[node.index]
    roots[Int(runs[slot].root)].bind(pod.ordinal, pod.id, toSite: spot.site)
    contacts.bind(pod.id, to: node)
    levels[Int(runs[slot].root)].bind(toOwn: isOwn(node), at: now)
    agenda.schedule(.seen(pod.id), at: now + nodeDelay(of: pod.id, stopping: false))
  }

  private func nodeDelay(of pod: PodID, stopping: Bool) -> TimeSpan {
    let draw = runs[pod.index].number << 1 | (stopping ? 1 : 0)
    let own = luck.nodeWatch.drawSpan(
      parameters.watchDelay, for: runs[pod.index].subject, number: draw)
    guard siteTraffic.countsWatches, let node = cluster.pod(pod)?.node else { return own }
    return own + watchCrossing(to: node, for: pod, draw: draw)
  }

  /// Deletes a Pod: at once if nothing runs yet or it is asked for, else after its node let it go.
  mutating func delete(_ pod: Pod, atOnce: Bool, on agenda: inout EventList<CloudEvent>) {
    if pod.phase.isFinished {
      contacts.unbind(pod.id)
      outbox.clear()
      pipeline.kill(pod.id, at: agenda.now, into: &outbox)
      deliver(on: &agenda)
      cluster.deletePod(pod.id)
      return
    }
    if pod.node == nil || atOnce {
      outbox.clear()
      pipeline.kill(pod.id, at: agenda.now, into: &outbox)
      remove(pod.id, at: agenda.now)
      deliver(on: &agenda)
      return
    }
    guard !pod.isTerminating else { return }
    noteLeaving(pod, at: agenda.now)
    cluster.markTerminating(pod.id)
    roots[Int(runs[pod.id.index].root)].stop(pod.ordinal, pod.id, at: agenda.now)
    agenda.schedule(.stopSeen(pod.id), at: agenda.now + nodeDelay(of: pod.id, stopping: true))
  }

  private mutating func tolerate(_ pod: Pod, at now: Instant) {
    let index = Int(pod.template.index)
    while layout.tolerantTemplates.count <= index { layout.tolerantTemplates.append(nil) }
    let template =
      layout.tolerantTemplates[index]
      ?? cluster.template(
        pod.template, tolerating: VirtualNodeTolerationConfiguration.toleration)
    layout.tolerantTemplates[index] = template
    cluster.setTemplate(pod.id, to: template)
    usage.insert(.admission)
    recorder.note(
      StageMark(pod: pod.id, stage: .admit, start: runs[pod.id.index].since, end: now))
    runs[pod.id.index].since = now
  }

  private mutating func createReplicaSet(
    of deployment: WorkloadID, replicas: Int32, at now: Instant
  ) -> CommandResult {
    guard let owner = cluster.workload(deployment) else { return .notFound }
    usage.insert(.deployments)
    var template = cluster.templates[Int(owner.template.index)]
    var revision = 1
    for slot in 0..<cluster.workloadSlotCount
    where cluster.workload(slot: slot)?.owner == deployment {
      revision += 1
    }
    let hash = Self.hash(of: owner, revision: revision)
    template.add(label: "pod-template-hash", hash)
    var object = WorkloadObject(
      kind: .replicaSet, namespace: owner.namespace, name: "\(owner.name)-\(hash)",
      template: template)
    object.replicas = replicas
    object.selector = owner.selector
    object.selector?.matchLabels["pod-template-hash"] = hash
    let id = cluster.addWorkload(
      object, template: cluster.addTemplate(template), owner: deployment, at: now)
    forgetRoot(ofSlot: id.index)
    return .accepted
  }

  /// What makes a revision's name: it says nothing about the template, but like Kubernetes' hash it
  /// is the same whatever else is in the cluster.
  private static func hash(of deployment: Workload, revision: Int) -> String {
    let letters = Array("bcdfghjklmnpqrstvwxz2456789")
    var word = Subject("\(deployment.namespace)/\(deployment.name)").child(revision).raw
    var text = ""
    for _ in 0..<10 {
      text.append(letters[Int(word % UInt64(letters.count))])
      word /= UInt64(letters.count)
    }
    return text
  }
}
