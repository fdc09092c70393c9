import ArgumentParser
import CloudSimulation
import Experiments
import Foundation
import Reporting
import ScenarioFiles

/// How sweeps fail, by the contract's numbers.
enum SweepFailures {
  /// Does something that reads no scenario.
  static func reporting(
    _ output: OutputFormat, _ body: () async throws -> Void
  ) async throws {
    try await reporting(nil, nil, nil, output, body)
  }

  /// Does something with an experiment; what is wrong with that is told with its place.
  static func reporting(
    _ input: InputOptions?, _ loaded: LoadedScenario?, _ experiment: Experiment?,
    _ output: OutputFormat, _ body: () async throws -> Void
  ) async throws {
    do {
      try await body()
    } catch let error as SweepError {
      switch error {
      case .unknownResponse, .noRange, .noRanking:
        if let input, let loaded, let experiment {
          input.report([diagnostic(of: error, experiment, loaded)], output)
        } else {
          complain("spillway: \(error)")
        }
      default: complain("spillway: \(error)")
      }
      throw status(of: error).code
    } catch let error as InvalidInput {
      input?.report(error.diagnostics, output)
      throw (error.isMissingInput ? ExitStatus.missingInput : .badInput).code
    } catch let error as StudyError {
      complain("spillway: \(error)")
      throw ExitStatus.badInput.code
    } catch let fault as ModelFault {
      complain("spillway: a bug in the model: \(fault), digest \(loaded?.digest ?? "")")
      throw ExitStatus.bug.code
    } catch let error as CocoaError {
      let path = error.filePath.map { "\($0): " } ?? ""
      let isMissing = error.code == .fileReadNoSuchFile || error.code == .fileNoSuchFile
      complain("spillway: \(path)\(isMissing ? "isn't there" : error.localizedDescription)")
      throw (isMissing ? ExitStatus.missingInput : .outputError).code
    }
  }

  private static func status(of error: SweepError) -> ExitStatus {
    switch error {
    case .unknownResponse, .noRange, .noRanking, .incomparable: .badInput
    case .tooLarge: .usage
    case .incomplete, .unusable: .incomplete
    case .cannotCreate: .cannotCreate
    case .cannotWrite: .outputError
    }
  }

  private static func diagnostic(
    of error: SweepError, _ experiment: Experiment, _ loaded: LoadedScenario
  ) -> Diagnostic {
    let field: String
    switch error {
    case .noRange(let path):
      let number = experiment.factors.firstIndex { $0.path == path } ?? 0
      field = "factors[\(number)].path"
    case .noRanking(let number, _): field = "ranking[\(number)]"
    default: field = "responses"
    }
    return loaded.diagnostic(
      at: "Experiment/\(experiment.name):spec.\(field)", code: "experiment", message: "\(error)")
  }
}
