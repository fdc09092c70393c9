import ArgumentParser
import CloudSimulation
import Foundation

/// The command line.
@main
struct SpillwayCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "spillway",
    abstract: "Simulates a Kubernetes hybrid cloud and checks claims about it.",
    discussion: """
      Examples:
        spillway run Scenarios/claim-holds.yaml
        spillway run -f nodes.yaml -f pods.yaml
        spillway run scenario.yaml --set ServerlessPool/cloud:spec.createRate=1500/min
        spillway validate scenario.yaml -o json
        spillway explain ServerlessPool:spec.createRate

      Exit status: 0 done, all claims hold; 1 a claim doesn't hold or is undecided; \
      2 worse than a baseline; 3 a sweep is incomplete; 64 usage; \
      65 bad input; 66 input missing; 70 a bug; 73, 74 output can't be written; 75 preempted; 130 interrupted.
      """,
    version: CloudSimulation.Spillway.version,
    subcommands: [
      RunCommand.self, ValidateCommand.self, ExplainCommand.self, SchemaCommand.self,
      WhyCommand.self, SweepCommand.self, MergeCommand.self, ReportCommand.self,
      CompareCommand.self, PlanCommand.self, FitIntoCommand.self, AnalyseCommand.self,
      ViewCommand.self,
      ClaimsCommand.self, FitCommand.self, InitCommand.self, ImportCommand.self,
      ConformanceCommand.self, BenchCommand.self, ManualCommand.self,
    ])
}

/// How a command ends, by the contract's numbers.
enum ExitStatus: Int32 {
  case done = 0
  case claimFails = 1
  case regression = 2
  case incomplete = 3
  case usage = 64
  case badInput = 65
  case missingInput = 66
  case bug = 70
  case cannotCreate = 73
  case outputError = 74
  case preempted = 75
  case interrupted = 130

  var code: ExitCode { ExitCode(rawValue) }
}
