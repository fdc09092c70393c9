import Foundation
import TestSupport
import Testing

@Suite("Plans, fits and tornadoes on the command line")
struct PlanCommandTests {
  /// Room for 60 Pods that pays for own machines or for the cloud, without chance.
  private static let plan = """

    ---
    apiVersion: spillway.sim/v1alpha1
    kind: Plan
    metadata: {name: rooms}
    spec:
      levers:
      - path: "NodePool/rack:spec.count"
        range: {from: 0, to: 60, step: 20}
        price: 0.05 CNY/h
      claims: [fast]
      days: [{name: day, perYear: 26280}]
    """

  private static func file(_ text: String, in folder: String) throws -> String {
    let path = "\(folder)/scenario.yaml"
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  @Test("plan leaves a folder and a table behind, and its verdict is the exit status")
  func plans() throws {
    try withTemporaryFolder { folder in
      let path = try Self.file(
        PlainWorld.scenario.replacing("sites: [cloud], ", with: "")
          .replacing("allocatable: {cpu: \"1\"", with: "allocatable: {cpu: \"2\"") + Self.plan,
        in: folder)
      let out = "\(folder)/out"
      let found = try Spillway.call(
        "plan", path, "--out", out, "--visited", "\(folder)/v.csv", "-o", "json")
      #expect(found.status == 0, "\(found.errors)")
      let summary = try #require(try Spillway.json(found.output) as? [String: Any])
      #expect(summary["holds"] as? Bool == true)
      let chosen = try #require(summary["chosen"] as? [String: Any])
      // A Pod's machine costs 0.05 an hour, its two cores and GiB in the cloud over 0.24.
      let levers = try #require(chosen["levers"] as? [String: String])
      #expect(levers["NodePool/rack:spec.count"] == "60")
      #expect((summary["regrets"] as? [Any])?.count == 2)
      #expect(
        (summary["retest"] as? [String: Any]).map { ($0["claims"] as? [Any])?.count } == 1)
      let rows = try String(contentsOfFile: "\(folder)/v.csv", encoding: .utf8)
      #expect(rows.hasPrefix("NodePool/rack:spec.count,cost_CNY"))
      #expect(rows.contains(",chosen,"))
      for name in ["report.md", "summary.json", "charts/frontier.svg", "csv/visited.csv"] {
        #expect(FileManager.default.fileExists(atPath: "\(out)/\(name)"), "\(name)")
      }
      let again = try Spillway.call("plan", path, "--out", "\(folder)/b", "--jobs", "1", "--quiet")
      #expect(again.status == 0)
      let (a, b) = (try Spillway.files(of: out), try Spillway.files(of: "\(folder)/b"))
      #expect(a["csv/visited.csv"] == b["csv/visited.csv"] && a["charts/frontier.svg"] != nil)
      // What nothing can meet is exit 1, and says so.
      let never = try Spillway.call(
        "plan", path, "--out", "\(folder)/c", "--set",
        "WorkloadProfile/constant:spec.startup=30m")
      #expect(never.status == 1 && never.output.contains("No combination meets"))
      #expect(never.output.contains("Closest came") && never.output.contains("DOESN'T HOLD"))
    }
  }

  @Test("What can't be planned is told before anything runs")
  func refuses() throws {
    try withTemporaryFolder { folder in
      let none = try Self.file(PlainWorld.scenario, in: folder)
      let found = try Spillway.call("plan", none, "--out", "\(folder)/a")
      #expect(found.status == 65 && found.errors.contains("no Plan"))
      let path = try Self.file(PlainWorld.scenario + Self.plan, in: folder)
      #expect(try Spillway.call("plan", path, "--plan", "x", "--out", "\(folder)/a").status == 64)
      let large = try Spillway.call(
        "plan", path, "--replications", "100000", "--out", "\(folder)/a")
      #expect(large.status == 64)
      #expect(large.errors.contains("1,200,000 runs") && large.errors.contains("--yes"))
      #expect(!FileManager.default.fileExists(atPath: "\(folder)/a"))
    }
  }

  @Test("fit-into counts copies and new nodes")
  func fits() throws {
    try withTemporaryFolder { folder in
      let node = """
        apiVersion: v1
        kind: Node
        metadata: {name: n1, labels: {kubernetes.io/hostname: n1}}
        status: {allocatable: {cpu: "4", memory: 8Gi, pods: "110"}}
        """
      let app = """
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec: {containers: [{name: c, image: i, resources: {requests: {cpu: 1500m}}}]}
        """
      try node.write(toFile: "\(folder)/n.yaml", atomically: true, encoding: .utf8)
      try app.write(toFile: "\(folder)/a.yaml", atomically: true, encoding: .utf8)
      let found = try Spillway.call(
        "fit-into", "\(folder)/n.yaml", "\(folder)/a.yaml", "--copies", "7", "-o", "json")
      #expect(found.status == 0, "\(found.errors)")
      let answer = try #require(try Spillway.json(found.output) as? [String: Any])
      #expect(answer["copies"] as? Int == 2 && answer["newNodes"] as? Int == 3)
      let text = try Spillway.call("fit-into", "\(folder)/n.yaml", "\(folder)/a.yaml")
      #expect(text.output.contains("2 copies of 1 Pod fit into 1 node"))
      #expect(text.output.contains("3 copies: 1 new node like n1"))
      let missing = try Spillway.call("fit-into", "\(folder)/none.yaml", "\(folder)/a.yaml")
      #expect(missing.status == 66)
    }
  }

  @Test("run --tornado writes bars, widest first, and only then")
  func tornado() throws {
    try withTemporaryFolder { folder in
      let path = try Self.file(PlainWorld.scenario, in: folder)
      let out = "\(folder)/out"
      let found = try Spillway.call(
        "run", path, "--tornado", "--response", "startP95", "--out", out)
      #expect(found.status <= 1, "\(found.errors)")
      #expect(found.output.contains("What moves startP95"))
      let data = try #require(FileManager.default.contents(atPath: "\(out)/summary.json"))
      let summary = try #require(
        try JSONSerialization.jsonObject(with: data) as? [String: Any])
      let sensitivity = try #require(summary["sensitivity"] as? [String: Any])
      #expect(((sensitivity["bars"] as? [Any])?.count ?? 0) > 3)
      #expect(FileManager.default.fileExists(atPath: "\(out)/charts/tornado.svg"))
      let wrong = try Spillway.call(
        "run", path, "--tornado", "--response", "speed", "--out", "\(folder)/w")
      #expect(wrong.status == 65 && wrong.errors.contains("speed"))
      #expect(try Spillway.call("run", path, "--response", "cost").status == 64)
    }
  }
}
