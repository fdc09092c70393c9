import Statistics
import Testing

@testable import Reporting

@Suite struct TerminalTests {
  @Test func aFailingBurstReadsAsAVerdictAndALadder() {
    let text = TerminalReport.render(
      SampleRuns.burst(), width: 120, color: false, elapsed: "11 s", folder: "out/burst")
    #expect(
      text == """
        singles-day-burst · 2,000 IDC nodes, 96 % requested · burst 3,000 Pods · 59 replications · seed 42 · 11 s
        ! 41 Pods have no image size; 250Mi is taken for each

        ✘ fast  DOESN'T HOLD: > 1,000 Pods/min sustained in ≥ 95 % of replications. Met in 0 of 59 (at most 5 %, 95 %
                confidence)
                100 Pods Ready 41 s after the step's start, then none: 2,900 refused. Binds: accept (level)
                sustained 0 Pods/min · bestMinute 100 Pods/min · worstMinute 0 Pods/min

        What must change (same luck)        Pods/min  p5–p95       met    binds next                        costs
          as it is                                 0  0–0          0/59   quota.podsPerCluster 100 (level)  –
          1 podsPerCluster 100 → 5000            996  991–999      0/59   cloud createRate 1000/min (rate)  5 days
          2 createRate 1000/min → 1500/min     1,188  1,161–1,197  59/59  replicaset qps 20 (rate)          ¥0.80/h, 10 days
        ✔ HOLDS after 2 changes, if createRate ≥ 1,020/min (A: 600–3,000/min)

        No node can take:
          shop/gpu-0: 0/3 nodes are available: 3 Insufficient gpu.

        Start of a Pod, s  create 0.61 · queue 71.3 · schedule 0.02 · bind 0.01 · accept 0.4 · call 0.6 · boot 5.2 · address 1.1
            · image 14 · start 9 · probe 5 · route 0.3  (p50)
        Ready/min cloud      ▁▁▁▁▁▁▁▂▄▆▇████████▆▅▂▁▁  at most 1,228
        Ready/min idc        ▁▁▁▁▁▁▁▃██▇▅▁▁▁▁▁▁▁▁▁▁▁▁  at most 180
        waiting              ▁▁▁▁▁▁▁███▇▇▆▅▅▄▄▃▂▂▁▁▁▁  at most 3,000
        Money, incremental  ¥1,320.25 · ¥1,308.25 serverless Pods, 2 CPU 4Gi · ¥12.00 image pulls over the line · cash ¥1,332.00
            · with what is owned ¥7,222.50
        Unproven: 1 grade-A value used, 1 could flip a verdict · 2 Pods with fields that aren't modelled
        look closer: spillway run singles-day.yaml --seed 42 --replication 17 --events   ·   wrote out/burst/report.md

        """)
  }

  @Test("Lines fit the terminal, commands excepted", arguments: [40, 60, 80, 100, 132, 200])
  func width(columns: Int) {
    var run = SampleRuns.burst()
    run.claims[0].ladder[1].bindingLimit = "Very/long:spec.path.that.goes.on.and.on[and-on] 17"
    let text = TerminalReport.render(run, width: columns, color: false, folder: "out/x")
    for line in text.split(separator: "\n") where !line.contains("look closer") {
      #expect(TerminalText.width(String(line)) <= columns, "\(line)")
    }
    #expect(text.contains("binds next") == (columns >= 100))
    #expect(text.contains("costs") == (columns >= 132))
  }

  @Test func coloursComeOnlyWhenAsked() {
    let plain = TerminalReport.render(SampleRuns.burst(), width: 100, color: false)
    let coloured = TerminalReport.render(SampleRuns.burst(), width: 100, color: true)
    #expect(!plain.contains("\u{1B}"))
    #expect(coloured.contains("\u{1B}[31m✘ fast  DOESN'T HOLD\u{1B}[0m"))
    #expect(coloured.replacing(/\u{1B}\[[0-9]+m/, with: "") == plain)
  }

  @Test func namesCannotDriveTheTerminal() {
    var run = SampleRuns.burst()
    run.scenario = "x\u{1B}[2J\u{7}"
    run.claims[0].name = "a\nb"
    run.unschedulable[0].pod = "evil\u{1B}]0;title\u{7}"
    let text = TerminalReport.render(run, width: 100, color: false)
    #expect(!text.contains("\u{1B}") && !text.contains("\u{7}"))
    #expect(text.contains("✘ a b  DOESN'T HOLD"))
  }

  @Test func wideCharactersCountTwice() {
    #expect(TerminalText.width("漢字ab") == 6)
    #expect(TerminalText.cut("漢字漢字", to: 5) == "漢字…")
    #expect(TerminalText.fit("漢", to: 4, .right) == "  漢")
    #expect(TerminalText.wrapped("  aa bb cc", to: 25, indent: 2) == ["  aa bb cc"])
  }

  @Test func manyCaveatsPointToTheReport() {
    var run = SampleRuns.bareDump()
    run.caveats = (1...8).map { "caveat \($0)" }
    let text = TerminalReport.render(run, width: 100, color: false)
    #expect(text.contains("! caveat 5\n! and 3 more in report.md\n"))
    #expect(text.contains("100 Pods: 99 running · 1 pending"))
  }
}
