import ArgumentParser
import Foundation
import ScenarioFiles

/// Writes a scenario to start from.
struct InitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init", abstract: "Writes a commented starting scenario for a dump.",
    discussion: """
      The scenario includes the dump, doubles the demand for its largest workload that nothing \
      scales, and claims that the new Pods are Ready within five minutes; each field has a comment.

      Examples:
        kubectl get nodes,pods,deploy,sts,ds,jobs -A -o json > dump.json
        spillway init dump.json
        spillway run scenario.yaml
      """)
  @Argument(
    help: "Files and folders of manifests, without a Scenario among them.",
    completion: .file(extensions: ["yaml", "yml", "json"]))
  var dump: [String]
  @Option(help: "The scenario's file; - for standard output.", completion: .file())
  var out = "scenario.yaml"
  @Flag(help: "Replaces the file if it is there.") var force = false

  func run() throws {
    if out != "-", !force, FileManager.default.fileExists(atPath: out) {
      complain("spillway: \(out) is there already; --force replaces it, --out names another")
      throw ExitStatus.cannotCreate.code
    }
    let scenario: StartingScenario
    do {
      let loaded = try ScenarioLoader.load(paths: dump)
      if !loaded.warnings.isEmpty { complain(Diagnostic.text(of: loaded.warnings)) }
      scenario = try StartingScenario(loaded, includes: dump.map(fromScenario))
    } catch let error as InvalidInput {
      complain(Diagnostic.text(of: error.diagnostics))
      throw (error.isMissingInput ? ExitStatus.missingInput : .badInput).code
    } catch let problem as StartingScenario.Problem {
      complain("spillway: \(dump.joined(separator: ", ")) \(problem)")
      throw ExitStatus.badInput.code
    }
    guard out != "-" else { return say(scenario.text) }
    do {
      try Data(scenario.text.utf8).write(to: URL(filePath: out), options: .atomic)
    } catch {
      complain("spillway: can't create \(out): \(error.localizedDescription)")
      throw ExitStatus.cannotCreate.code
    }
    say("\(out)\n")
  }

  /// A path as it is seen from the scenario's folder.
  private func fromScenario(_ path: String) -> String {
    func parts(_ path: String) -> [String] {
      URL(filePath: path).standardizedFileURL.resolvingSymlinksInPath().pathComponents
    }
    if out == "-" || path.hasPrefix("/") { return path }
    let folder = parts((out as NSString).deletingLastPathComponent)
    let file = parts(path)
    var shared = 0
    while shared < folder.count, shared < file.count, folder[shared] == file[shared] { shared += 1 }
    let up = Array(repeating: "..", count: folder.count - shared)
    return (up + file[shared...]).joined(separator: "/")
  }
}
