import ArgumentParser
import Autoscaling
import Experiments
import Foundation
import Infrastructure
import Probability
import Quantities
import Reporting
import ScenarioFiles
import Statistics

extension AvailabilitySense: ExpressibleByArgument {}

/// Finds the parameters of a model in recordings.
struct FitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fit", abstract: "Finds the parameters of a model in recordings.",
    subcommands: [FitSpotCommand.self, FitPodsCommand.self])
}

/// Fits a spot market to a recorded one.
struct FitSpotCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "spot", abstract: "Fits a spot market to a recorded one.",
    discussion: """
      Reads availabilities (SkyPilot's JSON), prices (AWS's JSON or CSV) and nodes that came and went \
      (Bamboo's CSV). Prints laws by maximum likelihood with standard errors and goodness of fit, what \
      200 simulated traces of the same length cover, and YAML to be pasted into a ServerlessPool.

      Examples:
        spillway fit spot us-east-2a.json
        spillway fit spot prices.csv --series m1.small/us-east-1a
        spillway fit spot prices.csv --bid 0.05
        spillway fit spot us-east-2a.json --deadline 20h --work 15h --changeover 6m
      """)
  @Argument(
    help: "A recorded market: JSON or CSV.", completion: .file(extensions: ["json", "csv"]))
  var file: String
  @Option(help: "Of several prices, the one of this instance type and zone; default: the longest.")
  var series: String?
  @Option(help: "What was bid per hour: capacity is there while the price is at most that.")
  var bid: Double?
  @Option(
    help: "What the numbers of availabilities count: available or missing instances.")
  var sense: AvailabilitySense = .available
  @Option(help: "The step at which prices are looked at, such as 1h.") var step: String = "1h"
  @Option(
    help: "Also what a job that has so long would have paid under each policy, such as 20h.")
  var deadline: String?
  @Option(help: "How long that job works, such as 15h.") var work: String = "15h"
  @Option(help: "How long it takes to change its machine.") var changeover: String = "6m"
  @Option(help: "How often it saves its work.") var checkpoint: String = "10m"
  @Option(help: "What spot costs over the price on demand.") var factor: Double = 0.2
  @Option(help: "The seed of simulated traces.") var seed: UInt64 = 42
  @Option(name: .short, help: OutputFormat.help) var output: OutputFormat = .text

  func run() throws {
    let recorded: SpotHistoryFile
    do {
      recorded = try SpotHistoryFile(path: file, sense: sense)
    } catch {
      complain(error.description)
      throw (error.isMissingInput ? ExitStatus.missingInput : .badInput).code
    }
    if !recorded.warnings.isEmpty { complain(Diagnostic.text(of: recorded.warnings)) }
    guard let span = try? TimeSpan.parse(step), span > .zero else {
      throw ValidationError("--step is a time longer than 0, such as 1h")
    }
    let report: SpotFitReport
    switch recorded.content {
    case .availability(let history):
      report = SpotFitReport(
        availability: SpotFit(history, seed: seed), name: name, deadlines: try replays(history))
    case .lifetimes(let history): report = SpotFitReport(lifetimes: history, name: name)
    case .prices(let all):
      let chosen = try choose(among: all)
      if let bid {
        let history = chosen.history.availability(bidding: bid, every: span)
        report = SpotFitReport(
          availability: SpotFit(history, seed: seed), name: chosen.name,
          deadlines: try replays(history))
      } else {
        report = SpotFitReport(prices: chosen, step: span, name: name)
      }
    }
    try Answer(text: report.text, json: report.json, table: report.table).say(as: output)
    if report.yaml.isEmpty { throw ExitStatus.badInput.code }
  }

  /// Jobs with the deadline that was asked for, on the recording itself.
  private func replays(_ history: AvailabilityHistory) throws -> DeadlineReplay? {
    guard let deadline else { return nil }
    func span(_ text: String, _ option: String) throws -> TimeSpan {
      guard let span = try? TimeSpan.parse(text), span > .zero else {
        throw ValidationError("--\(option) is a time longer than 0, such as 15h")
      }
      return span
    }
    var terms = DeadlineConfiguration()
    terms.within = try span(deadline, "deadline")
    terms.work = try span(work, "work")
    terms.changeover = try span(changeover, "changeover")
    terms.quantum = try span(checkpoint, "checkpoint")
    guard terms.work + terms.changeover <= terms.within else {
      throw ValidationError("--deadline is at least --work and --changeover together")
    }
    guard factor >= 0, factor.isFinite else { throw ValidationError("--factor is at least 0") }
    var replay = DeadlineReplay(history, terms: terms)
    replay.spotFactor = factor
    return replay
  }

  private var name: String { (file as NSString).lastPathComponent }

  private func choose(among all: [SpotHistoryFile.Series]) throws -> SpotHistoryFile.Series {
    let names = all.map(\.name)
    guard let series else { return all[0] }
    guard let index = names.firstIndex(of: series) else {
      let listed = names.prefix(12).joined(separator: ", ")
      complain("spillway: \(file) has no prices of \(series); it has \(listed)")
      throw ExitStatus.badInput.code
    }
    return all[index]
  }
}
