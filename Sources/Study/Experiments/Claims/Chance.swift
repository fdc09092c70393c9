import CloudSimulation
import ClusterModel
import Infrastructure
import Probability
import Scheduling
import Workloads

extension Scenario {
  /// Whether replications can differ, given what was at work in one of them.
  ///
  /// If everything that was at work is free of chance, then that replication didn't depend on its
  /// luck, so every other one is the same, and what wasn't at work stays so.
  func hasChance(using usage: Usage) -> Bool {
    if loads.contains(where: \.hasChance) || windows > 1 { return true }
    if !controlPlane.writeLatency.isConstant || !controlPlane.watchDelay.isConstant { return true }
    if loads.contains(where: { $0.drives == .requests }) || usage.contains(.metrics) { return true }
    if usage.contains(.endpoints), !controlPlane.endpointPropagation.isConstant { return true }
    if usage.contains(.scheduling), scheduler.ties == .arbitrary { return true }
    // Which of equal Pods goes at a scale-in is a matter of luck.
    if usage.contains(.shutdown) { return true }
    if !usage.isDisjoint(with: [.link, .remoteReports]),
      links.contains(where: { !$0.roundTrip.isConstant || $0.loss.every != nil })
    {
      return true
    }
    if usage.contains(.failures), links.contains(where: { $0.up != nil }) { return true }
    if usage.contains(.serverless), serverlessPools.contains(where: { $0.hasChance(usage) }) {
      return true
    }
    if usage.contains(.machine), sites.contains(where: machinesHaveChance(in:)) { return true }
    return profilesAtWork.contains { $0.hasChance(usage) }
  }

  /// Whether machines may stand in a site whose machines take random times.
  private func machinesHaveChance(in site: Site) -> Bool {
    guard site.machine.hasChance else { return false }
    let isFirst = sites.first?.name == site.name
    return !cluster.nodes.isEmpty
      || nodePools.contains { $0.site == site.name || $0.site == nil && isFirst }
  }

  /// The profiles that some Pod may have: all with a target, and those for everything else unless
  /// every workload has one of its own.
  private var profilesAtWork: [WorkloadProfile] {
    let own = profiles.filter { $0.target != nil }
    let isCovered =
      cluster.pods.isEmpty
      && cluster.workloads.filter { $0.owner == nil }.allSatisfy { workload in
        own.contains { profile in
          profile.target == "\(workload.kind.rawValue)/\(workload.name)"
            || profile.target == "\(workload.kind.rawValue)/\(workload.namespace)/\(workload.name)"
        }
      }
    if isCovered { return own }
    return own.count < profiles.count ? profiles : profiles + [WorkloadProfile(name: "default")]
  }
}

extension LoadProfile {
  /// Whether its course is random.
  fileprivate var hasChance: Bool {
    switch shape {
    case .step, .batch, .trace: false
    case .ramp, .flashCrowd, .diurnal: drives != .replicas
    case .mmpp: true
    case .series: true
    case .arrivals(let arrivals): !arrivals.interarrival.isConstant
    }
  }
}

extension ServerlessPool {
  fileprivate func hasChance(_ usage: Usage) -> Bool {
    let always = [callLatency, boot, address, containerStart]
    return always.contains { !$0.isConstant }
      || spot.hasChance
      || usage.contains(.imageCache) && !images.cacheMount.isConstant
      || usage.contains(.diskReuse) && !images.diskReuseMount.isConstant
  }
}

extension SpotScript {
  /// Whether a market's processes draw.
  fileprivate var hasChance: Bool {
    availability != nil || price.map { $0.sigma > 0 } ?? false
      || lifetime.map { !$0.isConstant } ?? false
  }
}

extension MachineParameters {
  fileprivate var hasChance: Bool {
    [sandbox, address, containerStart].contains { !$0.isConstant }
  }
}

extension WorkloadProfile {
  fileprivate func hasChance(_ usage: Usage) -> Bool {
    let starts = !usage.isDisjoint(with: [.serverless, .machine])
    let pulls = !usage.isDisjoint(with: [.serverlessPull, .machinePull])
    return starts && !startup.isConstant || pulls && !imageBytes.isConstant
      || usage.contains(.jobs) && !runTime.isConstant
      || usage.contains(.service)
        && [cpuUsed, memoryUsed, serviceTime].contains { !$0.isConstant }
  }
}
