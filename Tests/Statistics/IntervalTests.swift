import Statistics
import Testing

/// Whether two numbers agree to a relative error of 1e-8.
private func agree(_ a: Double?, _ b: Double) -> Bool {
  guard let a else { return false }
  return abs(a - b) <= 1e-8 * max(abs(a), abs(b))
}

/// The expected numbers come from scipy and statsmodels.
@Suite("Intervals")
struct IntervalTests {
  @Test("Student's interval for a mean")
  func studentInterval() throws {
    let data = [
      21.81, 21.8837, 23.0236, 18.3622, 24.9068, 20.0415, 23.5654, 25.7881, 26.7915, 24.7383,
    ]
    let interval = try #require(ConfidenceInterval.mean(of: data, confidence: 0.95))
    #expect(agree(Tally(data).variance, 6.885323063222221))
    #expect(agree(interval.estimate, 23.09111))
    #expect(agree(interval.halfWidth, 1.8770893054205395))
    #expect(agree(interval.low, 21.21402069457946))
    #expect(agree(interval.high, 24.96819930542054))
    let wider = try #require(ConfidenceInterval.mean(of: data, confidence: 0.99))
    #expect(wider.halfWidth > interval.halfWidth)
    #expect(ConfidenceInterval.mean(of: [1.0]) == nil)
  }

  @Test("The interval for a paired difference")
  func paired() throws {
    let a = [
      9.7298, 11.9801, 9.1876, 8.1463, 12.6192, 8.1811, 7.0753, 8.3363, 9.1779, 9.4891, 9.2329,
      11.3732,
    ]
    let b = [
      9.4701, 11.4856, 9.7184, 7.6793, 11.4009, 7.835, 6.6064, 8.8079, 8.1068, 9.1811, 8.9485,
      10.0986,
    ]
    let interval = try #require(ConfidenceInterval.pairedDifference(a, b, confidence: 0.95))
    #expect(agree(interval.estimate, 0.4325166666666667))
    #expect(agree(interval.low, 0.07101595379760844))
    #expect(agree(interval.high, 0.794017379535725))
    #expect(interval.excludesZero)
    let strict = try #require(ConfidenceInterval.pairedDifference(a, b, confidence: 0.99))
    #expect(!strict.excludesZero)
  }

  @Test("Type 7 quantiles")
  func quantiles() {
    let sample = Sample([4.0, 1.0, 3.0, 2.0])
    #expect(sample.quantile(0) == 1)
    #expect(sample.quantile(1) == 4)
    #expect(sample.median == 2.5)
    #expect(agree(sample.quantile(0.9), 3.7))
    #expect(Sample([5.0]).quantile(0.99) == 5)
  }

  @Test(
    "Intervals for proportions",
    arguments: [
      (3, 40, 0.025836025774588184, 0.1986423352431055, 0.01574217985104153, 0.20386474873289898),
      (0, 25, 0.0, 0.13319225093904855, 0.0, 0.13718517153071255),
      (47, 50, 0.8378290831116182, 0.979385029651026, 0.8345180533962271, 0.9874514121646659),
    ])
  func proportions(
    _ successes: Int, _ trials: Int, _ wilsonLow: Double, _ wilsonHigh: Double,
    _ exactLow: Double, _ exactHigh: Double
  ) {
    let proportion = Proportion(successes, of: trials)
    let wilson = proportion.wilson(confidence: 0.95)
    #expect(agree(wilson.low, wilsonLow) && agree(wilson.high, wilsonHigh))
    let exact = proportion.clopperPearson(confidence: 0.95)
    #expect(agree(exact.low, exactLow) && agree(exact.high, exactHigh))
    #expect(exact.contains(proportion.estimate))
  }

  @Test("All successes or none give limits at the ends")
  func extremes() {
    #expect(Proportion(7, of: 7).clopperPearson().high == 1)
    #expect(Proportion(7, of: 7).wilson().high == 1)
    #expect(Proportion(0, of: 7).lowerBound(confidence: 0.95) == 0)
  }
}
