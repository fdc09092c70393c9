import ClusterModel
import DiscreteEvents
import Infrastructure
import Probability
import Quantities

extension HybridCloud {
  /// The number of the workload at the top of a chain of owners; given out on first use.
  mutating func rootIndex(of workload: WorkloadID) -> Int32 {
    while rootOf.count <= workload.index { rootOf.append(-1) }
    if rootOf[workload.index] >= 0 { return rootOf[workload.index] }
    let root = cluster.rootWorkload(of: workload)
    while rootOf.count <= root.index { rootOf.append(-1) }
    if rootOf[root.index] < 0 {
      let record = cluster.workload(root)
      let kind = record?.kind.rawValue ?? ""
      rootOf[root.index] = addRoot(
        kind: kind, namespace: record?.namespace ?? "", name: record?.name ?? "")
    }
    rootOf[workload.index] = rootOf[root.index]
    return rootOf[root.index]
  }

  /// Opens the record of a workload, or of a Pod that has none.
  mutating func addRoot(kind: String, namespace: String, name: String) -> Int32 {
    let key = "\(kind)/\(namespace)/\(name)"
    roots.append(RootRecord(key: key))
    levels.append(LevelRecord(windows: parameters.levelWindows))
    floors.append(0)
    layout.open(root: key, kind: kind, namespace: namespace, name: name)
    return Int32(roots.count - 1)
  }

  func placeSubject(root: Int32, ordinal: Int) -> UInt64 {
    layout.subject(root: Int(root), ordinal: ordinal)
  }

  /// Opens the record of a Pod that has come into being.
  /// - Returns: since when its place was due.
  mutating func register(_ pod: Pod, at now: Instant) -> Instant {
    let id = pod.id
    while runs.count <= id.index { runs.append(PodRun()) }
    var run = PodRun()
    run.generation = id.generation
    run.owner = pod.owner.flatMap { cluster.workload($0)?.kind }
    if let owner = pod.owner {
      run.root = rootIndex(of: owner)
    } else {
      run.root = addRoot(
        kind: "Pod", namespace: cluster.template(of: pod).namespace, name: cluster.name(of: pod))
    }
    run.subject = placeSubject(root: run.root, ordinal: Int(pod.ordinal))
    run.number = UInt32(pod.attempt)
    run.since = now
    runs[id.index] = run
    if recorder.keepsRecords {
      nameOf[id] = (cluster.template(of: pod).namespace, cluster.name(of: pod))
    }
    counts.created += 1
    existence.enter(at: now)
    return roots[Int(run.root)].hold(pod.ordinal, id, at: now)
  }

  /// A node has learnt of a Pod that is bound to it.
  mutating func seen(_ id: PodID, on agenda: inout EventList<CloudEvent>) {
    guard let pod = cluster.pod(id), !pod.isTerminating, let node = pod.node,
      !pipeline.knows(id)
    else { return }
    cluster.setStarted(id, at: agenda.now)
    outbox.clear()
    pipeline.arrive(
      order(of: pod, on: node), since: runs[id.index].since, at: agenda.now, into: &outbox)
    deliver(on: &agenda)
  }

  /// What the pipeline must know about a bound Pod.
  mutating func order(of pod: Pod, on node: NodeID) -> StartOrder {
    let facts = layout.facts(of: pod.template, in: cluster)
    describeImages()
    let spot = layout.spots[node.index]
    let run = runs[pod.id.index]
    var options = facts.options
    if let most = facts.ruleWait {
      let rules = luck.route.drawSpan(
        parameters.endpointPropagation, for: run.subject, number: run.number | 0x8000_0000)
      options.ruleWait = min(most, rules)
    }
    // Only a StatefulSet's Pod has a successor of its name.
    options.addressRetention = run.owner == .statefulSet ? facts.addressRetention : nil
    return StartOrder(
      pod: pod.id, subject: run.subject, number: run.number, place: Int(spot.place),
      spot: Int(spot.number), workload: Int(run.root),
      profile: Int(layout.profileOfRoot[Int(run.root)]), millicores: facts.millicores,
      halfGiB: facts.halfGiB, imageSet: Int(facts.imageSet), probeDelay: facts.probeDelay,
      probePeriod: facts.probePeriod,
      probeThreshold: Int(facts.probeThreshold), runsToCompletion: run.owner == .job,
      work: workToDo(run, pod), options: options)
  }

  /// A node has learnt that one of its Pods shall stop.
  mutating func stopSeen(_ id: PodID, on agenda: inout EventList<CloudEvent>) {
    guard let pod = cluster.pod(id) else { return }
    guard pipeline.knows(id) else {
      remove(id, at: agenda.now)
      return
    }
    usage.insert(.shutdown)
    let facts = layout.facts(of: pod.template, in: cluster)
    outbox.clear()
    pipeline.stop(id, grace: facts.grace, at: agenda.now, into: &outbox)
    deliver(on: &agenda)
  }

  /// A timer of the pipeline came up.
  mutating func step(
    _ step: PipelineStep, of id: PodID, on agenda: inout EventList<CloudEvent>
  ) {
    if step != .retry { timersSet -= 1 }
    outbox.clear()
    pipeline.step(step, of: id, at: agenda.now, into: &outbox)
    deliver(on: &agenda)
  }

