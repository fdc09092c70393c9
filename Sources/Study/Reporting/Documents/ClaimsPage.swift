import Statistics

/// `claims.json` and `claims.md`: the verdicts of many scenarios on one page.
public enum ClaimsPage {
  /// A claim with the run that checked it.
  public struct Row: Sendable {
    /// The scenario's file.
    public let file: String
    /// The run.
    public let summary: RunSummary
    /// The claim.
    public let claim: ClaimResult
    /// A row from its parts.
    public init(file: String, summary: RunSummary, claim: ClaimResult) {
      self.file = file
      self.summary = summary
      self.claim = claim
    }
  }

  /// The text of `claims.json`.
  public static func json(_ rows: [Row]) -> String {
    let document: JSONValue = [
      "claims": .array(
        rows.map { row in
          [
            "scenario": .string(row.summary.scenario), "file": .string(row.file),
            "seed": .unsigned(row.summary.seed), "digest": .string(row.summary.digest),
            "claim": SummaryJSON.claim(row.claim),
          ]
        })
    ]
    return document.rendered()
  }

  /// A row per claim.
  public static func table(_ rows: [Row]) -> ResultTable {
    var table = ResultTable(
      "claims",
      columns: [
        .init("scenario", kind: .text), .init("claim", kind: .text), .init("row", kind: .text),
        .init("estimate"), .init("unit", kind: .text), .init("met", kind: .count),
        .init("of", kind: .count), .init("binds", kind: .text), .init("verdict", kind: .text),
        .init("conditions", kind: .text),
      ])
    for row in rows {
      let claim = row.claim
      table.append([
        .text(row.summary.scenario), .text(claim.name),
        claim.deckClaim.map { .text($0) } ?? .missing,
        claim.estimate.map { .number($0) } ?? .missing, .text(claim.unit), .count(claim.met),
        .count(claim.of), claim.bindingStage.map { .text($0) } ?? .missing,
        .text(claim.verdict.rawValue), .text(ClaimText.conditions(claim.conditions)),
      ])
    }
    return table
  }

  /// The text of `claims.md`.
  public static func markdown(_ rows: [Row]) -> String {
    var table = MarkdownTable([
      ("Row", .left), ("Scenario", .left), ("Claim", .left), ("Measured", .right), ("Met", .right),
      ("Binds", .left), ("Verdict", .left),
    ])
    for row in rows {
      let claim = row.claim
      let conditions = ClaimText.conditional(claim.conditions)
      table.row([
        MarkupText.markdown(claim.deckClaim ?? NumberText.missing),
        MarkupText.markdown(row.summary.scenario), MarkupText.markdown(ClaimText.clause(claim)),
        NumberText.readable(claim.estimate, apartFrom: claim.threshold),
        "\(NumberText.count(claim.met))/\(NumberText.count(claim.of))",
        claim.bindingStage.map(MarkupText.code) ?? NumberText.missing,
        MarkupText.markdown("\(ClaimText.verdict(claim.verdict))\(conditions)"),
      ])
    }
    let lines = table.isEmpty ? ["No scenario stands for a claim of the deck."] : table.lines
    return "# Claims of the deck\n\n" + lines.joined(separator: "\n") + "\n"
  }
}
