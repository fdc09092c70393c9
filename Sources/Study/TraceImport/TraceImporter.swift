import Foundation
import Reporting
import ScenarioFiles

/// Imports a trace: reads a file, and leaves a folder with a scenario that runs.
public enum TraceImporter {
  /// Imports a file into a folder.
  ///
  /// The folder takes its name only when all is in it: whoever finds it finds a whole import.
  ///
  /// - Parameters:
  ///   - path: the file, perhaps compressed by gzip; `-` for standard input; for formats of folders,
  ///     the folder.
  ///   - format: what it is.
  ///   - options: how it is changed. The format must allow what they use.
  ///   - folder: where the scenario goes; an earlier import there is replaced.
  /// - Returns: what was read, kept and dropped.
  /// - Throws: ``InvalidInput`` for a file that can't be meant, ``OutputError`` for a folder that
  ///   can't be written, `CancellationError` if the task is cancelled, which leaves no folder.
  public static func run(
    _ path: String, as format: TraceFormat, options: ImportOptions = ImportOptions(),
    into folder: String
  ) throws -> ImportReport {
    precondition(options.used.allSatisfy(format.transforms.contains), "the format allows it")
    let target = try ImportFolder(folder)
    let intake = Intake(path: path, options: options) {
      ObjectSpool(try target.sink(ObjectSpool.file))
    }
    do {
      try format.read(intake)
      try Task.checkCancellation()
      intake.sampleJobs()
      intake.content.jobs.sort()
      let counts = intake.counts.checked()
      guard counts.kept > 0 else { throw nothingLeft(intake, counts) }
      let report = ImportReport(intake, counts, format: format)
      let scenario = ScenarioText(intake, format: format.name)
      for file in scenario.files { try target.write(file.bytes, to: file.name) }
      try target.write(Array(scenario.text.utf8), to: "scenario.yaml")
      try target.write(Array(report.markdown.utf8), to: "import.md")
      try target.write(Array(report.json.rendered().utf8), to: "import.json")
      try target.complete()
      return report
    } catch {
      target.discard()
      throw error
    }
  }

  private static func nothingLeft(_ intake: Intake, _ counts: RowCounts) -> InvalidInput {
    let reasons = counts.dropped.map { "\($0.rows) \($0.reason)" }.joined(separator: ", ")
    return intake.error(
      line: max(1, counts.dropped.first?.firstLine ?? 1), "empty-file",
      counts.read == 0 ? "there is no row in the file" : "no row is left: \(reasons)",
      expected: "rows under the heading")
  }
}
