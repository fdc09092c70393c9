import CloudSimulation
import Quantities
import Scheduling

extension ProfileReading {
  /// The profile that the changes make of the default one.
  ///
  /// What a point says of a plugin goes before what `multiPoint` says, and what is enabled before
  /// what is disabled.
  ///
  /// > Source: kube-scheduler v1.36, `mergePluginSet` and `expandMultiPointPlugins` (M).
  var profile: SchedulerProfile {
    let plain = SchedulerProfile()
    var profile = SchedulerProfile(schedulerName: schedulerName)
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
      let weight = plain.weights[plugin]
      let inherited = multiPoint.weight(of: plugin.name, inherited: weight == 0 ? nil : weight)
      profile.weights[plugin] = score.weight(of: plugin.name, inherited: inherited) ?? 0
    }
    let preemption = SchedulerPluginNames.preemption
    let inherited = multiPoint.weight(of: preemption, inherited: 1)
    profile.preempts = postFilter.weight(of: preemption, inherited: inherited) != nil
    profile.fitScoring = arguments.fitScoring
    profile.balancedResources = arguments.balanced.map(\.name)
    profile.defaultSpread = arguments.spreadIsListed ? arguments.spread : nil
    profile.hardPodAffinityWeight = arguments.hardPodAffinityWeight
    profile.localReplicas = arguments.localReplicas
    profile.percentageOfNodesToScore = percentageOfNodesToScore
    return profile
  }
}

extension SchedulerParameters {
  /// Takes over what a KubeSchedulerConfiguration says.
  mutating func adopt(_ reading: SchedulerReading) {
    if !reading.profiles.isEmpty { profiles = reading.profiles.map(\.profile) }
    if let share = reading.percentageOfNodesToScore { percentageOfNodesToScore = share }
    if let first = reading.initialBackoffSeconds { initialBackoff = .seconds(first) }
    if let most = reading.maxBackoffSeconds { maxBackoff = .seconds(most) }
  }
}
