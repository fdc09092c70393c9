import ClusterModel
import DiscreteEvents
import Infrastructure
import Probability
import Quantities
import Scheduling

extension HybridCloud {
  /// Puts a client's next call on the agenda, unless an earlier one is there.
  mutating func request(
    _ client: Client, at instant: Instant, on agenda: inout EventList<CloudEvent>
  ) {
    let at = max(instant, clients[client.index].busyUntil)
    guard clients[client.index].isActive, at < clients[client.index].posted,
      at <= parameters.horizon
    else { return }
    clients[client.index].posted = at
    agenda.schedule(.wake(client), at: at, priority: .control)
  }

  /// Calls a control loop with what its watch has delivered, and sends what it asks for.
  mutating func wake(_ client: Client, on agenda: inout EventList<CloudEvent>) {
    let now = agenda.now
    let index = client.index
    guard clients[index].posted == now else { return }
    if client == .nodeLifecycle, contacts.isAPIDown {
      clients[index].posted = .distantFuture
      return
    }
    clients[index].posted = .distantFuture
    clients[index].watch.advance(to: now)
    // A loop with a clock of its own finds what has been stored by then: its interval is a thousand
    // times a watch's delay.
    let position = client == .nodeAutoscaler ? noted : clients[index].watch.position
    var pass = ControllerPass(now: now, position: position, choices: luck.choices)
    // Swapped rather than copied, so that the two buffers live on.
    swap(&pass.outcomes, &clients[index].outcomes)
    if clients[index].hasWritten { clients[index].buffer.clear() }
    clients[index].hasWritten = true
    // Loads that drive requests change without an event.
    if client == .predictive { serveLoads(at: now) }
    let next = loops.reconcile(client, cluster, in: pass, into: &clients[index].buffer)
    if client == .horizontalPodAutoscaler { recordSyncs() }
    swap(&pass.outcomes, &clients[index].outcomes)
    clients[index].outcomes.removeAll(keepingCapacity: true)
    clients[index].busyUntil = now + clients[index].buffer.busy
    clients[index].hasWritten = clients[index].buffer.hasContent
    if clients[index].hasWritten {
      noteAttempts(of: client, at: now)
      send(client, on: &agenda)
    }
    if let next { request(client, at: max(next, now), on: &agenda) }
    if !client.readsOnItsOwnTime, let visible = clients[index].watch.next {
      request(client, at: visible, on: &agenda)
    }
  }

  private mutating func noteAttempts(of client: Client, at now: Instant) {
    if client == .scheduler && loops.scheduler.hasSlept { usage.insert(.localReplicas) }
    for attempt in clients[client.index].buffer.attempts {
      guard cluster.pod(attempt.pod) != nil else { continue }
      usage.insert(.scheduling)
      let slot = attempt.pod.index
      let start = now + attempt.start
      let end = now + attempt.end
      recorder.note(
        StageMark(pod: attempt.pod, stage: .queue, start: runs[slot].since, end: start))
      recorder.note(
        StageMark(pod: attempt.pod, stage: .schedule, start: start, end: end),
        failed: attempt.node == nil)
      runs[slot].since = end
      if attempt.node != nil { runs[slot].scheduled = end }
    }
  }

  /// Takes a client's commands and events through its limits.
  private mutating func send(_ client: Client, on agenda: inout EventList<CloudEvent>) {
    let index = client.index
    let now = agenda.now
    for issued in clients[index].buffer.commands {
      let sent = now + issued.offset
      let granted = issued.command.asksCloud ? sent : clients[index].bucket.take(at: sent)
      let stored = granted + writeLatency(of: issued.command)
      let slot = writes.insert(PendingWrite(client: client, issued: issued, sent: granted))
      if case .updateAutoscalerStatus(_, let payload) = issued.command {
        writes.carry(clients[index].buffer.autoscalerStatuses[Int(payload)], by: slot)
      }
      if case .bind(let pod, _) = issued.command {
        foresee(pod, slot, stored: stored, on: &agenda)
      }
      if !writes[slot].state.contains(.isLost) { agenda.schedule(.write(slot), at: stored) }
    }
    for event in clients[index].buffer.events {
      let at = now + event.offset
      guard clients[index].correlator.passes(event.subject, at: at) else { continue }
      if clients[index].eventBucket != nil {
        _ = clients[index].eventBucket!.take(at: at)
      } else {
        _ = clients[index].bucket.take(at: at)
      }
    }
  }

