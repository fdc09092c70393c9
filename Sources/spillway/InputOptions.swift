import ArgumentParser
import CloudSimulation
import Foundation
import Reporting
import ScenarioFiles

/// Which files a command reads, and which values it changes.
struct InputOptions: ParsableArguments {
  @Argument(
    help: "Files and folders of manifests.",
    completion: .file(extensions: ["yaml", "yml", "json"]))
  var files: [String] = []
  @Option(
    name: [.customShort("f"), .customLong("filename")],
    help: "More files or folders; may be repeated.", completion: .file())
  var more: [String] = []
  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp(
      "Another value for a parameter; may be repeated.", valueName: "PATH=VALUE"))
  var settings: [String] = []

  func validate() throws {
    guard !(files + more).isEmpty else {
      throw ValidationError("no input; name at least one file, such as Scenarios/claim-holds.yaml")
    }
    for setting in settings where !setting.contains("=") {
      throw ValidationError(
        "--set \(setting): expected PATH=VALUE, such as"
          + " ServerlessPool/cloud:spec.createRate=1500/min")
    }
  }

  /// The settings, path and value apart; a value may contain `=`, a path may not.
  var overrides: [(path: String, value: String)] {
    settings.map { setting in
      let parts = setting.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return (String(parts[0]), String(parts[1]))
    }
  }

  /// Reads the input; whatever is wrong with it is printed in full, and the command ends.
  func load(_ output: OutputFormat) throws -> LoadedScenario {
    do {
      return try ScenarioLoader.load(paths: files + more, overrides: overrides)
    } catch {
      report(error.diagnostics, output)
      throw (error.isMissingInput ? ExitStatus.missingInput : .badInput).code
    }
  }

  /// Prints diagnostics: as JSON on standard output, as text on standard error.
  func report(_ diagnostics: [Diagnostic], _ output: OutputFormat) {
    if output == .json {
      say(Diagnostic.json(of: diagnostics))
    } else if !diagnostics.isEmpty {
      complain(Diagnostic.text(of: diagnostics))
    }
    guard Terminal().isGitHub else { return }
    for diagnostic in diagnostics {
      complain(
        GitHubAnnotation(
          level: diagnostic.severity == .error ? .error : .warning, title: diagnostic.code,
          message: diagnostic.message, file: diagnostic.file, line: diagnostic.line,
          column: diagnostic.column
        ).rendered())
    }
  }
}

/// A loaded scenario as a study wants it.
struct FileSource: ScenarioSource {
  let loaded: LoadedScenario

  func scenario(setting settings: [ParameterSetting]) throws -> Scenario {
    try loaded.scenario(setting: settings.map { ($0.path, $0.value) })
  }

  func parameters(setting settings: [ParameterSetting]) throws -> [Parameter] {
    guard !settings.isEmpty else { return loaded.parameters }
    return try loaded.setting(settings.map { ($0.path, $0.value) }).parameters
  }

  func interpolate(_ path: String, from low: String, to high: String, fraction: Double) -> String? {
    loaded.interpolate(path, from: low, to: high, fraction: fraction)
  }
}
