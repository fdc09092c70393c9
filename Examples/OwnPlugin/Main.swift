import CloudSimulation
import Foundation
import ScenarioFiles
import Scheduling

/// Runs a scenario of the repository with the scheduler's own plugins, and with two more.
@main
struct Main {
  static let registry = PluginRegistry([Headroom(), Company()])
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()

  static func main() {
    let scenario = folder.appending(path: "../../Scenarios/online-boutique.yaml").path
    let configuration = folder.appending(path: "own-scheduler.yaml").path
    do throws(InvalidInput) {
      let plain = try ScenarioLoader.load(paths: [scenario]).scenario
      let own = try ScenarioLoader.load(
        paths: [scenario, configuration], plugins: registry
      ).scenario
      print("node                    without  with")
      let (without, with) = (placements(plain), placements(own))
      for node in Set(without.keys).union(with.keys).sorted() {
        let columns = [without[node] ?? 0, with[node] ?? 0].map { "\($0)" }
        print(
          node.padding(toLength: 22, withPad: " ", startingAt: 0)
            + columns.map { String(repeating: " ", count: 9 - $0.count) + $0 }.joined())
      }
    } catch {
      FileHandle.standardError.write(Data(Diagnostic.text(of: error.diagnostics).utf8))
      exit(65)
    }
  }

  /// How many Pods were bound to each node in the first replication.
  static func placements(_ scenario: Scenario) -> [String: Int] {
    var options = ReplicationOptions()
    options.keepsRecords = true
    let records = scenario.simulate(options: options).placements
    return Dictionary(grouping: records.compactMap(\.node), by: \.self).mapValues(\.count)
  }
}
