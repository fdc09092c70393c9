import Quantities
import Statistics
import Testing

@Suite("Metrics and tables")
struct TableTests {
  private let wait = Metric<TimeSpan>("wait", meaning: "Time from the request to Ready.")
  private let rate = Metric<Double>("rate", unit: "/min", meaning: "Pods ready per minute.")

  @Test("A metric reports its values in its unit")
  func units() {
    #expect(wait.unit == "s")
    #expect(rate.unit == "/min")
    #expect(ResultTable.Column(wait).header == "wait_s")
    #expect(ResultTable.Cell.value(TimeSpan.milliseconds(1500)) == .number(1.5))
    #expect(ResultTable.Cell.value(Double.nan) == .missing)
    #expect(ResultTable.Cell.value(TimeSpan?.none) == .missing)
  }

  @Test("A metric per replication leaves out what doesn't exist")
  func perReplication() throws {
    let spans: [TimeSpan?] = [.seconds(1), nil, .seconds(3), .seconds(2)]
    let summary = wait.summary(ofReplications: spans)
    #expect(summary.n == 3)
    #expect(summary.mean == 2)
    #expect(summary.p50 == 2)
    #expect(summary.p99 == 2.98)
    // Student's 0.975 quantile with 2 degrees of freedom over √3.
    #expect(abs(try #require(summary.high) - 2 - 4.302652729911275 / 3.0.squareRoot()) < 1e-9)
    let none = wait.summary(ofReplications: [nil])
    #expect(none.n == 0 && none.mean == nil && none.low == nil && none.p50 == nil)
  }

  @Test("A metric per Pod averages the replications' percentiles")
  func perPod() {
    let samples = [Sample([1, 2, 3]), Sample([]), Sample([10, 20, 30, 40])]
    let summary = rate.summary(ofSamples: samples)
    #expect(summary.n == 2)
    #expect(summary.mean == (2 + 25) / 2.0)
    #expect(summary.p50 == (2 + 25) / 2.0)
  }

  @Test("A table takes rows that fit its columns")
  func rows() {
    var table = ResultTable(
      "placements",
      columns: [
        ResultTable.Column("replication", kind: .count), ResultTable.Column("pod", kind: .text),
        ResultTable.Column("ready", unit: "s"),
      ])
    table.append([.count(0), .text("web-1"), .number(2.5)])
    table.append([.count(0), .text("web-2"), .missing])
    #expect(table.rows.count == 2)
    #expect(table.columns.map(\.header) == ["replication", "pod", "ready_s"])
  }

  @Test("A row of the wrong shape is refused")
  func wrongRow() async {
    await #expect(processExitsWith: .failure) {
      var table = ResultTable("t", columns: [ResultTable.Column("a")])
      table.append([.text("1")])
    }
    await #expect(processExitsWith: .failure) {
      var table = ResultTable("t", columns: [ResultTable.Column("a")])
      table.append([])
    }
  }
}
