import CloudSimulation
import Quantities
import Scheduling

extension ProfileReading {
  /// The profile that the changes make of the default one: TKE's under its behaviour or name.
  ///
  /// What a point says of a plugin goes before what `multiPoint` says, and what is enabled before
  /// what is disabled.
  ///
  /// > Source: kube-scheduler v1.36, `mergePluginSet` and `expandMultiPointPlugins` (M).
  func profile(
    under behaviour: SchedulerParameters.Profile, _ plugins: PluginRegistry
  ) -> SchedulerProfile {
    let isTKE = behaviour == .tke120 || schedulerName == SchedulerProfile.tkeSchedulerName
    let plain = isTKE ? SchedulerProfile.tke() : SchedulerProfile()
    var profile = plain
    profile.schedulerName = schedulerName
    for plugin in FilterPlugin.allCases {
      let isOn = plain.disabledFilters.contains(plugin) ? nil : Int64(1)
      let inherited = multiPoint.weight(of: plugin.rawValue, inherited: isOn)
      if filter.weight(of: plugin.rawValue, inherited: inherited) != nil {
        profile.disabledFilters.remove(plugin)
      } else {
        profile.disabledFilters.insert(plugin)
      }
    }
    for plugin in ScorePlugin.allCases {
      let standard = plain.weights[plugin] == 0 ? nil : plain.weights[plugin]
      profile.weights[plugin] = weight(of: plugin.name, inherited: standard) ?? 0
    }
    let preemption = SchedulerPluginNames.preemption
    let inherited = multiPoint.weight(of: preemption, inherited: 1)
    profile.preempts = postFilter.weight(of: preemption, inherited: inherited) != nil
    profile.fitScoring = arguments.fitScoring
    profile.ignoredResources = arguments.ignoredResources
    profile.ignoredResourceGroups = arguments.ignoredResourceGroups
    profile.addedAffinity = arguments.addedAffinity
    profile.balancedResources = arguments.balanced.map(\.name)
    profile.defaultSpread = arguments.spreadIsListed ? arguments.spread : nil
    profile.hardPodAffinityWeight = arguments.hardPodAffinityWeight
    profile.ignoresPreferredTermsOfExistingPods = arguments.ignoresPreferredTerms
    profile.minCandidatePercentage = arguments.minCandidatePercentage
    profile.minCandidates = arguments.minCandidates
    profile.localReplicas = arguments.localReplicas
    profile.percentageOfNodesToScore = percentageOfNodesToScore
    profile.outOfTreeFilters = ordered(plugins.filters, { $0.name }, at: filter).compactMap {
      let inherited = multiPoint.weight(of: $0.name, inherited: nil)
      return filter.weight(of: $0.name, inherited: inherited) == nil ? nil : EnabledFilter($0)
    }
    profile.outOfTreeScores = ordered(plugins.scores, { $0.name }, at: score).compactMap { plugin in
      weight(of: plugin.name, inherited: nil).map { EnabledScore(plugin, weight: $0) }
    }
    return profile
  }

  /// Plugins in the order in which they work: those that both the point and `multiPoint` enable, in
  /// the point's order, then `multiPoint`'s others, then the point's others.
  private func ordered<Plugin>(
    _ plugins: [Plugin], _ name: (Plugin) -> String, at point: PluginSetReading
  ) -> [Plugin] {
    let (here, everywhere) = (point.enabled.map(\.name), multiPoint.enabled.map(\.name))
    let names = here.filter(everywhere.contains) + everywhere + here
    return plugins.compactMap { plugin in
      names.firstIndex(of: name(plugin)).map { (place: $0, plugin: plugin) }
    }.sorted { $0.place < $1.place }.map(\.plugin)
  }

  /// What the profile makes of a score's weight; nil: it doesn't take part.
  private func weight(of plugin: String, inherited: Int64?) -> Int64? {
    score.weight(of: plugin, inherited: multiPoint.weight(of: plugin, inherited: inherited))
  }

  /// The GPU policies that score, with their weights.
  var gpuPolicies: [(policy: GPUPolicy, weight: Int64)] {
    GPUPolicy.allCases.compactMap { policy in
      weight(of: policy.rawValue, inherited: nil).map { (policy, $0) }
    }
  }

  /// Whether devices are accounted for: by the plugin that does so, or because a policy scores.
  var sharesGPUs: Bool {
    let name = GPUSharing.pluginName
    let inherited = multiPoint.weight(of: name, inherited: nil)
    return !gpuPolicies.isEmpty || filter.weight(of: name, inherited: inherited) != nil
  }
}

extension SchedulerReading {
  /// The GPU policies of all profiles, each once.
  var gpuPolicies: [GPUPolicy] {
    let named = profiles.flatMap(\.gpuPolicies).map(\.policy)
    return GPUPolicy.allCases.filter(named.contains)
  }
}

extension SchedulerParameters {
  /// Takes over what a KubeSchedulerConfiguration says; the Scenario's own GPU policy goes first.
  /// - Parameter plugins: the plugins besides Kubernetes' that it may name.
  mutating func adopt(_ reading: SchedulerReading, _ plugins: PluginRegistry) {
    if !reading.profiles.isEmpty {
      let behaviour = profile
      profiles = reading.profiles.map { $0.profile(under: behaviour, plugins) }
    }
    if reading.profiles.contains(where: \.sharesGPUs) {
      if gpuPolicy == nil { gpuPolicy = reading.gpuPolicies.first ?? .bestFit }
      for place in profiles.indices {
        profiles[place].gpuWeight = reading.profiles[place].gpuPolicies.first?.weight ?? 0
      }
    }
    if let share = reading.percentageOfNodesToScore { percentageOfNodesToScore = share }
    if let first = reading.initialBackoffSeconds { initialBackoff = .seconds(first) }
    if let most = reading.maxBackoffSeconds { maxBackoff = .seconds(most) }
    if let workers = reading.parallelism { parallelism = workers }
  }
}
