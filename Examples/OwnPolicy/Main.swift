import Autoscaling
import CloudSimulation
import Foundation
import Quantities
import ScenarioFiles

/// Runs `flash-crowd-policies` with Spillway's policies and two more, on the same luck.
@main
struct Main {
  static let policies: BurstPolicies = {
    var policies = BurstPolicies.builtIn
    policies.register(Patient(), as: BurstPolicyName(rawValue: "patient"))
    policies.register(Alternating(), as: BurstPolicyName(rawValue: "alternating"))
    return policies
  }()
  static let path = "Scenario/flash-crowd-policies:spec.burst.policy"

  static func main() {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Scenarios/flash-crowd-policies.yaml").path
    do throws(InvalidInput) {
      let loaded = try ScenarioLoader.load(paths: [file], policies: policies)
      print("policy        SLO min  billed  gap to clairvoyant")
      for name in policies.names where name != .spotAware {
        let scenario = try loaded.scenario(setting: [(path, name.rawValue)])
        print(row(name.rawValue, (0..<3).map { scenario.simulate(replication: $0) }))
      }
    } catch {
      FileHandle.standardError.write(Data(Diagnostic.text(of: error.diagnostics).utf8))
      exit(65)
    }
  }

  /// Means over the replications.
  static func row(_ name: String, _ results: [ReplicationResult]) -> String {
    func mean(_ value: (ReplicationResult) -> Double) -> String {
      String(format: "%.2f", results.reduce(0) { $0 + value($1) } / Double(results.count))
    }
    let columns = [
      mean { Double($0.requests?.sloMinutes ?? 0) }, mean { $0.cash.units },
      mean { $0.cash.units - ($0.clairvoyant?.cost.units ?? 0) },
    ]
    return name.padding(toLength: 12, withPad: " ", startingAt: 0)
      + columns.map { String(repeating: " ", count: 9 - $0.count) + $0 }.joined()
  }
}
