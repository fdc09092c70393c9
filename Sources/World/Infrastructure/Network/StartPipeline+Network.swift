import ClusterModel
import Probability
import Quantities

/// The pipeline's transfers: images, reports to the API server, and traffic of others.
extension StartPipeline {
  // MARK: What a driver asks

  /// Counts what has changed about transfers, so that a driver sees whether the next end has moved.
  public var transferChanges: UInt64 { network.changes }
  /// When the next transfer ends if nothing changes before.
  public var nextTransferEnd: Instant? { network.nextCompletion }

  /// Bytes that a shared resource has carried by now.
  public func bytesCarried(by now: Instant, across resource: Int) -> Double {
    network.carried(by: now, across: resource)
  }

  /// Goes on with whatever waited for transfers that have ended by an instant.
  public mutating func endTransfers(at now: Instant, into out: inout PipelineOutbox) {
    endedTransfers.removeAll(keepingCapacity: true)
    network.completions(at: now, into: &endedTransfers)
    for index in endedTransfers.indices {
      transferEnded(endedTransfers[index], at: now, into: &out)
    }
  }

  mutating func transferEnded(
    _ key: FluidNetwork.Key, at now: Instant, into out: inout PipelineOutbox
  ) {
    switch Transfer(key) {
    case .pod(let pod, .imaged): downloaded(pod, at: now, into: &out)
    case .pod(let pod, let step):
      guard entry(pod) != nil else { return }
      entries[pod.index]!.arrivedReports |= Self.bit(of: step)
      out.set(step, for: pod, at: now)
    case .preheat(let slot, let set):
      if let place = kubelets[slot]?.place, waitsForSeed(key, set: set, place: place) { return }
      preheated(set, onMachine: slot, at: now, into: &out)
    case .seed(let number): seedComplete(number, at: now, into: &out)
    case .traffic: break
    }
  }

  /// Bytes of images that have been pulled.
  public var pulledBytes: Double {
    places.reduce(0) { $0 + network.moved(ofClass: $1.routes.pulls) }
      + swarms.reduce(0) { $0 + network.moved(ofClass: $1.peers) }
  }

  // MARK: Routes

  /// Opens the classes of a place's transfers.
  mutating func openRoutes(
    _ source: ImageSource, pullLimit: Bandwidth, connections: Int, sharing: PeerSharing?
  ) -> PlaceRoutes {
    let way =
      topology.way(from: source.registrySite, to: source.site, onlyWorking: false) ?? []
    let callWay = topology.way(from: source.site, to: 0, onlyWorking: false) ?? []
    let own = pullLimit == .unlimited ? Double.infinity : pullLimit.bytesPerSecond
    let pulls = network.addClass(
      crossing: resources(way, from: source),
      ownLimit: min(own, topology.transportLimit(way, connections: connections)))
    let calls =
      callWay.isEmpty
      ? nil
      : network.addClass(
        crossing: callWay.map { topology.lines[$0].resource },
        ownLimit: topology.transportLimit(callWay, connections: 1))
    let seeds = sharing.map { sharing in
      network.addClass(
        crossing: resources(way, from: source),
        ownLimit: min(
          sharing.seed.bytesPerSecond, topology.transportLimit(way, connections: connections)))
    }
    let directions = topology.directions(of: way, from: source.registrySite)
    for kind in [pulls] + (seeds.map { [$0] } ?? []) { meter.add(kind, .images, way: directions) }
    if let calls {
      meter.add(
        calls, .reports, way: topology.directions(of: callWay, from: source.site))
    }
    return PlaceRoutes(
      source: source, pulls: pulls, pullLimit: own, connections: connections, pullWay: way,
      seeds: seeds, seedLimit: sharing?.seed.bytesPerSecond ?? 0, calls: calls, callWay: callWay)
  }

  private func resources(_ way: [Int], from source: ImageSource) -> [Int] {
    (source.registry.map { [$0] } ?? []) + way.map { topology.lines[$0].resource }
  }

  /// Lets transfers, those under way included, take the ways that work now; where none does, they
  /// stand still, as TCP keeps them.
  private mutating func findWays(at now: Instant) {
    for index in places.indices {
      var routes = places[index].routes
      let source = routes.source
      let way = topology.way(from: source.registrySite, to: source.site, onlyWorking: true)
      let isJoined = way != nil || routes.pullWay.isEmpty
      routes.isCut = !isJoined
      if let way, way != routes.pullWay {
        routes.pullWay = way
        for kind in [routes.pulls] + (routes.seeds.map { [$0] } ?? []) {
          take(way, from: source.registrySite, for: kind, registry: source.registry, at: now)
        }
      }
      if let calls = routes.calls,
        let way = topology.way(from: source.site, to: 0, onlyWorking: true), way != routes.callWay
      {
        routes.callWay = way
        take(way, from: source.site, for: calls, at: now)
      }
      places[index].routes = routes
    }
    findStreamWays(at: now)
    limitByLoss(at: now)
  }

