import ClusterModel
import Scheduling

/// Arguments of a profile's plugins.
struct PluginArguments: Sendable {
  var plugin = ""
  var fitScoring = ResourceScoring()
  var balanced = [WeightedResource("cpu"), WeightedResource("memory")]
  var spreadIsListed = false
  var spread: [TopologySpreadConstraint] = []
  var hardPodAffinityWeight: Int64 = 1
  var ignoredResources: [String] = []
  var ignoredResourceGroups: [String] = []
  var ignoresPreferredTerms = false
  var addedAffinity = Affinity()
  var minCandidatePercentage = SchedulerProfile().minCandidatePercentage
  var minCandidates = SchedulerProfile().minCandidates
  var localReplicas = LocalReplicasSettings()

  private static let headKeys = ["apiVersion", "kind"]

  /// The fields of a plugin's arguments.
  private static func fields(of plugin: String) -> FieldTable<PluginArguments> {
    FieldTable { table in
      for key in headKeys {
        table.custom(key, .scalar(name: "text", json: ["string"], unit: ""), Note("Its \(key).")) {
          _, _, _ in
        }
      }
      switch plugin {
      case "NodeResourcesFit":
        table.field(
          "scoringStrategy", \.fitScoring, .scoring, Note("What a node's utilisation is worth."))
        table.field(
          "ignoredResources", \.ignoredResources, Codec<String>.name.list,
          Note("Extended resources that don't have to fit."))
        table.field(
          "ignoredResourceGroups", \.ignoredResourceGroups, Codec<String>.name.list,
          Note("Extended resources that don't have to fit, by what stands before the slash."))
      case "NodeResourcesBalancedAllocation":
        table.field(
          "resources", \.balanced, Codec<WeightedResource>.weightedResource.list,
          Note("The resources to be used alike."))
      case "PodTopologySpread":
        table.field(
          "defaultingType", \.spreadIsListed, .words(yes: "List", no: "System"),
          Note("Whose rules hold for Pods without any."))
        table.field(
          "defaultConstraints", \.spread,
          Codec<TopologySpreadConstraint>.spreadConstraint.list, Note("These rules."))
      case "InterPodAffinity":
        table.field(
          "hardPodAffinityWeight", \.hardPodAffinityWeight, .integer(from: 0, to: 100),
          Note("The score of an existing Pod's required term that matches."))
        table.field(
          "ignorePreferredTermsOfExistingPods", \.ignoresPreferredTerms, .flag,
          Note("Whether existing Pods' preferences don't count for Pods without any."))
      case "LocalReplicas":
        table.field(
          "localReplicasFilterDelay", \.localReplicas.filterDelay, .duration,
          Note("How long the filter sleeps at each node; 0s in a fixed one."))
        table.field(
          "countsAssumed", \.localReplicas.countsAssumed, .flag,
          Note("Whether Pods count whose binding isn't confirmed; true in a fixed one."))
      case "NodeAffinity":
        table.part(
          "addedAffinity", \.addedAffinity, Affinity.nodeFields,
          Note("Affinity to nodes besides each Pod's own."))
      case "DefaultPreemption":
        table.field(
          "minCandidateNodesPercentage", \.minCandidatePercentage, .integer(from: 0, to: 100),
          Note("How many candidates are looked for, in percent of those there are."))
        table.field(
          "minCandidateNodesAbsolute", \.minCandidates, .integer(),
          Note("How many are looked for at least."))
      case GPUSharing.pluginName:
        for name in ["gpuSelMethod", "dimExtMethod", "normMethod"] {
          table.unsupported(name, "the policy's published setting is taken")
        }
      default: break
      }
    }
  }

  /// Reads an entry of `pluginConfig`.
  fileprivate mutating func read(_ entry: ManifestValue, _ reader: inout Reader) {
    var named = PluginArguments()
    PluginArguments.entry.read(entry, into: &named, &reader)
    guard !named.plugin.isEmpty, let arguments = entry["args"] else { return }
    reader.within("args") { reader in
      let fields = Self.fields(of: named.plugin)
      if fields.fields.count == Self.headKeys.count,
        let entry = arguments.entries.first(where: { !Self.headKeys.contains($0.key) }),
        SchedulerPluginNames.all.contains(named.plugin)
      {
        reader.error(
          at: entry.keyPlace, "unknown-key", "plugin \(named.plugin) takes no arguments",
          expected: "no args", width: entry.key.count)
      }
      fields.read(arguments, into: &self, &reader)
      check(named.plugin, arguments, &reader)
    }
  }

