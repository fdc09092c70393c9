import Infrastructure
import Quantities
import TestSupport
import Testing

@Suite("Transfers that share links")
struct FluidNetworkTests {
  /// A network with one class per flow.
  private struct Plan {
    var capacities: [Double]
    var crossing: [[Int]]
    var limits: [Double]

    func network(bytes: [Double] = []) -> FluidNetwork {
      var network = FluidNetwork(capacities: capacities)
      for index in crossing.indices {
        let kind = network.addClass(crossing: crossing[index], ownLimit: limits[index])
        network.start(
          UInt64(index), inClass: kind, bytes: bytes.isEmpty ? 1e9 : bytes[index], at: .zero)
      }
      return network
    }

    static func random(_ generator: inout SeededGenerator) -> Plan {
      let links = 1 + generator.below(5)
      let capacities = (0..<links).map { _ in
        generator.below(8) == 0 ? Double.infinity : Double(1 + generator.below(100))
      }
      var plan = Plan(capacities: capacities, crossing: [], limits: [])
      for _ in 0..<(1 + generator.below(8)) {
        plan.crossing.append((0..<links).filter { _ in generator.below(2) == 0 })
        plan.limits.append(generator.below(3) == 0 ? 1e6 : Double(1 + generator.below(40)))
      }
      return plan
    }
  }

  @Test("Rates are those of the published cases of progressive filling")
  func published() {
    let cases: [(capacities: [Double], links: [[Int]], rates: [Double])] = [
      ([10, 10], [[0], [0, 1], [1]], [5, 5, 5]),
      ([1, 2, 3], [[0, 1], [1, 2], [0, 2], [2]], [0.5, 1.25, 0.5, 1.25]),
      (
        [100, 40, 25, 60], [[0, 1], [0, 2], [0, 3], [1, 2], [3], [0]],
        [27.5, 12.5, 30, 12.5, 30, 30]
      ),
    ]
    for (capacities, links, rates) in cases {
      let plan = Plan(
        capacities: capacities, crossing: links, limits: links.map { _ in .infinity })
      let network = plan.network()
      for (index, rate) in rates.enumerated() {
        #expect(abs(network.rate(ofClass: index) - rate) < 1e-12)
      }
    }
  }

  /// Whether rates are max-min fair: nobody exceeds a limit, and everybody reaches his own or
  /// crosses a full link on which nobody is faster.
  private func isFair(_ rates: [Double], _ plan: Plan) -> Bool {
    func load(_ link: Int) -> Double {
      rates.indices.filter { plan.crossing[$0].contains(link) }.map { rates[$0] }.reduce(0, +)
    }
    for link in plan.capacities.indices where load(link) > plan.capacities[link] * (1 + 1e-9) {
      return false
    }
    return rates.indices.allSatisfy { flow in
      if rates[flow] > plan.limits[flow] * (1 + 1e-9) { return false }
      if rates[flow] >= plan.limits[flow] * (1 - 1e-9) { return true }
      return plan.crossing[flow].contains { link in
        load(link) >= plan.capacities[link] * (1 - 1e-9)
          && rates.indices.allSatisfy {
            !plan.crossing[$0].contains(link) || rates[$0] <= rates[flow] * (1 + 1e-9)
          }
      }
    }
  }

