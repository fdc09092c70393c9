import ClusterModel
import DiscreteEvents
import Infrastructure
import Probability
import Quantities
import Workloads

/// What nodes and services send across links as streams, and what has crossed the links so far.
struct SiteTraffic: Sendable {
  /// Bytes of a renewal of a lease and of an event of a watch; 0: they take nothing of a link.
  let leaseBytes: Double
  let watchBytes: Double
  let leasePeriod: TimeSpan
  /// By site: the streams of its nodes' leases and watches; nil: they cross nothing.
  var leases: [Int?] = []
  var watches: [Int?] = []
  /// By site: events about its nodes' Pods since the last look.
  var watched: [Double]
  /// Changes of endpoints since then, which every node hears of.
  var endpointChanges = 0.0
  /// What had crossed the links by the end of each bucket.
  var samples: [LinkBytes] = []

  init(_ plane: ControlPlaneParameters = ControlPlaneParameters(), sites: Int = 0) {
    leaseBytes = Double(plane.leaseSize)
    watchBytes = Double(plane.watchSize)
    leasePeriod = plane.nodeLifecycle.leasePeriod
    watched = Array(repeating: 0, count: sites)
  }

  var countsWatches: Bool { !watches.isEmpty }
}

extension HybridCloud {
  // MARK: Assembly

  /// Opens the streams that cross links.
  mutating func addStreams(_ scenario: Scenario) {
    guard !scenario.links.isEmpty else { return }
    let sites = layout.siteNames.count
    siteTraffic = SiteTraffic(scenario.controlPlane, sites: sites)
    traffic.routes = RequestRoutes(sites: sites)
    for service in traffic.services.indices { openRoutes(ofService: service, sites: sites) }
    for site in 0..<sites where siteTraffic.leaseBytes > 0 {
      siteTraffic.leases.append(
        pipeline.openStream(
          .leases, from: site, to: 0, connections: 1, patience: siteTraffic.leasePeriod))
    }
    for site in 0..<sites where siteTraffic.watchBytes > 0 {
      siteTraffic.watches.append(
        pipeline.openStream(.watches, from: 0, to: site, connections: 1))
    }
    for (index, pool) in scenario.serverlessPools.enumerated() {
      pipeline.openCreates(
        ofPlace: sites + index, bytes: Double(scenario.controlPlane.createSize),
        callers: pool.createWorkers ?? 1)
    }
  }

  private mutating func openRoutes(ofService service: Int, sites: Int) {
    let parameters = traffic.services[service].parameters
    let bytes = Double(parameters.requestSize + parameters.answerSize)
    guard bytes > 0 else { return }
    for origin in 0..<sites
    where traffic.sources.contains(where: {
      Int($0.service) == service && Int($0.origin) == origin
    }) {
      for site in 0..<sites where site != origin {
        guard
          let stream = pipeline.openStream(
            .requests, from: origin, to: site, connections: parameters.connections,
            along: Double(parameters.requestSize) / bytes, patience: parameters.timeout)
        else { continue }
        traffic.routes.add(
          RequestRoute(stream: stream, bytes: bytes, state: pipeline.state(ofStream: stream)),
          service: service, from: origin, to: site)
      }
    }
  }

  // MARK: Looks

  mutating func beginStreams(on agenda: inout EventList<CloudEvent>) {
    if pipeline.hasStreams { agenda.schedule(.streams, at: .zero, priority: .completions) }
  }

  /// A period of the streams is over.
  mutating func lookAtStreams(on agenda: inout EventList<CloudEvent>) {
    settleStreams(at: agenda.now)
    for index in traffic.routes.all.indices { takeState(ofRoute: index) }
    followTransfers(on: &agenda)
    let next = agenda.now + StartPipeline.streamPeriod
    if next <= parameters.horizon {
      agenda.schedule(.streams, at: next, priority: .completions)
    }
  }

  /// Links carry more or less from now on, or fail.
  mutating func linksChanged(at now: Instant) {
    guard pipeline.hasStreams else { return }
    traffic.advance(to: now)
    pipeline.foreseeStreams()
    for index in traffic.routes.all.indices { takeState(ofRoute: index) }
  }

  private mutating func takeState(ofRoute index: Int) {
    traffic.routes.all[index].state = pipeline.state(ofStream: traffic.routes.all[index].stream)
  }

  /// Hands what was sent since the last look to the streams.
  mutating func settleStreams(at now: Instant) {
    guard pipeline.hasStreams else { return }
    traffic.advance(to: now)
    for index in traffic.routes.all.indices where traffic.routes.all[index].offered > 0 {
      usage.insert(.remoteRequests)
      pipeline.offer(
        traffic.routes.all[index].offered, toStream: traffic.routes.all[index].stream)
      traffic.routes.all[index].offered = 0
    }
    offerControlTraffic()
    pipeline.settleStreams(at: now)
  }

