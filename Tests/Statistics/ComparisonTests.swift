import Probability
import Statistics
import Testing

/// The expected numbers come from scipy.
@Suite("Comparisons, warm-up and designs")
struct ComparisonTests {
  private static let a = [
    9.7298, 11.9801, 9.1876, 8.1463, 12.6192, 8.1811, 7.0753, 8.3363, 9.1779, 9.4891, 9.2329,
    11.3732,
  ]
  private static let b = [
    9.4701, 11.4856, 9.7184, 7.6793, 11.4009, 7.835, 6.6064, 8.8079, 8.1068, 9.1811, 8.9485,
    10.0986,
  ]

  @Test("Wilcoxon's test is exact for few pairs without ties, and corrected for ties else")
  func wilcoxon() {
    let exact = RankTests.wilcoxon(Self.a, Self.b)
    #expect(exact.positive == 62)
    #expect(abs(exact.p - 0.0771484375) < 1e-12)
    let tied = RankTests.wilcoxon(
      (1...10).map(Double.init), [2, 2, 1, 6, 4, 9, 7, 9, 12, 11])
    #expect(min(tied.positive, 45 - tied.positive) == 8)
    #expect(abs(tied.p - 0.15521848968468407) < 1e-9)
    #expect(RankTests.wilcoxon([1, 2], [1, 2]).p == 1)
  }

  @Test("Pairs on common luck are told apart where independent samples aren't")
  func pairing() throws {
    let paired = try #require(MeanComparison.paired(Self.a, Self.b))
    let apart = try #require(MeanComparison.welch(Self.a, Self.b))
    #expect(paired.difference.excludesZero && !apart.difference.excludesZero)
    #expect(try #require(paired.varianceReduction) > 0.9)
    let constant = try #require(MeanComparison.paired([2, 2, 2], [1, 1, 1]))
    #expect(constant.p == 0 && constant.difference.low == 1 && constant.correlation == nil)
  }

  @Test("The cut lies where a ramp ends, and a series too short has none")
  func warmup() throws {
    let stream = RandomSource(seed: 2).stream("noise")
    let series = (0..<1_000).map { index in
      min(Double(index) / 20, 10) + 0.3 * stream.gaussian(for: 0, number: UInt32(index))
    }
    let cut = try #require(WarmupTruncation(series))
    #expect((180...260).contains(cut.observations))
    #expect(abs(cut.mean - 10) < 0.1 && !cut.isDoubtful)
    #expect(WarmupTruncation([1, 2, 3, 4, 5]) == nil)
    let curve = WelchWarmup([series, series], window: 10)
    let settled = try #require(curve.settles())
    #expect((150...260).contains(settled))
    #expect(WelchWarmup([(0..<50).map(Double.init)], window: 2).settles() == nil)
  }

  @Test("Overlapping batches agree with an autoregressive process, and widen its interval")
  func batches() throws {
    let process = AutoregressiveProcess(phi: 0.8, mean: 10, sigma: 1)
    let series = process.series(40_000, from: 10, on: RandomSource(seed: 4).stream("noise"))
    let constant = BatchMeans.overlappingVarianceConstant(series, size: 1_000)
    #expect(abs(constant / process.varianceConstant - 1) < 0.5)
    let interval = try #require(BatchMeans.overlappingInterval(series, size: 1_000))
    let naive = try #require(ConfidenceInterval.mean(of: series))
    #expect(interval.contains(10) && interval.halfWidth > 2 * naive.halfWidth)
    #expect(BatchMeans.overlappingInterval(series, size: 39_000) == nil)
    let batches = BatchMeans(series, batches: 20)
    #expect(batches.vonNeumann.p > 0.001)
  }

  @Test("Factorial designs have every combination, one-at-a-time every level once")
  func factorial() {
    let full = Design.fullFactorial([2, 3, 2])
    #expect(full.count == 12 && Set(full).count == 12 && full[1] == [0, 0, 1])
    #expect(Design.oneAtATime([2, 3]) == [[0, 0], [1, 0], [0, 1], [0, 2]])
    let points = Design.latinHypercube(50, dimension: 3, on: RandomSource(seed: 1).stream("d"))
    #expect(Design.isLatin(points))
    #expect(!Design.isLatin(points + [points[0]]))
  }

  @Test("Morris's trajectories change every input once, by half of the levels")
  func trajectories() throws {
    let paths = ElementaryEffects.trajectories(
      20, dimension: 4, on: RandomSource(seed: 1).stream("m"))
    for path in paths {
      #expect(path.count == 5)
      #expect(path.joined().allSatisfy { $0 > -1e-12 && $0 < 1 + 1e-12 })
      for (before, after) in zip(path, path.dropFirst()) {
        let moved = before.indices.filter { before[$0] != after[$0] }
        #expect(moved.count == 1)
        #expect(abs(abs(after[moved[0]] - before[moved[0]]) - 2.0 / 3) < 1e-12)
      }
      for input in 0..<4 { #expect(path[0][input] != path[4][input]) }
    }
    let effects = ElementaryEffects(paths) { $0[0] * 3 + $0[1] * $0[2] }
    #expect(abs(effects.mu[0] - 3) < 1e-9 && effects.sigma[0] < 1e-9)
    #expect(effects.sigma[1] > 0.1 && effects.muStar[3] == 0)
  }

  @Test("A bootstrap's interval is near Student's")
  func bootstrap() throws {
    let found = Bootstrap(Self.a, resamples: 2_000, on: RandomSource(seed: 1).stream("b")) {
      Tally($0).mean ?? 0
    }
    let student = try #require(ConfidenceInterval.mean(of: Self.a))
    #expect(abs(found.interval().low - student.low) < 0.3)
    #expect(abs(found.interval().high - student.high) < 0.3)
    #expect(Bootstrap(exhaustive: (0..<12).map(Double.init)) { $0[0] } == nil)
  }

  @Test("Dividing a budget favours what is close to the best")
  func budget() throws {
    let found = try #require(
      BudgetAllocation(means: [1, 1.1, 3], deviations: [1, 1, 1], budget: 300))
    #expect(found.best == 0)
    #expect(found.replications[1] > 10 * found.replications[2])
    #expect(BudgetAllocation(means: [1, 1], deviations: [1, 1], budget: 10) == nil)
    #expect(
      BudgetAllocation(means: [1, 1], deviations: [1, 1], budget: 10, indifference: 0.1) != nil)
  }
}
