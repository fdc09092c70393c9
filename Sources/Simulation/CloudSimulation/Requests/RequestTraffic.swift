import ClusterModel
import DiscreteEvents
import Probability
import Quantities
import Workloads

/// What can happen to requests.
enum RequestEvent: BitwiseCopyable, Sendable {
  /// The next request of a load arrives.
  case arrival(UInt32)
  /// A server's first request is done, unless its version has changed since.
  case completion(UInt32, UInt16)
  /// A client tries again.
  case retry(UInt32)
  /// The oldest timeout of a service comes up.
  case timeout(UInt32)
  /// A try has crossed the links to its server.
  case reach(UInt32)
}

/// One try of a request, from the client's side and the server's.
struct RequestRecord: BitwiseCopyable, Sendable {
  /// When the first try was made.
  var first: Instant
  /// What its draws are keyed by.
  var identity: UInt64
  /// How many requests it stands for.
  var weight: Int64
  var service: Int32
  var server: Int32 = -1
  var generation: UInt32 = 0
  /// Tries before this one.
  var attempt: UInt16 = 0
  /// Whether it waits in a queue.
  var isQueued = false
  /// Whether the client has given up this try, though the server may not know.
  var isAbandoned = false
  /// Whether nobody will answer it.
  var isLost = false
  var isFree = false
  /// The site that it came in at; negative: none in particular.
  var origin: Int16 = -1
}

/// A load's requests, one after another.
struct RequestSource: Sendable {
  let course: RequestCourse
  let service: Int32
  let subject: UInt64
  let horizon: Instant
  /// The load's number.
  let load: Int32
  var clock = Instant.zero
  var number: UInt32 = 0
  /// The site that they come in at; negative: none in particular.
  var origin: Int16 = -1
  /// Requests so far.
  var count: UInt64 = 0
}

/// What a service's requests do, and the Pods that serve them.
struct RequestService: Sendable {
  let name: String
  let parameters: RequestParameters
  let serviceTime: Law
  let places: Int
  /// Cores that one request under way uses.
  let coresPerRequest: Double
  /// The share of Pods that stand for all; 1: each stands for itself.
  let share: Double
  /// Servers that get requests.
  var endpoints: [Int32] = []
  /// Pods that get requests.
  var pods = 0
  var ledger: RequestLedger
  /// Work that own nodes can't have done; nil: nobody asks.
  var work: ServedWork?
  /// Retries that are allowed at present.
  var tokens: Double
  /// Tries that may time out, in the order in which they will.
  var timeouts: [(at: Instant, request: UInt32, generation: UInt32)] = []
  var timeoutHead = 0
  var isTimeoutSet = false

  /// Simulated requests for each real one at present.
  var factor: Double {
    pods > 0 ? Double(endpoints.count) / Double(pods) : 1 / idleWeight
  }
  /// How many requests one stands for while there is no Pod.
  var idleWeight: Double { max(1, (1 / share).rounded()) }
}

/// Where a live Pod's requests go, by its slot.
struct RequestPod: BitwiseCopyable, Sendable {
  enum State: BitwiseCopyable, Sendable { case away, joining, inside, leaving, left }
  var generation: UInt16 = 0
  var state = State.away
  var server: Int32 = -1
  /// CPU that it had used when it came to its server, subtracted, in core nanoseconds.
  var base = 0.0
  /// Tries that had come to its server before it came itself.
  var triesBefore: Int64 = 0
  /// Whether it is gone.
  var isGone = false
}

/// All requests of a world, with an agenda of their own.
///
/// It runs behind the world's clock and is brought up to it by ``advance(to:)`` whenever somebody
/// looks at it or changes which Pods serve. Nothing in it changes the cluster by itself, so what it
/// finds out is as if its events stood among all others.
struct RequestTraffic: ~Copyable, Sendable {
  var agenda = EventList<RequestEvent>()
  var sources: [RequestSource] = []
  var services: [RequestService] = []
  var servers: [RequestServer] = []
  var records: [RequestRecord] = []
  var free: [UInt32] = []
  var pods: [RequestPod] = []
  var routes = RequestRoutes()
  /// How many events happened.
  var events = 0
  let arrivals: KeyedStream
  let work: KeyedStream
  let choice: KeyedStream
  let pause: KeyedStream
  let trips: KeyedStream

  init(luck: RandomSource) {
    arrivals = luck.stream("requests/arrival")
    work = luck.stream("requests/service")
    choice = luck.stream("requests/pod")
    pause = luck.stream("requests/backoff")
    trips = luck.stream("requests/round-trip")
  }

  borrowing func copy() -> RequestTraffic { RequestTraffic(copying: self) }

  private init(copying other: borrowing RequestTraffic) {
    agenda = other.agenda.copy()
    sources = other.sources
    services = other.services
    servers = other.servers
    records = other.records
    free = other.free
    pods = other.pods
    routes = other.routes
    events = other.events
    arrivals = other.arrivals
    work = other.work
    choice = other.choice
    pause = other.pause
    trips = other.trips
  }

  /// Whether no load drives requests: then nothing here costs anything.
  var isIdle: Bool { services.isEmpty }

