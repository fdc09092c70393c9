import Foundation
import TestSupport
import Testing

@Suite("Output analysis of a table")
struct AnalyseTests {
  /// Four replications of 2,000 values around 5 that begin at 400: with φ = 0.9 the start is
  /// e⁻²¹ of itself after 200 values.
  private static func table() -> String {
    var luck = SeededGenerator(seed: 3)
    var lines = ["replication,site,wait"]
    for replication in 0..<4 {
      var value = 400.0
      for _ in 0..<2_000 {
        value = 5 + 0.9 * (value - 5) + Double.random(in: -1.7...1.7, using: &luck)
        lines.append("\(replication),\"idc, old\",\(value)")
      }
      lines.append("\(replication),cloud,-1000")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func call(_ arguments: String..., text: String) throws -> Program.Result {
    try withTemporaryFolder { folder in
      try Data(text.utf8).write(to: URL(filePath: "\(folder)/t.csv"))
      return try Spillway.call(["analyse", "\(folder)/t.csv"] + arguments)
    }
  }

  @Test("A steady-state series loses its warm-up, and every interval has the mean")
  func steadyState() throws {
    let result = try Self.call(
      "--column", "wait", "--where", "site=idc, old", "--confidence", "0.999", "-o", "json",
      text: Self.table())
    #expect(result.status == 0, "\(result.errors)")
    let found = try #require(try Spillway.json(result.output) as? [String: Any])
    let warmUp = try #require(found["warmUp"] as? Int)
    #expect(warmUp >= 15 && warmUp <= 200 && found["terminating"] as? Bool == false)
    #expect(found["welch"] as? Int ?? 0 > 0)
    let intervals = try #require(found["intervals"] as? [[String: Any]])
    #expect(intervals.count == 4)
    // Resampling four means can't leave their range, which misses the truth once in eight times.
    for one in intervals where one["method"] as? String != "bootstrap" {
      let (low, high) = (one["low"] as? Double ?? .nan, one["high"] as? Double ?? .nan)
      #expect(low < 5 && 5 < high && high - low < 6, "\(one)")
    }
    // Without the cut the start biases the mean by 395 · 0.9 / (1 − 0.9) / 2,000 = 1.78; the standard
    // error is 0.98 / (1 − 0.9) / √8,000 = 0.11.
    let raw = try Self.call(
      "--column", "wait", "--where", "site=idc, old", "--warm-up", "0", "-o", "csv",
      text: Self.table())
    #expect(raw.status == 0)
    let row = raw.output.split(whereSeparator: \.isNewline).dropFirst().first ?? ""
    let estimate = row.split(separator: ",").compactMap { Double($0) }.first ?? .nan
    #expect(estimate > 6.2 && estimate < 7.4, "\(raw.output)")
  }

  @Test("Values of replications are independent: a quantile too extreme names the n it takes")
  func terminating() throws {
    let text =
      "replication,x\n" + (0..<30).map { "\($0),\($0 * $0)" }.joined(separator: "\n") + "\n"
    let sound = try Self.call("--column", "x", "--quantile", "0.5", text: text)
    #expect(sound.status == 0 && sound.output.contains("terminating"))
    #expect(sound.output.contains("quantile 0.5") && sound.output.contains("bootstrap"))
    let extreme = try Self.call("--column", "x", "--quantile", "0.99", text: text)
    #expect(extreme.status == 65 && extreme.errors.contains("it takes 368"))
  }

  @Test("What can't be read is told with its line")
  func refused() throws {
    let missing = try Self.call("--column", "y", text: "x\n1\n")
    #expect(missing.status == 65 && missing.errors.contains("no column \"y\"; there are x"))
    let word = try Self.call("--column", "x", text: "x\n1\ntwo\n")
    #expect(word.status == 65 && word.errors.contains(":3: \"two\" is no number"))
  }
}