  /// How long a command's write takes, drawn for what it is about.
  private mutating func writeLatency(of command: ClusterCommand) -> TimeSpan {
    if case .constant(let seconds) = parameters.writeLatency { return .seconds(seconds) }
    let (subject, number) = occasion(of: command)
    return luck.write.drawSpan(parameters.writeLatency, for: subject, number: number)
  }

  private mutating func occasion(of command: ClusterCommand) -> (subject: UInt64, number: UInt32) {
    switch command {
    case .createPod(let owner, let ordinal, let attempt, _):
      return (placeSubject(root: rootIndex(of: owner), ordinal: Int(ordinal)), UInt32(attempt) << 8)
    case .bind(let pod, _): return occasion(of: pod, purpose: 1)
    case .deletePod(let pod, _): return occasion(of: pod, purpose: 2)
    case .markUnschedulable(let pod): return occasion(of: pod, purpose: 3)
    case .nominate(let pod, _): return occasion(of: pod, purpose: 4)
    case .markPreempted(let pod): return occasion(of: pod, purpose: 5)
    case .tolerateVirtualNodes(let pod): return occasion(of: pod, purpose: 6)
    case .read(let pod): return occasion(of: pod, purpose: 7)
    case .markUnready(let pod), .markDisrupted(let pod): return occasion(of: pod, purpose: 8)
    case .setReadiness(let node, _): return (layout.nodeSubjects[node.index], 1)
    case .taint(let node, let adding, _):
      return (layout.nodeSubjects[node.index], 2 << 8 | UInt32(adding.rawValue))
    case .evict(let pod): return occasion(of: pod, purpose: 9)
    case .markDeleting(let node, let isMarked):
      return (nodeSubject(node), isMarked ? 0x4000_0000 : 0x4000_0001)
    case .deleteNode(let node): return (nodeSubject(node), 0x4000_0002)
    case .setNodeGroupSize(let group, let size):
      return (groupSubject(group), UInt32(bitPattern: size))
    case .deleteInstance(let group, let number):
      return (groupSubject(group), UInt32(bitPattern: number) | 1 << 31)
    case .updateAutoscalerStatus(let id, _):
      return (subject(of: id), (cluster.autoscaler(id)?.version ?? 0) | 0x8000_0000)
    case .createJob(let number, let second):
      return (
        Subject("CronJob/\(cronJobs[Int(number)].name)").raw, UInt32(truncatingIfNeeded: second)
      )
    case .deleteWorkload(let workload):
      return (layout.subjects[Int(rootIndex(of: workload))], 0xC000_0000)
    case .createReplicaSet(let workload, let replicas), .scale(let workload, let replicas),
      .setMinimum(let workload, let replicas):
      return (
        layout.subjects[Int(rootIndex(of: workload))],
        UInt32(bitPattern: replicas) | 0x8000_0000
      )
    }
  }

  /// A group of nodes in the demand's terms: its pool's name.
  private func groupSubject(_ group: NodeGroupID) -> UInt64 {
    Subject("NodePool/\(fleet.groups[group.place].pool.name)").raw
  }

  private func nodeSubject(_ node: NodeID) -> UInt64 {
    node.index < layout.nodeSubjects.count ? layout.nodeSubjects[node.index] : 0
  }

  /// Calls of one purpose about one Pod are counted: what else is asked about it, which depends on
  /// the policy, changes no draw.
  mutating func occasion(
    of pod: PodID, purpose: UInt32
  ) -> (subject: UInt64, number: UInt32) {
    guard pod.index < runs.count, runs[pod.index].generation == pod.generation else {
      return (0, purpose)
    }
    let shift = (purpose - 1) * 4
    let count = UInt32(truncatingIfNeeded: runs[pod.index].calls >> UInt64(shift) & 15)
    if count < 15 { runs[pod.index].calls += 1 << shift }
    return (runs[pod.index].subject, runs[pod.index].number << 8 | purpose << 4 | count)
  }

  /// A write reaches the store: it takes effect or is refused, and its author gets the answer, if
  /// he still waits for it.
  mutating func store(_ slot: UInt32, on agenda: inout EventList<CloudEvent>) {
    let status = writes.takeStatus(of: slot)
    writes[slot].state.remove(.underWay)
    let write = writes[slot]
    writes.release(slot)
    if write.state.contains(.isLost) { return }
    let scaling = scaling(by: write, at: agenda.now)
    let result = perform(write.issued, status: status, on: &agenda)
    if let scaling, result == .accepted { recorder.scalings.append(scaling) }
    if write.client == .burst { usage.insert(.fallback) }
    if write.state.contains(.isUnanswered) { return }
    let index = write.client.index
    clients[index].outcomes.append(
      CommandOutcome(ticket: write.issued.ticket, command: write.issued.command, result: result))
    request(write.client, at: agenda.now, on: &agenda)
  }

