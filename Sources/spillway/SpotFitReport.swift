import Autoscaling
import Experiments
import Foundation
import Infrastructure
import Probability
import Quantities
import Reporting
import ScenarioFiles
import Statistics

/// What `fit spot` found, as text and as JSON.
struct SpotFitReport {
  private(set) var text = ""
  private(set) var json = ""
  /// The fitted laws' parameters, a row each.
  private(set) var table = ResultTable(
    "laws",
    columns: [
      .init("of", kind: .text), .init("law", kind: .text), .init("parameter", kind: .text),
      .init("value"), .init("error"), .init("akaike"), .init("distance"), .init("p"),
    ])
  /// What is to be pasted; empty if nothing could be fitted.
  private(set) var yaml = ""

  /// Laws of stretches with and without capacity.
  ///
  /// - Parameter deadlines: jobs with a deadline on the recording; nil: nobody asked.
  init(availability fit: SpotFit, name: String, deadlines: DeadlineReplay? = nil) {
    let history = fit.history
    let length = history.step * history.isUp.count
    line(
      "\(name): \(history.isUp.count) values every \(history.step.formatted), "
        + "\(length.formatted) in all; availability \(FitText.digits(fit.figures.availability))")
    let cut = "the first stretch is left out, the last counts as cut off"
    for (word, fits, mean) in [
      ("up", fit.up, fit.figures.meanUp), ("down", fit.down, fit.figures.meanDown),
    ] {
      let count = history.sojourns.count { $0.isUp == (word == "up") }
      line("\n\(word): \(count) stretches, mean \(FitText.time(mean)) (\(cut))")
      laws(fits, of: word)
    }
    if let chosen = fit.chosen {
      line("\n\(SpotFit.traces) simulated traces as long, 95 %:")
      for bracket in fit.brackets {
        let isTime = bracket.name != "availability"
        let show: (Double) -> String = isTime ? { FitText.time($0) } : { FitText.digits($0) }
        line(
          "  \(bracket.name) \(show(bracket.observed)) "
            + (bracket.holds ? "within" : "OUTSIDE OF")
            + " \(show(bracket.low)) to \(show(bracket.high))")
      }
      paste([
        "availability:", "  up: \"\(FitText.law(chosen.up))\"",
        "  down: \"\(FitText.law(chosen.down))\"",
      ])
    } else {
      line(
        "\nToo few stretches to fit: two whole ones of different length of either kind are needed.")
    }
    var outcomes: [JSONValue] = []
    if let deadlines { outcomes = replayed(deadlines) }
    json =
      JSONValue.object([
        ("file", .string(name)), ("kind", "availability"),
        ("availability", .number(fit.figures.availability)),
        ("meanUp", .optional(fit.figures.meanUp)), ("meanDown", .optional(fit.figures.meanDown)),
        ("up", .array(fit.up.map(Self.json))), ("down", .array(fit.down.map(Self.json))),
        (
          "brackets",
          .array(
            fit.brackets.map {
              [
                "name": .string($0.name), "observed": .number($0.observed), "low": .number($0.low),
                "high": .number($0.high), "holds": .bool($0.holds),
              ]
            })
        ), ("deadlines", .array(outcomes)), ("yaml", .string(yaml)),
      ]).rendered()
  }

  /// What policies for jobs with a deadline would have paid.
  private mutating func replayed(_ replay: DeadlineReplay) -> [JSONValue] {
    let starts = replay.starts(Self.jobs)
    line(
      "\n\(Self.jobs) jobs of \(replay.terms.work.formatted) due after "
        + "\(replay.terms.within.formatted), begun evenly over the recording; cost over that of "
        + "the work on demand:")
    return DeadlinePolicy.allCases.map { policy in
      let fates = starts.map { replay.fate(of: policy, from: $0) }
      let cost = Tally(fates.map(\.cost)).mean ?? 0
      let late = fates.count { !$0.isInTime }
      let machines = Tally(fates.map { Double($0.machines) }).mean ?? 0
      line(
        "  \(policy.rawValue): \(FitText.digits(cost)), \(late) late, "
          + "\(FitText.digits(machines)) machines a job")
      return [
        "policy": .string(policy.rawValue), "cost": .number(cost), "late": .integer(late),
        "machines": .number(machines),
      ]
    }
  }

  /// Jobs in a replay.
  private static let jobs = 200