  @Test("Every rate is held by its own limit or by a full link on which nobody is faster")
  func fairness() {
    var generator = SeededGenerator(seed: 3)
    var fair = 0
    var mutants = 0
    for _ in 0..<300 {
      let plan = Plan.random(&generator)
      let network = plan.network()
      var rates = plan.crossing.indices.map { network.rate(ofClass: $0) }
      if isFair(rates, plan) { fair += 1 }
      rates[0] *= 0.99
      if isFair(rates, plan) { mutants += 1 }
    }
    #expect(fair == 300)
    expectDetects("one flow a hundredth slower") { #expect(mutants == 300) }
    #expect(mutants == 0)
  }

  /// When flows end if time goes on in small steps, with filling by bisection at each.
  private func steppedEnds(_ plan: Plan, bytes: [Double], step: Double) -> [Double] {
    var left = bytes
    var ends = [Double](repeating: 0, count: bytes.count)
    var time = 0.0
    while left.contains(where: { $0 > 0 }) {
      let open = left.indices.filter { left[$0] > 0 }
      var rates = [Double](repeating: 0, count: left.count)
      var growing = open
      // Water rises by small amounts until each flow meets its own limit or a full link.
      var level = 0.0
      while !growing.isEmpty {
        level += 0.025
        for flow in growing { rates[flow] = level }
        growing.removeAll { flow in
          rates[flow] >= plan.limits[flow]
            || plan.crossing[flow].contains { link in
              open.filter { plan.crossing[$0].contains(link) }.map { rates[$0] }.reduce(0, +)
                >= plan.capacities[link]
            }
        }
      }
      time += step
      for flow in open {
        left[flow] -= rates[flow] * step
        if left[flow] <= 0 { ends[flow] = time }
      }
    }
    return ends
  }

  private func ends(_ plan: Plan, bytes: [Double]) -> [Double] {
    var network = plan.network(bytes: bytes)
    var ends = [Double](repeating: 0, count: bytes.count)
    while let instant = network.nextCompletion {
      var done: [FluidNetwork.Key] = []
      network.completions(at: instant, into: &done)
      for flow in done { ends[Int(flow)] = instant.seconds }
    }
    #expect(abs(network.delivered - bytes.reduce(0, +)) < 1e-6)
    #expect(abs(network.received - bytes.reduce(0, +)) < 1e-6)
    for link in plan.capacities.indices {
      let through = bytes.indices.filter { plan.crossing[$0].contains(link) }.map { bytes[$0] }
      #expect(abs(network.carried[link] - through.reduce(0, +)) < 1e-6)
    }
    return ends
  }

  @Test("Flows end as in a simulation by small steps, and every link has carried their bytes")
  func stepped() {
    var generator = SeededGenerator(seed: 29)
    for _ in 0..<4 {
      var plan = Plan.random(&generator)
      plan.limits = plan.limits.map { min($0, 30) }
      let bytes = plan.limits.map { _ in Double(20 + generator.below(60)) }
      let exact = ends(plan, bytes: bytes)
      let stepped = steppedEnds(plan, bytes: bytes, step: 0.02)
      for (a, b) in zip(exact, stepped) { #expect(abs(a - b) < 0.05 * b + 0.1) }
    }
  }

  @Test("A flow that joins half-way makes the other one end later by as much as it takes")
  func joining() throws {
    var network = FluidNetwork(capacities: [10])
    let kind = network.addClass(crossing: [0], ownLimit: 8)
    network.start(1, inClass: kind, bytes: 80, at: .zero)
    #expect(network.nextCompletion == .seconds(10.0))
    network.start(2, inClass: kind, bytes: 20, at: .seconds(5.0))
    // 40 bytes are left of the first; both run at 5: the second ends at 9, the first 20 at 8 later.
    #expect(network.nextCompletion == .seconds(9.0))
    var done: [FluidNetwork.Key] = []
    network.completions(at: .seconds(9.0), into: &done)
    #expect(done == [2])
    #expect(network.nextCompletion == .seconds(11.5))
    network.completions(at: .seconds(11.5), into: &done)
    #expect(done == [2, 1])
    #expect(network.nextCompletion == nil)
    #expect(network.flowCount == 0)
  }

  @Test("Two thousand flows that come and go over a day end to the nanosecond and lose no byte")
  func precision() {
    var network = FluidNetwork(capacities: [1.25e9, .infinity])
    let kind = network.addClass(crossing: [0, 1], ownLimit: 75e6)
    var done: [FluidNetwork.Key] = []
    var worst: Int64 = 0
    for flow in 0..<2000 {
      let start = Instant.seconds(Double(flow) * 40)
      network.start(UInt64(flow), inClass: kind, bytes: 400e6, at: start)
      let end = network.nextCompletion ?? .zero
      worst = max(worst, abs((end - start).nanoseconds - 5_333_333_333))
      network.completions(at: end, into: &done)
    }
    #expect(worst <= 1)
    #expect(done == Array(0..<2000))
    #expect(network.delivered == network.received)
  }

  @Test("Without any limit a flow ends at once")
  func unlimited() {
    var network = FluidNetwork(capacities: [.infinity])
    let kind = network.addClass(crossing: [0], ownLimit: .infinity)
    network.start(7, inClass: kind, bytes: 1e12, at: .seconds(3.0))
    #expect(network.nextCompletion == .seconds(3.0))
    var done: [FluidNetwork.Key] = []
    network.completions(at: .seconds(3.0), into: &done)
    #expect(done == [7])
    #expect(network.received == 1e12)
  }
}
