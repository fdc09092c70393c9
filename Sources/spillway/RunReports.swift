import ArgumentParser
import Foundation
import Reporting

/// Makes the reports of a run's folder anew.
enum RunReports {
  /// Whether a folder holds a run.
  static func isRun(_ folder: String) -> Bool {
    FileManager.default.fileExists(atPath: "\(folder)/summary.json")
  }

  /// Reads `summary.json` and `csv/`, and writes `report.html`, `report.md` and `charts/`.
  ///
  /// - Parameter output: the form in which the summary is printed; as text, the files are named.
  static func renew(_ folder: String, _ output: OutputFormat) throws {
    do {
      let summary = try SummaryReader.read(folder: folder)
      try RunFolder.renewReports(summary, in: folder)
      let answer = Answer(
        text: "\(folder)/report.html\n\(folder)/report.md\n", json: SummaryJSON.render(summary),
        table: SummaryTables.figures(summary))
      try answer.say(as: output)
    } catch let error as SummaryReadingError {
      complain("spillway: \(folder)/\(error)")
      throw ExitStatus.badInput.code
    } catch let error as OutputError {
      complain("spillway: \(error)")
      throw ExitCode(Int32(error.exitStatus))
    }
  }
}
