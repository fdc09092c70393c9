import Foundation
import TestSupport
import Testing

@Suite("What binds, from the command line")
struct BindingTests {
  /// A stage's capacity and the path that moves it.
  struct Capacity: Sendable, CustomTestStringConvertible {
    let stage: String
    let setting: String
    var limit = "rate"
    var claim = "fast"
    var testDescription: String { setting }
  }

  private static let plane = "Scenario/plain:spec"
  private static let pool = "ServerlessPool/cloud:spec"

  static let capacities: [Capacity] = [
    Capacity(stage: "create", setting: "\(plane).controlPlane.replicaSet.qps=2"),
    Capacity(stage: "create", setting: "\(plane).controlPlane.podCap=30", limit: "level"),
    Capacity(stage: "admit", setting: "\(plane).controlPlane.admission.qps=2"),
    Capacity(stage: "admit", setting: "\(plane).controlPlane.admissionWorkers=1", claim: "soon"),
    Capacity(stage: "schedule", setting: "\(plane).scheduler.cycleTime=500ms"),
    Capacity(stage: "bind", setting: "\(plane).controlPlane.scheduler.qps=2"),
    Capacity(stage: "accept", setting: "\(pool).quota.podsPerWorkload=20", limit: "level"),
    Capacity(stage: "accept", setting: "\(pool).subnets=[10.8.0.0/27]", limit: "level"),
    Capacity(stage: "accept", setting: "\(pool).podsPerSecurityGroup=20", limit: "level"),
    Capacity(stage: "accept", setting: "\(pool).stockCores=40", limit: "level"),
    Capacity(stage: "call", setting: "\(pool).createRate=60/min"),
    Capacity(stage: "call", setting: "\(pool).createWorkers=1"),
    Capacity(stage: "boot", setting: "\(pool).bootRate=60/min"),
    Capacity(stage: "address", setting: "\(pool).addressRate=60/min"),
    // A shared link serves all at once: they come late, but together.
    Capacity(stage: "image", setting: "Link/line:spec.bandwidth=600Mbps", claim: "soon"),
    Capacity(stage: "start", setting: "\(pool).startRate=60/min"),
    Capacity(stage: "probe", setting: "\(pool).clientQPS=1"),
  ]

  @Test("The binding stage follows the capacity that is moved", arguments: capacities)
  func bindingFollows(_ capacity: Capacity) throws {
    try PlainWorld.withFile { file, folder in
      let summary = try Spillway.summary(of: file, ["--set", capacity.setting], in: folder)
      let claim = try #require(summary.claims.first { $0.name == capacity.claim })
      #expect(claim.bindingStage == capacity.stage)
      #expect(claim.limit == capacity.limit)
      let path = capacity.setting.prefix { $0 != "=" }
      #expect(claim.counterfactuals.first?.path == String(path))
    }
  }

  @Test("Nothing binds where nothing is limited, and two equal limits bind together")
  func noneAndBoth() throws {
    try PlainWorld.withFile { file, folder in
      let free = try Spillway.summary(of: file, in: folder)
      #expect(free.claims.map(\.bindingStage) == [nil, nil])
      #expect(free.replications == 1, "nothing is left to chance")
      let both = try Spillway.summary(
        of: file,
        ["--set", "\(Self.pool).createRate=60/min", "--set", "\(Self.pool).bootRate=60/min"],
        in: folder)
      #expect(both.claims[0].bindingStage == "call,boot")
    }
  }

  /// A stage whose client or rate serves every Pod of the burst once.
  static let rates: [(settings: [String], perSecond: Double, burst: Int)] = [
    (["\(plane).controlPlane.replicaSet.qps=4"], 4, 1),
    (
      ["\(plane).controlPlane.replicaSet.qps=4", "\(plane).controlPlane.replicaSet.burst=11"], 4,
      11
    ),
    (["\(pool).createRate=120/min", "\(pool).createBurst=7"], 2, 7),
    (["\(pool).bootRate=120/min"], 2, 1),
    (["\(pool).addressRate=240/min"], 4, 1),
    (["\(pool).startRate=5/s"], 5, 1),
    (["\(pool).clientQPS=3", "\(pool).clientBurst=100"], 3, 100),
  ]

  @Test("One rate r with burst b adds max(0, n − b)/r to the sum of latencies", arguments: rates)
  func makespan(_ rate: (settings: [String], perSecond: Double, burst: Int)) throws {
    try PlainWorld.withFile { file, folder in
      let settings = rate.settings.flatMap { ["--set", $0] }
      let summary = try Spillway.summary(of: file, settings, in: folder)
      let wait = Double(max(0, PlainWorld.pods - rate.burst)) / rate.perSecond
      let absorb = try #require(summary.mean("absorb"))
      #expect(abs(absorb - PlainWorld.latency - wait) < 0.001)
      expectDetects("one Pod less that waits") {
        let shorter = wait - 1 / rate.perSecond
        #expect(wait > 0 && abs(absorb - PlainWorld.latency - shorter) < 0.001)
      }
    }
  }

  static let levers = [
    "{path: \"\(pool).quota.podsPerWorkload\", values: [20, 100]}",
    "{path: \"\(pool).bootRate\", values: [12/min, 120/min]}",
    "{path: \"\(pool).createRate\", values: [30/min, 240/min]}",
  ]
  private static let limits =
    ["quota.podsPerWorkload=20", "bootRate=12/min", "createRate=30/min"]
    .flatMap { ["--set", "\(pool).\($0)"] }
    + ["--set", "Claim/fast:spec.above=18/min"]

  private func ladder(_ levers: [String]) throws -> Summary.Claim {
    try PlainWorld.withFile(PlainWorld.with(levers: levers)) { file, folder in
      let summary = try Spillway.summary(of: file, Self.limits, in: folder, expecting: 1)
      return summary.claims[0]
    }
  }

  @Test("The ladder takes the lever that binds, in whatever order the file names them")
  func ladderFollows() throws {
    let claim = try ladder(Self.levers)
    #expect(claim.verdict == "fails")
    #expect(
      claim.ladder.map(\.path) == [
        "", "\(Self.pool).quota.podsPerWorkload", "\(Self.pool).bootRate",
      ])
    #expect(claim.ladder.map(\.estimate) == [0, 12, 30])
    let reversed = try ladder(Self.levers.reversed())
    #expect(reversed.ladder.map(\.path) == claim.ladder.map(\.path))
  }

  @Test("A lever's other values change its rung")
  func ladderTakesValues() throws {
    let claim = try ladder(
      [Self.levers[0], "{path: \"\(Self.pool).bootRate\", values: [12/min, 15/min, 24/min]}"])
    #expect(claim.ladder.map(\.estimate) == [0, 12, 15, 24])
  }

  @Test("Without its lever the ladder ends at the limit that it would have relieved")
  func ladderEnds() throws {
    let claim = try ladder([Self.levers[0], Self.levers[2]])
    #expect(claim.ladder.map(\.path) == ["", "\(Self.pool).quota.podsPerWorkload"])
  }
}
