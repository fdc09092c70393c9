import ClusterModel
import Quantities
import TestSupport
import Testing

@testable import Scheduling

/// The incremental path against the oracle, decision for decision, over clusters and configurations
/// that a seed makes up; a failure names the seed, which is all that is needed to see it again.
@Suite("The scheduler's fast path decides as the oracle")
struct SchedulerPropertyTests {
  #if DEBUG
    private static let seeds = 1001..<UInt64(1017)
    private static let largeSeeds = 5001..<UInt64(5002)
    private static let sweptSeeds = 7001..<UInt64(7005)
  #else
    private static let seeds = 1001..<UInt64(1401)
    private static let largeSeeds = 5001..<UInt64(5041)
    private static let sweptSeeds = 7001..<UInt64(7041)
  #endif

  @Test("On small clusters with every plugin on or off")
  func small() {
    var generator = SeededGenerator(seed: 1)
    let runs = Self.seeds.map { seed in
      compare(
        seed, nodes: generator.pick([1, 3, 9, 20, 40]), pods: generator.pick([10, 40, 90]),
        passes: 8)
    }
    #expect(runs.count(where: \.usedStrata) * 2 > runs.count)
    #expect(runs.count(where: \.usedSweeps) * 32 > runs.count)
  }

  @Test("On clusters that are searched in part, by windows that rotate")
  func large() {
    var generator = SeededGenerator(seed: 2)
    let runs = Self.largeSeeds.map { seed in
      compare(
        seed, nodes: generator.pick([110, 290, 520]), pods: generator.pick([120, 220]), passes: 3)
    }
    #expect(runs.count(where: \.usedStrata) * 2 > runs.count)
  }

  @Test("Where a class is too rare for an index and there are too many nodes, by sweeps")
  func sweeps() {
    let runs = Self.sweptSeeds.map { compare($0, nodes: 300, pods: 70, passes: 2) }
    #expect(runs.count(where: \.swept) > 0)
  }

  @Test(
    "A sweep over equal nodes takes the one that the rule for ties names",
    arguments: TieRule.allCases, [0, 100])
  func sweptTies(rule: TieRule, percentage: Int) {
    // Names fall as places rise, so that neither the first nor the last place is the first by name
    // once some are taken; no two Pods are alike, so each is judged by a sweep.
    let nodes = (0..<300).map { Sample.node("n\(900 - $0)", cpu: 8000) }
    let pods = (0..<60).map { Sample.pod("p\($0)", cpu: Int64(100 + $0)) }
    let desks = [false, true].map { scan in
      var desk = Desk(
        Sample.cluster(nodes, pods),
        SchedulerConfiguration(
          percentageOfNodesToScore: percentage, tieRule: rule, cost: .none, scan: scan))
      let commands = desk.pass(at: 1)
      return (commands: commands, columns: desk.scheduler.cache.columns.count)
    }
    #expect(desks[0].columns == 300 && desks[0].commands.count == 60)
    #expect(desks[0].commands == desks[1].commands)
  }

