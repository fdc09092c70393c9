import Autoscaling
import ClusterModel
import Quantities
import TestSupport
import Testing

@Suite struct BurstPolicyLawsTests {
  /// Counts whom it was asked about before.
  private struct FirstCome: BurstPolicy {
    var asked = 0
    mutating func placement(of pod: BurstCandidate, seeing sight: BurstSight) -> BurstPlacement {
      asked += 1
      return asked <= 5 ? .ownNodes : .virtualNodes
    }
  }

  /// Remembers across copies, as a reference would.
  private final class Memory: @unchecked Sendable { var asked = 0 }
  private struct Shared: BurstPolicy {
    let memory = Memory()
    func placement(of pod: BurstCandidate, seeing sight: BurstSight) -> BurstPlacement {
      memory.asked += 1
      return memory.asked % 7 == 0 ? .virtualNodes : .asWritten
    }
  }

  private struct Elsewhere: BurstPolicy {
    func placement(of pod: BurstCandidate, seeing sight: BurstSight) -> BurstPlacement {
      pod.ordinal == 3 ? .spot(zone: "moon") : .localReplicas(pod.localReplicas)
    }
  }

  private struct Negative: BurstPolicy {
    func placement(of pod: BurstCandidate, seeing sight: BurstSight) -> BurstPlacement {
      .localReplicas(sight.own - 20)
    }
  }

  /// Looks at metrics that it says not to read.
  private struct Peeping: BurstPolicy {
    var readsMetrics: Bool { false }
    func placement(of pod: BurstCandidate, seeing sight: BurstSight) -> BurstPlacement {
      (sight.metrics.requestRate?.value ?? 0) > 100 ? .virtualNodes : .asWritten
    }
  }

  /// Breaks a law where metrics are old.
  private struct Careless: BurstPolicy {
    func placement(of pod: BurstCandidate, seeing sight: BurstSight) -> BurstPlacement {
      let busy = sight.metrics.cpuUtilization
      let isOld = busy.map { $0.age(at: sight.now) > .minutes(10) } ?? false
      return .localReplicas(isOld ? -1 : 1)
    }
  }

  @Test func `metrics that are read or not, old or absent, and zones' prices are among the cases`()
  {
    let peeping = BurstPolicyLaws.faults(of: Peeping())
    #expect(peeping.map(\.law) == [.metrics])
    #expect(peeping.first?.description.contains(", CPU at 0.97 28") == true)
    let careless = BurstPolicyLaws.faults(of: Careless())
    #expect(careless.map(\.law) == [.bounds])
    #expect(careless.first?.description.hasSuffix("-1 local replicas") == true)
    let dear = BurstPolicyLaws.faults(of: Dear())
    #expect(dear.first?.description.contains("zone 'moon'") == true)
  }

  /// Leaves where zones have become dear.
  private struct Dear: BurstPolicy {
    func placement(of pod: BurstCandidate, seeing sight: BurstSight) -> BurstPlacement {
      sight.spotZones.contains { $0.factor > 1 } ? .spot(zone: "moon") : .asWritten
    }
  }

  @Test func `the policies that come with Spillway keep every law`() {
    for name in BurstPolicies.builtIn.names {
      let policy = BurstPolicies.builtIn[name]
      let faults = policy.map { BurstPolicyLaws.faults(of: $0) } ?? []
      #expect(policy != nil && faults.isEmpty, "\(name.rawValue): \(faults)")
    }
    var spot = SpotAware()
    spot.zones = ["zone-1", "zone-2"]
    let faults = BurstPolicyLaws.faults(of: spot)
    #expect(faults.isEmpty, "\(faults)")
  }

  @Test func `a policy that breaks one is told which, with the Pod that shows it`() {
    #expect(BurstPolicyLaws.faults(of: FirstCome()).map(\.law) == [.order])
    #expect(BurstPolicyLaws.faults(of: Shared()).first?.law == .repeats)
    let elsewhere = BurstPolicyLaws.faults(of: Elsewhere())
    #expect(elsewhere.map(\.law) == [.bounds])
    #expect(elsewhere[0].pod.ordinal == 3)
    #expect(elsewhere[0].description.hasSuffix("zone 'moon', expected one of zone-1, zone-2"))
    #expect(BurstPolicyLaws.faults(of: Negative()).map(\.law) == [.bounds])
    #expect(BurstPolicyLaws.faults(of: Elsewhere(), zones: ["moon"]).isEmpty)
  }

  @Test func `a policy of somebody's own has a name like the others, or takes another's`() {
    var policies = BurstPolicies.builtIn
    let own = BurstPolicyName(rawValue: "firstCome")
    #expect(policies[own] == nil)
    policies.register(FirstCome(), as: own)
    #expect(policies.names.last == own)
    #expect(policies.names.count == BurstPolicies.builtIn.names.count + 1)
    policies.register(CloudOnly(), as: own)
    #expect(policies[own] is CloudOnly)
    #expect(policies.names.count == BurstPolicies.builtIn.names.count + 1)
  }
}