  /// Puts the pipeline's timers on the agenda and brings its reports to the API server.
  mutating func deliver(on agenda: inout EventList<CloudEvent>) {
    for mark in outbox.marks { recorder.note(mark, failed: mark.refusal != nil) }
    for timer in outbox.timers {
      if timer.step != .retry { timersSet += 1 }
      contacts.note(timer)
      agenda.schedule(
        .pipeline(timer.pod, timer.step), at: timer.instant, priority: .completions)
    }
    for report in outbox.reports {
      note(report, at: agenda.now)
      if case .accepted(let pod) = report { foresee(endOf: pod, on: &agenda) }
    }
    followTransfers(on: &agenda)
  }

  private mutating func note(_ report: PipelineReport, at now: Instant) {
    switch report {
    case .refused(let pod, let reason): setRefusal(reason, of: pod)
    case .accepted(let pod): setRefusal(nil, of: pod)
    case .working(let pod): runs[pod.index].working = now
    case .running(let pod):
      cluster.setPhase(pod, to: .running)
      if metrics.isActive, let node = cluster.pod(pod)?.node {
        metrics.track(pod, group: kubeletGroup(of: node))
      }
    case .ready(let pod): ready(pod, at: now)
    case .succeeded(let pod):
      roots[Int(runs[pod.index].root)].lastSuccess = now
      close(pod, at: now, reason: "succeeded")
      cluster.setPhase(pod, to: .succeeded)
      counts.succeeded += 1
    case .gone(let pod): remove(pod, at: now)
    }
  }

  private mutating func setRefusal(_ refusal: RefusalReason?, of pod: PodID) {
    guard runs[pod.index].generation == pod.generation else { return }
    runs[pod.index].refusal = refusal
  }

  private mutating func ready(_ id: PodID, at now: Instant) {
    guard let pod = cluster.pod(id), !pod.isReady, !pod.isTerminating else { return }
    cluster.setReady(id, true, at: now)
    let isFirst = runs[id.index].ready == .distantFuture
    runs[id.index].ready = min(runs[id.index].ready, now)
    usage.formUnion([.application, .service])
    roots[Int(runs[id.index].root)].becomeReady(pod.ordinal, at: now)
    levels[Int(runs[id.index].root)].becomeReady(at: now)
    let site = pod.node.map { Int(layout.spots[$0.index].site) } ?? 0
    if isFirst { recorder.noteReady(site: max(0, site), at: now) }
    guard layout.facts(of: pod.template, in: cluster).hasService else { return }
    usage.insert(.endpoints)
    let span = luck.route.drawSpan(
      parameters.endpointPropagation, for: runs[id.index].subject, number: runs[id.index].number)
    recorder.note(StageMark(pod: id, stage: .route, start: now, end: now + span))
  }

  /// A Pod is gone: its place is due again from now on.
  mutating func remove(_ id: PodID, at now: Instant) {
    guard let pod = cluster.pod(id) else { return }
    if runs[id.index].wasEvicted { counts.evicted += 1 } else { counts.deleted += 1 }
    close(id, at: now, reason: runs[id.index].wasEvicted ? "evicted" : "deleted")
    // A StatefulSet replaces a Pod when it is gone, the others as soon as it is told to stop.
    let isFree = !pod.isTerminating || runs[id.index].owner == .statefulSet
    roots[Int(runs[id.index].root)].lose(pod.ordinal, id, isFree: isFree, at: now)
    contacts.unbind(id)
    cluster.deletePod(id)
  }

  /// A Pod ends or is told to stop: from now on it doesn't count where it is bound.
  mutating func noteLeaving(_ pod: Pod, at now: Instant) {
    guard let node = pod.node else { return }
    saveWork(of: pod, at: now)
    levels[Int(runs[pod.id.index].root)].leave(
      fromOwn: isOwn(node), wasReady: pod.isReady, at: now)
  }

  /// Whether a node is a machine rather than a virtual node.
  func isOwn(_ node: NodeID) -> Bool {
    layout.poolOfPlace[Int(layout.spots[node.index].place)] == nil
  }

  mutating func close(_ id: PodID, at now: Instant, reason: String) {
    guard let pod = cluster.pod(id) else { return }
    existence.leave(enteredAt: max(pod.created, .zero), at: now)
    ownUse.count(pod, runs[id.index], in: cluster, layout, at: now)
    if !pod.isTerminating { noteLeaving(pod, at: now) }
    if recorder.keepsRecords { placements.append(placement(of: pod, end: now, reason: reason)) }
  }

  /// A Pod's row in `placements.csv`.
  func placement(of pod: Pod, end: Instant?, reason: String) -> PlacementRecord {
    let run = runs[pod.id.index]
    func known(_ instant: Instant) -> Instant? { instant == .distantFuture ? nil : instant }
    let site = pod.node.map { Int(layout.spots[$0.index].site) } ?? -1
    return PlacementRecord(
      namespace: cluster.template(of: pod).namespace, pod: cluster.name(of: pod),
      node: pod.node.flatMap { cluster.node($0)?.name },
      site: site >= 0 ? layout.siteNames[site] : nil, created: pod.created,
      scheduled: known(run.scheduled), bound: known(run.bound), ready: known(run.ready), end: end,
      reason: reason)
  }
}
