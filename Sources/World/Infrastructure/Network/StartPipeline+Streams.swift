import Probability
import Quantities

/// Streams of small messages: requests, leases, watches and calls to create Pods.
extension StartPipeline {
  /// How often streams are looked at. One second (C: short against the minutes that requests are
  /// judged by, long against a round trip).
  public static var streamPeriod: TimeSpan { .seconds(1) }

  /// Opens a stream between two sites.
  ///
  /// - Parameters:
  ///   - connections: how many carry it; each gets no more of a full link than any other transfer.
  ///   - along: the share of its bytes that goes from the first site to the second.
  ///   - patience: how long a message is waited for; nil: for ever.
  /// - Returns: its number; nil if no link need be crossed.
  public mutating func openStream(
    _ use: LinkUse, from: Int, to: Int, connections: Int, along: Double = 1,
    patience: TimeSpan? = nil
  ) -> Int? {
    guard let way = topology.way(from: from, to: to, onlyWorking: false), !way.isEmpty else {
      return nil
    }
    let kind = network.addClass(
      crossing: way.map { topology.lines[$0].resource }, ownLimit: 0)
    meter.add(kind, use, along: along, way: topology.directions(of: way, from: from))
    siteStreams.append(
      SiteStream(
        kind: kind, from: from, to: to, connections: max(1, connections),
        patience: patience?.seconds ?? .infinity, way: way))
    foresee(siteStreams.count - 1)
    return siteStreams.count - 1
  }

  /// Whether there are streams.
  public var hasStreams: Bool { !siteStreams.isEmpty }

  /// So many bytes are sent, by so many connections from now on if that is said.
  public mutating func offer(_ bytes: Double, toStream number: Int, connections: Int? = nil) {
    siteStreams[number].offered += bytes
    if let connections { siteStreams[number].connections = max(1, connections) }
  }

  /// What a message meets now.
  public func state(ofStream number: Int) -> StreamState {
    let stream = siteStreams[number]
    return StreamState(
      isDown: isDown(number), wait: stream.wait, speed: stream.speed,
      roundTrips: stream.way.map { topology.lines[$0].roundTrip })
  }

  /// What became of all streams' bytes by the last look.
  public var streamBalance: StreamBalance {
    var balance = StreamBalance()
    for stream in siteStreams {
      balance.sent += stream.sent
      balance.carried += network.moved(ofClass: stream.kind)
      balance.waiting += stream.waiting
      balance.dropped += stream.dropped
    }
    return balance
  }

  /// Whether a stream's messages don't arrive.
  func isDown(_ number: Int) -> Bool {
    let stream = siteStreams[number]
    return stream.isCut
      || stream.way.contains { topology.lines[$0].presentCapacity == 0 }
  }

  /// Looks at all streams: what was carried since, what waits, and how wide they need to be.
  public mutating func settleStreams(at now: Instant) {
    for index in siteStreams.indices {
      var stream = siteStreams[index]
      let moved = network.moved(ofClass: stream.kind, by: now)
      let rest = stream.waiting - (moved - stream.movedBefore)
      // Less than a byte is what rounding leaves.
      stream.waiting = rest < 0.5 ? 0 : rest
      stream.dropped += rest - stream.waiting
      stream.movedBefore = moved
      let throughput = network.throughput(ofClass: stream.kind)
      if stream.waiting > stream.patience * throughput {
        stream.dropped += stream.waiting - stream.patience * throughput
        stream.waiting = stream.patience * throughput
      }
      stream.wait =
        stream.waiting > 0 && throughput > 0 ? stream.waiting / throughput : 0
      stream.sent += stream.offered
      stream.waiting += stream.offered
      stream.offered = 0
      siteStreams[index] = stream
      let most = topology.transportLimit(stream.way, connections: 1)
      let wanted =
        stream.waiting / Self.streamPeriod.seconds / Double(stream.connections)
      network.setStream(
        ofClass: stream.kind, connections: stream.waiting > 0 ? stream.connections : 0,
        limit: min(wanted, most), at: now)
    }
    foreseeStreams()
  }

  /// How fast messages go on, as links are now.
  public mutating func foreseeStreams() {
    for index in siteStreams.indices { foresee(index) }
  }

  private mutating func foresee(_ index: Int) {
    let way = siteStreams[index].way
    siteStreams[index].speed = min(
      network.share(crossing: way.map { topology.lines[$0].resource }),
      topology.transportLimit(way, connections: 1))
  }

  /// Lets streams take the ways that work now; where none does, they stand still.
  mutating func findStreamWays(at now: Instant) {
    for index in siteStreams.indices {
      let stream = siteStreams[index]
      let way = topology.way(from: stream.from, to: stream.to, onlyWorking: true)
      siteStreams[index].isCut = way == nil
      guard let way, way != stream.way else { continue }
      siteStreams[index].way = way
      take(way, from: stream.from, for: stream.kind, at: now)
    }
  }

  /// Lets a class cross other links from now on.
  ///
  /// - Parameter registry: the registry that it comes from, if it does.
  mutating func take(
    _ way: [Int], from site: Int, for kind: Int, registry: Int? = nil, at now: Instant
  ) {
    meter.move(
      kind, to: topology.directions(of: way, from: site),
      moved: network.moved(ofClass: kind, by: now))
    network.reroute(
      kind, crossing: (registry.map { [$0] } ?? []) + way.map { topology.lines[$0].resource },
      at: now)
  }

  /// Whether there are links to cross.
  public var hasLinks: Bool { meter.hasLinks }

  /// Bytes that have crossed the links by an instant.
  public func linkBytes(by now: Instant) -> LinkBytes {
    LinkBytes(meter.bytes { network.moved(ofClass: $0, by: now) })
  }

  /// Lets calls to create a pool's Pods, which the agent of its virtual nodes makes where the API
  /// server stands, cross the links to the pool, with so many bytes each.
  public mutating func openCreates(ofPlace place: Int, bytes: Double, callers: Int) {
    while creates.count <= place { creates.append(nil) }
    guard bytes > 0,
      let stream = openStream(
        .creates, from: 0, to: places[place].routes.source.site, connections: callers)
    else { return }
    creates[place] = (stream, bytes)
  }

  /// The stream of a place's calls to create Pods; nil if they cross nothing.
  func creates(ofPlace place: Int) -> (stream: Int, bytes: Double)? {
    place < creates.count ? creates[place] : nil
  }

  /// How long a message takes from site to site with its round trips; nil if it doesn't arrive.
  ///
  /// - Parameter trips: how many round trips it takes.
  public func crossing(
    ofStream number: Int, bytes: Double, trips: Double, _ stream: KeyedStream, subject: UInt64,
    draw: UInt32
  ) -> TimeSpan? {
    let state = state(ofStream: number)
    if state.isDown { return nil }
    var seconds = state.wait + bytes / state.speed
    for (hop, law) in state.roundTrips.enumerated() {
      let own = Subject(raw: subject).child(hop).raw
      seconds += trips * stream.draw(law, for: own, number: draw)
    }
    return .seconds(seconds)
  }
}