  /// - Returns: the run of the fast path.
  private func compare(_ seed: UInt64, nodes: Int, pods: Int, passes: Int) -> SchedulerRun {
    var configuration = Self.configuration(seed)
    let fast = SchedulerRun(
      seed: seed, nodes: nodes, pods: pods, configuration: configuration, passes: passes,
      isTempered: true)
    configuration.scan = true
    let scan = SchedulerRun(
      seed: seed, nodes: nodes, pods: pods, configuration: configuration, passes: passes,
      isTempered: true)
    let first = zip(fast.nodes, scan.nodes).enumerated().first { $1.0 != $1.1 }?.offset
    #expect(
      first == nil,
      "seed \(seed), \(nodes) nodes, \(pods) Pods: attempt \(first ?? -1) came to another node")
    let other = zip(fast.standings, scan.standings).enumerated().first { $1.0 != $1.1 }
    #expect(
      other == nil,
      "seed \(seed): attempt \(other?.offset ?? -1) found \(String(describing: other?.element))")
    #expect(fast.commands == scan.commands, "seed \(seed)")
    #expect(fast.messages == scan.messages, "seed \(seed)")
    #expect(fast.rejectors == scan.rejectors, "seed \(seed)")
    return fast
  }

  /// The configuration of a seed: tie rule, percentage, behaviour, and two profiles.
  private static func configuration(_ seed: UInt64) -> SchedulerConfiguration {
    var generator = SeededGenerator(seed: seed &* 7919)
    return SchedulerConfiguration(
      profiles: [profile("default-scheduler", &generator), profile("other", &generator)],
      behaviour: generator.below(4) == 0 ? .tke120 : .v136,
      percentageOfNodesToScore: generator.pick([0, 30, 100]),
      tieRule: generator.pick(TieRule.allCases), cost: .none,
      examinesAllPreemptionCandidates: generator.below(2) == 0)
  }

  private static func profile(
    _ name: String, _ generator: inout SeededGenerator
  ) -> SchedulerProfile {
    var profile = SchedulerProfile(schedulerName: name)
    if generator.below(2) == 0 { return profile }
    if generator.below(3) == 0 { profile = .tke(schedulerName: name) }
    profile.ignoresPreferredTermsOfExistingPods = generator.below(4) == 0
    if generator.below(6) == 0 { profile.ignoredResourceGroups = ["nvidia.com"] }
    if generator.below(6) == 0 {
      let hasDisk = NodeSelectorTerm(matchExpressions: [
        SelectorRequirement(key: "disk", comparison: .exists)
      ])
      if generator.below(2) == 0 { profile.addedAffinity.requiredNodeTerms = [hasDisk] }
      profile.addedAffinity.preferredNodeTerms = [
        PreferredNodeTerm(weight: 7, preference: hasDisk)
      ]
    }
    for plugin in ScorePlugin.allCases where generator.below(4) == 0 {
      profile.weights[plugin] = Int64(generator.pick([0, 1, 5, 20]))
    }
    for plugin in FilterPlugin.allCases where generator.below(8) == 0 {
      profile.disabledFilters.insert(plugin)
    }
    switch generator.below(5) {
    case 0:
      profile.fitScoring = ResourceScoring(
        strategy: .mostAllocated,
        resources: [WeightedResource("cpu", weight: 3), WeightedResource("nvidia.com/gpu")])
    case 1:
      profile.fitScoring = ResourceScoring(
        strategy: .requestedToCapacityRatio,
        shape: [
          UtilizationPoint(utilization: 0, score: 0), UtilizationPoint(utilization: 60, score: 10),
          UtilizationPoint(utilization: 100, score: 3),
        ])
    case 2: profile.balancedResources = ["cpu", "memory", "nvidia.com/gpu"]
    default: break
    }
    if generator.below(4) == 0 { profile.hardPodAffinityWeight = Int64(generator.below(50)) }
    if generator.below(5) == 0 { profile.defaultSpread = [] }
    profile.preempts = generator.below(6) != 0
    if generator.below(4) == 0 { addPlugins(to: &profile, &generator) }
    return profile
  }

  /// Adds plugins of one's own, with one that tells equal Pods apart or without it.
  private static func addPlugins(
    to profile: inout SchedulerProfile, _ generator: inout SeededGenerator
  ) {
    var filters: [any OutOfTreeFilter] = [
      Disk(), CrowdFilter(most: Int64(generator.pick([4, 9]))),
    ]
    if generator.below(3) == 0 { filters.insert(ParityFilter(), at: 1) }
    profile.outOfTreeFilters = filters.map { EnabledFilter($0) }
    profile.outOfTreeScores = [
      EnabledScore(Disk(), weight: 2), EnabledScore(NeighbourScore()),
    ]
  }

  @Test("Of equal scores the first in preorder is at the root of the heap")
  func preorder() {
    var generator = SeededGenerator(seed: 3)
    for _ in 0..<3000 {
      let totals = (0..<1 + generator.below(70)).map { _ in Int64(generator.below(4)) }
      let most = totals.max()
      var best = -1
      for place in totals.indices where totals[place] == most {
        if best < 0 || HeapOrder.precedes(place, best) { best = place }
      }
      #expect(best == HeapOrder.root(totals))
    }
  }
}
