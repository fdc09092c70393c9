import Foundation
import Quantities
import Statistics
import Testing

@testable import Reporting

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite struct ReportTests {
  @Test func summaryJSONHasTheContractsFieldsInItsOrder() throws {
    let text = SummaryJSON.render(SampleRuns.burst())
    let read = try JSONSerialization.jsonObject(with: Data(text.utf8))
    let object = try #require(read as? [String: Any])
    var last = text.startIndex
    for key in [
      "scenario", "seed", "replications", "version", "digest", "claims", "metrics", "pods",
      "money", "conservation", "assumptions", "input",
    ] {
      #expect(object[key] != nil)
      let place = try #require(text.range(of: "\n  \"\(key)\":"))
      #expect(place.lowerBound > last || key == "scenario")
      last = place.lowerBound
    }
    let claim = try #require((object["claims"] as? [[String: Any]])?.first)
    for key in [
      "name", "deckClaim", "metric", "unit", "threshold", "share", "confidence", "met", "of",
      "estimate", "low", "high", "verdict", "conditions", "bindingStage", "limit",
      "counterfactuals", "ladder",
    ] {
      #expect(claim[key] != nil, "\(key)")
    }
    #expect(claim["deckClaim"] is NSNull)
    #expect(claim["verdict"] as? String == "fails")
    #expect(claim["limit"] as? String == "level")
    let rung = try #require((claim["ladder"] as? [[String: Any]])?.last)
    for key in ["path", "from", "to", "estimate", "low", "high", "price", "leadTime"] {
      #expect(rung[key] != nil, "\(key)")
    }
    let pods = try #require(object["pods"] as? [String: Int])
    let created = try #require(pods["created"])
    #expect(pods.values.reduce(0, +) == 2 * created)
    let metrics = try #require(object["metrics"] as? [[String: Any]])
    #expect(metrics[1]["mean"] is NSNull)
    let input = try #require(object["input"] as? [String: [String: Any]])
    #expect(input["Pod"]?["unsupported"] as? Int == 41)
  }

  @Test func theVerdictComesFirstAndWhatMustBeKnownBeforeIt() throws {
    let report = MarkdownReport.render(SampleRuns.burst())
    let caveat = try #require(report.range(of: "41 Pods have no image size"))
    let verdict = try #require(report.range(of: "## ✘ fast doesn't hold"))
    let heading = try #require(report.range(of: "\n## "))
    #expect(caveat.lowerBound < verdict.lowerBound)
    #expect(heading.upperBound < verdict.upperBound && heading.lowerBound < verdict.lowerBound)
    #expect(
      report.firstRange(of: "\n## ")?.upperBound == report.index(verdict.lowerBound, offsetBy: 3))
    #expect(report.hasPrefix("# singles-day-burst\n\n_Can 3,000 checkout"))
    #expect(
      report.contains("After 2 changes it holds, if createRate ≥ 1,020/min (A: 600–3,000/min)."))
    #expect(report.contains("| **accept** (binds) |"))
    #expect(report.contains("[921, 921] | yes |"))
    #expect(report.contains("[0, 0] | no |"))
  }

  @Test func aBareDumpHasAReportToo() {
    #expect(
      MarkdownReport.render(SampleRuns.bareDump()) == """
        # nodes-100

        1 replication · seed 0

        ## No claim to check

        100 Pods: 99 running · 1 pending.

        ## Pods that no node can take

        | Pod | Reason |
        |---|---|
        | `default/big` | 0/100 nodes are available: 100 Insufficient cpu. |

        ## Pods at the end (sum of all replications)

        | State | Pods |
        |---|---:|
        | running | 99 |
        | pending | 1 |
        | **all** | **100** |

        ## Reproduce

        ```sh
        spillway run -f nodes.yaml -f pods.yaml
        ```

        Spillway 0.1.0 · scenario `sha256:11` · seed 0 · 1 replication

        """)
  }

  @Test func everyTableOfTheReportHasEqualRows() {
    var run = SampleRuns.burst()
    run.claims[0].name = "fa|st\n| x |"
    run.unschedulable[0].pod = "a|b`c"
    run.assumptions[0].source = "<b>|</b>\r\nrow"
    run.input[1].podsTouched = ["x|y"]
    for row in MarkdownReport.render(run).split(separator: "\n") where row.hasPrefix("|") {
      // Every unescaped pipe separates cells.
      let cells = row.replacing("\\|", with: "").count { $0 == "|" } - 1
      #expect([2, 4, 5, 6, 7, 8].contains(cells) && row.hasSuffix("|"), "\(row)")
    }
    #expect(!MarkdownReport.render(run).contains("<b>"))
  }

  @Test func undecidedClaimsSayWhatWouldDecide() {
    var run = SampleRuns.burst()
    run.claims[0].verdict = .undecided
    run.claims[0].met = 57
    run.claims[0].shareAtLeast = 0.893
    run.claims[0].shareAtMost = 0.994
    run.claims[0].replicationsToDecide = 400
    #expect(MarkdownReport.render(run).contains("About 400 replications would decide"))
    let terminal = TerminalReport.render(run, width: 200, color: false)
    #expect(terminal.contains("? fast  UNDECIDED: > 1,000 Pods/min sustained"))
    #expect(terminal.contains("Met in 57 of 59 (89.3 % to 99.4 %, 95 % confidence)"))
    run.claims[0].replicationsToDecide = nil
    #expect(MarkdownReport.render(run).contains("No number of replications would decide"))
  }

  @Test func junitCountsWhatDoesNotHold() throws {
    var run = SampleRuns.burst()
    run.claims.append(run.claims[0])
    run.claims[1].verdict = .holds
    run.claims[1].name = "slow & <steady>"
    let text = JUnitReport.render(run)
    let read = try ElementCounter.read(text)
    #expect(read.elements["testcase"] == 2 && read.elements["failure"] == 1)
    #expect(
      text.contains("<testsuite name=\"singles-day-burst\" tests=\"2\" failures=\"1\" errors=\"0\"")
    )
    #expect(
      text.contains(
        "message=\"sustained = 0 [0, 0], must be &gt; 1,000 Pods/min; Met in 0 of 59 "
          + "(at most 5 %, 95 % confidence)\""))
    #expect(text.contains("slow &amp; &lt;steady&gt;"))
  }

  @Test func annotationsEscapeWhatGitHubWouldMisread() {
    let annotation = GitHubAnnotation(
      level: .error, title: "100 %: bad, very", message: "a\nb:c,d\r%", file: "a:b,c.yaml", line: 4,
      column: 10)
    #expect(
      annotation.rendered()
        == "::error file=a%3Ab%2Cc.yaml,line=4,col=10,title=100 %25%3A bad%2C very::a%0Ab:c,d%0D%25"
    )
    let claims = GitHubAnnotation.annotations(for: SampleRuns.burst(), file: nil)
    #expect(claims.count == 1)
    #expect(
      claims[0].rendered().hasPrefix("::error title=fast doesn't hold::sustained = 0 [0, 0], must"))
  }

  @Test(
    "Changing one value of a summary changes both the page and summary.json",
    arguments: Changes.all.indices)
  func change(index: Int) {
    let (name, mutate) = Changes.all[index]
    let before = SampleRuns.burst()
    var after = before
    mutate(&after)
    #expect(SummaryJSON.render(before) != SummaryJSON.render(after), "\(name)")
    #expect(MarkdownReport.render(before) != MarkdownReport.render(after), "\(name)")
  }
}

