import Reporting
import Statistics
import Testing

@Suite("Reports of causes")
struct CauseReportTests {
  private var summary: RunSummary {
    var summary = RunSummary()
    summary.scenario = "april"
    summary.causes = [
      CauseEffect(
        cause: "FaultPlan/april:spec.scripted[0]",
        differences: [
          CauseEffect.Difference(
            quantity: "money", unit: "CNY", with: 12.5, without: 10,
            interval: ConfidenceInterval(estimate: 2.5, low: 2, high: 3))
        ], replications: 10)
    ]
    return summary
  }

  @Test("say what it was with the cause and without it, in every form")
  func forms() {
    let markdown = MarkdownReport.render(summary)
    #expect(markdown.contains("## What each cause cost"))
    #expect(
      markdown.contains("| money | 12.5 CNY | 10 CNY | +2.5 CNY | 2 to 3 |"), "\(markdown)")
    let text = TerminalReport.render(summary, width: 100, color: false)
    #expect(text.contains("FaultPlan/april:spec.scripted[0]"))
    #expect(text.contains("+2.5 CNY"))
    let json = SummaryJSON.render(summary)
    #expect(json.contains("\"causes\""))
    #expect(json.contains("\"estimate\": 2.5"))
    #expect(!SummaryJSON.render(RunSummary()).contains("causes"))
  }
}
