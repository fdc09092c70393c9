import CloudSimulation
import Quantities
import Statistics
import TestSupport
import Testing
import Workloads

@testable import Experiments

@Suite("Windows and looks")
struct BlockTests {
  @Test("Replications are shared out among windows in turn, and averaged inside them")
  func averages() throws {
    let blocks = try Blocks(replications: 6, windows: 3)
    #expect(blocks.count == 3 && blocks.seeds == 2)
    #expect(blocks.replications(of: 1) == [1, 4])
    #expect(blocks.averages([1, 2, 3, 5, 6, nil]) == [3, 4, nil])
    // What a run that was cut short has.
    #expect(blocks.averages([1, 2, 3, 5]) == [3, 2, 3])
    let single = try Blocks(replications: 6, windows: 1)
    #expect(single.count == 6 && single.averages([1, nil]) == [1, nil])
    for (replications, windows) in [(5, 3), (2, 3), (7, 2)] {
      #expect(throws: StudyError.self) {
        try Blocks(replications: replications, windows: windows)
      }
    }
  }

  /// A burst beside a batch system with a trace of four windows, which have waits of 0, 10, 20, 30 s.
  private static func windowed(claim: Claim.Bound) -> BurstSource {
    var source = BurstSource.burst(of: 30, claim: claim)
    var cluster = BatchCluster(name: "hpc")
    cluster.machines = 1
    cluster.policy = .strict
    cluster.windows = 4
    for window in 0..<4 {
      for job in 0..<2 {
        cluster.jobs.append(
          RecordedJob(
            number: window * 2 + job, submitted: .zero + .seconds(window * 1000),
            runTime: .seconds(window * 20), processors: 1, requestedTime: .seconds(100)))
      }
    }
    source.base.batchClusters = [cluster]
    return source
  }

  @Test("Trials of a claim and values of a metric are windows, whatever the number of seeds")
  func study() async throws {
    for seeds in [1, 3] {
      let source = Self.windowed(claim: .above(1))
      var options = StudyTests.options(4 * seeds)
      options.depth = .verdicts
      let outcome = try await Study.run(source: source, options: options)
      let claim = outcome.summary.claims[0]
      #expect(claim.of == 4 && claim.met == 4 && claim.countsWindows)
      #expect(outcome.summary.replications == 4 * seeds && outcome.summary.windows == 4)
      let wait = try #require(outcome.summary.metrics.first { $0.name == "batchWait/hpc" })
      #expect(wait.n == 4 && wait.mean == 15)
      let interval = try #require(ConfidenceInterval.mean(of: [0, 10, 20, 30]))
      #expect(wait.low == interval.low && wait.high == interval.high)
    }
    await #expect(throws: StudyError.self) {
      try await Study.run(source: Self.windowed(claim: .above(1)), options: StudyTests.options(6))
    }
  }

  @Test("A window meets a claim if its average does, not its replications one by one")
  func averagedTrials() async throws {
    let source = Self.windowed(claim: .above(1))
    let results = (0..<8).map { source.base.simulate(replication: $0) }
    let rates = results.map { BurstMeasures($0.bursts[0])[.sustained] ?? 0 }
    let blocks = try Blocks(replications: 8, windows: 4)
    let averages = blocks.averages(rates).compactMap { $0 }
    // Between a window's two replications and its average lies a threshold that only one meets.
    let threshold = (averages[0] + min(rates[0], rates[4])) / 2
    let judge = try ClaimJudge(
      Self.windowed(claim: .above(threshold)).base.claims[0], index: 0, in: source.base)
    let trials = blocks.grouped(results).map { Trial($0, of: source.base) }
    #expect(trials.count == 4 && judge.isMet(by: trials[0]))
    #expect(judge.value(trials[0]) == averages[0])
    var laboratory = Laboratory(
      source: source, options: StudyTests.options(8), blocks: blocks)
    let measured = try await laboratory.trials([], count: 4)
    #expect(measured.map { judge.value($0) } == trials.map { judge.value($0) })
    #expect(laboratory.replicationsRun == 8)
  }

  @Test("A run ends at the first declared look at which its claims are decided")
  func looks() async throws {
    func outcome(_ claim: Claim.Bound, _ looks: [Int]) async throws -> RunSummary {
      var source = BurstSource.burst(of: 30, claim: claim)
      source.base.looks = looks
      var options = StudyTests.options()
      options.depth = .verdicts
      return try await Study.run(source: source, options: options).summary
    }
    // All meet it: the look at 20 may take next to nothing, that at 150 takes 0.024, for which 73
    // are enough.
    let clear = try await outcome(.above(1), [20, 150, 200])
    #expect(clear.replications == 150 && clear.claims[0].verdict == .holds)
    #expect(clear.claims[0].looks == [20, 150, 200])
    // None meets it, which the first look shows.
    let never = try await outcome(.below(1), [20, 150, 200])
    #expect(never.replications == 20 && never.claims[0].verdict == .fails)
    // The last look is the last, decided or not.
    let few = try await outcome(.above(1), [10, 20])
    #expect(few.replications == 20 && few.claims[0].verdict == .undecided)
    expectDetects("a look that takes the whole risk") {
      let whole = ClaimTest().verdict(met: 59, of: 59)
      let own = try ClaimJudge(
        BurstSource.burst(of: 30, claim: .above(1)).base.claims[0], index: 0,
        in: BurstSource.burst(of: 30, claim: .above(1)).base
      ).atLook(0, of: [59, 200])
      #expect(own.test.verdict(met: 59, of: 59) == whole)
    }
  }
}