/// Small changes of a summary, one value each.
enum Changes {
  typealias Change = (name: String, mutate: @Sendable (inout RunSummary) -> Void)
  static let all: [Change] = [
    ("seed", { $0.seed += 1 }),
    ("replications", { $0.replications += 1 }),
    ("partial", { $0.isPartial = true }),
    ("digest", { $0.digest += "0" }),
    ("threshold", { $0.claims[0].threshold += 1 }),
    ("share", { $0.claims[0].share = 0.9 }),
    ("met", { $0.claims[0].met += 1 }),
    ("of", { $0.claims[0].of += 1 }),
    ("bound", { $0.claims[0].shareAtMost = 0.06 }),
    ("estimate", { $0.claims[0].estimate = 0.01 }),
    ("low", { $0.claims[0].low = -0.5 }),
    ("high", { $0.claims[0].high = 0.5 }),
    ("verdict", { $0.claims[0].verdict = .holds }),
    ("binding stage", { $0.claims[0].bindingStage = "call" }),
    ("limit", { $0.claims[0].limit = .rate }),
    ("story", { $0.claims[0].story += "!" }),
    ("counterfactual", { $0.claims[0].counterfactuals[0].estimate = 922 }),
    ("its interval", { $0.claims[0].counterfactuals[1].high = 0.25 }),
    ("its replications", { $0.claims[0].counterfactualReplications = 13 }),
    ("rung", { $0.claims[0].ladder[1].estimate = 996.5 }),
    ("rung's p5", { $0.claims[0].ladder[2].p5 = 1162 }),
    ("rung's met", { $0.claims[0].ladder[2].met = 58 }),
    ("rung's price", { $0.claims[0].ladder[2].price = "¥0.90/h" }),
    ("rung's limit", { $0.claims[0].ladder[0].bindingLimit = "Site/a:spec.stock 9" }),
    ("condition", { $0.claims[0].ladder[2].conditions[0].flipsAt = "1,030/min" }),
    ("rate", { $0.claims[0].rates[1].mean = 101 }),
    ("metric", { $0.metrics[0].mean = 1 }),
    ("percentile", { $0.metrics[0].p99 = 0.125 }),
    ("pods", { $0.pods.refused -= 1 }),
    ("money", { $0.money.items[0].incremental += Money(picounits: 10_000_000_000) }),
    ("item", { $0.money.items[1].exact = Money(picounits: 1) }),
    ("conservation", { $0.conservation[0].right += 1 }),
    ("assumption", { $0.assumptions[1].value = "5 s" }),
    ("range", { $0.assumptions[1].range = "1–9 s" }),
    ("input", { $0.input[0].ignored += 1 }),
    ("touched", { $0.input[1].podsTouched.append("shop/z") }),
    ("stage", { $0.stages[3].p95 = 0.03 }),
    ("stage's limit", { $0.stages[0].limitPerMinute = 1201 }),
    ("unschedulable", { $0.unschedulable[0].reason = "0/4 nodes" }),
    ("caveat", { $0.caveats[0] += "." }),
    ("command", { $0.command += " --set x=1" }),
  ]
}
