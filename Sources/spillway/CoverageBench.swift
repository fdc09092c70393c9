import ArgumentParser
import Experiments
import Foundation
import Reporting
import Statistics

/// Measures how often intervals enclose what they should.
struct CoverageBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "coverage",
    abstract: "How often 1,000 intervals enclose the truth; exit 1 if not as often as they say.",
    discussion: """
      Means of 30 normal and of 500 lognormal numbers have to be covered within 2.1 points of 95 % \
      by the interval that reports show (Student's, or Hall's where the numbers are skewed), the \
      latter also by 20,000 intervals, which tell its coverage to half a point; the bounds of a \
      claim's share within 2.1 points of their exact binomial coverage, which is never below 95 %. \
      The mean of 30 lognormal numbers is covered too rarely by Student's interval, and shown so.
      """)
  @Option(name: .short, help: OutputFormat.help) var output: OutputFormat = .text

  /// Numbers of replications at which the exact coverage of bounds is tried.
  private static let trials = [10, 59, 200]

  func run() throws {
    let checks = IntervalCoverage.seeds.flatMap { seed in
      IntervalCoverage.checks(seed: seed) + IntervalCoverage.skewedMeans(seed: seed)
    }
    let least = Self.trials.map { ($0, IntervalCoverage.leastExactCoverage($0)) }
    let isMet =
      checks.allSatisfy(\.isMet) && least.allSatisfy { $0.1 >= IntervalCoverage.confidence - 1e-9 }
    try Answer(
      text: text(checks, least), json: json(checks, least), table: table(checks, least)
    ).say(as: output)
    if !isMet { throw ExitStatus.claimFails.code }
  }

  private func percent(_ share: Double) -> String { String(format: "%6.2f %%", share * 100) }

  private func text(
    _ checks: [IntervalCoverage.Check], _ least: [(trials: Int, coverage: Double)]
  ) -> String {
    var lines = checks.map { check in
      let demand =
        switch check.rule {
        case .near: "within 2.1 points of"
        case .below: "more than 2.1 points below"
        case .shown: "to be compared with"
        }
      var line = "\(check.isMet ? "ok    " : "FAILED") seed \(check.seed)  "
      line += "\(percent(check.coverage))  \(demand) \(percent(check.expected))  \(check.name), "
      line += "\(check.intervals) intervals"
      if let misses = check.misses {
        line += "; too low \(percent(misses.below)), too high \(percent(misses.above))"
      }
      return line
    }
    for one in least {
      lines.append(
        "\(one.coverage >= IntervalCoverage.confidence - 1e-9 ? "ok    " : "FAILED") exact   "
          + "\(percent(one.coverage))  at least  95.00 %  bounds of any share from \(one.trials)")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func table(
    _ checks: [IntervalCoverage.Check], _ least: [(trials: Int, coverage: Double)]
  ) -> ResultTable {
    var table = ResultTable(
      "coverage",
      columns: [
        .init("interval", kind: .text), .init("seed", kind: .count), .init("coverage"),
        .init("expected"), .init("rule", kind: .text), .init("intervals", kind: .count),
        .init("met", kind: .text),
      ])
    for check in checks {
      table.append([
        .text(check.name), .count(Int(check.seed)), .number(check.coverage),
        .number(check.expected), .text(check.rule.rawValue), .count(check.intervals),
        .text(check.isMet ? "yes" : "no"),
      ])
    }
    for one in least {
      let isMet = one.coverage >= IntervalCoverage.confidence - 1e-9
      table.append([
        .text("bounds of any share from \(one.trials)"), .missing, .number(one.coverage),
        .number(IntervalCoverage.confidence), .text("exact"), .missing, .text(isMet ? "yes" : "no"),
      ])
    }
    return table
  }

  private func json(
    _ checks: [IntervalCoverage.Check], _ least: [(trials: Int, coverage: Double)]
  ) -> String {
    JSONValue.object([
      (
        "checks",
        .array(
          checks.map { check in
            .object([
              ("name", .string(check.name)), ("seed", .integer(Int(check.seed))),
              ("intervals", .integer(check.intervals)), ("coverage", .number(check.coverage)),
              ("expected", .number(check.expected)), ("rule", .string(check.rule.rawValue)),
              ("tooLow", .optional(check.misses?.below)),
              ("tooHigh", .optional(check.misses?.above)),
              ("met", .bool(check.isMet)),
            ])
          })
      ),
      (
        "leastExactCoverage",
        .array(
          least.map { one in
            .object([("trials", .integer(one.trials)), ("coverage", .number(one.coverage))])
          })
      ),
    ]).rendered()
  }
}
