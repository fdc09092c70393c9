import Autoscaling
import Experiments
import Foundation
import Infrastructure
import Probability
import Quantities
import TestSupport
import Testing

@Suite("Jobs with a deadline on recorded markets")
struct DeadlineReplayTests {
  private func terms(within: Double) -> DeadlineConfiguration {
    var terms = DeadlineConfiguration()
    terms.within = .hours(1) * Int(within)
    terms.work = .hours(20)
    terms.changeover = .minutes(6)
    terms.quantum = .minutes(10)
    return terms
  }

  /// A market of fitted laws (model card 3.13, us-east-2a), 45 days every 195 s.
  private func market(_ number: Int, up: Law? = nil) -> AvailabilityHistory {
    let like = AvailabilityHistory(
      step: .seconds(195), isUp: [Bool](repeating: true, count: 20_000))
    return SpotFit.trace(
      up ?? .weibull(shape: 0.57, scale: 10_872), .weibull(shape: 0.71, scale: 4968), like: like,
      luck: RandomSource(seed: 8), number: number)
  }

  private func mean(
    _ policy: DeadlinePolicy, _ histories: [AvailabilityHistory], within: Double, jobs: Int
  ) -> (cost: Double, late: Int) {
    var cost = 0.0
    var late = 0
    for history in histories {
      let replay = DeadlineReplay(history, terms: terms(within: within))
      for start in replay.starts(jobs) {
        let fate = replay.fate(of: policy, from: start)
        cost += fate.cost
        if !fate.isInTime { late += 1 }
      }
    }
    return (cost / Double(jobs * histories.count), late)
  }

  @Test("On demand a job costs its work and one changeover")
  func onDemand() {
    let result = mean(.onDemand, [market(1)], within: 24, jobs: 5)
    #expect(abs(result.cost - 20.1 / 20) < 1e-9 && result.late == 0)
  }

  @Test("Without any spot, and with nothing but spot, costs are what they must be")
  func extremes() {
    let never = AvailabilityHistory(step: .minutes(5), isUp: [false])
    let always = AvailabilityHistory(step: .minutes(5), isUp: [true])
    for policy in [DeadlinePolicy.greedy, .uniformProgress] {
      let dear = mean(policy, [never], within: 26, jobs: 1)
      #expect(dear.late == 0 && dear.cost > 20.1 / 20 - 1e-9)
      #expect(abs(mean(policy, [always], within: 26, jobs: 1).cost - 0.2 * 20.1 / 20) < 1e-9)
    }
  }

  @Test("Nobody is late on made markets, and Uniform Progress is cheaper than greedy on average")
  func made() {
    let markets = (1...4).map { market($0) }
    for within in [22.0, 26] {
      let greedy = mean(.greedy, markets, within: within, jobs: 40)
      let uniform = mean(.uniformProgress, markets, within: within, jobs: 40)
      #expect(greedy.late == 0 && uniform.late == 0)
      #expect(uniform.cost < greedy.cost && uniform.cost > 0.2)
    }
    expectDetects("a work that was estimated too short") {
      var terms = terms(within: 22)
      terms.work = .hours(21)
      terms.changeover = .hours(2)
      let replay = DeadlineReplay(market(1), terms: terms)
      #expect(replay.fate(of: .greedy, from: 0).isInTime)
    }
  }

  /// SkyPilot's recordings of single instances, read as they are described: 1 is available.
  private func recorded() throws -> [AvailabilityHistory] {
    struct Trace: Decodable {
      struct Metadata: Decodable {
        var step: Int
        enum CodingKeys: String, CodingKey { case step = "gap_seconds" }
      }
      var metadata: Metadata
      var data: [Int]
    }
    let folder = PackageFolder.path("../shared/data/spot-availability-skypilot")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return try names.filter { $0.hasPrefix("availability_1-node") }.sorted().map { name in
      let data = try #require(FileManager.default.contents(atPath: "\(folder)/\(name)"))
      let trace = try JSONDecoder().decode(Trace.self, from: data)
      return AvailabilityHistory(
        step: .seconds(Double(trace.metadata.step)), isUp: trace.data.map { $0 > 0 })
    }
  }

  @Test("On the recordings nobody is late, and Uniform Progress is cheaper than greedy on average")
  func real() throws {
    let histories = try recorded()
    guard !histories.isEmpty else { return }
    #expect(histories.count == 9)
    for within in [22.0, 24] {
      let greedy = mean(.greedy, histories, within: within, jobs: 25)
      let uniform = mean(.uniformProgress, histories, within: within, jobs: 25)
      #expect(greedy.late == 0 && uniform.late == 0)
      #expect(uniform.cost < greedy.cost, "\(within) h: \(uniform.cost) against \(greedy.cost)")
    }
  }
}
