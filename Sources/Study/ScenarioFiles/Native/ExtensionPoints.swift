import Scheduling

/// Which plugin works at which of the scheduling framework's extension points.
enum ExtensionPoints {
  /// The points' plugins in Kubernetes, by the point's name in a configuration.
  ///
  /// > Source: kube-scheduler v1.36's plugins (M): what each implements.
  private static let inTree: [(point: String, plugins: [String])] = [
    ("preEnqueue", ["SchedulingGates", "DefaultPreemption", "DynamicResources"]),
    ("queueSort", ["PrioritySort"]),
    (
      "preFilter",
      [
        "NodeAffinity", "NodePorts", "NodeResourcesFit", "VolumeRestrictions", "NodeVolumeLimits",
        "VolumeBinding", "VolumeZone", "PodTopologySpread", "InterPodAffinity", "DynamicResources",
        "NodeDeclaredFeatures",
      ]
    ),
    (
      "filter",
      FilterPlugin.allCases.map(\.rawValue) + [
        "NodeName", "VolumeRestrictions", "NodeVolumeLimits", "VolumeBinding", "VolumeZone",
        "DynamicResources", "NodeDeclaredFeatures",
      ]
    ),
    ("postFilter", ["DefaultPreemption", "DynamicResources"]),
    (
      "preScore",
      [
        "TaintToleration", "NodeAffinity", "NodeResourcesFit", "VolumeBinding",
        "PodTopologySpread", "InterPodAffinity", "NodeResourcesBalancedAllocation",
        "DynamicResources",
      ]
    ),
    ("score", ScorePlugin.allCases.map(\.name) + ["VolumeBinding", "DynamicResources"]),
    ("reserve", ["VolumeBinding", "DynamicResources"]),
    ("permit", []),
    ("preBind", ["VolumeBinding", "DynamicResources"]),
    ("bind", ["DefaultBinder"]),
    ("postBind", []),
  ]

  /// Whether a plugin can be enabled at a point; at `multiPoint` every one can, and published
  /// configurations name the GPU plugins at points of which the model knows nothing.
  static func has(_ plugin: String, _ point: String, _ registry: PluginRegistry) -> Bool {
    let isGPU = plugin == GPUSharing.pluginName || GPUPolicy(rawValue: plugin) != nil
    return isGPU || point == "multiPoint" || offers(plugin, point, registry)
  }

  /// Whether a plugin has something to do at a point, as far as the model knows.
  static func offers(_ plugin: String, _ point: String, _ registry: PluginRegistry) -> Bool {
    if inTree.contains(where: { $0.point == point && $0.plugins.contains(plugin) }) { return true }
    switch point {
    case "filter":
      return plugin == GPUSharing.pluginName || registry.filters.contains { $0.name == plugin }
    case "score":
      return GPUPolicy(rawValue: plugin) != nil || registry.scores.contains { $0.name == plugin }
    default: return false
    }
  }

  /// What Kubernetes calls the plugins of a point.
  static func interface(_ point: String) -> String {
    "\(point.prefix(1).uppercased())\(point.dropFirst())Plugin"
  }
}
