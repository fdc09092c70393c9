import Reporting
import Statistics

/// What became of a file that was imported.
public struct ImportReport: Sendable {
  /// The file, as it was given.
  public let file: String
  /// The format's name.
  public let format: String
  /// Rows, or objects.
  public let counts: RowCounts
  /// Columns and fields that nothing was made of.
  public let ignored: [String]
  /// What matters and isn't modelled.
  public let unsupported: [String]
  /// What was taken for granted.
  public let assumptions: [String]
  /// What was read of manifests, by kind.
  public let input: [InputSummary]

  init(_ intake: Intake, _ counts: RowCounts, format: TraceFormat) {
    file = intake.path
    self.format = format.name
    self.counts = counts
    ignored = intake.ignored
    var seen: [String] = []
    for item in intake.unsupported where !seen.contains(item) { seen.append(item) }
    unsupported = seen
    let markets = intake.content.markets
    let isLong = markets.contains { Int64($0.isUp.count) * $0.step > SpotMarketRecord.run }
    assumptions =
      intake.assumptions + markets.flatMap(\.facts)
      + (isLong ? ["the run takes the first week; the scenario's duration says otherwise"] : [])
    input = intake.input
  }

  /// A line for the terminal.
  public var line: String {
    let dropped = counts.dropped.map { "\(NumberText.count($0.rows)) \($0.reason)" }
    return "\(NumberText.count(counts.read)) rows read, \(NumberText.count(counts.kept)) kept"
      + (dropped.isEmpty ? "" : "; dropped: " + dropped.joined(separator: ", "))
  }

  /// `import.json`.
  public var json: JSONValue {
    .object([
      ("format", .string(format)), ("file", .string(file)),
      ("read", .integer(counts.read)), ("kept", .integer(counts.kept)),
      (
        "dropped",
        .array(
          counts.dropped.map {
            [
              "reason": .string($0.reason), "rows": .integer($0.rows),
              "firstLine": $0.firstLine > 0 ? .integer($0.firstLine) : .null,
            ]
          })
      ),
      ("ignored", .strings(ignored)), ("unsupported", .strings(unsupported)),
      ("assumptions", .strings(assumptions)),
      (
        "input",
        .array(
          input.map {
            [
              "kind": .string($0.kind), "objects": .integer($0.objects), "read": .integer($0.read),
              "ignored": .integer($0.ignored), "unsupported": .integer($0.unsupported),
              "unsupportedFields": .strings($0.unsupportedFields),
            ]
          })
      ),
    ])
  }

  /// `import.md`.
  public var markdown: String {
    func cell(_ text: String) -> String {
      text.replacing("\\", with: "\\\\").replacing("|", with: "\\|").replacing("<", with: "&lt;")
        .replacing("\n", with: " ")
    }
    var lines = [
      "# Import of \(cell(file))", "",
      "Format `\(format)`. Run it with `spillway run scenario.yaml`.",
      "", "| rows | number | first line |", "|---|---:|---:|",
      "| read | \(counts.read) | |", "| kept | \(counts.kept) | |",
    ]
    for dropped in counts.dropped {
      let line = dropped.firstLine > 0 ? "\(dropped.firstLine)" : ""
      lines.append("| dropped: \(cell(dropped.reason)) | \(dropped.rows) | \(line) |")
    }
    if !input.isEmpty {
      lines += [
        "", "| kind | objects | fields read | ignored | unsupported |", "|---|---:|---:|---:|---:|",
      ]
      lines += input.map {
        "| \(cell($0.kind)) | \($0.objects) | \($0.read) | \($0.ignored) | \($0.unsupported) |"
      }
    }
    func list(_ title: String, _ items: [String]) {
      if !items.isEmpty { lines += ["", "\(title):", ""] + items.map { "- \(cell($0))" } }
    }
    list("Taken for granted", assumptions)
    list("Ignored", ignored)
    list("Not modelled", unsupported)
    return lines.joined(separator: "\n") + "\n"
  }
}
