import Foundation
import Infrastructure
import Quantities

/// Reads histories in CSV: prices with a header, or nodes added and removed.
enum SpotCSVReading {
  private static let timeNames = ["timestamp", "time", "date"]
  private static let priceNames = ["price_usd_per_hour", "price", "spotprice", "spot_price"]
  private static let typeNames = ["instance_type", "instancetype", "type"]
  private static let zoneNames = ["availability_zone", "availabilityzone", "zone", "az"]

  static func read(_ rows: inout SpotRows) -> SpotHistoryFile.Content? {
    guard let text = String(validating: rows.source.bytes, as: UTF8.self) else {
      let error = rows.source.notText(0)
      rows.fail(
        Int(error.place.line), error.code, error.message, expected: "CSV or JSON in UTF-8",
        column: Int(error.place.column))
      return nil
    }
    // A line end of two bytes is one character, which isn't "\n".
    var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map {
      cells(String($0))
    }
    while let last = lines.last, last.count == 1, last[0].isEmpty { lines.removeLast() }
    guard let header = lines.first else {
      rows.fail(0, "empty-file", "the file is empty", expected: "rows of a history")
      return nil
    }
    if header.count >= 3, ["add", "remove"].contains(header[1].lowercased()) {
      return lifetimes(lines, &rows)
    }
    return prices(lines, &rows)
  }

  private static func cells(_ line: String) -> [String] {
    line.split(separator: ",", omittingEmptySubsequences: false).map {
      var cell = $0.trimmingCharacters(in: .whitespaces)
      if cell.count >= 2, cell.hasPrefix("\""), cell.hasSuffix("\"") {
        cell = String(cell.dropFirst().dropLast())
      }
      return cell
    }
  }

  private static func column(_ cells: [String], _ index: Int) -> Int {
    1 + cells.prefix(index).reduce(0) { $0 + $1.count + 1 }
  }

  private static func prices(
    _ lines: [[String]], _ rows: inout SpotRows
  ) -> SpotHistoryFile.Content? {
    let names = lines[0].map { $0.lowercased() }
    func place(_ wanted: [String]) -> Int? { names.firstIndex { wanted.contains($0) } }
    guard let time = place(timeNames), let price = place(priceNames) else {
      let missing = place(timeNames) == nil ? timeNames : priceNames
      rows.fail(
        1, "missing-key", "no column \"\(missing[0])\"",
        expected: "a header with timestamp and price_usd_per_hour, or rows such as 0,add,node1",
        width: lines[0].joined(separator: ",").count)
      return nil
    }
    let parts = [place(typeNames), place(zoneNames)].compactMap { $0 }
    var found: [SpotPriceRow] = []
    for (index, cells) in lines.enumerated().dropFirst() {
      let line = index + 1
      guard cells.count > max(time, price, parts.max() ?? 0) else {
        rows.fail(
          line, "missing-value", "a row with too few columns",
          expected: lines[0].joined(separator: ","),
          width: max(1, cells.joined(separator: ",").count))
        continue
      }
      guard let at = rows.time(cells[time], line, column: column(cells, time)),
        let amount = rows.price(cells[price], line, column: column(cells, price))
      else { continue }
      found.append(
        SpotPriceRow(
          line: line, time: at, price: amount,
          series: parts.map { cells[$0] }.joined(separator: "/")))
    }
    guard rows.errors.isEmpty else { return nil }
    guard !found.isEmpty else {
      rows.fail(1, "empty-file", "a header and no row", expected: "rows of a history")
      return nil
    }
    let isNewestFirst = found.count > 1 && found[0].time > found[found.count - 1].time
    return .prices(rows.series(of: found, isNewestFirst: isNewestFirst))
  }

  private static func lifetimes(
    _ lines: [[String]], _ rows: inout SpotRows
  ) -> SpotHistoryFile.Content? {
    struct Event {
      var line: Int
      var at: Double
      var isAdded: Bool
      var node: String
    }
    var events: [Event] = []
    for (index, cells) in lines.enumerated() {
      let line = index + 1
      guard cells.count >= 3, let at = Double(cells[0]), at.isFinite, at >= 0,
        let word = ["add": true, "remove": false][cells[1].lowercased()]
      else {
        rows.fail(
          line, "wrong-value", "\"\(cells.joined(separator: ","))\" is no change of a node",
          expected: "milliseconds, add or remove, and a node",
          width: cells.joined(separator: ",").count)
        continue
      }
      if let last = events.last, at < last.at {
        rows.assume(
          line, "out-of-order", "the row isn't in the order of time; it was sorted in")
      }
      events.append(Event(line: line, at: at, isAdded: word, node: cells[2]))
    }
    guard rows.errors.isEmpty else { return nil }
    events.sort { ($0.at, $0.line) < ($1.at, $1.line) }
    let end = events.last?.at ?? 0
    if end < 600_000 {
      rows.assume(
        events.last?.line ?? 0, "wrong-unit",
        "times were taken for milliseconds, by which the whole trace lasts "
          + TimeSpan.seconds(end / 1000).formatted)
    }
    var alive: [String: (at: Double, line: Int)] = [:]  // name look-up
    var result: [LifetimeHistory.Lifetime] = []
    for event in events {
      switch (event.isAdded, alive[event.node]) {
      case (true, let before?):
        rows.assume(
          event.line, "doubled-row",
          "\(event.node) was added already, at line \(before.line); the row counts for nothing")
      case (true, nil): alive[event.node] = (event.at, event.line)
      case (false, let before?):
        alive[event.node] = nil
        result.append(
          LifetimeHistory.Lifetime(
            lasted: .seconds((event.at - before.at) / 1000), hasEnded: true))
      case (false, nil):
        rows.assume(
          event.line, "doubled-row",
          "\(event.node) isn't there to be removed; the row counts for nothing")
      }
    }
    for event in events where event.isAdded {
      guard let open = alive[event.node], open.line == event.line else { continue }
      result.append(
        LifetimeHistory.Lifetime(lasted: .seconds((end - open.at) / 1000), hasEnded: false))
    }
    return .lifetimes(LifetimeHistory(lifetimes: result))
  }
}
