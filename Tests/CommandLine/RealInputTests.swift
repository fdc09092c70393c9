import Foundation
import TestSupport
import Testing

@Suite("Real input")
struct RealInputTests {
  private static let vectors = PackageFolder.path("Tests/Conformance/Golden/Scheduler")

  static let dumps = [
    "a01-node-unschedulable", "a02-taints-noschedule", "a04-node-selector", "a07-node-ports",
    "a08-fit-basic", "a12-fit-extended", "a13-score-least-allocated", "a23-affinity-required",
    "a24-antiaffinity-required", "a14-score-balanced",
  ]

  /// What the reference scheduler did with a dump.
  struct Expected: Decodable {
    var bindings: [String: String]
    var pending: [String]
  }

  @Test("A bare dump is scheduled as by the reference scheduler, exit 0", arguments: dumps)
  func bareDump(name: String) throws {
    try withTemporaryFolder { folder in
      let out = "\(folder)/run"
      let result = try Spillway.call("run", "\(Self.vectors)/\(name).input.json", "--out", out)
      #expect(result.status == 0, "\(result.errors)")
      let data = try Data(contentsOf: URL(filePath: "\(Self.vectors)/\(name).expected.json"))
      let expected = try JSONDecoder().decode(Expected.self, from: data)
      let placed = try placements(out)
      for (pod, node) in expected.bindings { #expect(placed[pod] == node, "\(pod)") }
      for pod in expected.pending {
        #expect(placed[pod] == "", "\(pod)")
        #expect(result.output.contains("\(pod): "), "\(pod) is listed with its reason")
      }
    }
  }

  /// By hand: eight Pods that bear no other on their node need eight nodes, and four are there. Of
  /// the large application 24 Pods take a whole worker's cores and four its memory; the 16 others of
  /// half a worker fill two and two seven workers beside the three masters, which have room for one
  /// each: 35, of which one is there.
  @Test(
    "A published cluster with its folders takes what fits, and the fewest nodes are found",
    .enabled(if: SharedFolder.has("data/manifests-open-simulator")),
    arguments: [("simple", 4), ("complicate", 34)])
  func publishedCluster(application: String, nodes: Int) throws {
    let data = SharedFolder.path("data/manifests-open-simulator")
    let result = try Spillway.call(
      "fit-into", "\(data)/cluster/demo_1", "\(data)/application/\(application)", "-o", "json")
    #expect(result.status == 0, "\(result.errors)")
    let answer = try #require(try Spillway.json(result.output) as? [String: Any])
    #expect(answer["copies"] as? Int == 0 && answer["newNodes"] as? Int == nodes)
    #expect(answer["like"] as? String == "worker-1")
  }

  @Test(
    "Recorded jobs start as two published batch simulators have them",
    .enabled(if: SharedFolder.has("data/batsim-medium-late")),
    arguments: [("swf-lublin", 72), ("batsim-medium-late", 801)])
  func batch(folder: String, passed: Int) throws {
    let result = try Spillway.call("conformance", "batch", SharedFolder.path("data/\(folder)"))
    #expect(result.status == 0, "\(result.output.suffix(2_000))")
    #expect(result.output.split(separator: "\n").last == "\(passed) passed, 0 failed, 0 skipped")
  }

  /// The node of each Pod, by namespace and name.
  private func placements(_ folder: String) throws -> [String: String] {
    let text = try String(contentsOfFile: "\(folder)/csv/placements.csv", encoding: .utf8)
    var placed: [String: String] = [:]
    for row in text.split(whereSeparator: \.isNewline).dropFirst() {
      let cells = row.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      placed["\(cells[1])/\(cells[2])"] = cells[3]
    }
    return placed
  }

  @Test(
    "A published cluster of 100 nodes takes its Pods; the others are listed with reasons",
    .enabled(if: SharedFolder.has("data/k8s-sims-big")),
    arguments: [(nodes: 100, pods: 1067), (500, 4774)])
  func simulatorsInput(size: (nodes: Int, pods: Int)) throws {
    let data = SharedFolder.path("data/k8s-sims-big")
    try withTemporaryFolder { folder in
      let result = try Spillway.call(
        "run", "-f", "\(data)/nodes-\(size.nodes).yaml", "-f", "\(data)/pods-\(size.nodes).yaml",
        "--out", "\(folder)/run")
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.output.contains("No node can take:"))
      let summary = try Summary(folder: "\(folder)/run")
      #expect(summary.pods["created"] == size.pods)
      let running = try #require(summary.pods["running"])
      let pending = try #require(summary.pods["pending"])
      #expect(running > size.pods / 2 && pending > 0)
      #expect(running + pending == size.pods)
    }
  }

  @Test("The online boutique's crowd overflows from three machines into the serverless pool")
  func onlineBoutique() throws {
    try withTemporaryFolder { folder in
      let out = "\(folder)/run"
      let result = try Spillway.call(
        "run", Spillway.gallery("online-boutique"), "--quiet", "--out", out)
      #expect(result.status == 0, "\(result.errors)")
      let summary = try Summary(folder: out)
      #expect(summary.claims[0].verdict == "holds")
      #expect(summary.input["Deployment"]?.objects == 12)
      let rows = try String(contentsOfFile: "\(out)/csv/placements.csv", encoding: .utf8)
        .split(whereSeparator: \.isNewline).map {
          $0.split(separator: ",", omittingEmptySubsequences: false)
        }
      let sites = Dictionary(grouping: rows.filter { $0[2].hasPrefix("frontend") }) { $0[4] }
      #expect((sites["idc"]?.count ?? 0) > 50)
      #expect((sites["cloud"]?.count ?? 0) > 100)
      #expect(rows.filter { $0[2].hasPrefix("cartservice") }.allSatisfy { $0[4] == "idc" })
    }
  }
}
