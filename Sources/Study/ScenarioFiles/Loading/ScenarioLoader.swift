import Autoscaling
import CloudSimulation
import Scheduling

/// Reads files of manifests into a scenario.
public enum ScenarioLoader {
  /// Reads files and folders, with what they include, as one world.
  ///
  /// Folders give their `*.yaml`, `*.yml` and `*.json` files by name. Without a `Scenario` among
  /// them the input is a bare dump.
  /// - Parameters:
  ///   - paths: files and folders.
  ///   - overrides: values that replace those of the files, by path, as `--set` gives them.
  ///   - plugins: the scheduler's plugins that a `KubeSchedulerConfiguration` may name besides
  ///     Kubernetes' and TKE's.
  ///   - policies: the burst policies that the files can name, somebody's own among them.
  /// - Throws: ``InvalidInput`` with everything that is wrong with the input.
  public static func load(
    paths: [String], overrides: [(path: String, value: String)] = [],
    plugins: PluginRegistry = PluginRegistry(), policies: BurstPolicies = .builtIn
  ) throws(InvalidInput) -> LoadedScenario {
    var files = FileReading()
    for path in paths { files.read(path) }
    return try load(files, name: baseName(paths.first ?? "scenario"), overrides, plugins, policies)
  }

  /// Reads manifests from a text.
  ///
  /// - Parameters:
  ///   - text: YAML or JSON.
  ///   - name: what diagnostics call it; its ending tells YAML from JSON.
  ///   - overrides: values that replace those of the text, by path.
  ///   - plugins: the scheduler's plugins besides Kubernetes' and TKE's.
  ///   - policies: the burst policies that the text can name.
  /// - Throws: ``InvalidInput`` with everything that is wrong with the text.
  public static func load(
    text: String, called name: String, overrides: [(path: String, value: String)] = [],
    plugins: PluginRegistry = PluginRegistry(), policies: BurstPolicies = .builtIn
  ) throws(InvalidInput) -> LoadedScenario {
    var files = FileReading()
    files.read(text, called: name)
    return try load(files, name: baseName(name), overrides, plugins, policies)
  }

  private static func load(
    _ files: FileReading, name: String, _ overrides: [(path: String, value: String)],
    _ plugins: PluginRegistry, _ policies: BurstPolicies
  ) throws(InvalidInput) -> LoadedScenario {
    var world = World(
      sources: files.sources, documents: files.reading.documents,
      otherKinds: files.reading.otherKinds, plugins: plugins)
    world.policies = policies
    var diagnostics = files.diagnostics + files.reading.diagnostics
    diagnostics += world.duplicates()
    world.addImplied(named: name)
    diagnostics += world.readAll()
    let hasErrors = diagnostics.contains { $0.severity == .error }
    // What is wrong with a file as such can make any reference dangle.
    let scenario = world.scenario()
    if !files.diagnostics.contains(where: { $0.severity == .error }) {
      diagnostics += world.checks(
        of: scenario, includesCluster: !hasErrors,
        includesNames: !files.reading.diagnostics.contains { $0.severity == .error })
    }
    diagnostics = world.sources.sorted(diagnostics)
    guard !diagnostics.contains(where: { $0.severity == .error }) else {
      throw InvalidInput(diagnostics: diagnostics)
    }
    let loaded = LoadedScenario(world: world, scenario: scenario, warnings: diagnostics)
    return overrides.isEmpty ? loaded : try loaded.setting(overrides)
  }

  /// A file's name without its folder and ending.
  private static func baseName(_ path: String) -> String {
    let last = path.split(separator: "/").last.map(String.init) ?? "scenario"
    guard let dot = last.lastIndex(of: "."), dot > last.startIndex else { return last }
    return String(last[..<dot])
  }
}

extension Sources {
  /// Diagnostics in the order of the input.
  func sorted(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
    func rank(_ diagnostic: Diagnostic) -> Int {
      texts.firstIndex { $0.name == diagnostic.file } ?? -1
    }
    return diagnostics.enumerated().sorted { a, b in
      let (x, y) = (a.element, b.element)
      let left = (rank(x), x.line, x.column, a.offset)
      let right = (rank(y), y.line, y.column, b.offset)
      return left < right
    }.map(\.element)
  }
}
