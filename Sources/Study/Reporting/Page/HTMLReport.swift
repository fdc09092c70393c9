import Foundation
import Quantities
import Statistics

/// `report.html`: a run as one page that needs nothing else, the verdict first.
///
/// The page asks no server for anything, and its policy forbids it to: style and script are named
/// in it by their digests, and no others would run.
public struct HTMLReport {
  let summary: RunSummary
  var page = PageWriter()

  /// The text of `report.html`.
  public static func render(_ summary: RunSummary) -> String {
    var report = HTMLReport(summary: summary)
    report.writeTop()
    report.writeVerdict()
    report.writeUnschedulable()
    for (index, claim) in summary.claims.enumerated() { report.writeClaim(claim, index) }
    report.writeCauses()
    report.writeSensitivity()
    let charts = ReportCharts.lineCharts(summary)
    report.writeCurves(charts)
    report.writeStages()
    report.writeNodes()
    report.writePods()
    report.writeAutoscalers()
    report.writeMetrics()
    report.writeMoney()
    report.writeAssumptions()
    report.writeInput()
    report.writeChecks()
    report.writeReproduce()
    report.writeBottom(charts)
    return report.page.text
  }

  private init(summary: RunSummary) { self.summary = summary }

  /// What the page may do: use its own style and script, and nothing from elsewhere.
  static let policy =
    "default-src 'none'; style-src '\(digest(of: PageStyle.sheet))'; "
    + "script-src '\(digest(of: PageScript.text))'; base-uri 'none'; form-action 'none'"

  private static func digest(of text: String) -> String {
    var hash = SHA256()
    hash.update(text.utf8)
    return "sha256-" + Data(hash.bytes()).base64EncodedString()
  }
}

// What frames the page.
extension HTMLReport {
  /// The sections that there are, in order, with their names in the list of contents.
  private var contents: [(name: String, title: String)] {
    var list = [(name: "verdict", title: summary.claims.isEmpty ? "Outcome" : "Verdict")]
    if !summary.unschedulable.isEmpty { list.append(("unschedulable", "Unschedulable")) }
    if summary.claims.contains(where: { $0.ladder.count > 1 }) {
      list.append(("claim-0", "What must change"))
    }
    if !summary.causes.isEmpty { list.append(("causes", "Causes")) }
    if summary.sensitivity?.bars.isEmpty == false { list.append(("sensitivity", "Sensitivity")) }
    if !ReportCharts.lineCharts(summary).isEmpty { list.append(("time", "Over time")) }
    if !summary.stages.isEmpty { list.append(("stages", "Start of a Pod")) }
    if !summary.history.nodes.isEmpty { list.append(("nodes", "Nodes")) }
    if !summary.history.pods.isEmpty { list.append(("pods", "Pods")) }
    if !summary.metrics.isEmpty { list.append(("metrics", "Metrics")) }
    if !summary.money.items.isEmpty { list.append(("money", "Cost")) }
    if !summary.assumptions.isEmpty { list.append(("assumptions", "Unproven values")) }
    list.append(("reproduce", "Reproduce"))
    return list
  }

