import CloudSimulation
import Experiments
import Foundation
import Statistics
import TestSupport
import Testing

@Suite("Sweeps")
struct SweepTests {
  static func sweep(
    _ rates: [String] = ["60/min", "600/min"], replications: Int = 5, seed: UInt64? = nil
  ) throws -> Sweep {
    var experiment = Experiment(name: "rates")
    experiment.factors = [
      Experiment.Factor(path: "\(BurstSource.pool)createRate", values: rates)
    ]
    experiment.replications = replications
    experiment.responses = ["absorb", "startP95", "ready"]
    return try Sweep(experiment, source: BurstSource.burst(of: 30), digest: "d", seed: seed)
  }

  /// A folder of its own that is gone afterwards.
  static func inFolder(_ body: (String) async throws -> Void) async throws {
    let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: path) }
    try await body(path.path(percentEncoded: false))
  }

  static func text(_ path: String) throws -> String {
    try String(contentsOfFile: path, encoding: .utf8)
  }

  @Test("Shards, on any number of workers and cut short, merge to the bytes of a whole sweep")
  func shards() async throws {
    try await Self.inFolder { root in
      let sweep = try Self.sweep()
      #expect(try await sweep.run(.whole, in: root + "/a", jobs: 1).isComplete)
      _ = try SweepMerge.merge([root + "/a"], into: root + "/a")
      for index in 1...3 {
        let shard = try #require(SweepShard("\(index)/3"))
        #expect(try await sweep.run(shard, in: root + "/b", jobs: 2).isComplete)
      }
      // What a killed process leaves: a file that ends in the middle of a row.
      let cut = root + "/b/shards/shard-2-of-3.csv"
      let whole = try Self.text(cut)
      try String(whole.prefix(whole.count / 2)).write(
        toFile: cut, atomically: true, encoding: .utf8)
      #expect(throws: SweepError.self) {
        try SweepMerge.merge([root + "/b"], into: root + "/b")
      }
      let again = try await sweep.run(
        try #require(SweepShard("2/3")), in: root + "/b", jobs: 1)
      #expect(again.isComplete && again.found == 1 && again.damage == nil)
      #expect(try Self.text(cut) == whole)
      let outcome = try SweepMerge.merge([root + "/b"], into: root + "/c")
      #expect(outcome.runs == 10 && outcome.problems.isEmpty)
      #expect(try Self.text(root + "/a/results.csv") == Self.text(root + "/c/results.csv"))
      #expect(try Self.text(root + "/a/plan.json") == Self.text(root + "/c/plan.json"))
    }
  }

  @Test("A missing, a foreign and a damaged shard are named, and left out if that is allowed")
  func problems() async throws {
    try await Self.inFolder { root in
      let sweep = try Self.sweep()
      let other = try Self.sweep(["60/min", "700/min"])
      for index in [1, 2, 4] {
        _ = try await sweep.run(try #require(SweepShard("\(index)/4")), in: root + "/a", jobs: 1)
      }
      _ = try await other.run(try #require(SweepShard("3/4")), in: root + "/b", jobs: 1)
      let damaged = root + "/a/shards/shard-4-of-4.csv"
      let text = try Self.text(damaged)
      try text.replacing(",30.0\n", with: ",31.0\n", maxReplacements: 1).write(
        toFile: damaged, atomically: true, encoding: .utf8)
      try Self.text(root + "/b/shards/shard-3-of-4.csv").write(
        toFile: root + "/a/shards/shard-3-of-4.csv", atomically: true, encoding: .utf8)
      let error = #expect(throws: SweepError.self) {
        try SweepMerge.merge([root + "/a", root + "/b"], into: root + "/c")
      }
      let message = error?.description ?? ""
      for part in ["/b: its plan", "shard-3-of-4.csv is of another plan", "4-of-4.csv is damaged"] {
        #expect(message.contains(part), "\(message)")
      }
      #expect(!FileManager.default.fileExists(atPath: root + "/c/results.csv"))
      let outcome = try SweepMerge.merge([root + "/a"], into: root + "/c", allowPartial: true)
      #expect(outcome.runs == 5 && outcome.problems.count == 2)
      await #expect(throws: SweepError.self) {
        try await other.run(.whole, in: root + "/a", jobs: 1)
      }
    }
  }

  @Test("A sweep finds what is faster, and a comparison what became slower")
  func comparison() async throws {
    try await Self.inFolder { root in
      for (name, rates) in [("base", ["60/min", "600/min"]), ("same", ["60/min", "600/min"])] {
        _ = try await Self.sweep(rates, replications: 12).run(
          .whole, in: root + "/\(name)", jobs: 2)
        _ = try SweepMerge.merge([root + "/\(name)"], into: root + "/\(name)")
      }
      let base = try SweepResults(folder: root + "/base")
      let absorb = try #require(base.plan.responses.firstIndex(of: "absorb"))
      let effects = base.effects(of: absorb)
      let faster = try #require(effects[1].comparison)
      #expect(faster.difference.high < 0 && (effects[1].adjusted ?? 1) < 0.001)
      let best = try #require(base.best(.init(response: "absorb", indifference: 1)))
      #expect(best.outcome.best == 1 && best.outcome.isDecided && best.left == [1])
      // Decided: further runs would be divided over all.
      #expect(best.open == [0, 1] && abs(best.allocation.reduce(0, +) - 1) < 1e-9)
      let ranking = try #require(base.ranking(of: absorb))
      #expect(ranking.points == [1, 0] && ranking.isProved == [true])
      let same = try SweepResults(folder: root + "/same")
      let unchanged = try BaselineComparison(base: base, new: same, exact: true)
      #expect(unchanged.entries.allSatisfy { !$0.isRegression && !$0.differs })
      // The same results with every span longer by a tenth, as a slower version would have them.
      let file = root + "/same/results.csv"
      let slower = try Self.text(file).split(separator: "\n").enumerated().map { index, line in
        guard index > 0 else { return String(line) }
        var cells = line.split(separator: ",").map(String.init)
        cells[2] = "\((Double(cells[2]) ?? 0) * 1.1)"
        return cells.joined(separator: ",")
      }
      try (slower.joined(separator: "\n") + "\n").write(
        toFile: file, atomically: true, encoding: .utf8)
      let worse = try BaselineComparison(base: base, new: try SweepResults(folder: root + "/same"))
      #expect(worse.entries.filter(\.isRegression).map(\.response) == ["absorb", "absorb"])
      let tolerant = try BaselineComparison(
        base: base, new: try SweepResults(folder: root + "/same"), tolerance: 0.2)
      #expect(tolerant.entries.allSatisfy { !$0.isRegression })
    }
  }

  @Test("What the best is looked for by must be a response with a good and a bad side")
  func rankings() throws {
    func plan(_ response: String, _ zone: Double, _ unit: String = "") throws -> SweepPlan {
      var experiment = Experiment(name: "rates")
      experiment.responses = ["absorb", "spotShare"]
      var ranking = Experiment.Ranking(response: response)
      ranking.indifference = zone
      ranking.unit = unit
      experiment.ranking = [ranking]
      return try Sweep(experiment, source: BurstSource.burst(of: 30), digest: "d").plan
    }
    let sound = try plan("absorb", 2)
    #expect(sound.rankings == [.init(response: "absorb", indifference: 2)])
    #expect(sound.units == ["s", ""])
    #expect(try plan("absorb", 2, "min").rankings[0].indifference == 120)
    for (response, zone, unit, reason) in [
      ("startP95", 1.0, "", "'startP95'"), ("spotShare", 1, "", "neither more nor less"),
      ("absorb", 0, "", "above 0"), ("absorb", 2, "CNY", "unit of absorb, which is s"),
    ] {
      let error = #expect(throws: SweepError.self) { try plan(response, zone, unit) }
      #expect(error?.description.contains(reason) ?? false)
    }
  }

  @Test("Windows are ranked, and where they don't tell, further runs are divided")
  func windows() async throws {
    try await Self.inFolder { root in
      let sweep = try Self.sweep(["60/min", "600/min", "590/min"], replications: 24)
      _ = try await sweep.run(.whole, in: root, jobs: 2)
      _ = try SweepMerge.merge([root], into: root)
      // The same rows, as if every second one were of the same window of a trace.
      let file = root + "/plan.json"
      try Self.text(file).replacing("\"windows\" : 1", with: "\"windows\" : 12").write(
        toFile: file, atomically: true, encoding: .utf8)
      let results = try SweepResults(folder: root)
      let absorb = try #require(results.plan.responses.firstIndex(of: "absorb"))
      #expect(results.replications(absorb, at: 0).count == 12)
      let ranking = try #require(results.ranking(of: absorb))
      #expect(ranking.points.last == 0 && ranking.isProved.last == true)
      let fine = try #require(results.best(.init(response: "absorb", indifference: 0.001)))
      // Two alike can't be told apart that finely, and need most of what is to come.
      #expect(!fine.outcome.isDecided && fine.left.suffix(2) == [1, 2])
      #expect(fine.allocation.count == fine.left.count)
      #expect(abs(fine.allocation.reduce(0, +) - 1) < 1e-9)
      #expect(fine.allocation.suffix(2).reduce(0, +) > 0.9)
    }
  }

  @Test("Designs that fill the space take their values from the factors' ranges")
  func designs() throws {
    for design in Experiment.Design.allCases {
      var experiment = Experiment(name: "spans")
      experiment.design = design
      experiment.points = 8
      experiment.factors = [
        Experiment.Factor(path: BurstSource.startup, values: ["1s", "5s", "9s"]),
        Experiment.Factor(path: "\(BurstSource.pool)boot", values: ["2s", "4s"]),
      ]
      let plan = try Sweep(experiment, source: BurstSource.burst(of: 30), digest: "d").plan
      let expected =
        switch design {
        case .fullFactorial: 6
        case .oneAtATime: 4
        case .latinHypercube, .sobol, .halton: 8
        }
      #expect(plan.points.count == expected && Set(plan.points).count == expected)
    }
  }

  @Test("A response that nothing has is an error")
  func unknownResponse() {
    var experiment = Experiment(name: "rates")
    experiment.responses = ["speed"]
    #expect(throws: SweepError.self) {
      try Sweep(experiment, source: BurstSource.burst(of: 30), digest: "d")
    }
  }
}
