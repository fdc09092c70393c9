import ClusterModel
import DiscreteEvents
import Infrastructure
import Probability
import Quantities

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
    clients[index].posted = .distantFuture
    clients[index].watch.advance(to: now)
    let pass = ControllerPass(
      now: now, position: clients[index].watch.position, outcomes: clients[index].outcomes,
      choices: luck.choices)
    clients[index].outcomes.removeAll(keepingCapacity: true)
    clients[index].buffer.clear()
    let next = loops.reconcile(client, cluster, in: pass, into: &clients[index].buffer)
    clients[index].busyUntil = now + clients[index].buffer.busy
    noteAttempts(of: client, at: now)
    send(client, on: &agenda)
    if let next { request(client, at: max(next, now), on: &agenda) }
    if let visible = clients[index].watch.next { request(client, at: visible, on: &agenda) }
  }

  private mutating func noteAttempts(of client: Client, at now: Instant) {
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
      let granted = clients[index].bucket.take(at: now + issued.offset)
      let stored = granted + writeLatency(of: issued.command)
      let slot = writes.insert(PendingWrite(client: client, issued: issued))
      agenda.schedule(.write(slot), at: stored)
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
    case .bind(let pod, _), .deletePod(let pod, _), .markUnschedulable(let pod),
      .nominate(let pod, _), .markPreempted(let pod), .tolerateVirtualNodes(let pod),
      .read(let pod):
      guard pod.index < runs.count else { return (0, 0) }
      runs[pod.index].calls += 1
      return (runs[pod.index].subject, runs[pod.index].number << 8 | runs[pod.index].calls)
    case .createReplicaSet(let workload, let replicas), .scale(let workload, let replicas):
      return (
        layout.subjects[Int(rootIndex(of: workload))],
        UInt32(bitPattern: replicas) | 0x8000_0000
      )
    }
  }

  /// A write reaches the store: it takes effect or is refused, and its author gets the answer.
  mutating func store(_ slot: UInt32, on agenda: inout EventList<CloudEvent>) {
    let write = writes.remove(slot)
    let result = perform(write.issued, on: &agenda)
    let index = write.client.index
    clients[index].outcomes.append(
      CommandOutcome(ticket: write.issued.ticket, command: write.issued.command, result: result))
    request(write.client, at: agenda.now, on: &agenda)
  }

  /// Tells the watching clients of everything that has changed since the last time.
  mutating func publish(on agenda: inout EventList<CloudEvent>) {
    let end = cluster.logEnd
    guard end > noted, let changes = cluster.changes(since: noted, upTo: end) else { return }
    lastChange = agenda.now
    for (offset, change) in changes.enumerated() {
      let position = noted + offset + 1
      var owner: WorkloadKind?
      var subject = UInt64(change.slot)
      var number = UInt32(truncatingIfNeeded: change.fields.rawValue)
      if change.fields.contains(.pod), Int(change.slot) < runs.count {
        let run = runs[Int(change.slot)]
        owner = ownerKind(ofRun: run)
        subject = run.subject
        number = run.number << 16 | number
      }
      for client in Client.allCases
      where ControlLoops.concerns(client, fields: change.fields, owner: owner) {
        let delay = watchDelay(client, subject: subject, number: number)
        let visible = clients[client.index].watch.append(
          position: position, visible: agenda.now + delay)
        request(client, at: visible, on: &agenda)
      }
    }
    noted = end
  }

  private func watchDelay(_ client: Client, subject: UInt64, number: UInt32) -> TimeSpan {
    if case .constant(let seconds) = parameters.watchDelay { return .seconds(seconds) }
    return luck.watch.drawSpan(
      parameters.watchDelay, for: subject &+ UInt64(client.rawValue) &* 0x9E37_79B9_7F4A_7C15,
      number: number)
  }
}
