import Probability
import Quantities
import Testing

@Suite struct ArrivalTests {
  private func arrivals(
    _ law: ArrivalLaw, until end: Instant, replication: Int = 0, subject: UInt64 = 1
  ) -> [Instant] {
    let stream = RandomSource(seed: 5, replication: replication).stream("arrivals")
    var process = ArrivalProcess(law, stream: stream, subject: subject)
    var times: [Instant] = []
    while let time = process.next(after: .zero), time < end { times.append(time) }
    return times
  }

  private static let laws: [ArrivalLaw] = [
    .renewal(.erlang(shape: 2, mean: 3)),
    .poisson(.sinusoid(mean: 0.3, amplitude: 0.8, period: .hours(1), peak: .seconds(600.0))),
    .modulated(lowRate: 0.1, highRate: 1, lowDwell: .seconds(60), highDwell: .seconds(30)),
  ]

  @Test(arguments: laws)
  func `arrivals come in order and don't depend on who asks`(law: ArrivalLaw) throws {
    try law.validate()
    let all = arrivals(law, until: .seconds(5000.0))
    #expect(all.count > 100)
    #expect(all == all.sorted())
    let stream = RandomSource(seed: 5).stream("arrivals")
    var process = ArrivalProcess(law, stream: stream, subject: 1)
    let late = Instant.seconds(1000.0)
    #expect(process.next(after: late) == all.first { $0 >= late })
    #expect(arrivals(law, until: .seconds(5000.0), replication: 1) != all)
    #expect(arrivals(law, until: .seconds(5000.0), subject: 2) != all)
  }

  /// About 8,000 arrivals in 40 equal parts of the integrated rate: chi-squared with 39 degrees of
  /// freedom; a rate with 10 % more amplitude moves the parts by up to 5 % and has power 99 %.
  @Test func `a changing rate is followed`() {
    let period = 3600.0
    func rate(_ amplitude: Double) -> RateFunction {
      .sinusoid(mean: 4, amplitude: amplitude, period: .hours(1), peak: .seconds(900.0))
    }
    let times = arrivals(.poisson(rate(0.7)), until: .seconds(period * 2)).map(\.seconds)
    func fit(_ amplitude: Double) -> Double {
      let function = rate(amplitude)
      let bins = 40
      var statistic = 0.0
      for bin in 0..<bins {
        let (from, to) = (period / 40 * Double(bin), period / 40 * Double(bin + 1))
        let expected =
          (0..<90).reduce(0.0) {
            $0 + function.rate(at: .seconds(from + Double($1) + 0.5))
          } * 2
        let seen = times.filter { from..<to ~= $0.truncatingRemainder(dividingBy: period) }.count
        statistic += (Double(seen) - expected) * (Double(seen) - expected) / expected
      }
      return Distributions.chiSquaredTail(statistic, degrees: Double(bins))
    }
    #expect(fit(0.7) > 1e-3)
    #expect(fit(0.77) < 1e-3)
  }

