import Statistics

/// `manifest.json`: what was run, when and on what; the only file that differs between two runs
/// of the same scenario, seed and version.
public struct RunManifest: Sendable {
  /// What marks a folder as a run's.
  static let kind = "Run"

  /// Whether the run was cut short.
  public var isPartial: Bool
  /// The scenario's name.
  public var scenario: String
  /// The digest of the scenario as read.
  public var digest: String
  /// The seed.
  public var seed: UInt64
  /// Replications that ended.
  public var replications: Int
  /// Spillway's version.
  public var version: String
  /// What was read, so that it can be read again.
  public var input: RunInput
  /// The command as it was typed.
  public var command: String
  /// When the run began, as the wall clock said.
  public var startedAt: String
  /// How long it took, in seconds on the wall clock.
  public var elapsedSeconds: Double
  /// Architecture, system, libraries: names with values.
  public var platform: [(name: String, value: String)]

  /// The manifest of a run from its summary and what only the command line knows.
  public init(
    _ summary: RunSummary, input: RunInput, command: String, startedAt: String,
    elapsedSeconds: Double,
    platform: [(name: String, value: String)]
  ) {
    isPartial = summary.isPartial
    scenario = summary.scenario
    digest = summary.digest
    seed = summary.seed
    replications = summary.replications
    version = summary.version
    self.input = input
    self.command = command
    self.startedAt = startedAt
    self.elapsedSeconds = elapsedSeconds
    self.platform = platform
  }

  /// The manifest of a search for a plan from its summary and what only the command line knows.
  public init(
    _ plan: PlanSummary, input: RunInput, command: String, startedAt: String,
    elapsedSeconds: Double, platform: [(name: String, value: String)]
  ) {
    var summary = RunSummary()
    summary.isPartial = plan.isPartial
    summary.scenario = plan.scenario
    summary.digest = plan.digest
    summary.seed = plan.seed
    summary.replications = plan.replications
    summary.version = plan.version
    self.init(
      summary, input: input, command: command, startedAt: startedAt,
      elapsedSeconds: elapsedSeconds, platform: platform)
  }

  /// The text of `manifest.json`.
  public func rendered() -> String {
    let document: JSONValue = [
      "apiVersion": "spillway.sim/v1alpha1",
      "kind": .string(Self.kind),
      "complete": .bool(!isPartial),
      "scenario": .string(scenario),
      "digest": .string(digest),
      "seed": .unsigned(seed),
      "replications": .integer(replications),
      "version": .string(version),
      "input": [
        "directory": .string(input.directory), "files": .strings(input.files),
        "settings": .strings(input.settings),
      ],
      "command": .string(command),
      "startedAt": .string(startedAt),
      "elapsedSeconds": .number(elapsedSeconds),
      "platform": .object(platform.map { ($0.name, .string($0.value)) }),
    ]
    return document.rendered()
  }

  /// Whether a text begins as ``rendered()`` does.
  static func isManifest(_ text: String) -> Bool {
    text.hasPrefix("{\n  \"apiVersion\": \"spillway.sim/v1alpha1\",\n  \"kind\": \"\(kind)\",")
  }
}
