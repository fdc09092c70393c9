import CloudSimulation
import ClusterModel
import Infrastructure
import Probability
import Quantities
import Statistics
import Testing

@testable import Experiments

@Suite("Studies")
struct StudyTests {
  /// Few replications and no more: what is tested holds for any number.
  static func options(_ replications: Int? = nil) -> StudyOptions {
    var options = StudyOptions()
    options.replications = replications
    options.counterfactualReplications = 3
    return options
  }

  static func set(_ source: BurstSource, _ path: String, _ value: String) throws -> BurstSource {
    var moved = source
    moved.base = try source.scenario(setting: [ParameterSetting(path: path, value: value)])
    return moved
  }

  /// One capacity for each stage, low enough for its stage to bind.
  static let narrow: [(path: String, value: String, stage: Stage, kind: ClaimResult.LimitKind)] = [
    ("\(BurstSource.plane)replicaSet.qps", "60/min", .create, .rate),
    ("\(BurstSource.plane)admission.qps", "60/min", .admit, .rate),
    (BurstSource.cycle, "500ms", .schedule, .rate),
    ("\(BurstSource.plane)scheduler.qps", "60/min", .bind, .rate),
    ("\(BurstSource.pool)quota.podsPerCluster", "20", .accept, .level),
    ("\(BurstSource.pool)quota.podsPerRegion", "20", .accept, .level),
    ("\(BurstSource.pool)podsPerSecurityGroup", "20", .accept, .level),
    ("\(BurstSource.pool)subnets", "10.0.0.0/28", .accept, .level),
    ("\(BurstSource.pool)stockCores", "20", .accept, .level),
    ("\(BurstSource.pool)createRate", "60/min", .call, .rate),
    ("\(BurstSource.pool)bootRate", "60/min", .boot, .rate),
    ("\(BurstSource.pool)addressRate", "60/min", .address, .rate),
    (BurstSource.line, "400Mbps", .image, .rate),
    ("\(BurstSource.pool)startRate", "60/min", .start, .rate),
    ("\(BurstSource.pool)clientQPS", "60/min", .probe, .rate),
  ]

  @Test("what binds follows the stage whose capacity is taken down", arguments: narrow.indices)
  func binding(index: Int) async throws {
    let (path, value, stage, kind) = Self.narrow[index]
    let source = try Self.set(BurstSource.burst(of: 40, claim: .above(1)), path, value)
    let judge = try ClaimJudge(source.base.claims[0], index: 0, in: source.base)
    var laboratory = Laboratory(source: source, options: Self.options())
    let finding = try await LimitSearch(judge: judge, count: 3).finding([], in: &laboratory)
    #expect(finding.binding?.limits.map(\.path) == [path])
    #expect(finding.binding?.stages == stage.name)
    #expect(finding.binding?.kind == kind)
    #expect(finding.counterfactuals.first?.path == path)
    #expect((finding.counterfactuals.first?.low ?? 0) > 0)
    // While the sustained rate is 0 the Pods that are ready take its place.
    #expect(finding.counterfactuals.first?.metric == (kind == .level ? "ready" : "sustained"))
  }

  @Test("limits that hide each other bind together, in pairs and beyond")
  func coBinding() async throws {
    let quotas = ["podsPerCluster", "podsPerWorkload", "podsPerRegion"].map {
      "\(BurstSource.pool)quota.\($0)"
    }
    for count in [2, 3] {
      var source = BurstSource.burst(of: 40).withoutChance()
      for path in quotas.prefix(count) { source = try Self.set(source, path, "20") }
      let judge = try ClaimJudge(source.base.claims[0], index: 0, in: source.base)
      var laboratory = Laboratory(source: source, options: Self.options())
      let finding = try await LimitSearch(judge: judge, count: 3).finding([], in: &laboratory)
      #expect(finding.binding?.limits.map(\.path) == Array(quotas.prefix(count)))
      #expect(finding.binding?.stages == "accept")
      #expect(finding.counterfactuals.first?.estimate == 20)
    }
  }

  @Test("nothing binds where every limit is taken away")
  func unlimited() async throws {
    var source = BurstSource.burst(of: 20).withoutChance()
    for parameter in try source.parameters(setting: []) where parameter.limit != nil {
      source = try Self.set(source, parameter.path, parameter.unlimited!)
    }
    let outcome = try await Study.run(source: source, options: Self.options())
    #expect(outcome.summary.claims[0].bindingStage == nil)
    #expect(outcome.summary.claims[0].counterfactuals.isEmpty)
  }

  @Test("a scenario without chance is decided by one replication, and by more with chance")
  func chance() async throws {
    let constant = BurstSource.burst(of: 40, claim: .above(1)).withoutChance()
    var options = StudyOptions()
    options.depth = .verdicts
    let sure = try await Study.run(source: constant, options: options).summary.claims[0]
    #expect(sure.of == 1 && sure.met == 1 && sure.verdict == .holds && sure.shareAtLeast == nil)
    options.replications = 4
    let random = BurstSource.burst(of: 40, claim: .above(1))
    let open = try await Study.run(source: random, options: options).summary.claims[0]
    #expect(open.of == 4 && open.met == 4 && open.verdict == .undecided)
    #expect(open.replicationsToDecide == 59)
    #expect(StudyOptions().replications == nil)
    // A law of a part that isn't at work is no chance; one that is, is.
    var other = constant
    other.base.sites[0].machine.sandbox = .exponential(mean: 1)
    #expect(try await Study.run(source: other, options: options).summary.replications == 1)
    other.base.serverlessPools[0].boot = .exponential(mean: 1)
    #expect(try await Study.run(source: other, options: options).summary.replications == 4)
  }

