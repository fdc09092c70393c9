import Foundation
import Quantities
import Statistics

/// What a sweep found out, as its page shows it: every response at every point.
public struct SweepSummary: Sendable {
  /// A response at a point.
  public struct Row: Sendable {
    /// The point: its factors with their values.
    public var point: String
    /// How many replications have a value.
    public var n: Int
    /// The mean with its 95 % interval; nil where there is none.
    public var mean: ConfidenceInterval?
    /// The paired difference from the first point with its interval; nil for that itself.
    public var difference: ConfidenceInterval?
    /// The difference's p-value, corrected for all points.
    public var p: Double?
    /// A row from its parts.
    public init(
      point: String, n: Int, mean: ConfidenceInterval?, difference: ConfidenceInterval?, p: Double?
    ) {
      self.point = point
      self.n = n
      self.mean = mean
      self.difference = difference
      self.p = p
    }
  }

  /// A response at all points.
  public struct Response: Sendable {
    /// Its name.
    public var name: String
    /// Whether more of it is better; nil where neither is.
    public var isHigherBetter: Bool?
    /// The points from the best to the worst in one line; nil where they can't be ranked.
    public var ranking: String?
    /// Which point is best at a stated confidence, a sentence for each time that was asked.
    public var selections: [String]
    /// Point by point.
    public var rows: [Row]
    /// A response from its parts.
    public init(
      name: String, isHigherBetter: Bool?, ranking: String?, selections: [String] = [], rows: [Row]
    ) {
      self.name = name
      self.isHigherBetter = isHigherBetter
      self.ranking = ranking
      self.selections = selections
      self.rows = rows
    }
  }

  /// The experiment's name.
  public var title: String
  /// Facts about it, each a short phrase.
  public var facts: [String]
  /// Whether runs are missing.
  public var isPartial: Bool
  /// Its responses that have values.
  public var responses: [Response]
  /// Spillway's version.
  public var version: String
  /// The digest of the scenario.
  public var digest: String

  /// A summary from its parts.
  public init(
    title: String, facts: [String], isPartial: Bool, responses: [Response], version: String,
    digest: String
  ) {
    self.title = title
    self.facts = facts
    self.isPartial = isPartial
    self.responses = responses
    self.version = version
    self.digest = digest
  }
}

/// `report.html` of a sweep: its points side by side, with intervals, on one page that needs nothing
/// else.
public struct SweepPage {
  private let sweep: SweepSummary
  private var page = PageWriter()

  /// The text of `report.html`.
  public static func render(_ sweep: SweepSummary) -> String {
    var report = SweepPage(sweep)
    report.writeTop()
    for (number, response) in report.changing.enumerated() { report.write(response, number) }
    report.writeSteady()
    report.page.raw("</main>\n<footer>Spillway \(PageWriter.escaped(sweep.version))</footer>")
    report.page.raw("</body>\n</html>")
    return report.page.text
  }

  private init(_ sweep: SweepSummary) { self.sweep = sweep }

  /// Responses that aren't the same at all points; those of which more or less is better come first.
  private var changing: [SweepSummary.Response] {
    let all = sweep.responses.filter { !isSteady($0) }
    return all.filter { $0.isHigherBetter != nil } + all.filter { $0.isHigherBetter == nil }
  }

  private func isSteady(_ response: SweepSummary.Response) -> Bool {
    let means = response.rows.map { $0.mean?.estimate }
    return means.allSatisfy { $0 == means[0] }
  }

