import Autoscaling
import CloudSimulation
import Quantities
import ScenarioFiles
import TestSupport
import Testing

@Suite("Placements under the burst policies that come with Spillway")
struct PolicyPlacementTests {
  private static let names: [BurstPolicyName] = [
    .idcFirst, .cloudFirst, .cloudOnly, .keepLocal, .weighted,
  ]

  /// What `placements.csv` says of every Pod: where it ran, from when and until when.
  private static func digest(_ result: ReplicationResult) -> String {
    var digest = SHA256()
    for row in result.placements {
      let times = [row.created, row.bound, row.ready, row.end].map {
        $0.map { "\($0.nanoseconds)" }
      }
      let cells = [row.pod, row.site, row.node] + times
      digest.update((cells.map { $0 ?? "" }.joined(separator: ",") + "\n").utf8)
    }
    return digest.hexadecimal()
  }

  /// Sites alone, so that policies that differ by a millisecond count as equal.
  private static func sites(_ result: ReplicationResult) -> [String] {
    result.placements.map { "\($0.pod) \($0.site ?? "")" }.sorted()
  }

  @Test("differ pairwise on flash-crowd-policies, by site as by placement")
  func differ() throws {
    let path = PackageFolder.path("Scenarios/flash-crowd-policies.yaml")
    let loaded = try ScenarioLoader.load(paths: [path])
    var options = ReplicationOptions()
    options.keepsRecords = true
    var results: [ReplicationResult] = []
    for name in Self.names {
      let scenario = try loaded.scenario(
        setting: [("Scenario/flash-crowd-policies:spec.burst.policy", name.rawValue)])
      results.append(scenario.simulate(replication: 0, options: options))
    }
    for result in results { #expect(result.placements.count > 100) }
    for first in results.indices {
      for second in results.indices.dropFirst(first + 1) {
        let names = "\(Self.names[first].rawValue) and \(Self.names[second].rawValue)"
        #expect(Self.digest(results[first]) != Self.digest(results[second]), "\(names)")
        #expect(Self.sites(results[first]) != Self.sites(results[second]), "\(names)")
      }
    }
    expectDetects("a policy compared with itself") {
      #expect(Self.digest(results[0]) != Self.digest(results[0]))
    }
  }
}