  fileprivate mutating func writeTop() {
    let title = PageWriter.escaped(summary.scenario)
    page.raw("<!DOCTYPE html>")
    page.raw("<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">")
    page.raw("<meta http-equiv=\"Content-Security-Policy\" content=\"\(Self.policy)\">")
    page.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
    page.raw("<title>\(title)</title>\n<style>\(PageStyle.sheet)</style>\n</head>\n<body>")
    page.raw("<a class=\"skip\" href=\"#verdict\">Skip to the verdict</a>")
    page.raw("<header>\n<h1>\(title)</h1>")
    if !summary.question.isEmpty { page.paragraph(summary.question, class: "question") }
    let facts =
      summary.setting
      + [NumberText.count(summary.replications, "replication"), "seed \(summary.seed)"]
    page.paragraph(facts.joined(separator: " · "), class: "facts")
    let links = contents.map { "<a href=\"#\($0.name)\">\(PageWriter.escaped($0.title))</a>" }
    page.raw("<nav aria-label=\"Contents\">")
    page.list(links)
    page.raw("</nav>\n</header>\n<main>")
  }

  fileprivate mutating func writeBottom(_ charts: [LineChart]) {
    page.raw("</main>\n<footer>Spillway \(PageWriter.escaped(summary.version))</footer>")
    page.raw("<script type=\"application/json\" id=\"curves\">\(curveData(charts))</script>")
    page.raw("<script>\(PageScript.text)</script>\n</body>\n</html>")
  }
}

// The verdict.
extension HTMLReport {
  fileprivate mutating func writeVerdict() {
    let title = summary.claims.isEmpty ? "No claim to check" : "Verdict"
    page.beginSection("verdict", title)
    if summary.isPartial {
      page.paragraph(
        "Partial: the run was interrupted; all figures are of the "
          + "\(NumberText.count(summary.replications)) replications that had ended.",
        class: "warning")
    }
    if summary.claims.isEmpty { page.paragraph(ClaimText.outcome(summary.pods) + ".") }
    if !summary.claims.isEmpty {
      page.raw("<div class=\"claims\">")
      for claim in summary.claims { writeCard(claim) }
      page.raw("</div>")
    }
    if !summary.caveats.isEmpty {
      page.raw("<div class=\"warning\"><strong>Know before you trust it</strong>")
      page.list(summary.caveats.map(PageWriter.escaped))
      page.raw("</div>")
    }
    page.endSection()
  }

  private mutating func writeCard(_ claim: ClaimResult) {
    page.raw("<article class=\"claim \(claim.verdict.rawValue)\">")
    let mark = "<span aria-hidden=\"true\">\(ClaimText.mark(claim.verdict))</span>"
    page.raw(
      "<h3>\(PageWriter.escaped(claim.name)) <span class=\"verdict\">\(mark) "
        + "\(PageWriter.escaped(ClaimText.verb(claim.verdict)))</span></h3>")
    if !claim.story.isEmpty { page.paragraph(claim.story) }
    var facts = [
      ("Must be", PageWriter.escaped(ClaimText.clause(claim))),
      ("Measured", PageWriter.escaped(measured(claim))),
      ("Met", PageWriter.escaped(ClaimText.met(claim))),
    ]
    if let rates = ClaimText.rates(claim) { facts.append(("Rates", PageWriter.escaped(rates))) }
    if let stage = claim.bindingStage {
      let kind = claim.limit.map { " (\($0.rawValue))" } ?? ""
      facts.append(("Binds", PageWriter.code(stage) + PageWriter.escaped(kind)))
    }
    facts.append(("Given", given(claim)))
    if claim.ladder.count > 1, let last = claim.ladder.last {
      let changes = NumberText.count(claim.ladder.count - 1, "change")
      let text = "\(ClaimText.verb(last.verdict))\(ClaimText.conditional(last.conditions))"
      facts.append(("After \(changes)", PageWriter.escaped(text)))
    }
    page.raw(
      "<dl>"
        + facts.map { "<dt>\(PageWriter.escaped($0.0))</dt><dd>\($0.1)</dd>" }.joined() + "</dl>")
    if let need = ClaimText.toDecide(claim) { page.paragraph(need) }
    page.raw("</article>")
  }

  private func given(_ claim: ClaimResult) -> String {
    if claim.conditions.isEmpty { return "its assumptions, none of which flips it alone" }
    return "its assumptions, and only if "
      + PageWriter.escaped(ClaimText.conditions(claim.conditions))
  }

  private func measured(_ claim: ClaimResult) -> String {
    let mean = NumberText.withUnit(
      NumberText.readable(claim.estimate, apartFrom: claim.threshold), claim.unit)
    guard claim.low != nil || claim.high != nil else { return mean }
    let low = NumberText.readable(claim.low, apartFrom: claim.threshold)
    let high = NumberText.readable(claim.high, apartFrom: claim.threshold)
    return "\(mean) [\(low), \(high)]"
  }

  fileprivate mutating func writeUnschedulable() {
    guard !summary.unschedulable.isEmpty else { return }
    page.beginSection("unschedulable", "Pods that no node can take")
    var table = PageTable(
      "Pods that no node can take", stacks: true, [.text("Pod"), .text("Reason")])
    for pod in summary.unschedulable {
      table.row([PageWriter.code(pod.pod), PageWriter.escaped(pod.reason)])
    }
    page.table(table)
    page.endSection()
  }
}
