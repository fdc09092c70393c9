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
  static func renew(_ folder: String) throws {
    do {
      let summary = try SummaryReader.read(folder: folder)
      try RunFolder.renewReports(summary, in: folder)
      say("\(folder)/report.html\n\(folder)/report.md\n")
    } catch let error as SummaryReadingError {
      complain("spillway: \(folder)/\(error)")
      throw ExitStatus.badInput.code
    } catch let error as OutputError {
      complain("spillway: \(error)")
      throw ExitCode(Int32(error.exitStatus))
    }
  }
}