  /// A law of nodes' lifetimes.
  init(lifetimes history: LifetimeHistory, name: String) {
    let ended = history.lifetimes.filter(\.hasEnded)
    let mean = Tally(ended.map(\.lasted.seconds)).mean
    line(
      "\(name): \(history.lifetimes.count) nodes, \(ended.count) taken back after "
        + "\(FitText.time(mean)) on average, the others alive at the end")
    let fits = DurationFit.all(
      history.lifetimes.map {
        SteppedDuration(steps: max(1, Int($0.lasted.seconds.rounded())), isCut: !$0.hasEnded)
      }, step: 1)
    laws(fits, of: "lifetime")
    if let best = fits.first {
      paste(["lifetime: \"\(FitText.law(best.law))\""])
    } else {
      line("Too few nodes were taken back to fit.")
    }
    json =
      JSONValue.object([
        ("file", .string(name)), ("kind", "lifetimes"),
        ("nodes", .integer(history.lifetimes.count)), ("ended", .integer(ended.count)),
        ("lifetime", .array(fits.map(Self.json))), ("yaml", .string(yaml)),
      ]).rendered()
  }

  /// A price that reverts to its mean.
  init(prices series: SpotHistoryFile.Series, step: TimeSpan, name: String) {
    let changes = series.history.changes
    let length = changes.last?.at ?? .zero
    line(
      "\(name)\(series.name.isEmpty ? "" : ", \(series.name)"): \(changes.count) changes in "
        + length.formatted)
    let fit = PriceFit(series.history, step: step)
    if let fit {
      for (name, value, error) in [
        ("median", fit.median, nil), ("sigma", fit.sigma, nil),
        ("correlation", fit.correlation, fit.correlationError),
        ("least", fit.range.lowerBound, nil), ("most", fit.range.upperBound, nil),
      ] as [(String, Double, Double?)] {
        table.append([
          .text("price"), .text("reverting"), .text(name), .number(value), .optional(error),
          .missing, .missing, .missing,
        ])
      }
      line(
        "price per hour: median \(FitText.digits(fit.median)), "
          + "\(FitText.digits(fit.range.lowerBound)) to \(FitText.digits(fit.range.upperBound)); "
          + "its logarithm, by \(fit.steps) steps of \(step.formatted): standard deviation "
          + "\(FitText.digits(fit.sigma)), correlation \(FitText.digits(fit.correlation)) "
          + "± \(FitText.digits(fit.correlationError))")
      line("median, least and most are to be divided by the list price of the machine")
      paste([
        "price:", "  median: \(FitText.digits(fit.median))",
        "  sigma: \(FitText.digits(fit.sigma))",
        "  correlation: \(FitText.digits(fit.correlation))", "  step: \(step.formatted)",
        "  least: \(FitText.digits(fit.range.lowerBound))",
        "  most: \(FitText.digits(fit.range.upperBound))",
      ])
    } else {
      line("A price that never changes, or fewer than three steps: nothing to fit.")
    }
    json =
      JSONValue.object([
        ("file", .string(name)), ("kind", "price"), ("series", .string(series.name)),
        ("changes", .integer(changes.count)), ("median", .optional(fit?.median)),
        ("sigma", .optional(fit?.sigma)), ("correlation", .optional(fit?.correlation)),
        ("correlationError", .optional(fit?.correlationError)), ("yaml", .string(yaml)),
      ]).rendered()
  }

  private mutating func line(_ words: String) { text += words + "\n" }

  private mutating func laws(_ fits: [DurationFit], of what: String) {
    for fit in fits {
      for parameter in fit.parameters {
        table.append([
          .text(what), .text(fit.family.rawValue), .text(parameter.name), .number(parameter.value),
          .optional(parameter.error), .number(fit.akaike), .number(fit.distance),
          .optional(fit.pValue),
        ])
      }
      let parameters = fit.parameters.map { parameter in
        let isTime = ["mean", "scale", "median"].contains(parameter.name)
        let show: (Double) -> String = isTime ? { FitText.time($0) } : { FitText.digits($0) }
        return "\(parameter.name) \(show(parameter.value))"
          + (parameter.error.map { " ± \(show($0))" } ?? "")
      }
      line(
        "  \(fit.family.rawValue): \(parameters.joined(separator: ", ")); "
          + "AIC \(FitText.digits(fit.akaike, 6)), distance \(FitText.digits(fit.distance))"
          + (fit.pValue.map { ", p \(FitText.digits($0, 2))" } ?? ""))
    }
  }

  private mutating func paste(_ lines: [String]) {
    yaml = "spot:\n" + lines.map { "  \($0)\n" }.joined()
    line("\n# ServerlessPool, under spec (graded C: fitted to this file)\n\(yaml)")
    text.removeLast()
  }

  private static func json(_ fit: DurationFit) -> JSONValue {
    [
      "law": .string(fit.family.rawValue),
      "parameters": .object(
        fit.parameters.map {
          ($0.name, ["value": .number($0.value), "error": .optional($0.error)])
        }),
      "logLikelihood": .number(fit.logLikelihood), "akaike": .number(fit.akaike),
      "distance": .number(fit.distance), "p": .optional(fit.pValue),
    ]
  }
}
