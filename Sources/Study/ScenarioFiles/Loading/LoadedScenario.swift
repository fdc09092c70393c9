import CloudSimulation

/// A scenario with what its files said: where every value comes from, and how to change one.
public struct LoadedScenario: Sendable {
  /// The scenario.
  public let scenario: Scenario
  /// What is worth knowing about the input, though it can be used.
  public let warnings: [Diagnostic]
  let world: World

  init(world: World, scenario: Scenario, warnings: [Diagnostic]) {
    self.world = world
    self.scenario = scenario
    self.warnings = warnings
  }

  /// The scenario with some values replaced, as `--set` does it.
  ///
  /// Only the objects that the paths name are read again.
  /// - Parameter overrides: paths with the values as a file would write them.
  /// - Throws: ``InvalidInput`` whose places lie in a file called `--set`.
  public func scenario(
    setting overrides: [(path: String, value: String)]
  ) throws(InvalidInput) -> Scenario {
    try setting(overrides).scenario
  }

  /// The same, with everything that can be asked of a loaded scenario.
  ///
  /// - Throws: ``InvalidInput`` whose places lie in a file called `--set`.
  public func setting(
    _ overrides: [(path: String, value: String)]
  ) throws(InvalidInput) -> LoadedScenario {
    var world = world
    var diagnostics: [Diagnostic] = []
    for override in overrides { diagnostics += world.set(override.path, to: override.value) }
    let scenario = world.scenario()
    if diagnostics.allSatisfy({ $0.severity != .error }) {
      diagnostics += world.checks(of: scenario, includesCluster: false, includesNames: false)
    }
    let errors = diagnostics.filter { $0.severity == .error }
    guard errors.isEmpty else { throw InvalidInput(diagnostics: errors) }
    return LoadedScenario(world: world, scenario: scenario, warnings: warnings)
  }

  /// Where the value at a path stands, or what is nearest around it; nil for an object that no
  /// file mentions.
  public func place(of path: String) -> (file: String, line: Int, column: Int)? {
    guard let path = ObjectPath(path), case .success(let found) = world.find(path) else {
      return nil
    }
    let place = world.place(of: path.keys, in: world[found])
    guard place.text >= 0 else { return nil }
    let text = world.sources.texts[Int(place.text)]
    return (text.name, Int(place.line), text.column(place))
  }

  /// An error about the value at a path, found out later than by reading.
  public func diagnostic(at path: String, code: String, message: String) -> Diagnostic {
    guard let parsed = ObjectPath(path), case .success(let found) = world.find(parsed) else {
      return Diagnostic(file: path, code: code, message: message)
    }
    return world.sources.diagnostic(
      .error, at: world.place(of: parsed.keys, in: world[found]), code, message, path: path)
  }
}
