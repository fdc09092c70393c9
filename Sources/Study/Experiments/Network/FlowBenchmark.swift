import Infrastructure
import Probability
import Quantities

/// Transfers that share links, always so many at once: where one ends, another begins.
public struct FlowBenchmark: Hashable, Sendable {
  /// How many at once.
  public var flows: Int
  /// How many links.
  public var links: Int
  /// How many routes, each across two to four links.
  public var routes: Int
  /// How many begin and end.
  public var events: Int
  /// The seed.
  public var seed: UInt64

  /// A benchmark; by default 10,000 flows across 100 links on 200 routes.
  public init(
    flows: Int = 10_000, links: Int = 100, routes: Int = 200, events: Int = 100_000,
    seed: UInt64 = 42
  ) {
    self.flows = flows
    self.links = links
    self.routes = routes
    self.events = events
    self.seed = seed
  }

  /// Runs it.
  public func run() -> BenchmarkResult {
    let luck = RandomSource(seed: seed, replication: 0)
    let sizes = luck.stream("size")
    let choices = luck.stream("route")
    var network = network(luck)
    var next: UInt64 = 0
    var digest: UInt64 = 0xCBF2_9CE4_8422_2325
    var counts = (started: 0, ended: 0)
    func begin(at now: Instant) {
      let route = next < UInt64(flows) ? Int(next) % routes : choices.below(routes, for: next)
      let bytes = sizes.draw(.exponential(mean: 4e8), for: next)
      network.start(next, inClass: route, bytes: bytes, at: now)
      next += 1
      counts.started += 1
    }
    for _ in 0..<flows { begin(at: .zero) }
    var ended: [FluidNetwork.Key] = []
    while counts.started + counts.ended < events, let now = network.nextCompletion {
      ended.removeAll(keepingCapacity: true)
      network.completions(at: now, into: &ended)
      counts.ended += ended.count
      for key in ended {
        for value in [key, UInt64(bitPattern: now.nanoseconds)] {
          digest = (digest ^ value) &* 0x100_0000_01B3
        }
        begin(at: now)
      }
    }
    return BenchmarkResult(
      name: "flows \(flows) across \(links) links on \(routes) routes",
      events: [
        BenchmarkResult.EventCount(kind: "start", count: counts.started),
        BenchmarkResult.EventCount(kind: "end", count: counts.ended),
      ],
      digest: BenchmarkDigest.text(of: digest),
      figures: [BenchmarkResult.Figure(name: "bytes", value: network.delivered.rounded())])
  }

  private func network(_ luck: RandomSource) -> FluidNetwork {
    let stream = luck.stream("link")
    // From 1 to 100 Gbit/s.
    var network = FluidNetwork(
      capacities: (0..<links).map { 1.25e8 * Double(1 + stream.below(100, for: UInt64($0))) })
    for route in 0..<routes {
      let subject = Subject("route").child(route)
      var crossed: [Int] = []
      var draw = 0
      let length = min(links, 2 + stream.below(3, for: subject.raw))
      while crossed.count < length {
        let link = stream.below(links, for: subject.child(draw).raw)
        if !crossed.contains(link) { crossed.append(link) }
        draw += 1
      }
      _ = network.addClass(crossing: crossed, ownLimit: .infinity)
    }
    return network
  }
}

extension KeyedStream {
  /// A whole number below another, for a subject.
  fileprivate func below(_ bound: Int, for subject: UInt64) -> Int {
    min(bound - 1, Int(uniform(for: subject) * Double(bound)))
  }
}
