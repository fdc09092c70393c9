import Autoscaling
import ClusterModel
import Quantities
import TestSupport
import Testing

@Suite struct AheadTests {
  @Test func `a season comes back as it was`() {
    var forecast = Forecast(.seasonalNaive, season: 4)
    #expect(forecast.value(ahead: 1) == nil)
    for value in [10.0, 20, 30] { forecast.observe(value) }
    #expect(forecast.value(ahead: 2) == 30)
    forecast.observe(40)
    #expect((1...6).map { forecast.value(ahead: $0)! } == [10, 20, 30, 40, 10, 20])
    forecast.observe(15)
    #expect((1...4).map { forecast.value(ahead: $0)! } == [20, 30, 40, 15])
  }

  @Test func `Holt and Winters' recursion gives what it gives by hand`() {
    var smoothing = Forecast.Smoothing()
    (smoothing.level, smoothing.trend, smoothing.season) = (0.5, 0.5, 0.5)
    var forecast = Forecast(.holtWinters, season: 2, smoothing: smoothing)
    forecast.observe(10)
    forecast.observe(20)  // level 15, deviations −5 and 5
    #expect(forecast.value(ahead: 1) == 10)
    #expect(forecast.value(ahead: 2) == 20)
    forecast.observe(14)
    // level ½(14 + 5) + ½·15 = 17, trend ½·2 = 1, deviation ½(14 − 17) + ½·(−5) = −4
    func isNear(_ steps: Int, _ value: Double) -> Bool {
      abs(forecast.value(ahead: steps)! - value) < 1e-9
    }
    #expect(isNear(1, 17 + 1 + 5))
    #expect(isNear(2, 17 + 2 - 4))
    expectDetects("no trend") { #expect(isNear(1, 17 + 5)) }
  }

  @Test func `errors are value minus prediction, and the percentage leaves zeros out`() {
    var error = ForecastError()
    #expect(error.quantile(0.5) == nil)
    error.note(8, came: 10)
    error.note(12, came: 10)
    error.note(1, came: 0)
    #expect(error.meanAbsolutePercentage == 0.2)
    #expect(error.quantile(0.5) == -1)
    #expect(error.quantile(1) == 2)
  }

  private func api(_ controller: any Controller) -> MemoryAPI {
    let web = Manifests.workload(.deployment, "web", replicas: 2)
    var api = MemoryAPI(Manifests.cluster(web))
    api.join(controller)
    return api
  }

  private func minima(_ api: borrowing MemoryAPI) -> [(Instant, Int32)] {
    api.issued.compactMap { entry in
      if case .setMinimum(_, let replicas) = entry.command { (entry.time, replicas) } else { nil }
    }
  }

  @Test func `a timetable acts at its times on its own clock and not on excluded days`() throws {
    let rules = [
      CronScaler.Rule(name: "up", schedule: try CronSchedule("0 8 * * 1-5"), replicas: 9),
      CronScaler.Rule(
        name: "down", schedule: try CronSchedule("0 0 20 * * *"),
        exclusions: [try CronSchedule("* * * 10 11 *")], replicas: 1),
    ]
    let scaler = CronScaler(
      namespace: "default", name: "office", target: OwnerReference(kind: "Deployment", name: "web"),
      rules: rules)
    // 2026-11-10 is a Tuesday; the clock begins at 07:00.
    let origin: Int64 = 20_767 * 86_400 + 7 * 3600
    var api = api(CronScalerController(scalers: [scaler], origin: origin))
    api.run(until: .seconds(38 * 3600))
    let minima = minima(api)
    let times: [Instant] = [.seconds(3600), .seconds(90_000), .seconds(133_200)]
    #expect(minima.map(\.0) == times)
    #expect(minima.map(\.1) == [9, 9, 1])
  }

  @Test func `a learner asks for the highest of what comes, once it has seen a season`() {
    var scaler = PredictiveScaler(name: "learner")
    scaler.target = "Deployment/web"
    scaler.interval = .seconds(60)
    scaler.season = .seconds(240)
    scaler.lookahead = .seconds(120)
    scaler.perReplica = 10
    scaler.history = [100, 200, 300, 400]
    scaler.maxReplicas = 35
    scaler.quantile = 0.01  // The lowest error is below 0: no margin.
    var api = api(PredictiveScalerController(scalers: [scaler]))
    for (minute, load) in [100, 200, 300].enumerated() {
      let series = ExternalSeries(
        labels: ["load": "x"],
        value: MetricValue(milli: Int64(load) * 1000, timestamp: .seconds(Double(minute) * 60)))
      api.change { $0.metrics.setExternal([series], of: "load") }
      api.run(until: .seconds(Double(minute) * 60 + 59))
    }
    let minima = minima(api)
    #expect(minima.map(\.1) == [30, 35])
  }
}
