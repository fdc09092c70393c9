import CloudSimulation
import ClusterModel
import Infrastructure
import Probability
import Quantities
import Statistics
import TestSupport
import Testing
import Workloads

@Suite("Spot markets and checkpoints")
struct SpotMarketTests {
  /// One Job after the other, a Pod each, on spot capacity that comes back at once.
  private func jobs(_ count: Int, runTime: Double, lifetime: Double?) -> Scenario {
    var scenario = PlainScenario.serverless(0)
    scenario.duration = .hours(2000)
    scenario.profiles[0].runTime = .constant(runTime)
    scenario.profiles[0].startup = .constant(0)
    scenario.profiles[0].imageBytes = .constant(0)
    let pool = scenario.serverlessPools[0]
    var spot = pool
    spot.boot = .constant(0)
    spot.address = .constant(0)
    spot.callLatency = .constant(0)
    spot.containerStart = .constant(0)
    spot.shutdown = .constant(0)
    spot.spot.lifetime = lifetime.map { .exponential(mean: $0) }
    spot.spot.lifetimeNotice = .zero
    scenario.serverlessPools = [spot]
    var template = PlainScenario.template()
    template.tolerations = [Toleration(key: ServerlessPool.taintKey, comparison: .exists)]
    template.annotations["eks.tke.cloud.tencent.com/spot-pod"] = "true"
    var job = WorkloadObject(kind: .job, namespace: "default", name: "work", template: template)
    job.job.completions = 1
    // What is taken back counts as failed.
    job.job.backoffLimit = .max
    scenario.cluster.workloads = [job]
    var batch = LoadProfile.Batch()
    batch.at = [.zero]
    batch.jobs = count
    var load = LoadProfile(name: "night", target: "Job/work", shape: .batch(batch))
    load.drives = .jobs
    scenario.loads = [load]
    return scenario
  }

  /// Billed seconds of every stay, in all.
  private func seconds(_ result: ReplicationResult) -> Double {
    result.bill.first { $0.name == "spot Pods" }?.quantity ?? 0
  }

  @Test("Without checkpoints a job takes (e^λT − 1)/λ, and a fifth of its price breaks even there")
  func rework() throws {
    let scenario = jobs(400, runTime: 1000, lifetime: 1000)
    let result = scenario.simulate()
    #expect(result.violation == nil)
    #expect(result.jobs.finished == 400)
    let mean = seconds(result) / 400
    // The standard deviation of one is below 2,400 s: three standard errors are 360 s.
    #expect(abs(mean - 1718) < 360)
    #expect(result.lostWork > .zero && result.reclaims > 400)
    let calm = jobs(400, runTime: 1000, lifetime: nil).simulate()
    #expect(calm.reclaims == 0 && abs(seconds(calm) / 400 - 1000) < 5)
    expectDetects("no rework") { #expect(abs(seconds(calm) / 400 - 1718) < 360) }
  }

  @Test(
    "With checkpoints it takes Daly's M e^(R/M) (e^((τ+d)/M) − 1) T/τ, and least at his interval")
  func checkpoints() throws {
    func mean(every interval: Double) -> Double {
      var scenario = jobs(300, runTime: 10_000, lifetime: 1440)
      var terms = Checkpointing()
      terms.every = .seconds(interval)
      terms.cost = .seconds(5)
      terms.restart = .seconds(10)
      scenario.profiles[0].checkpoint = terms
      let result = scenario.simulate()
      #expect(result.violation == nil && result.jobs.finished == 300)
      return seconds(result) / 300
    }
    // M 1,440, R 10, d 5, T 10,000: 10,957.6 s at an interval of 116.7 s, some seconds more here for
    // 100 s and for seconds that are rounded up. The standard error is about 15 s.
    let best = mean(every: 100)
    #expect(abs(best - 10_970) < 60)
    let seldom = mean(every: 1000)
    // M e^(R/M) (e^(1005/1440) − 1) × 10.
    #expect(abs(seldom - 14_641) < 250)
    expectDetects("an interval that doesn't matter") { #expect(abs(seldom - best) < 60) }
  }

  @Test("A zone's capacity has its laws' share of time, and policies don't move it")
  func availability() throws {
    var script = SpotScript()
    var terms = SpotAvailability()
    terms.up = .weibull(shape: 0.6, scale: 3600)
    terms.down = .exponential(mean: 1800)
    script.availability = terms
    func closed(_ script: SpotScript, _ zone: String, seed: UInt64 = 1) -> Double {
      let drawn = script.drawn(
        pool: "p", zones: ["a", "b"], luck: RandomSource(seed: seed), horizon: .hours(20_000))
      return drawn.refusals.filter { $0.zone == zone }
        .reduce(0) { $0 + ($1.to - $1.from).seconds } / (20_000 * 3600)
    }
    let down = 1800 / (1800 + terms.up.mean)
    // Some 8,000 stretches: a standard error of about 0.004.
    #expect(abs(closed(script, "a") - down) < 0.015)
    #expect(closed(script, "a") != closed(script, "b"))
    script.availability?.shockEvery = .exponential(mean: 10 * 3600)
    script.availability?.shockDown = .constant(3600)
    script.availability?.shockShare = 1
    // A tenth of the time is shocked besides.
    let shocked = 1 - (1 - down) * SpecialFunctions.shockFree
    #expect(abs(closed(script, "a") - shocked) < 0.02)
    expectDetects("shocks that hit nobody") { #expect(abs(closed(script, "a") - down) < 0.015) }
  }

  @Test("A recorded availability is played from its offset, and begins anew")
  func recorded() {
    var script = SpotScript()
    var record = RecordedAvailability()
    record.history = AvailabilityHistory(
      step: .minutes(10), isUp: [true, false, false, true, true, true])
    record.zone = "a"
    record.offset = .minutes(10)
    script.recorded = [record]
    let drawn = script.drawn(
      pool: "p", zones: ["a", "b"], luck: RandomSource(seed: 1), horizon: .hours(2))
    #expect(
      drawn.refusals.map { [$0.from, $0.to] } == [
        [.zero, .minutes(20)], [.minutes(60), .minutes(80)],
      ])
    #expect(drawn.reclaims.map(\.at) == [.minutes(60)])
    #expect(drawn.refusals.allSatisfy { $0.zone == "a" })
  }

  @Test("A price wanders around its median between its ends")
  func price() {
    var script = SpotScript()
    var process = SpotPriceProcess()
    process.sigma = 0.5
    script.price = process
    let drawn = script.drawn(
      pool: "p", zones: ["a"], luck: RandomSource(seed: 1), horizon: .hours(20_000))
    let factors = Sample(drawn.prices.map(\.factor))
    #expect(drawn.prices.count == 20_000)
    #expect(abs((factors.quantile(0.5) ?? 0) - 0.3) < 0.03)
    #expect((factors.sorted.first ?? 0) >= 0.03 && (factors.sorted.last ?? 2) <= 1)
  }
}

extension SpecialFunctions {
  /// The share of time without a shock that lasts an hour, of shocks every ten hours on average:
  /// e^(−1/10), by the Poisson process.
  fileprivate static var shockFree: Double { power(2.718281828459045, -0.1) }
}
