import Foundation
import Statistics
import Testing

@testable import Reporting

@Suite("A table that a command prints")
struct TableTextTests {
  private static let table: ResultTable = {
    var table = ResultTable(
      "pods",
      columns: [
        .init("name", kind: .text), .init("ready", unit: "s"), .init("restarts", kind: .count),
        .init("reason", kind: .text),
      ])
    table.append([.text("web-1"), .number(1234.5678), .count(0), .text("a | b, \"c\"\u{1B}[2J")])
    table.append([.text("web-1"), .missing, .count(12_000), .text("")])
    table.append([.text("db"), .number(0.0001234), .count(3), .missing])
    return table
  }()

  @Test("as a table leaves out what the terminal has no room for; wide has it all")
  func width() {
    let narrow = TableText.render(Self.table, as: .table, width: 40)
    let wide = TableText.render(Self.table, as: .wide, width: 40)
    #expect(narrow.split(separator: "\n").allSatisfy { $0.count <= 40 })
    #expect(narrow.hasPrefix("NAME     READY_S"))
    #expect(!narrow.contains("REASON") && wide.contains("REASON"))
    #expect(wide.contains("web-1      1,235         0  a | b, \"c\"\u{FFFD}[2J\n"))
    #expect(TableText.render(Self.table, as: .table, width: 200) == wide)
  }

  @Test("as CSV has units in its header, exact text, and nothing for what is missing")
  func csv() {
    #expect(
      TableText.render(Self.table, as: .csv, width: 40)
        == "name,ready_s,restarts,reason\r\n"
        + "web-1,1234.57,0,\"a | b, \"\"c\"\"\u{1B}[2J\"\r\nweb-1,,12000,\"\"\r\ndb,0.0001234,3,\r\n"
    )
  }

  @Test("as Markdown keeps its columns apart whatever a name holds")
  func markdown() {
    let lines = TableText.render(Self.table, as: .markdown, width: 40).split(separator: "\n")
    #expect(lines[0] == "| name | ready\\_s | restarts | reason |")
    #expect(lines[1] == "|---|---:|---:|---|")
    #expect(lines[2].contains("a \\| b"))
    #expect(lines.count == 5)
  }

  @Test("as names is its first column, each once")
  func names() {
    #expect(TableText.render(Self.table, as: .name, width: 40) == "web-1\ndb\n")
  }
}

@Suite("YAML from JSON")
struct YAMLTextTests {
  @Test("nests lists and objects in blocks, and quotes what could be something else")
  func rendered() throws {
    let json = """
      {"b": [1, {"x": "on", "y": []}, [2.5, "1e3"]], "a": {"deep": {"k": null}}, "c": "plain text",
       "d": "a: b", "": true, "e": "", "f": {}, "g": "line\\nend"}
      """
    #expect(
      try YAMLText.render(json: json) == """
        "": true
        a:
          deep:
            k: null
        b:
        - 1
        - x: "on"
          "y": []
        - - 2.5
          - "1e3"
        c: plain text
        d: "a: b"
        e: ""
        f: {}
        g: "line\\nend"

        """)
  }

  @Test("isn't made of what is no JSON")
  func refuses() { #expect(throws: (any Error).self) { try YAMLText.render(json: "{") } }
}

@Suite("The page of a sweep")
struct SweepPageTests {
  private func interval(_ mean: Double, _ half: Double) -> ConfidenceInterval {
    ConfidenceInterval(estimate: mean, low: mean - half, high: mean + half)
  }

  private func sweep(_ name: String = "policies") -> SweepSummary {
    let rows = [
      SweepSummary.Row(point: "idc-only", n: 59, mean: interval(100, 4), difference: nil, p: nil),
      SweepSummary.Row(
        point: name, n: 59, mean: interval(80, 5), difference: interval(-20, 2), p: 0.0001),
    ]
    return SweepSummary(
      title: name, facts: ["seed 42"], isPartial: false,
      responses: [
        .init(name: "startP95", isHigherBetter: false, ranking: "\(name) < idc-only", rows: rows),
        .init(
          name: "steady", isHigherBetter: nil, ranking: nil,
          rows: rows.map {
            SweepSummary.Row(point: $0.point, n: 1, mean: interval(3, 0), difference: nil, p: nil)
          }),
      ], version: "1", digest: "d")
  }

  @Test(
    "has each point's mean, interval and paired difference, and a picture that says them in words")
  func contents() {
    let page = SweepPage.render(sweep())
    for part in [
      "<th scope=\"row\">policies</th><td class=\"number\">80</td><td class=\"number\">75 to 85</td>",
      "<td class=\"number\">−20</td><td class=\"number\">−22 to −18</td>",
      "aria-label=\"policies: 80, 75 to 85\"", "Less is better.", "<code>steady</code> 3",
    ] { #expect(page.contains(part), "\(part)") }
    #expect(!page.contains("<script") && !page.contains("http:") && !page.contains("https:"))
  }

  @Test("stays a page whatever the points are called, and a changed number changes it")
  func escapes() {
    let evil = "</style><script>alert(1)</script>\"'"
    #expect(!SweepPage.render(sweep(evil)).contains("<script"))
    var other = sweep()
    other.responses[0].rows[1].mean = interval(81, 5)
    #expect(SweepPage.render(other) != SweepPage.render(sweep()))
  }
}
