import Infrastructure
import Quantities
import TestSupport
import Testing

@testable import ScenarioFiles

@Suite("Recorded spot markets")
struct SpotHistoryTests {
  private func read(_ text: String) throws -> SpotHistoryFile {
    try SpotHistoryFile(Array(text.utf8), called: "history")
  }

  private func problems(_ text: String) -> [String] {
    do {
      let file = try read(text)
      return file.warnings.map { "\($0.line) \($0.code)" }
    } catch let error as InvalidInput {
      return error.diagnostics.map { "\($0.line) \($0.code)!" }
    } catch {
      return ["\(error)"]
    }
  }

  private func changes(_ text: String) throws -> [PriceHistory.Change] {
    guard case .prices(let series) = try read(text).content else { return [] }
    return series[0].history.changes
  }

  @Test("Availabilities count available instances, and a missing value stays as it was")
  func availability() throws {
    let text = #"{"metadata":{"gap_seconds":195},"data":[1,2,0,null,1]}"#
    let file = try read(text)
    guard case .availability(let history) = file.content else { return }
    #expect(history.isUp == [true, true, false, false, true])
    #expect(history.step == .seconds(195))
    #expect(file.warnings.map(\.code) == ["wrong-value", "gap"])
    #expect(history.sojourns.map(\.steps) == [2, 2, 1])
    let turned = try SpotHistoryFile(Array(text.utf8), called: "history", sense: .missing)
    guard case .availability(let other) = turned.content else { return }
    #expect(other.isUp == history.isUp.map { !$0 })
  }

  @Test("Prices in any of the known forms, newest first or last")
  func prices() throws {
    let csv = """
      timestamp,price_usd_per_hour,instance_type,availability_zone
      2016-02-25T08:00:00Z,0.1,m1,a
      2016-02-25T09:00:00.000Z,0.2,m1,a
      2016-02-25T09:30:00Z,7,m1,b
      """
    let one = try changes(csv)
    #expect(one == [.init(at: .zero, price: 0.1), .init(at: .hours(1), price: 0.2)])
    let json = """
      {"SpotPriceHistory": [
        {"Timestamp": "2016-02-25T09:00:00+00:00", "SpotPrice": "0.200000", "InstanceType": "m1"},
        {"Timestamp": "2016-02-25T08:00:00+00:00", "SpotPrice": "0.100000", "InstanceType": "m1"}
      ]}
      """
    #expect(try changes(json) == one)
    #expect(problems(json).isEmpty)
    let bids = PriceHistory(changes: one).availability(bidding: 0.1, every: .minutes(30))
    #expect(bids.isUp == [true, true, false])
  }

  @Test(
    "Rows out of order, doubled, missing or in another unit are told by their line",
    arguments: [
      (
        "timestamp,price\n2016-02-25T08:00:00Z,1\n2016-02-25T10:00:00Z,2\n2016-02-25T09:00:00Z,3\n2016-02-25T11:00:00Z,3\n",
        ["4 out-of-order"]
      ),
      (
        "timestamp,price\n2016-02-25T08:00:00Z,1\n2016-02-25T08:00:00Z,1\n2016-02-25T08:00:00Z,2\n",
        ["3 doubled-row", "4 doubled-row"]
      ),
      ("timestamp,price\n2016-02-20T08:00:00Z,1\n2016-02-25T08:00:00Z,1\n", ["3 gap"]),
      ("timestamp,price\n1456387472000,1\n1456391072000,2\n", ["2 wrong-unit", "3 wrong-unit"]),
      (
        "timestamp,price\n2016-02-25,1\n2016-02-25T08:00:00Z,cheap\n",
        ["2 wrong-value!", "3 wrong-value!"]
      ),
      ("timestamp,price\n2016-02-25T08:00:00Z,-1\n", ["2 negative!"]),
      ("time,cost\n1,2\n", ["1 missing-key!"]),
      ("0,add,n1\n5000,remove,n1\n", ["2 wrong-unit"]),
      (
        "0,add,n1\n900000,add,n1\n800000,remove,n2\n",
        ["3 out-of-order", "3 doubled-row", "2 doubled-row"]
      ),
      ("0,add,n1\n900000,lost,n1\n", ["2 wrong-value!"]),
      (#"{"metadata":{"gap_seconds":195000},"data":[0]}"#, ["1 wrong-unit!"]),
      (#"{"metadata":{},"data":[0]}"#, ["1 missing-key!"]),
      (#"{"metadata":{"gap_seconds":5},"data":[0,"x"]}"#, ["1 wrong-value!"]),
      (#"{"metadata":{"gap_seconds":5},"data":[0,3]}"#, ["1 wrong-value"]),
      ("", ["0 empty-file!"]),
    ] as [(String, [String])])
  func bad(_ text: String, _ expected: [String]) {
    #expect(problems(text) == expected)
  }

  @Test("Nodes that came and went are lifetimes, those still there cut off")
  func lifetimes() throws {
    let file = try read("0,add,a\n0,add,b\n3600000,remove,a\n7200000,add,c\n")
    guard case .lifetimes(let history) = file.content else { return }
    #expect(
      history.lifetimes == [
        .init(lasted: .hours(1), hasEnded: true), .init(lasted: .hours(2), hasEnded: false),
        .init(lasted: .zero, hasEnded: false),
      ])
  }
}
