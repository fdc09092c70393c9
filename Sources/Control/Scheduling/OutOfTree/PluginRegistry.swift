/// The plugins of one's own that configurations may name.
public struct PluginRegistry: Sendable {
  /// They, in the order given.
  public let plugins: [any OutOfTreePlugin]

  /// Kubernetes' own plugins and no others.
  public init() { plugins = [] }

  /// Kubernetes' own plugins and these.
  /// - Precondition: names that differ from each other and from those of Kubernetes' plugins, and
  ///   plugins that filter or score.
  public init(_ plugins: [any OutOfTreePlugin]) {
    let inTree = FilterPlugin.allCases.map(\.rawValue) + ScorePlugin.allCases.map(\.name)
    for (place, plugin) in plugins.enumerated() {
      precondition(
        !inTree.contains(plugin.name) && plugin.name != "*" && !plugin.name.isEmpty
          && !plugins[..<place].contains { $0.name == plugin.name },
        "a plugin needs a name of its own, and \"\(plugin.name)\" is taken")
      precondition(
        plugin is any OutOfTreeFilter || plugin is any OutOfTreeScore,
        "\(plugin.name) neither filters nor scores")
    }
    self.plugins = plugins
  }

  /// Their names, in the order given.
  public var names: [String] { plugins.map(\.name) }

  /// The filters among them, in the order given.
  public var filters: [any OutOfTreeFilter] { plugins.compactMap { $0 as? any OutOfTreeFilter } }

  /// The scores among them, in the order given.
  public var scores: [any OutOfTreeScore] { plugins.compactMap { $0 as? any OutOfTreeScore } }

  /// What its plugins break, over some Pods and nodes.
  public func violations(_ laws: PluginLaws) -> [PluginViolation] {
    plugins.flatMap { laws.violations(of: $0) }
  }
}
