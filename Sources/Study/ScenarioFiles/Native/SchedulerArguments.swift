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

  /// The fields of a plugin's arguments.
  private static func fields(of plugin: String) -> FieldTable<PluginArguments> {
    FieldTable { table in
      for key in ["apiVersion", "kind"] {
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
      Self.fields(of: named.plugin).read(arguments, into: &self, &reader)
      if named.plugin == "PodTopologySpread", !spread.isEmpty, !spreadIsListed {
        reader.error(
          at: arguments["defaultConstraints"]?.place ?? arguments.place, "wrong-value",
          "default constraints, but the defaulting type is System",
          expected: "defaultingType: List")
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
        reader.within("[\(index)]") { arguments.read(entry, &$0) }
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