  @Test("any number of workers gives the same results")
  func workers() async throws {
    var source = BurstSource.burst(of: 45, claim: .above(15))
    source = try Self.set(source, "\(BurstSource.pool)createRate", "12/min")
    source.base.levers = [
      Lever(path: "\(BurstSource.pool)createRate", values: ["12/min", "600/min"])
    ]
    source.base.claims[0].share = 0.5
    var texts: [String] = []
    for jobs in [1, 2, 5] {
      var options = Self.options(5)
      options.jobs = jobs
      options.records = .all
      let outcome = try await Study.run(source: source, options: options)
      texts.append("\(outcome.summary)\(outcome.tables)\(outcome.replicationsRun)")
    }
    #expect(texts[0] == texts[1] && texts[1] == texts[2])
    var options = Self.options(5)
    options.seed = 43
    let other = try await Study.run(source: source, options: options)
    #expect("\(other.summary)\(other.tables)\(other.replicationsRun)" != texts[0])
  }

  @Test("an assumption flips the verdict where arithmetic says so")
  func conditions() async throws {
    // With constant laws Pods become Ready as fast as they pass the create API.
    var source = BurstSource.burst(of: 200, claim: .above(65.5)).withoutChance()
    source = try Self.set(source, "\(BurstSource.pool)createRate", "90/min")
    let outcome = try await Study.run(source: source, options: Self.options())
    let claim = outcome.summary.claims[0]
    #expect(claim.verdict == .holds && claim.bindingStage == "call")
    #expect(claim.conditions.map(\.path) == ["\(BurstSource.pool)createRate"])
    #expect(claim.conditions.first?.flipsAt == "66/min")
    #expect(claim.conditions.first?.range == "60–3000/min")
    #expect(claim.conditions.first?.verdictThere == .fails)
    #expect(claim.conditions.first?.isLowEnd == true)
    #expect(claim.ladder.count == 1 && claim.ladder[0].conditions.count == 1)
  }

  @Test("a violated identity stops a study with its replication and seed")
  func fault() {
    let fault = ModelFault(
      replication: 3, seed: 7, settings: [ParameterSetting(path: "a", value: "1")],
      message: "1 ≠ 2")
    #expect(fault.description == "replication 3 of seed 7 --set 'a=1': 1 ≠ 2")
  }

  @Test("a cancelled study keeps what it has and says that it is partial")
  func cancelled() async throws {
    let source = BurstSource.burst(of: 40, claim: .above(1))
    let task = Task {
      var options = Self.options(400)
      options.progress = { progress in
        if progress.done == 5 { withUnsafeCurrentTask { $0?.cancel() } }
      }
      return try await Study.run(source: source, options: options)
    }
    let outcome = try await task.value
    #expect(outcome.summary.isPartial && outcome.exitStatus() == 130)
    #expect(outcome.summary.replications >= 4 && outcome.summary.replications < 20)
    #expect(outcome.summary.claims[0].ladder.isEmpty)
  }

  @Test("what was paid without the burst isn't its cost")
  func incremental() async throws {
    var source = BurstSource.burst(of: 40).withoutChance()
    var options = Self.options()
    options.depth = .verdicts
    let alone = try await Study.run(source: source, options: options).summary.money
    #expect(alone.cash > 0 && alone.incremental == alone.cash)
    source.base.cluster.workloads[0].replicas = 20
    let half = try await Study.run(source: source, options: options).summary.money
    #expect(half.incremental > 0 && half.incremental < 0.6 * half.cash)
  }

  @Test("the summary is filled from all replications")
  func summary() async throws {
    let source = BurstSource.burst(of: 40, claim: .above(1))
    var options = Self.options(3)
    options.depth = .verdicts
    let outcome = try await Study.run(source: source, options: options)
    let summary = outcome.summary
    #expect(summary.pods.created == 120 && summary.pods.total == 120)
    #expect(summary.conservation.allSatisfy { abs($0.left - $0.right) <= 1e-9 * abs($0.left) })
    #expect(summary.claims[0].rates.map(\.name) == ["sustained", "bestMinute", "worstMinute"])
    #expect(summary.metrics.first { $0.name == "absorb" }?.n == 3)
    #expect(summary.stages.map(\.stage).contains("call"))
    #expect(
      summary.stages.first { $0.stage == "boot" }?.limitPath == "\(BurstSource.pool)bootRate")
    // Images and reports cross the scenario's link.
    #expect(
      summary.series.map(\.name)
        == ["throughput", "backlog", "capacity", "cost", "linkUse", "linkUse"])
    let throughput = summary.series[0]
    let ready = throughput.mean.reduce(0, +) * throughput.step / 60
    #expect(abs(ready - 40) < 1e-6)
    #expect(!summary.assumptions.isEmpty && summary.assumptions.allSatisfy { $0.grade == "A" })
    #expect(outcome.tables.map(\.name) == ["placements", "stages", "replications"])
    #expect(outcome.tables[0].rows.count == 40)
    #expect(summary.claims[0].story.hasPrefix("All 40 Pods were Ready after"))
    options.only = 2
    let one = try await Study.run(source: source, options: options)
    #expect(one.summary.replications == 1 && one.tellingReplication == 2)
    #expect(one.summary.claims[0].verdict == .undecided && one.exitStatus() == 0)
    #expect(outcome.exitStatus() == 1 && outcome.exitStatus(allowUndecided: true) == 0)
    #expect(one.tables[0].rows.first?.first == .count(2))
  }
}

