import Statistics

// What the assumed values move.
extension MarkdownReport {
  mutating func writeSensitivity() {
    guard let found = summary.sensitivity else { return }
    write("## What moves \(MarkupText.code(found.response))")
    let base = NumberText.withUnit(NumberText.readable(found.base), found.unit)
    write(
      "Every grade-A value that the run used goes to both ends of its range, on the same luck "
        + "(\(NumberText.count(found.replications, "replication")) each); as it is: "
        + "\(MarkupText.markdown(base)). \(NumberText.count(found.idle, "value")) more changed "
        + "nothing.")
    writeChart("tornado.svg", "What moves \(found.response)")
    var table = MarkdownTable([
      ("Parameter", .left), ("As it is", .left), ("Low end", .left), ("Changes by", .right),
      ("High end", .left), ("Changes by", .right),
    ])
    for bar in found.bars {
      table.row([
        MarkupText.code(bar.path), MarkupText.markdown(bar.value),
        MarkupText.markdown(bar.low?.value ?? NumberText.missing), SensitivityText.change(bar.low),
        MarkupText.markdown(bar.high?.value ?? NumberText.missing),
        SensitivityText.change(bar.high),
      ])
    }
    write(table)
  }
}

/// What reports say about a response's sensitivity.
enum SensitivityText {
  /// A difference with its interval.
  static func change(_ end: SensitivitySummary.End?) -> String {
    guard let end else { return NumberText.missing }
    guard let difference = end.difference else { return "stops existing" }
    let text = NumberText.readable(difference)
    guard let low = end.lowest, let high = end.highest, low != high else { return text }
    return "\(text) [\(NumberText.readable(low)), \(NumberText.readable(high))]"
  }
}

extension SummaryJSON {
  /// The sensitivity of a response, the widest swing first.
  static func sensitivity(_ found: SensitivitySummary) -> JSONValue {
    [
      "response": .string(found.response), "unit": .string(found.unit),
      "base": .optional(found.base), "replications": .integer(found.replications),
      "idle": .integer(found.idle),
      "bars": .array(
        found.bars.map { bar in
          [
            "path": .string(bar.path), "grade": .string(bar.grade), "value": .string(bar.value),
            "low": end(bar.low), "high": end(bar.high),
          ]
        }),
    ]
  }

  private static func end(_ end: SensitivitySummary.End?) -> JSONValue {
    guard let end else { return .null }
    return [
      "value": .string(end.value), "difference": .optional(end.difference),
      "low": .optional(end.lowest), "high": .optional(end.highest),
    ]
  }
}