  /// Tells the watching clients of everything that has changed since the last time.
  mutating func publish(on agenda: inout EventList<CloudEvent>) {
    let end = cluster.logEnd
    guard end > noted else { return }
    lastChange = agenda.now
    guard let changes = cluster.changes(since: noted, upTo: end) else {
      // More than the log keeps: every client finds out when it looks and is told to start anew.
      announce(
        upTo: end, to: .max, noting: .autoscaler, subject: 0,
        number: UInt32(truncatingIfNeeded: end), on: &agenda)
      noted = end
      return
    }
    for change in changes {
      noted += 1
      if siteTraffic.countsWatches { noteWatched(change) }
      let owner =
        change.fields.contains(.pod) && Int(change.slot) < runs.count
        ? runs[Int(change.slot)].owner : nil
      let hasEnded =
        change.fields.contains(.phase) && cluster.pod(change.pod)?.phase.isFinished ?? true
      let audience =
        ControlLoops.audience(of: change.fields, owner: owner, hasEnded: hasEnded)
        & parameters.listeners
      guard audience != 0 else { continue }
      let (subject, number) = identity(of: change)
      announce(
        upTo: noted, to: audience, noting: change.fields, subject: subject, number: number,
        on: &agenda)
    }
  }

  private mutating func announce(
    upTo position: Int, to audience: UInt32, noting noted: ChangeFields, subject: UInt64,
    number: UInt32,
    on agenda: inout EventList<CloudEvent>
  ) {
    for index in clients.indices where audience >> UInt32(index) & 1 != 0 && clients[index].isActive
    {
      let client = clients[index].client
      let delay = watchDelay(client, subject: subject, number: number)
      let visible = clients[index].watch.append(position: position, visible: agenda.now + delay)
      if !client.readsOnItsOwnTime || noted.isAutoscaler {
        request(client, at: visible, on: &agenda)
      }
    }
  }

  /// What a change is about, in the demand's terms, and which of its changes it is.
  private mutating func identity(of change: Change) -> (subject: UInt64, number: UInt32) {
    let fields = UInt32(change.fields.rawValue)
    if change.fields.contains(.pod) {
      guard Int(change.slot) < runs.count else { return (0, fields) }
      let slot = Int(change.slot)
      return (runs[slot].subject, runs[slot].number << 16 | fields)
    }
    if change.fields.isAutoscaler { return (subject(of: change.autoscaler), fields) }
    if change.fields.contains(.workload), let workload = cluster.workload(change.workload) {
      let root = Int(rootIndex(of: workload.id))
      let child = workload.owner == nil ? -1 : -2
      return (Subject(raw: layout.subjects[root]).child(child).raw, workload.version)
    }
    if change.fields.contains(.node), Int(change.slot) < layout.nodeSubjects.count {
      return (layout.nodeSubjects[Int(change.slot)], fields)
    }
    return (0, fields)
  }

  /// An autoscaler in the demand's terms.
  private func subject(of id: HorizontalPodAutoscalerID) -> UInt64 {
    guard let record = cluster.autoscaler(id) else { return 0 }
    return Subject("HorizontalPodAutoscaler/\(record.namespace)/\(record.name)").raw
  }

  private func watchDelay(_ client: Client, subject: UInt64, number: UInt32) -> TimeSpan {
    if case .constant(let seconds) = parameters.watchDelay { return .seconds(seconds) }
    return luck.watch.drawSpan(
      parameters.watchDelay, for: subject &+ UInt64(client.rawValue) &* 0x9E37_79B9_7F4A_7C15,
      number: number)
  }
}

extension ClusterCommand {
  /// Whether a cloud carries it out, so that it doesn't use up the client's calls to the API server.
  fileprivate var asksCloud: Bool {
    switch self {
    case .setNodeGroupSize, .deleteNode, .deleteInstance: true
    default: false
    }
  }
}

extension CommandBuffer {
  /// Whether a pass left anything in it.
  fileprivate var hasContent: Bool {
    !commands.isEmpty || !events.isEmpty || !attempts.isEmpty || busy > .zero
  }
}
