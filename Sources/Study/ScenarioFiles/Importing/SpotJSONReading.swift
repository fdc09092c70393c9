import Foundation
import Infrastructure
import Quantities

/// Reads histories in JSON: SkyPilot's availabilities and AWS's prices.
enum SpotJSONReading {
  static func read(
    _ rows: inout SpotRows, _ sense: AvailabilitySense
  ) -> SpotHistoryFile.Content? {
    var document: ManifestValue?
    do {
      try rows.source.documents(number: 0) { document = document ?? $0 }
    } catch let error as ParsingError {
      rows.fail(
        Int(error.place.line), error.code, error.message, expected: error.expected,
        column: Int(error.place.column), width: error.width)
      return nil
    } catch {
      rows.fail(0, "syntax", "\(error)")
      return nil
    }
    guard let document else {
      rows.fail(1, "empty-file", "the file holds nothing", expected: "an object with a history")
      return nil
    }
    if let prices = document["SpotPriceHistory"] { return self.prices(prices, &rows) }
    if let data = document["data"] { return availability(document, data, sense, &rows) }
    rows.fail(
      Int(document.place.line), "missing-key", "neither \"data\" nor \"SpotPriceHistory\"",
      expected: "{\"metadata\": {\"gap_seconds\": …}, \"data\": […]}, or what "
        + "aws ec2 describe-spot-price-history prints")
    return nil
  }

  private static func availability(
    _ document: ManifestValue, _ data: ManifestValue, _ sense: AvailabilitySense,
    _ rows: inout SpotRows
  ) -> SpotHistoryFile.Content? {
    let line = Int(document.place.line)
    guard let text = document["metadata"]?["gap_seconds"]?.text, let gap = Double(text),
      gap.isFinite, gap > 0
    else {
      rows.fail(
        line, "missing-key", "\"metadata.gap_seconds\" is missing or no time",
        expected: "the seconds between two values, such as 195")
      return nil
    }
    if gap > 43_200 {
      rows.fail(
        line, "wrong-unit",
        "values are \(TimeSpan.seconds(gap).formatted) apart, which is no history of availability",
        expected: "gap_seconds in seconds, such as 195")
      return nil
    }
    var values: [Bool] = []
    values.reserveCapacity(data.elements.count)
    var isOdd = false
    for (index, element) in data.elements.enumerated() {
      let place = element.place
      if element.isNull {
        rows.assume(
          Int(place.line), "gap", "value \(index) is missing; it was taken to be as the one before",
          column: Int(place.column), width: 4)
        values.append(values.last ?? true)
        continue
      }
      guard let text = element.text, let number = Int(text), number >= 0 else {
        rows.fail(
          Int(place.line), "wrong-value", "value \(index) is \"\(element.text ?? "…")\"",
          expected: "how many instances were \(sense.rawValue), such as 0 or 1",
          column: Int(place.column))
        return nil
      }
      if number > 1, !isOdd {
        isOdd = true
        rows.assume(
          Int(place.line), "wrong-value",
          "value \(index) is \(number) instances, and a market has capacity or none; "
            + (sense == .available
              ? "one available instance was taken for capacity"
              : "one missing instance was taken for none"),
          column: Int(place.column))
      }
      values.append((number > 0) == (sense == .available))
    }
    guard !values.isEmpty else {
      rows.fail(
        Int(data.place.line), "empty-file", "no value in \"data\"", expected: "values of 0 and 1")
      return nil
    }
    return .availability(AvailabilityHistory(step: .seconds(gap), isUp: values))
  }

  private static func prices(
    _ list: ManifestValue, _ rows: inout SpotRows
  ) -> SpotHistoryFile.Content? {
    var found: [SpotPriceRow] = []
    for element in list.elements {
      let line = Int(element.place.line)
      let column = Int(element.place.column)
      guard let stamp = element["Timestamp"]?.text, let amount = element["SpotPrice"]?.text else {
        rows.fail(
          line, "missing-key", "a price without \"Timestamp\" or \"SpotPrice\"",
          expected: "both, as describe-spot-price-history prints them", column: column)
        continue
      }
      guard let time = rows.time(stamp, line, column: column),
        let price = rows.price(amount, line, column: column)
      else { continue }
      let names = ["InstanceType", "AvailabilityZone"].compactMap { element[$0]?.text }
      found.append(
        SpotPriceRow(
          line: line, column: column, time: time, price: price,
          series: names.joined(separator: "/")))
    }
    guard rows.errors.isEmpty else { return nil }
    guard !found.isEmpty else {
      rows.fail(
        Int(list.place.line), "empty-file", "no price in \"SpotPriceHistory\"",
        expected: "prices")
      return nil
    }
    let isNewestFirst = found.count > 1 && found[0].time > found[found.count - 1].time
    return .prices(rows.series(of: found, isNewestFirst: isNewestFirst))
  }
}
