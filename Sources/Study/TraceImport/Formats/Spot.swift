import Foundation
import Infrastructure
import Quantities
import ScenarioFiles

extension TraceFormat {
  /// The largest history that is read: a year of prices has some megabytes.
  private static let largest = 16 << 20

  static let spot = TraceFormat(
    "spot", "Spot markets: prices (AWS: JSON, CSV), availability (SkyPilot), nodes (Bamboo)",
    example: "prices.json", [.window, .shift]
  ) { intake in
    let source = try ByteSource(path: intake.path)
    var bytes: [UInt8] = []
    while true {
      let more = try source.next(line: 1)
      if more.isEmpty { break }
      bytes.append(contentsOf: more)
      guard bytes.count <= largest else {
        throw intake.error(
          line: 1, "too-large", "the history has more than \(largest) bytes",
          expected: "a history of one or several markets")
      }
    }
    dropCutLine(of: &bytes, intake)
    guard bytes.contains(where: { $0 > 32 }) else {
      throw intake.error(
        line: 1, "empty-file", "the file is empty",
        expected: "a history of prices, availability or nodes")
    }
    let history = try SpotHistoryFile(bytes, called: intake.path)
    if let late = history.warnings.first(where: { ["out-of-order"].contains($0.code) }) {
      var late = late
      late.severity = .error
      late.message = "the row is earlier than the one before: time goes back"
      throw InvalidInput(late)
    }
    intake.assumptions = history.warnings.prefix(20).map { "line \($0.line): \($0.message)" }
    switch history.content {
    case .availability(let record): intake.add(record)
    case .prices(let all):
      let rows = rows(of: bytes)
      let changes = all.reduce(0) { $0 + $1.history.changes.count }
      for _ in 0..<max(0, rows - changes) { intake.counts.drop("there already", line: 0) }
      for (number, series) in all.enumerated() {
        intake.add(series, isTaken: number < SpotMarketRecord.most)
      }
    case .lifetimes(let record):
      guard intake.options.window == nil, intake.options.shift == .zero else {
        throw intake.error(
          line: 1, "contradiction",
          "nodes that came and went have one mean life, and no part of it",
          expected: "neither --window nor --shift")
      }
      try intake.add(record)
      let rows = bytes.split(separator: 10).count { $0.contains { $0 > 32 } }
      for _ in 0..<rows { intake.counts.keep() }
    }
  }

  /// Drops the last line of a table if it has no end and fewer cells than the first.
  private static func dropCutLine(of bytes: inout [UInt8], _ intake: Intake) {
    let comma = UInt8(ascii: ",")
    let first = bytes.first { $0 > 32 }
    guard first != UInt8(ascii: "{"), first != UInt8(ascii: "["),
      let heading = bytes.split(separator: 10, maxSplits: 1).first,
      let end = bytes.lastIndex(of: 10), end + 1 < bytes.count,
      bytes[(end + 1)...].count(where: { $0 == comma }) < heading.count(where: { $0 == comma })
    else { return }
    intake.counts.drop(Intake.cut, line: bytes.count { $0 == 10 } + 1)
    bytes.removeSubrange((end + 1)...)
  }

  /// Rows of a price history: lines under the heading, or prices in JSON.
  private static func rows(of bytes: [UInt8]) -> Int {
    let isJSON = bytes.first { $0 > 32 } == UInt8(ascii: "{")
    guard isJSON else { return bytes.split(separator: 10).count { $0.contains { $0 > 32 } } - 1 }
    let text = String(decoding: bytes, as: UTF8.self)
    return text.components(separatedBy: "\"SpotPrice\"").count - 1
  }
}

extension Intake {
  fileprivate func add(_ record: AvailabilityHistory) {
    let step = record.step.nanoseconds
    var market = SpotMarketRecord(name: name, step: step, isUp: [])
    for (index, isUp) in record.isUp.enumerated() {
      guard let placed = placed(Int64(index) * step) else {
        counts.drop(Self.outside, line: 1)
        continue
      }
      // Before it was recorded the market is taken to be as at first.
      while market.isUp.count < Int(placed / step) { market.isUp.append(isUp) }
      market.isUp.append(isUp)
      counts.keep()
    }
    content.markets.append(market)
  }

  /// Counts a price's changes, and adds the market if it is one of those that are taken.
  fileprivate func add(_ series: SpotHistoryFile.Series, isTaken: Bool) {
    for change in series.history.changes {
      if !isTaken {
        counts.drop("not one of the \(SpotMarketRecord.most) longest series", line: 0)
      } else if placed(change.at.nanoseconds) == nil {
        counts.drop(Self.outside, line: 0)
      } else {
        counts.keep()
      }
    }
    guard isTaken else { return }
    let hour = TimeSpan.hours(1)
    let prices = series.history.prices(every: hour)
    guard !prices.isEmpty else { return }
    // Nobody bid: what is asked nine hours in ten is taken for it.
    let bid = prices.sorted()[min(prices.count - 1, prices.count * 9 / 10)]
    var market = SpotMarketRecord(
      name: Self.label(series.name.isEmpty ? name : series.name, orElse: name),
      step: hour.nanoseconds, isUp: [])
    for (index, price) in prices.enumerated() {
      guard let placed = placed(Int64(index) * hour.nanoseconds) else { continue }
      while market.isUp.count < Int(placed / hour.nanoseconds) { market.isUp.append(price <= bid) }
      market.isUp.append(price <= bid)
    }
    market.facts = [
      "\(market.name): capacity is there while the price is at most \(bid) an hour"
    ]
    if !market.isUp.isEmpty { content.markets.append(market) }
  }

  fileprivate func add(_ record: LifetimeHistory) throws {
    let ends = record.lifetimes.count(where: \.hasEnded)
    let total = record.lifetimes.reduce(0.0) { $0 + $1.lasted.seconds }
    guard ends > 0, total > 0 else {
      throw error(
        line: 1, "empty-file", "no node was taken back", expected: "rows of add and remove")
    }
    var market = SpotMarketRecord(name: name, step: 3_600_000_000_000, isUp: [])
    market.facts = [
      "\(record.lifetimes.count) nodes, of which \(ends) were taken back",
      "a node lives \(TimeSpan.seconds((total / Double(ends)).rounded()).formatted) on average",
    ]
    market.lifetime = total / Double(ends)
    content.markets.append(market)
  }
}
