import DiscreteEvents
import Infrastructure
import Probability
import Quantities

extension HybridCloud {
  /// Opens what is scripted about links, their bursts of loss, and registries' limits.
  mutating func addLinks(_ scenario: Scenario, network: NetworkPlan) {
    layout.linkResources = scenario.links.indices.map {
      NetworkPlan.resource(ofLink: $0, in: scenario)
    }
    var first: Int?
    for (number, link) in scenario.links.enumerated() {
      for other in link.traffic {
        let added = pipeline.addTraffic(
          acrossLink: number, bytesPerSecond: other.rate.bytesPerSecond,
          connections: other.connections)
        first = first ?? added
      }
      guard let every = link.loss.every, link.loss.burst != link.loss.usual else { continue }
      losses.append(
        LossCourse(
          link: number, every: every, lasting: link.loss.lasting,
          subject: Subject("Link").child(link.name).raw))
    }
    lineChanges = network.changes(traffic: first ?? 0)
    for (number, registry) in network.registries.enumerated()
    where registry.requestRate != .unlimited {
      pipeline.limitRegistry(number, to: registry.requestRate, burst: registry.requestBurst)
    }
  }

  /// Puts the first changes of links on the agenda.
  mutating func beginLinks(on agenda: inout EventList<CloudEvent>) {
    for (index, change) in lineChanges.enumerated() where change.at <= parameters.horizon {
      agenda.schedule(.line(UInt16(index)), at: change.at, priority: .completions)
    }
    for index in losses.indices { foreseeLoss(index, on: &agenda) }
  }

  /// What was scripted about a link happens.
  mutating func changeLine(_ change: LineChange, on agenda: inout EventList<CloudEvent>) {
    switch change.effect {
    case .outage(let link, let begins):
      pipeline.setOutage(ofLink: link, begins: begins, at: agenda.now)
    case .traffic(let number, let flows):
      pipeline.setTraffic(number, flows: flows, at: agenda.now)
    }
    linksChanged(at: agenda.now)
    followTransfers(on: &agenda)
  }

  /// A burst of loss begins or ends.
  mutating func changeLoss(_ index: Int, on agenda: inout EventList<CloudEvent>) {
    usage.insert(.lossBursts)
    losses[index].isBurst.toggle()
    losses[index].number &+= 1
    pipeline.setLoss(
      ofLink: losses[index].link, isBurst: losses[index].isBurst, at: agenda.now)
    linksChanged(at: agenda.now)
    followTransfers(on: &agenda)
    foreseeLoss(index, on: &agenda)
  }

  private mutating func foreseeLoss(_ index: Int, on agenda: inout EventList<CloudEvent>) {
    let course = losses[index]
    let mean = course.isBurst ? course.lasting : course.every
    let span = luck.loss.drawSpan(
      .exponential(mean: mean.seconds), for: course.subject, number: course.number)
    let at = agenda.now + max(span, .milliseconds(1))
    if at <= parameters.horizon {
      agenda.schedule(.loss(UInt16(index)), at: at, priority: .completions)
    }
  }

  // MARK: Transfers

  /// The earliest transfer ends, if nothing has changed since this was foreseen.
  mutating func transfersEnd(_ version: UInt32, on agenda: inout EventList<CloudEvent>) {
    guard version == transferVersion else { return }
    outbox.clear()
    pipeline.endTransfers(at: agenda.now, into: &outbox)
    deliver(on: &agenda)
    // Where none has ended after all, the next one is foreseen anew.
    if version == transferVersion { lastNetworkChange = .max }
    followTransfers(on: &agenda)
  }

  /// Foresees the next end of a transfer anew, if it can have moved.
  mutating func followTransfers(on agenda: inout EventList<CloudEvent>) {
    guard pipeline.transferChanges != lastNetworkChange else { return }
    lastNetworkChange = pipeline.transferChanges
    transferVersion &+= 1
    if let instant = pipeline.nextTransferEnd {
      agenda.schedule(
        .transfer(transferVersion), at: max(instant, agenda.now), priority: .completions)
    }
  }
}