  private mutating func limitByLoss(at now: Instant) {
    for place in places {
      let routes = place.routes
      let most = topology.transportLimit(routes.pullWay, connections: routes.connections)
      network.setOwnLimit(min(routes.pullLimit, most), ofClass: routes.pulls, at: now)
      if let seeds = routes.seeds {
        network.setOwnLimit(min(routes.seedLimit, most), ofClass: seeds, at: now)
      }
      guard let calls = routes.calls else { continue }
      network.setOwnLimit(
        topology.transportLimit(routes.callWay, connections: 1), ofClass: calls, at: now)
    }
  }

  // MARK: Failures and loss

  /// Cuts a registry off, or lets it send again. Transfers under way stand still meanwhile, as TCP
  /// keeps them; new pulls fail.
  public mutating func setRegistry(_ registry: Int, isDown: Bool, capacity: Double, at now: Instant)
  {
    while cutRegistries.count <= registry { cutRegistries.append(false) }
    cutRegistries[registry] = isDown
    network.setCapacity(isDown ? 0 : capacity, of: registry, at: now)
  }

  /// One of a link's lines fails or works again; the last one to fail takes the link down.
  public mutating func failLine(ofLink link: Int, fails: Bool, at now: Instant) {
    let worked = topology.lines[link].works
    topology.lines[link].failed += fails ? 1 : -1
    let line = topology.lines[link]
    if line.works != worked { findWays(at: now) }
    network.setCapacity(line.presentCapacity, of: line.resource, at: now)
  }

  /// A scripted outage of a link begins or ends: what crosses it stands still, and nobody takes
  /// another way.
  public mutating func setOutage(ofLink link: Int, begins: Bool, at now: Instant) {
    topology.lines[link].outages += begins ? 1 : -1
    let line = topology.lines[link]
    network.setCapacity(line.presentCapacity, of: line.resource, at: now)
  }

  /// A link begins or ceases to lose packets in a burst.
  public mutating func setLoss(ofLink link: Int, isBurst: Bool, at now: Instant) {
    topology.lines[link].losesMore = isBurst
    limitByLoss(at: now)
  }

  /// Whether a site that links joined to the API server's is joined to it no more.
  public func isSiteCut(_ site: Int) -> Bool {
    topology.way(from: 0, to: site, onlyWorking: false) != nil
      && topology.way(from: 0, to: site, onlyWorking: true) == nil
  }

  /// Whether a place's pulls fail.
  func isCut(_ place: Int) -> Bool {
    let routes = places[place].routes
    if let registry = routes.source.registry, registry < cutRegistries.count,
      cutRegistries[registry]
    {
      return true
    }
    return routes.isCut
  }

  // MARK: Traffic of others

  /// Opens a class for traffic of others across a link, of so many connections that carry a rate
  /// together at most.
  /// - Returns: its number.
  public mutating func addTraffic(
    acrossLink link: Int, bytesPerSecond rate: Double, connections: Int
  ) -> Int {
    let kind = network.addClass(
      crossing: [topology.lines[link].resource], ownLimit: rate / Double(connections))
    meter.add(kind, .others, way: [(link, true)])
    traffic.append((kind, connections))
    return traffic.count - 1
  }

  /// Lets traffic of others begin or end.
  public mutating func setTraffic(_ number: Int, flows: Bool, at now: Instant) {
    let (kind, connections) = traffic[number]
    network.cancel(inClass: kind, at: now) { _ in true }
    guard flows else { return }
    for _ in 0..<connections {
      network.start(Transfer.traffic(number).key, inClass: kind, bytes: .infinity, at: now)
    }
  }

  // MARK: Reports

  private static func bit(of step: PipelineStep) -> UInt8 {
    1 << (step.rawValue - PipelineStep.runningStored.rawValue)
  }

  /// Lets a report begin to cross the links to the API server, where it has to; it comes up again
  /// when it has arrived. That a Pod runs costs no call of its own.
  mutating func sends(_ step: PipelineStep, of entry: Entry, at now: Instant) -> Bool {
    let pod = entry.order.pod
    guard let kind = places[entry.order.place].routes.calls, callBytes > 0 else { return false }
    guard entry.arrivedReports & Self.bit(of: step) == 0 else {
      entries[pod.index]!.arrivedReports &= ~Self.bit(of: step)
      return false
    }
    counts.remoteReports += 1
    network.start(Transfer.pod(pod, step).key, inClass: kind, bytes: callBytes, at: now)
    return true
  }

  /// What a way's round trips take together.
  func roundTrips(_ way: [Int], of order: StartOrder, _ stream: KeyedStream, number: UInt32)
    -> TimeSpan
  {
    var sum = TimeSpan.zero
    for (hop, link) in way.enumerated() {
      let subject = hop == 0 ? order.subject : Subject(raw: order.subject).child(hop).raw
      sum = sum + stream.drawSpan(topology.lines[link].roundTrip, for: subject, number: number)
    }
    return sum
  }
}