  /// Nodes that are heard of renew their leases, and watch.
  private mutating func offerControlTraffic() {
    guard !siteTraffic.leases.isEmpty || siteTraffic.countsWatches else { return }
    var nodes = [Int](repeating: 0, count: siteTraffic.watched.count)
    for slot in layout.spots.indices
    where cluster.nodeID(slot: slot) != nil && contacts.silence(of: slot).isEmpty {
      nodes[Int(layout.spots[slot].site)] += 1
    }
    let renewals = StartPipeline.streamPeriod.seconds / siteTraffic.leasePeriod.seconds
    for (site, stream) in siteTraffic.leases.enumerated() {
      guard let stream, nodes[site] > 0 else { continue }
      usage.insert(.leases)
      pipeline.offer(
        Double(nodes[site]) * renewals * siteTraffic.leaseBytes, toStream: stream,
        connections: nodes[site])
    }
    for (site, stream) in siteTraffic.watches.enumerated() {
      guard let stream, nodes[site] > 0 else { continue }
      let events =
        siteTraffic.watched[site] + siteTraffic.endpointChanges * Double(nodes[site])
      if events > 0 { usage.insert(.watches) }
      pipeline.offer(
        events * siteTraffic.watchBytes, toStream: stream, connections: nodes[site])
      siteTraffic.watched[site] = 0
    }
    siteTraffic.endpointChanges = 0
  }

  // MARK: Watches

  /// A change goes to the node of the Pod that it is about, and to all nodes if it is one of
  /// endpoints.
  mutating func noteWatched(_ change: Change) {
    guard change.fields.contains(.pod), let pod = cluster.pod(change.pod), let node = pod.node
    else { return }
    siteTraffic.watched[Int(layout.spots[node.index].site)] += 1
    guard !change.fields.isDisjoint(with: [.ready, .terminating]),
      layout.facts(of: pod.template, in: cluster).hasService
    else { return }
    siteTraffic.endpointChanges += 1
  }

  /// How much longer a node waits to hear of a Pod because links are between.
  func watchCrossing(to node: NodeID, for pod: PodID, draw: UInt32) -> TimeSpan {
    let site = Int(layout.spots[node.index].site)
    guard site < siteTraffic.watches.count, let stream = siteTraffic.watches[site] else {
      return .zero
    }
    return pipeline.crossing(
      ofStream: stream, bytes: siteTraffic.watchBytes, trips: 0.5, luck.nodeWatch,
      subject: Subject(raw: runs[pod.index].subject).child("link").raw, draw: draw) ?? .zero
  }

  // MARK: Results

  mutating func sampleLinks(at now: Instant) {
    guard pipeline.hasLinks else { return }
    siteTraffic.samples.append(pipeline.linkBytes(by: now))
  }

  /// What crossed each link.
  func linkResults(_ scenario: Scenario, end: Instant) -> [LinkResult] {
    let total = pipeline.linkBytes(by: end)
    let width = recorder.bucket.seconds
    return scenario.links.enumerated().map { number, link in
      let lines = Double(link.lines) * (1 - link.overhead)
      let isUnlimited = link.bandwidth == .unlimited
      var result = LinkResult(
        name: link.name,
        capacity: isUnlimited ? .infinity : link.bandwidth.bytesPerSecond * lines)
      for use in LinkUse.allCases {
        result.bytes.append(total.bytes(ofLink: number, use))
        result.curves.append(
          zip(siteTraffic.samples, siteTraffic.samples.dropFirst()).map { before, after in
            (after.bytes(ofLink: number, use) - before.bytes(ofLink: number, use)) / width
          })
      }
      return result
    }
  }

  /// What crossed links, counted twice; and what became of what was sent.
  func linkIdentities(
    _ scenario: Scenario, end: Instant
  ) -> [(quantity: String, left: Double, right: Double)] {
    let total = pipeline.linkBytes(by: end)
    let carried = pipeline.network.carried
    var identities: [(quantity: String, left: Double, right: Double)] = []
    for (number, link) in scenario.links.enumerated() {
      identities.append(
        (
          "bytes across link \(link.name) = bytes by use",
          carried[NetworkPlan.resource(ofLink: number, in: scenario)].rounded(),
          LinkUse.allCases.reduce(0) { $0 + total.bytes(ofLink: number, $1) }.rounded()
        ))
    }
    guard pipeline.hasStreams else { return identities }
    let balance = pipeline.streamBalance
    identities.append(
      (
        "bytes of messages sent = carried + waiting + given up", balance.sent.rounded(),
        (balance.carried + balance.waiting + balance.dropped).rounded()
      ))
    return identities
  }
}

/// What crossed a link in one replication.
public struct LinkResult: Hashable, Sendable {
  /// The link's name.
  public var name: String
  /// Bytes per second that it carries while all its lines work.
  public var capacity: Double
  /// Bytes by ``LinkUse``.
  public var bytes: [Double] = []
  /// Bytes per second in each bucket, by ``LinkUse``.
  public var curves: [[Double]] = []

  /// The share of its capacity that was used in the run's buckets; nil where there is no limit.
  public var utilisation: [Double]? {
    guard capacity < .infinity, capacity > 0 else { return nil }
    let buckets = curves.map(\.count).max() ?? 0
    return (0..<buckets).map { bucket in
      curves.reduce(0) { $0 + (bucket < $1.count ? $1[bucket] : 0) } / capacity
    }
  }
}
