import Foundation
import Infrastructure
import Quantities
import ScenarioFiles

/// Compares amounts by published price sheets with reference amounts, to the last digit.
struct BillVectors {
  func run(_ path: String) throws -> ConformanceReport {
    var report = ConformanceReport()
    for file in try VectorFiles.all(at: path) {
      let data = try Data(contentsOf: URL(fileURLWithPath: file))
      do {
        for one in try JSONDecoder().decode(Vectors.self, from: data).cases {
          report.cases.append(check(one))
        }
      } catch let error as DecodingError {
        throw VectorFiles.Unreadable(
          description: "\(file): expected {\"cases\": [{id, sheet, pods: [{cpu, memory, gpu, spot, "
            + "billedSeconds}], expected: {currency, amount}}]}; \(error)")
      }
    }
    return report
  }

  private func check(_ one: Vectors.Case) -> ConformanceReport.Case {
    var result = ConformanceReport.Case(id: one.id)
    guard let published = PublishedSheet.named(one.sheet) else {
      let known = PublishedSheet.all.map(\.name).joined(separator: ", ")
      result.problems.append("there is no sheet \"\(one.sheet)\"; there are \(known)")
      return result
    }
    let sheet = published.sheet
    if one.expected.currency != sheet.currency {
      result.problems.append("\(one.sheet) is in \(sheet.currency), not \(one.expected.currency)")
    }
    do {
      var sum = Money.zero
      for pod in one.pods { sum += try amount(pod, published) }
      let expected = try Money.parse(one.expected.amount)
      if sum != expected { result.problems.append("\(sum.decimal) instead of \(expected.decimal)") }
    } catch {
      result.problems.append("\(error)")
    }
    return result
  }

  /// What a Pod costs: its size rounded up, for a time that is billed already.
  private func amount(_ pod: Vectors.Pod, _ published: PublishedSheet) throws -> Money {
    let sheet = published.sheet
    guard sheet.hour(of: published.cpuType) != nil else {
      throw Unpriced(description: "the sheet has no price for serverless Pods")
    }
    let size = sheet.billedSize(
      millicores: try CPU.parse(pod.cpu).millicores, memory: try Bytes.parse(pod.memory).count)
    var cards = Money.zero
    if let gpu = pod.gpu {
      guard let hour = sheet.cardHour(of: gpu.model) else {
        throw Unpriced(description: "the sheet has no price for a card of \(gpu.model)")
      }
      cards = hour * Int64(gpu.count)
    }
    let stay = BilledStay(
      place: 0, millicores: size.millicores, halfGiB: size.halfGiB, start: .zero,
      end: .seconds(pod.billedSeconds), cpuType: published.cpuType, isSpot: pod.spot ?? false,
      gpuHour: Int64(clamping: cards.picounits))
    return sheet.amount(of: stay, until: .distantFuture)
  }

  private struct Unpriced: Error, CustomStringConvertible { let description: String }
}

/// A file of bill cases.
private struct Vectors: Decodable {
  struct Case: Decodable {
    var id: String
    var sheet: String
    var pods: [Pod]
    var expected: Expected
  }
  struct Pod: Decodable {
    var cpu: String
    var memory: String
    var gpu: Cards?
    var spot: Bool?
    var billedSeconds: Double
  }
  struct Expected: Decodable {
    var currency: String
    var amount: String
  }
  var cases: [Case]
}

/// GPU cards: a model such as `V100`, with a number as `2*V100`, or `{model, count}`.
private struct Cards: Decodable {
  var model: String
  var count: Int

  private enum Key: String, CodingKey { case model, type, count }

  init(from decoder: any Decoder) throws {
    if let text = try? decoder.singleValueContainer().decode(String.self) {
      let parts = text.split(whereSeparator: { "*x× ".contains($0) }).map(String.init)
      let number = parts.compactMap { Int($0) }.first
      count = number ?? 1
      model = parts.first { Int($0) == nil } ?? text
      return
    }
    let object = try decoder.container(keyedBy: Key.self)
    model =
      try object.decodeIfPresent(String.self, forKey: .model)
      ?? object.decode(String.self, forKey: .type)
    count = try object.decodeIfPresent(Int.self, forKey: .count) ?? 1
  }
}
