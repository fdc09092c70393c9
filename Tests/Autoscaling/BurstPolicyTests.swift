import Autoscaling
import ClusterModel
import Quantities
import TestSupport
import Testing

@Suite struct BurstPolicyTests {
  private static let calm = BurstSight(now: .seconds(100))
  private static let failing = BurstSight(now: .seconds(100), cloudFailedAt: .seconds(90))

  /// What a policy gives the first twelve places.
  private static func placements(
    _ policy: any BurstPolicy, _ sight: BurstSight = calm
  ) -> [BurstPlacement] {
    var policy = policy
    return (0..<12).map { ordinal in
      policy.placement(
        of: BurstCandidate(ordinal: ordinal, share: 0.25, localReplicas: 3), seeing: sight)
    }
  }

  /// Registered policies, the spot-aware one with zones.
  private static var all: [any BurstPolicy] {
    BurstPolicies.builtIn.names.compactMap { name in
      guard name == .spotAware else { return BurstPolicies.builtIn[name] }
      var policy = SpotAware()
      policy.zones = ["a", "b"]
      return policy
    }
  }

  @Test func `a policy that sees the same twice answers the same`() {
    for policy in Self.all {
      for sight in [Self.calm, Self.failing] {
        #expect(Self.placements(policy, sight) == Self.placements(policy, sight))
      }
    }
  }

  @Test func `no two policies place the first Pods alike`() {
    let placements = Self.all.map { Self.placements($0) }
    for (index, one) in placements.enumerated() {
      for other in placements[(index + 1)...] { #expect(one != other) }
    }
    expectDetects("two alike") { #expect(placements[0] != Self.placements(IDCFirst())) }
  }

  @Test func `a share is met to within one Pod at every number of places`() {
    for share in [0, 0.1, 0.25, 1.0 / 3, 0.5, 0.9, 1] {
      let policy = Weighted()
      var cloud = 0
      for ordinal in 0..<100 {
        let pod = BurstCandidate(ordinal: Int32(ordinal), share: share)
        if policy.placement(of: pod, seeing: Self.calm) == .virtualNodes { cloud += 1 }
        #expect(cloud == Int((Double(ordinal + 1) * share).rounded(.down)))
      }
    }
  }

  @Test func `while the cloud fails everybody but the cloud-only stays on own nodes`() {
    for name in [BurstPolicyName.idcFirst, .cloudFirst, .keepLocal, .weighted] {
      let policy = BurstPolicies.builtIn[name]
      let placements = Set(policy.map { Self.placements($0, Self.failing) } ?? [])
      #expect(placements == [.ownNodes])
    }
    #expect(Set(Self.placements(CloudOnly(), Self.failing)) == [.virtualNodes])
  }

  @Test func `spot Pods go to each open zone in turn, after the base, and on demand if none is`() {
    var policy = SpotAware()
    policy.zones = ["a", "b", "c"]
    policy.base = 1
    func placements(_ sight: BurstSight) -> [BurstPlacement] {
      (0..<4).map { policy.placement(of: BurstCandidate(ordinal: $0), seeing: sight) }
    }
    #expect(
      placements(Self.calm) == [.asWritten, .spot(zone: "a"), .spot(zone: "b"), .spot(zone: "c")])
    var sight = Self.calm
    sight.troubled = ["b"].map { SpotCapacity(zone: $0) }
    #expect(
      placements(sight) == [.asWritten, .spot(zone: "a"), .spot(zone: "c"), .spot(zone: "a")])
    sight.troubled = ["a", "b", "c"].map { SpotCapacity(zone: $0) }
    #expect(placements(sight) == [.asWritten, .virtualNodes, .virtualNodes, .virtualNodes])
    sight.troubled = []
    policy.highestFactor = 0.5
    sight.spotFactor = 0.5
    #expect(placements(sight)[1] == .spot(zone: "a"))
    sight.spotFactor = 0.51
    #expect(placements(sight)[1] == .virtualNodes)
  }

  @Test func `makes of processor double the capacity that can fail alone`() {
    var policy = SpotAware()
    (policy.zones, policy.types, policy.base) = (["a", "b"], ["intel", "amd"], 0)
    func places(_ sight: BurstSight) -> [BurstPlacement] {
      (0..<4).map { policy.placement(of: BurstCandidate(ordinal: $0), seeing: sight) }
    }
    let all = ["intel", "amd"].flatMap { type in
      ["a", "b"].map { SpotCapacity(zone: $0, type: type) }
    }
    #expect(places(Self.calm) == all.map { .spot($0) })
    var sight = Self.calm
    sight.troubled = [all[0], all[1]]
    #expect(places(sight) == [all[2], all[3], all[2], all[3]].map { .spot($0) })
    var template = PodTemplate(containers: [Container(name: "app")])
    BurstPlacement.spot(all[3]).apply(to: &template)
    #expect(template.annotations["eks.tke.cloud.tencent.com/cpu-type"] == "amd")
  }

  @Test func `a placement is what a user would have written`() {
    var template = PodTemplate(containers: [Container(name: "app")])
    BurstPlacement.localReplicas(3).apply(to: &template)
    #expect(template.annotations["AUTO_SCALE_EKS"] == "true")
    #expect(template.annotations["LOCAL_REPLICAS"] == "3")
    BurstPlacement.spot(zone: "z").apply(to: &template)
    #expect(template.nodeSelector["topology.kubernetes.io/zone"] == "z")
    #expect(template.annotations["eks.tke.cloud.tencent.com/spot-pod"] == "true")
    var own = PodTemplate(containers: [])
    own.affinity.requiredNodeTerms = [
      NodeSelectorTerm(matchExpressions: [SelectorRequirement(key: "a", comparison: .exists)]),
      NodeSelectorTerm(matchExpressions: [SelectorRequirement(key: "b", comparison: .exists)]),
    ]
    BurstPlacement.ownNodes.apply(to: &own)
    let terms = own.affinity.requiredNodeTerms ?? []
    #expect(terms.allSatisfy { $0.matchExpressions.last?.values == ["eklet"] })
    #expect(terms.count == 2)
  }
}
