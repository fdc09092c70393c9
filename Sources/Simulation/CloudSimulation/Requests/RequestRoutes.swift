import DiscreteEvents
import Infrastructure
import Probability
import Quantities
import Workloads

/// The way of a service's requests from the site that they come in at to its Pods at another.
struct RequestRoute: Sendable {
  /// The stream in the start pipeline.
  let stream: Int
  /// Bytes of a request and its answer.
  let bytes: Double
  /// What they meet since the last look at the streams.
  var state: StreamState
  /// Bytes sent since then.
  var offered = 0.0
}

/// Which requests cross which links.
struct RequestRoutes: Sendable {
  var all: [RequestRoute] = []
  /// By service, site of origin and site of the Pod; negative: they cross none.
  private var numbers: [Int32] = []
  private let sites: Int

  /// No routes between so many sites.
  init(sites: Int = 0) { self.sites = sites }

  mutating func add(_ route: RequestRoute, service: Int, from origin: Int, to site: Int) {
    let place = (service * sites + origin) * sites + site
    while numbers.count <= place { numbers.append(-1) }
    numbers[place] = Int32(all.count)
    all.append(route)
  }

  /// The number of the way of a service's requests between two sites; nil if they cross nothing.
  func number(service: Int, from origin: Int, to site: Int) -> Int? {
    let place = (service * sites + origin) * sites + site
    guard origin >= 0, place < numbers.count, numbers[place] >= 0 else { return nil }
    return Int(numbers[place])
  }
}

extension RequestTraffic {
  /// The way that a try takes to a server; nil if it crosses nothing.
  func route(of request: UInt32, to server: Int) -> Int? {
    guard !routes.all.isEmpty else { return nil }
    let record = records[Int(request)]
    return routes.number(
      service: Int(record.service), from: Int(record.origin), to: Int(servers[server].site))
  }

  /// A try begins to cross links to its server: it takes its round trips, waits behind the others,
  /// and goes as fast as it can then. Where no way works, nobody answers.
  ///
  /// The answer's part of the time is taken before the service: the sum is the same.
  mutating func send(_ request: UInt32, to server: Int, across route: Int) {
    let state = routes.all[route].state
    let record = records[Int(request)]
    guard !state.isDown else {
      lose(request)
      return
    }
    routes.all[route].offered += Double(record.weight) * routes.all[route].bytes
    var seconds = state.wait + routes.all[route].bytes / state.speed
    for (hop, law) in state.roundTrips.enumerated() {
      let subject = Subject(raw: record.identity).child(hop).raw
      seconds += trips.draw(law, for: subject, number: UInt32(record.attempt))
    }
    records[Int(request)].server = Int32(server)
    agenda.schedule(
      .reach(request), at: agenda.now + .seconds(max(0, seconds)), priority: .arrivals)
  }

  /// Nobody will answer a try: its client waits until its timeout, or, without one, sees at once
  /// that there is no way.
  mutating func lose(_ request: UInt32) {
    guard services[Int(records[Int(request)].service)].parameters.timeout != nil else {
      fail(request, as: .failed)
      return
    }
    records[Int(request)].server = -1
    records[Int(request)].isLost = true
  }

  /// Whether the answer of a server can't come back.
  func isCutOff(_ request: UInt32, from server: Int) -> Bool {
    route(of: request, to: server).map { routes.all[$0].state.isDown } ?? false
  }
}
