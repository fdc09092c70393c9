import ClusterModel
import Scheduling

/// A KubeSchedulerConfiguration as written.
struct SchedulerReading: Sendable {
  var profiles: [ProfileReading] = []
  var percentageOfNodesToScore: Int?
  var initialBackoffSeconds: Int?
  var maxBackoffSeconds: Int?
  var parallelism: Int?

  static let fields = FieldTable<SchedulerReading> { table in
    table.field(
      "profiles", \.profiles, Codec<ProfileReading>.profile.list,
      Note("Sets of plugins, each for the Pods that name it; without any, the default one."))
    table.field(
      "percentageOfNodesToScore", \.percentageOfNodesToScore, .percentage,
      Note("The share of nodes searched; 0: it follows from their number."))
    table.field(
      "podInitialBackoffSeconds", \.initialBackoffSeconds,
      Codec<Int>.integer(from: 1, unit: "s").optional(written: nil),
      Note("How long a Pod waits after its first failed attempt."))
    table.field(
      "podMaxBackoffSeconds", \.maxBackoffSeconds,
      Codec<Int>.integer(from: 1, unit: "s").optional(written: nil),
      Note("How long a Pod waits at most."))
    table.field(
      "parallelism", \.parallelism, Codec<Int>.integer(from: 1).optional(written: nil),
      Note("How many workers filter nodes: a matter of cost, not of decisions."))
    table.group("clientConnection", Note("Its client.")) { table in
      for name in ["qps", "burst"] {
        table.unsupported(name, "the Scenario's controlPlane.scheduler says it")
      }
    }
    table.unsupported("extenders", "services that the scheduler asks")
  }
}

extension Codec where Value == Int? {
  fileprivate static let percentage = Codec<Int>.integer(from: 0, to: 100).optional(written: nil)
}

/// A profile as written.
struct ProfileReading: Sendable {
  var schedulerName = "default-scheduler"
  var percentageOfNodesToScore: Int?
  var multiPoint = PluginSetReading()
  var filter = PluginSetReading()
  var score = PluginSetReading()
  var postFilter = PluginSetReading()
  var arguments = PluginArguments()
}

extension Codec where Value == ProfileReading {
  fileprivate static let profile = Codec.object(
    FieldTable<ProfileReading> { table in
      table.field("schedulerName", \.schedulerName, .name, Note("The name that its Pods carry."))
      table.field(
        "percentageOfNodesToScore", \.percentageOfNodesToScore, .percentage,
        Note("The share of nodes searched for its Pods."))
      table.group("plugins", Note("Which plugins take part.")) { table in
        let points: [(String, any WritableKeyPath<ProfileReading, PluginSetReading> & Sendable)] = [
          ("multiPoint", \.multiPoint), ("filter", \.filter), ("score", \.score),
          ("postFilter", \.postFilter),
        ]
        for (name, part) in points {
          table.part(
            name, part, PluginSetReading.fields(at: name), Note("Changes to the default ones."))
        }
        for name in ["preEnqueue", "queueSort", "preFilter", "preScore", "reserve", "permit"] {
          PluginSetReading.addInert(name, to: &table)
        }
        for name in ["preBind", "bind", "postBind"] { PluginSetReading.addInert(name, to: &table) }
      }
      table.field(
        "pluginConfig", \.arguments, .pluginArguments, Note("Arguments of plugins, by name."))
    }
  ) { ProfileReading() }
}

/// A plugin that is switched on or off.
struct PluginReading: Sendable {
  var name = ""
  /// The weight of its score; 0: the default, 1.
  var weight: Int64 = 0

  /// - Parameter wildcard: whether `*` may stand for all plugins.
  fileprivate static func codec(wildcard: Bool, at point: String) -> Codec<PluginReading> {
    .object(
      FieldTable<PluginReading> { table in
        table.field(
          "name", \.name, .plugin(wildcard: wildcard, at: wildcard ? nil : point),
          Note("The plugin's name.").required)
        table.field(
          "weight", \.weight, .integer(from: 0, to: 100), Note("The weight of its score."))
      }
    ) { PluginReading() }
  }
}

/// Changes to the default plugins at one extension point.
struct PluginSetReading: Sendable {
  var enabled: [PluginReading] = []
  var disabled: [PluginReading] = []

  /// The fields of a set of plugins at an extension point.
  fileprivate static func fields(at point: String) -> FieldTable<PluginSetReading> {
    FieldTable { table in
      table.field(
        "enabled", \.enabled, PluginReading.codec(wildcard: false, at: point).listOfDistinct(point),
        Note("Plugins besides the default ones, or default ones with another weight."))
      table.field(
        "disabled", \.disabled, PluginReading.codec(wildcard: true, at: point).list,
        Note("Plugins that don't take part; *: all of the default ones."))
    }
  }