@Suite("The ladder")
struct LadderTests {
  static let quota = "\(BurstSource.pool)quota.podsPerCluster"
  static let create = "\(BurstSource.pool)createRate"
  static let cache = "\(BurstSource.pool)imageCache"

  /// 90 Pods at more than 30 a minute: a quota, a line and a rate stand in the way.
  static func source(_ levers: [Lever]) throws -> BurstSource {
    var source = BurstSource.burst(of: 90, claim: .above(30)).withoutChance()
    source = try StudyTests.set(source, quota, "10")
    source = try StudyTests.set(source, create, "20/min")
    source = try StudyTests.set(source, BurstSource.line, "100Mbps")
    source.base.levers = levers
    return source
  }

  static let levers = [
    Lever(path: create, values: ["20/min", "60/min"]),
    Lever(path: cache, values: ["off", "on"]),
    Lever(path: quota, values: ["10", "2000"]),
  ]

  private func climb(_ levers: [Lever]) async throws -> ClaimResult {
    try await Study.run(source: Self.source(levers), options: StudyTests.options()).summary
      .claims[0]
  }

  @Test("takes the lever of what binds, rung by rung, until the claim holds")
  func climbs() async throws {
    let claim = try await climb(Self.levers)
    #expect(claim.verdict == .fails && claim.bindingStage == "accept" && claim.limit == .level)
    #expect(claim.ladder.map(\.path) == ["", Self.quota, Self.cache, Self.create])
    try #require(claim.ladder.count == 4)
    #expect(claim.ladder.map(\.bindingStage) == ["accept", "image", "call", "call"])
    #expect(claim.ladder.map(\.verdict) == [.fails, .fails, .fails, .holds])
    #expect(claim.ladder[3].from == "20/min" && claim.ladder[3].to == "60/min")
    #expect(claim.ladder.allSatisfy { $0.of == 1 })
    #expect(claim.ladder[1].bindingLimit == "\(BurstSource.line) 100Mbps")
  }

  @Test("ends at the limit whose lever is missing", arguments: 0..<3)
  func ends(missing: Int) async throws {
    var levers = Self.levers
    let lost = levers.remove(at: missing).path
    let claim = try await climb(levers)
    let order = [Self.quota, Self.cache, Self.create]
    #expect(claim.ladder.map(\.path) == [""] + order.prefix { $0 != lost })
    #expect(claim.ladder.last?.verdict == .fails)
  }

  @Test("is the same for any order of levers in the file")
  func order() async throws {
    let claim = try await climb(Self.levers.reversed())
    #expect(claim.ladder.map(\.path) == ["", Self.quota, Self.cache, Self.create])
  }

  @Test("takes levers of limits that bind together one after another, in the file's order")
  func together() async throws {
    let workload = "\(BurstSource.pool)quota.podsPerWorkload"
    for paths in [[Self.quota, workload], [workload, Self.quota]] {
      var source = BurstSource.burst(of: 60, claim: .above(1)).withoutChance()
      for path in paths { source = try StudyTests.set(source, path, "20") }
      source.base.levers = paths.map { Lever(path: $0, values: ["20", "100"]) }
      let claim = try await Study.run(source: source, options: StudyTests.options()).summary
        .claims[0]
      #expect(claim.ladder.map(\.path) == [""] + paths)
      #expect(claim.ladder.map(\.verdict) == [.fails, .fails, .holds])
      #expect(claim.bindingStage == "accept")
    }
  }

  @Test("a lever that isn't a limit's own is found by trying; its first value is the present one")
  func securityGroups() async throws {
    var source = BurstSource.burst(of: 60, claim: .above(1)).withoutChance()
    source = try StudyTests.set(source, "\(BurstSource.pool)podsPerSecurityGroup", "40")
    source.base.levers = [
      Lever(path: Self.create, values: ["60000/min", "90000/min"]),
      Lever(path: "\(BurstSource.pool)securityGroups", values: ["1", "2"]),
    ]
    let claim = try await Study.run(source: source, options: StudyTests.options()).summary.claims[0]
    #expect(claim.ladder.map(\.path) == ["", "\(BurstSource.pool)securityGroups"])
    #expect(claim.ladder.last?.to == "2" && claim.ladder.last?.verdict == .holds)
  }
}
