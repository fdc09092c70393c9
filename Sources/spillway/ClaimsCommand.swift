import ArgumentParser
import CloudSimulation
import Experiments
import Foundation
import Reporting
import ScenarioFiles
import Statistics

/// Runs every scenario that stands for a claim of the deck.
struct ClaimsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "claims",
    abstract: "Runs the scenarios that stand for a claim of the deck; writes one page.",
    discussion: """
      Examples:
        spillway claims --out out/claims
        spillway claims my-scenarios --out out/claims

      A scenario stands for a claim by its annotation spillway.sim/deck-claim. The exit status is \
      0 whatever the verdicts, and 65 or 70 if a scenario couldn't be run.
      """)
  @Argument(help: "Files and folders of scenarios.", completion: .directory)
  var paths = ["Scenarios"]
  @Option(help: "The folder for claims.json and claims.md.", completion: .directory)
  var out: String
  @Option(help: "How many replications run at once; default: one per processor.") var jobs: Int?
  @Option(name: .short, help: OutputFormat.help) var output: OutputFormat = .text
  @Flag(help: "No progress.") var quiet = false

  func run() async throws {
    Interrupts.watch()
    let terminal = Terminal()
    var rows: [ClaimsPage.Row] = []
    var worst: ExitStatus?
    let files = try scenarioFiles()
    for file in files {
      do {
        let loaded = try ScenarioLoader.load(paths: [file], overrides: [])
        guard loaded.scenario.deckClaim != nil else { continue }
        if !quiet, terminal.showsProgress { complain("\(loaded.scenario.name) …") }
        var options = StudyOptions()
        options.jobs = jobs ?? ProcessInfo.processInfo.activeProcessorCount
        options.records = .none
        let source = FileSource(loaded: loaded)
        let outcome = try await Interrupts.cancelling { [options] in
          try await Study.run(source: source, options: options)
        }
        if Interrupts.requested {
          complain("spillway: interrupted at \(file): these are the claims before it")
          worst = Interrupts.status
          break
        }
        rows += outcome.summary.claims.map {
          .init(file: file, summary: outcome.summary, claim: $0)
        }
      } catch let error as InvalidInput {
        complain("\(error)")
        worst = worst ?? .badInput
      } catch let error as StudyError {
        complain("spillway: \(file): \(error)")
        worst = worst ?? .badInput
      } catch let fault as ModelFault {
        complain("spillway: \(file): a bug in the model: \(fault)")
        worst = .bug
      }
    }
    rows.sort { ($0.claim.deckClaim ?? "", $0.file) < ($1.claim.deckClaim ?? "", $1.file) }
    try write(rows)
    try Answer(
      text: ClaimsPage.markdown(rows), json: ClaimsPage.json(rows), table: ClaimsPage.table(rows)
    ).say(as: output)
    if let worst { throw worst.code }
  }

  private func scenarioFiles() throws -> [String] {
    var files: [String] = []
    for path in paths {
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
        complain("spillway: \(path): no such file or folder")
        throw ExitStatus.missingInput.code
      }
      if isFolder.boolValue {
        let names = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
        files += names.filter { $0.hasSuffix(".yaml") }.map { "\(path)/\($0)" }
      } else {
        files.append(path)
      }
    }
    return files
  }

  private func write(_ rows: [ClaimsPage.Row]) throws {
    do {
      try FileManager.default.createDirectory(atPath: out, withIntermediateDirectories: true)
      for (name, text) in [
        ("claims.json", ClaimsPage.json(rows)), ("claims.md", ClaimsPage.markdown(rows)),
      ] {
        try text.write(toFile: "\(out)/\(name)", atomically: true, encoding: .utf8)
      }
    } catch {
      complain("spillway: \(out): \(error.localizedDescription)")
      throw ExitStatus.cannotCreate.code
    }
  }
}