  @Test func `piecewise rates step, ramp, rest and end`() {
    func knot(_ second: Double, _ rate: Double) -> RateFunction.Knot {
      RateFunction.Knot(at: .seconds(second), rate: rate)
    }
    let rate = RateFunction.piecewise([
      knot(0, 0), knot(100, 0), knot(100, 10), knot(200, 10), knot(300, 20), knot(300, 0),
    ])
    #expect(
      [50, 100, 150, 250, 300, 400].map { rate.rate(at: .seconds($0 as Double)) } == [
        0, 10, 10, 15, 0, 0,
      ])
    let times = arrivals(.poisson(rate), until: .distantFuture)
    #expect(times.allSatisfy { $0 >= .seconds(100.0) && $0 < .seconds(300.0) })
    // 2,500 expected, standard deviation 50.
    #expect(abs(times.count - 2500) < 200)
    let ramp = times.filter { $0 >= .seconds(200.0) }
    #expect(abs(ramp.count - 1500) < 155)
    let secondHalf = ramp.filter { $0 >= .seconds(250.0) }
    #expect(abs(secondHalf.count - 875) < 120)
  }

  @Test func `periodic rates repeat, also when they rest, and nothing comes of nothing`() {
    let day = TimeSpan.seconds(10)
    let knots = [
      RateFunction.Knot(at: .zero, rate: 5), RateFunction.Knot(at: .seconds(4.0), rate: 5),
      RateFunction.Knot(at: .seconds(4.0), rate: 0),
    ]
    let rate = RateFunction.periodic(knots, period: day)
    #expect(rate.rate(at: .seconds(-7.0)) == 5 && rate.rate(at: .seconds(15.0)) == 0)
    let times = arrivals(.poisson(rate), until: .seconds(1000.0))
    #expect(abs(times.count - 2000) < 180)
    #expect(times.allSatisfy { $0.seconds.truncatingRemainder(dividingBy: 10) < 4 })
    let nothing = RateFunction.periodic([RateFunction.Knot(at: .zero, rate: 0)], period: day)
    #expect(arrivals(.poisson(nothing), until: .distantFuture).isEmpty)
    #expect(arrivals(.poisson(.constant(0)), until: .distantFuture).isEmpty)
  }

  /// The long-run rate is (0.1 · 60 + 1 · 30) / 90 = 0.4; the counts of a Poisson process would have
  /// an index of dispersion of 1, this one's goes to 1 + 2 (1 − 0.1)² · p q / (r (r₁ + r₂)) = 19:
  /// p q = 2/9, r = 0.4, switching rates 1/60 + 1/30.
  @Test func `a modulated process has its rate and its dispersion`() {
    let law = ArrivalLaw.modulated(
      lowRate: 0.1, highRate: 1, lowDwell: .seconds(60), highDwell: .seconds(30))
    let window = 1000.0
    var counts = [Double](repeating: 0, count: 200)
    for time in arrivals(law, until: .seconds(window * 200)) {
      counts[Int(time.seconds / window)] += 1
    }
    let mean = counts.reduce(0, +) / 200
    let variance = counts.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 199
    #expect(abs(mean / window - 0.4) < 0.02)
    #expect((13...25).contains(variance / mean))
  }

  @Test func `processes start in both states in the long run's shares`() {
    let law = ArrivalLaw.modulated(
      lowRate: 0, highRate: 1000, lowDwell: .hours(10), highDwell: .hours(5))
    let early = (0..<600).filter {
      !arrivals(law, until: .seconds(1.0), replication: $0).isEmpty
    }.count
    #expect(abs(early - 200) < 46)
  }

  static let invalid: [(ArrivalLaw, String)] = [
    (.renewal(.exponential(mean: 0)), "mean"), (.renewal(.uniform(low: -1, high: 2)), "gap"),
    (.renewal(.constant(0)), "gap"), (.poisson(.constant(-1)), "rate"),
    (.poisson(.constant(.infinity)), "rate"), (.poisson(.piecewise([])), "knots"),
    (
      .poisson(.piecewise([.init(at: .zero, rate: 1), .init(at: .zero - .seconds(1), rate: 1)])),
      "time 2"
    ),
    (.poisson(.piecewise([.init(at: .zero, rate: -1)])), "rate 1"),
    (.poisson(.sinusoid(mean: 1, amplitude: 1.1, period: .seconds(1), peak: .zero)), "amplitude"),
    (.poisson(.sinusoid(mean: -1, amplitude: 1, period: .seconds(1), peak: .zero)), "mean"),
    (.poisson(.sinusoid(mean: 1, amplitude: 1, period: .zero, peak: .zero)), "period"),
    (.poisson(.periodic([.init(at: .zero, rate: 1)], period: .zero)), "period"),
    (.poisson(.periodic([.init(at: .seconds(2.0), rate: 1)], period: .seconds(1))), "knots"),
    (
      .modulated(lowRate: -1, highRate: 1, lowDwell: .seconds(1), highDwell: .seconds(1)), "lowRate"
    ),
    (
      .modulated(lowRate: 1, highRate: .nan, lowDwell: .seconds(1), highDwell: .seconds(1)),
      "highRate"
    ),
    (.modulated(lowRate: 1, highRate: 1, lowDwell: .zero, highDwell: .seconds(1)), "lowDwell"),
    (.modulated(lowRate: 1, highRate: 1, lowDwell: .seconds(1), highDwell: .zero), "highDwell"),
  ]

  @Test(arguments: invalid)
  func `a process that makes no sense names the parameter`(law: ArrivalLaw, parameter: String) {
    let error = #expect(throws: LawError.self) { try law.validate() }
    #expect(error?.parameter == parameter)
  }
}
