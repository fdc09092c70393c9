import ArgumentParser
import Experiments
import Foundation
import Reporting

/// Compares two sweeps, or two runs, on the same luck.
struct CompareCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare", abstract: "Compares results with a baseline; exit 2 if they are worse.",
    discussion: """
      Examples:
        spillway compare base new
        spillway compare base new --tolerance 0.02 --alpha 0.01 --junit compare.xml
        spillway compare base new --exact

      BASE and NEW are folders of sweeps or of runs, of the same scenario and seed. A response is \
      worse if its paired difference in the bad direction is proved at --alpha, corrected by Holm \
      for all that are compared, and is more than --tolerance of the baseline; or if its value no \
      longer exists. In GitHub Actions each is an annotation, and the table goes into the step's \
      summary.
      """)
  @Argument(help: "The baseline's folder.", completion: .directory) var base: String
  @Argument(help: "The new results' folder.", completion: .directory) var new: String
  @Option(help: "A relative difference that doesn't matter.") var tolerance = 0.01
  @Option(help: "The risk of a false alarm.") var alpha = 0.05
  @Flag(help: "Any difference at all is a regression, as after a refactoring.") var exact = false
  @Option(help: "A file for the comparison as JUnit XML.", completion: .file()) var junit: String?
  @Option(name: .short, help: OutputFormat.help) var output: OutputFormat = .text

  func validate() throws {
    guard tolerance >= 0, alpha > 0, alpha < 1 else {
      throw ValidationError("--tolerance is at least 0, --alpha lies between 0 and 1")
    }
  }

  func run() async throws {
    Interrupts.watch()
    try await SweepFailures.reporting(output) {
      let old = try SweepResults(folder: base)
      let found = try BaselineComparison(
        base: old, new: try SweepResults(folder: new), alpha: alpha, tolerance: tolerance,
        exact: exact)
      let report = ComparisonReport(found: found, plan: old.plan)
      if let junit { try write(report.junit(), to: junit) }
      let answer = Answer(
        text: report.text(), json: report.json().rendered(), table: report.table())
      try answer.say(as: output)
      let terminal = Terminal()
      if terminal.isGitHub { report.annotations().forEach { complain($0.rendered()) } }
      if terminal.stepSummary != nil { appendToStepSummary(report.markdown()) }
      if found.entries.contains(where: \.isRegression) { throw ExitStatus.regression.code }
    }
  }

  private func write(_ text: String, to path: String) throws {
    do {
      try Data(text.utf8).write(to: URL(filePath: path), options: .atomic)
    } catch {
      complain("spillway: can't create \(path): \(error.localizedDescription)")
      throw ExitStatus.cannotCreate.code
    }
  }
}