  /// > Source: Kubernetes' validation of plugins' arguments (M).
  private func check(_ plugin: String, _ arguments: ManifestValue, _ reader: inout Reader) {
    func place(_ key: String) -> Place { arguments[key]?.place ?? arguments.place }
    switch plugin {
    case "PodTopologySpread":
      if !spread.isEmpty, !spreadIsListed {
        reader.error(
          at: place("defaultConstraints"), "wrong-value",
          "default constraints, but the defaulting type is System",
          expected: "defaultingType: List")
      }
      checkConstraints(arguments["defaultConstraints"]?.elements ?? [], &reader)
    case "NodeResourcesFit":
      for group in ignoredResourceGroups where group.contains("/") {
        reader.error(
          at: place("ignoredResourceGroups"), "wrong-value",
          "resource group name \"\(group)\" can't contain '/'",
          expected: "what stands before the slash of a resource's name")
      }
    case "NodeResourcesBalancedAllocation":
      for resource in balanced where resource.weight != 1 {
        reader.error(
          at: place("resources"), "wrong-value",
          "resource weight of \(resource.name) must be 1, not \(resource.weight)",
          expected: "weight: 1")
      }
    case "DefaultPreemption":
      if minCandidatePercentage == 0, minCandidates == 0 {
        reader.error(
          at: arguments.place, "wrong-value",
          "minCandidateNodesPercentage and minCandidateNodesAbsolute cannot be zero at the same time",
          expected: "one of them above 0")
      }
    case "NodeAffinity":
      if arguments["addedAffinity"] != nil, addedAffinity == Affinity() {
        reader.error(
          at: place("addedAffinity"), "wrong-value", "an added affinity without any term",
          expected:
            "requiredDuringSchedulingIgnoredDuringExecution or "
            + "preferredDuringSchedulingIgnoredDuringExecution")
      }
    default: break
    }
  }

  private func checkConstraints(_ constraints: [ManifestValue], _ reader: inout Reader) {
    for (index, constraint) in constraints.enumerated() {
      reader.within("defaultConstraints") { reader in
        reader.within("[\(index)]") { reader in
          if let selector = constraint["labelSelector"] {
            reader.error(
              at: selector.place, "wrong-value",
              "constraint must not define a selector, as they deduced for each pod",
              expected: "no labelSelector")
          }
          let isRepeated = constraints[..<index].contains { other in
            ["topologyKey", "whenUnsatisfiable"].allSatisfy {
              other[$0]?.text == constraint[$0]?.text
            }
          }
          if isRepeated {
            reader.error(
              at: constraint.place, "duplicate-name",
              "a second constraint of the same topologyKey and whenUnsatisfiable",
              expected: "each pair once")
          }
        }
      }
    }
  }

  private static let entry = FieldTable<PluginArguments> { table in
    table.field("name", \.plugin, .plugin(wildcard: false), Note("The plugin.").required)
    table.custom("args", .object([]), Note("Its arguments.")) { _, _, _ in }
  }
}

extension Codec where Value == PluginArguments {
  /// A list of plugins with their arguments.
  static let pluginArguments = Codec(
    shape: .list(.object([])),
    decode: { value, reader in
      guard let entries = reader.elements(value, expected: "a list of plugins") else { return nil }
      var arguments = PluginArguments()
      for (index, entry) in entries.enumerated() {
        reader.within("[\(index)]") { reader in
          arguments.read(entry, &reader)
          let name = entry["name"]?.text
          if name != nil, entries[..<index].contains(where: { $0["name"]?.text == name }) {
            reader.error(
              at: entry.place, "duplicate-name", "repeated config for plugin \(name ?? "")",
              expected: "each plugin once")
          }
        }
      }
      return arguments
    },
    encode: { _ in nil })
}

extension Codec where Value == WeightedResource {
  fileprivate static let weightedResource = Codec.object(
    FieldTable<WeightedResource> { table in
      table.field("name", \.name, .name, Note("The resource's name.").required)
      table.field("weight", \.weight, .integer(from: 1, to: 100), Note("Its weight."))
    }
  ) { WeightedResource("") }
}

extension Codec where Value == UtilizationPoint {
  fileprivate static let point = Codec.object(
    FieldTable<UtilizationPoint> { table in
      table.field(
        "utilization", \.utilization, .integer(from: 0, to: 100, unit: "%"),
        Note("The utilisation.").required)
      table.field("score", \.score, .integer(from: 0, to: 10), Note("The score there.").required)
    }
  ) { UtilizationPoint() }
}

extension Codec where Value == ResourceScoring {
  private static let table = FieldTable<ResourceScoring> { table in
    table.field("type", \.strategy, .choice, Note("The strategy."))
    table.field(
      "resources", \.resources, Codec<WeightedResource>.weightedResource.list,
      Note("The resources that count."))
    table.group("requestedToCapacityRatio", Note("Arguments of RequestedToCapacityRatio.")) {
      table in
      table.field(
        "shape", \.shape, Codec<UtilizationPoint>.point.list,
        Note("Scores at utilisations, which ascend."))
    }
  }

  fileprivate static let scoring = Codec(
    shape: .object(table.outlines(ResourceScoring())),
    decode: { value, reader in
      var scoring = ResourceScoring()
      table.read(value, into: &scoring, &reader)
      let shape = scoring.shape
      let ascends = zip(shape, shape.dropFirst()).allSatisfy { $0.utilization < $1.utilization }
      let needsShape = scoring.strategy == .requestedToCapacityRatio
      if !ascends || needsShape && shape.isEmpty {
        reader.error(
          at: value.value(at: ["requestedToCapacityRatio", "shape"])?.place ?? value.place,
          "wrong-value",
          shape.isEmpty ? "no shape" : "utilisations that don't ascend",
          expected: "requestedToCapacityRatio: {shape: [{utilization: 0, score: 0}, …]}")
      }
      return scoring
    },
    encode: { $0.strategy.rawValue })
}