  /// A point at which plugins aren't switched one by one: they must be known, and what is switched
  /// there is reported as not modelled. A GPU plugin's account of devices comes with its filter.
  fileprivate static func addInert(_ name: String, to table: inout FieldTable<ProfileReading>) {
    let reason = "a point at which plugins aren't switched one by one"
    let fields = fields(at: name)
    table.custom(
      name, .object(fields.outlines(PluginSetReading())),
      Note("Not modelled: \(reason).").unsupported(reason)
    ) { value, _, reader in
      var set = PluginSetReading()
      fields.read(value, into: &set, &reader)
      let matters = (set.enabled + set.disabled).contains { $0.name != GPUSharing.pluginName }
      if matters { reader.counts.unsupported.append(reader.currentPath) }
      set.checkNeeded(name, value, &reader)
    }
  }

  /// A profile needs something that sorts its queue and something that binds.
  ///
  /// > Source: kube-scheduler's framework refuses to start otherwise (M).
  private func checkNeeded(_ point: String, _ value: ManifestValue, _ reader: inout Reader) {
    guard let plugin = ["queueSort": "PrioritySort", "bind": "DefaultBinder"][point],
      disabled.contains(where: { $0.name == "*" || $0.name == plugin }),
      !enabled.contains(where: { $0.name == plugin })
    else { return }
    let need = point == "bind" ? "at least one bind plugin" : "one queue sort plugin"
    reader.error(
      at: value["disabled"]?.place ?? value.place, "wrong-value", "\(need) is needed",
      expected: "enabled: [{name: \(plugin)}], or no such entry in disabled")
  }

  /// What the set makes of a plugin's weight.
  /// - Parameter inherited: its weight where the set says nothing; nil: it doesn't take part.
  func weight(of plugin: String, inherited: Int64?) -> Int64? {
    // The framework takes a weight of 0 for 1 (M).
    if let entry = enabled.first(where: { $0.name == plugin }) { return max(1, entry.weight) }
    return disabled.contains { $0.name == plugin || $0.name == "*" } ? nil : inherited
  }
}

extension Codec where Value == String {
  /// The name of a plugin that the scheduler has.
  ///
  /// - Parameters:
  ///   - wildcard: whether `*` may stand for all plugins.
  ///   - point: the extension point at which it is to work; nil: any will do.
  static func plugin(wildcard: Bool, at point: String? = nil) -> Codec {
    Codec(
      shape: .scalar(name: "plugin", json: ["string"], unit: ""),
      decode: { value, reader in
        let names =
          (SchedulerPluginNames.all + reader.plugins.names).sorted() + (wildcard ? ["*"] : [])
        let expected = "one of \(names.joined(separator: ", "))"
        guard let text = reader.scalar(value, expected: expected) else { return nil }
        guard names.contains(text) else {
          reader.error(
            at: value.place, "unknown-plugin", "unknown plugin \"\(text)\"", expected: expected,
            suggestion: nearest(to: text, among: names), width: text.count)
          return nil
        }
        guard let point, !ExtensionPoints.has(text, point, reader.plugins) else { return text }
        let able = names.filter { ExtensionPoints.offers($0, point, reader.plugins) }
        let interface = ExtensionPoints.interface(point)
        reader.error(
          at: value.place, "wrong-value",
          "plugin \"\(text)\" does not extend \(interface) plugin",
          expected: "one of \(able.joined(separator: ", "))", width: text.count)
        return nil
      }, encode: { $0 })
  }
}

extension Codec where Value == PluginReading {
  /// A list of plugins in which each stands once.
  fileprivate func listOfDistinct(_ point: String) -> Codec<[PluginReading]> {
    let plain = list
    var codec = plain
    codec.decode = { value, reader in
      guard let plugins = plain.decode(value, &reader) else { return nil }
      for (place, plugin) in plugins.enumerated()
      where !plugin.name.isEmpty && plugins[..<place].contains(where: { $0.name == plugin.name }) {
        let interface = point == "multiPoint" ? "MultiPoint" : ExtensionPoints.interface(point)
        reader.error(
          at: value.elements[place].place, "duplicate-name",
          "plugin \"\(plugin.name)\" already registered as \"\(interface)\"",
          expected: "each plugin once")
      }
      return plugins
    }
    return codec
  }
}

/// Names of plugins.
enum SchedulerPluginNames {
  /// Default plugins that have nothing to decide about in the model, or without which nothing would
  /// be scheduled; switching them changes nothing.
  static let inert = [
    "SchedulingGates", "PrioritySort", "NodeName", "VolumeRestrictions", "NodeVolumeLimits",
    "VolumeBinding", "VolumeZone", "DynamicResources", "NodeDeclaredFeatures", "DefaultBinder",
  ]
  static let preemption = "DefaultPreemption"

  /// All, by name.
  static let all: [String] = {
    var names = FilterPlugin.allCases.map(\.rawValue)
    let others =
      ScorePlugin.allCases.map(\.name) + GPUPolicy.allCases.map(\.rawValue)
      + [GPUSharing.pluginName, preemption] + inert
    for name in others where !names.contains(name) {
      names.append(name)
    }
    return names.sorted()
  }()
}