  /// Lets everything happen up to an instant, that included.
  mutating func advance(to now: Instant) {
    while let event = agenda.next(notAfter: now) {
      events += 1
      switch event {
      case .arrival(let source): arrive(Int(source))
      case .completion(let server, let version): complete(Int(server), version)
      case .retry(let request): dispatch(request)
      case .timeout(let service): timeOut(Int(service))
      case .reach(let request): reach(request)
      }
    }
    if agenda.now < now { agenda.advance(to: now) }
  }

  // MARK: Pods

  /// A Pod of a service gets requests from now on.
  ///
  /// - Parameter site: where it is, if that matters.
  mutating func join(
    _ pod: PodID, service: Int, limit: Double, site: Int16 = 0, at now: Instant
  ) {
    advance(to: now)
    if let old = self.server(of: pod) {
      servers[old].advance(to: now)
      servers[old].alive -= 1
    }
    let server = server(forPodOf: service, limit: limit, site: site, at: now)
    while pods.count <= pod.index { pods.append(RequestPod()) }
    let before = usedCPU(of: pod) ?? 0
    let tries = load(of: pod).tries
    servers[server].advance(to: now)
    pods[pod.index] = RequestPod(
      generation: pod.generation, state: .inside, server: Int32(server),
      base: servers[server].usedCPU - before, triesBefore: servers[server].tries - tries)
    servers[server].alive += 1
    servers[server].pods += 1
    services[service].pods += 1
    guard servers[server].place < 0 else { return }
    servers[server].place = Int32(services[service].endpoints.count)
    services[service].endpoints.append(Int32(server))
  }

  /// The server for one more Pod: one of its own while few enough have one, else that which stands
  /// for the fewest Pods of its site; of those the one with the fewest requests, so that a new Pod,
  /// which has none, finds the likest.
  private mutating func server(
    forPodOf service: Int, limit: Double, site: Int16, at now: Instant
  ) -> Int {
    let wanted = max(
      Self.fewest, Int((Double(services[service].pods + 1) * services[service].share).rounded(.up)))
    if services[service].endpoints.count >= wanted {
      var best: Int?
      for candidate in services[service].endpoints where servers[Int(candidate)].site == site {
        guard let known = best else {
          best = Int(candidate)
          continue
        }
        let (a, b) = (servers[Int(candidate)], servers[known])
        if (a.pods, a.load, Int(candidate)) < (b.pods, b.load, known) { best = Int(candidate) }
      }
      if let best { return best }
    }
    servers.append(
      RequestServer(
        service: Int32(service), places: services[service].places,
        coresPerRequest: services[service].coresPerRequest, limit: limit, at: now))
    servers[servers.count - 1].site = site
    return servers.count - 1
  }

  /// So many Pods are followed each for itself in any case (C: with 16 examples the mean of
  /// anything has a quarter of one Pod's spread).
  static var fewest: Int { 16 }

  /// A Pod gets no more requests; those in it go on.
  mutating func leave(_ pod: PodID, at now: Instant) {
    advance(to: now)
    guard let server = server(of: pod), pods[pod.index].state != .left else { return }
    pods[pod.index].state = .left
    let service = Int(servers[server].service)
    servers[server].pods -= 1
    services[service].pods -= 1
    guard servers[server].pods == 0 else { return }
    let place = Int(servers[server].place)
    let last = services[service].endpoints.removeLast()
    if Int(last) != server {
      services[service].endpoints[place] = last
      servers[Int(last)].place = Int32(place)
    }
    servers[server].place = -1
  }

  /// A Pod is gone. What was in it fails, if it was the last of those that its server stands for;
  /// what comes for it fails until it leaves.
  mutating func end(_ pod: PodID, at now: Instant) {
    advance(to: now)
    guard let server = server(of: pod), !pods[pod.index].isGone else { return }
    pods[pod.index].isGone = true
    servers[server].advance(to: now)
    servers[server].alive -= 1
    guard servers[server].alive == 0 else { return }
    let all = servers[server].clear()
    _ = servers[server].foresee()
    for request in all {
      if records[Int(request)].isAbandoned {
        release(request)
      } else {
        fail(request, as: .failed)
      }
    }
  }

  /// The server of a Pod that has had one.
  func server(of pod: PodID) -> Int? {
    guard pod.index < pods.count, pods[pod.index].generation == pod.generation,
      pods[pod.index].server >= 0
    else { return nil }
    return Int(pods[pod.index].server)
  }

  /// CPU that a Pod has used for requests until the instant advanced to, in core nanoseconds; nil
  /// if it never got any.
  mutating func usedCPU(of pod: PodID) -> Double? {
    guard let server = server(of: pod) else { return nil }
    servers[server].advance(to: agenda.now)
    return servers[server].usedCPU - pods[pod.index].base
  }

  // MARK: Records

  mutating func newRecord(_ record: RequestRecord) -> UInt32 {
    if let slot = free.popLast() {
      let generation = records[Int(slot)].generation
      records[Int(slot)] = record
      records[Int(slot)].generation = generation
      return slot
    }
    records.append(record)
    return UInt32(records.count - 1)
  }

  mutating func release(_ request: UInt32) {
    records[Int(request)].generation &+= 1
    records[Int(request)].isFree = true
    free.append(request)
  }
}