  private mutating func writeTop() {
    let title = PageWriter.escaped(sweep.title)
    var hash = SHA256()
    hash.update(PageStyle.sheet.utf8)
    let style = "sha256-" + Data(hash.bytes()).base64EncodedString()
    page.raw("<!DOCTYPE html>")
    page.raw("<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">")
    page.raw(
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
        + "style-src '\(style)'; base-uri 'none'; form-action 'none'\">")
    page.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
    page.raw("<title>\(title)</title>\n<style>\(PageStyle.sheet)</style>\n</head>\n<body>")
    page.raw("<a class=\"skip\" href=\"#verdict\">Skip to the comparison</a>")
    page.raw("<header>\n<h1>\(title)</h1>")
    page.paragraph(sweep.facts.joined(separator: " · "), class: "facts")
    page.raw("<nav aria-label=\"Contents\">")
    let links = changing.enumerated().map { number, response in
      "<a href=\"#\(anchor(number))\">\(PageWriter.escaped(response.name))</a>"
    }
    page.list(links)
    page.raw("</nav>\n</header>\n<main>")
    page.beginSection("verdict", "Best first")
    if sweep.isPartial {
      page.paragraph("Partial: some runs are missing.", class: "warning")
    }
    let rankings = changing.compactMap(\.ranking)
    if rankings.isEmpty {
      page.paragraph("No response of this sweep has points that could be ranked.")
    } else {
      page.paragraph(
        "“<” stands where the next point is proved to be worse, “≈” where these replications don't "
          + "tell, at 95 % confidence over all pairs.", class: "muted")
      page.list(rankings.map(PageWriter.escaped))
    }
    let selections = sweep.responses.flatMap(\.selections)
    if !selections.isEmpty { page.list(selections.map(PageWriter.escaped)) }
    page.endSection()
  }

  private func anchor(_ number: Int) -> String { "response-\(number)" }

  private mutating func write(_ response: SweepSummary.Response, _ number: Int) {
    page.beginSection(anchor(number), response.name)
    let better = response.isHigherBetter.map { $0 ? "More is better. " : "Less is better. " } ?? ""
    page.paragraph(
      "\(better)Means with 95 % intervals; the upright line is the first point's mean, and "
        + "differences are from that point, replication by replication on the same luck.",
      class: "muted")
    let ends = response.rows.compactMap(\.mean).flatMap { [$0.low, $0.high] }.filter(\.isFinite)
    let low = ends.min() ?? 0
    let high = ends.max() ?? 0
    var table = PageTable(
      "\(response.name) by point",
      [
        .text("Point"), .number("Mean"), .number("Interval"), .number("Difference"),
        .number("Its interval"), .number("p"), .strip("Mean and interval"),
      ])
    let base = response.rows.first?.mean?.estimate
    for row in response.rows {
      table.row([
        PageWriter.escaped(row.point), NumberText.readable(row.mean?.estimate),
        interval(row.mean), NumberText.readable(row.difference?.estimate),
        interval(row.difference), NumberText.readable(row.p, digits: 2),
        strip(row, base, low, high).rendered,
      ])
    }
    page.raw("<div class=\"wide\">")
    page.table(table)
    page.raw("</div>")
    page.endSection()
  }

  private func interval(_ value: ConfidenceInterval?) -> String {
    guard let value else { return NumberText.missing }
    return "\(NumberText.readable(value.low)) to \(NumberText.readable(value.high))"
  }

  private func strip(
    _ row: SweepSummary.Row, _ base: Double?, _ low: Double, _ high: Double
  ) -> Strip {
    let words = "\(NumberText.readable(row.mean?.estimate)), \(interval(row.mean))"
    var strip = Strip(label: "\(row.point): \(words)")
    // Of the width, a fiftieth stays free at either end.
    func place(_ value: Double) -> Double { 0.02 + 0.96 * (value - low) / (high - low) }
    guard high > low, let mean = row.mean else { return strip }
    strip.add(from: place(mean.low), to: place(mean.high), class: "h2", title: words)
    strip.add(
      from: place(mean.estimate) - 0.003, to: place(mean.estimate) + 0.003, class: "h4",
      title: words)
    if let base { strip.addMark(at: place(base), title: "the first point's mean") }
    return strip
  }

  private mutating func writeSteady() {
    let steady = sweep.responses.filter(isSteady)
    page.beginSection("steady", "The same at all points")
    if steady.isEmpty { page.paragraph("No response is.") }
    page.list(
      steady.map { response in
        let value = NumberText.readable(response.rows.first?.mean?.estimate)
        return "\(PageWriter.code(response.name)) \(value)"
      })
    page.endSection()
    page.beginSection("reproduce", "Reproduce")
    page.paragraph("Scenario \(sweep.digest) · Spillway \(sweep.version)")
    page.endSection()
  }
}
