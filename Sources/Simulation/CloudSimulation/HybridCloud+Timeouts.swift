import ClusterModel
import DiscreteEvents
import Infrastructure
import Probability
import Quantities

/// Bindings that their author doesn't hear of in time. What else is asked of the API server is waited
/// for as long as it takes.
extension HybridCloud {
  /// Foresees, when a binding is sent, whether it is answered in time.
  mutating func foresee(
    _ pod: PodID, _ slot: UInt32, stored: Instant, on agenda: inout EventList<CloudEvent>
  ) {
    let share = parameters.binding.unanswered
    if share > 0, chance(of: pod, purpose: 10) < share {
      writes[slot].state.insert(.isUnanswered)
      if !getsThrough(pod) {
        writes[slot].state.insert(.isLost)
        writes[slot].state.remove(.underWay)
      }
      startClock(slot, on: &agenda)
    } else if stored > writes[slot].sent + parameters.binding.timeout {
      startClock(slot, on: &agenda)
    }
  }

  /// Sets the clock of a binding's author, if the API server holds it up.
  mutating func noteHeldUp(_ slot: UInt32, on agenda: inout EventList<CloudEvent>) {
    guard case .bind = writes[slot].issued.command,
      writes[slot].state.isDisjoint(with: [.isTimed, .isUnanswered])
    else { return }
    startClock(slot, on: &agenda)
  }

  private mutating func startClock(_ slot: UInt32, on agenda: inout EventList<CloudEvent>) {
    writes[slot].state.insert(.isTimed)
    let due = writes[slot].sent + parameters.binding.timeout
    agenda.schedule(.giveUp(slot), at: max(due, agenda.now))
  }

  /// A binding's author has waited long enough: without an answer he takes it for failed.
  ///
  /// What the API server had been sent before it went down may be stored, and is seen when it is
  /// back; what was sent later never arrives. A binding that is only late takes effect.
  mutating func giveUp(_ slot: UInt32, on agenda: inout EventList<CloudEvent>) {
    writes[slot].state.remove(.isTimed)
    defer { writes.release(slot) }
    let write = writes[slot]
    guard case .bind(let id, _) = write.issued.command,
      !write.state.isDisjoint(with: [.underWay, .isUnanswered])
    else { return }
    if contacts.isAPIDown, !write.state.contains(.isUnanswered),
      write.sent > contacts.apiFailed || !getsThrough(id)
    {
      writes[slot].state.insert(.isLost)
    }
    writes[slot].state.insert(.isUnanswered)
    usage.insert(.unansweredBindings)
    failures.unanswered += 1
    if let pod = cluster.pod(id), pod.isUnbound {
      recorder.note(
        StageMark(pod: id, stage: .bind, start: runs[id.index].since, end: agenda.now),
        failed: true)
      runs[id.index].since = agenda.now
    }
    clients[write.client.index].outcomes.append(
      CommandOutcome(
        ticket: write.issued.ticket, command: write.issued.command, result: .timedOut))
    request(write.client, at: agenda.now, on: &agenda)
  }

  /// Whether a binding whose answer is lost has reached the store.
  private mutating func getsThrough(_ pod: PodID) -> Bool {
    chance(of: pod, purpose: 11) < parameters.binding.stored
  }

  private mutating func chance(of pod: PodID, purpose: UInt32) -> Double {
    let (subject, number) = occasion(of: pod, purpose: purpose)
    return luck.answer.uniform(for: subject, number: number)
  }
}
