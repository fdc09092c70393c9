import Autoscaling
import ClusterModel
import Infrastructure
import Quantities
import Workloads

/// Which Pods go to the cloud, when, and what happens when the cloud fails.
public struct BurstParameters: Sendable {
  /// The policy of workloads that don't choose one. Default own nodes first.
  public var policy: BurstPolicyName = .idcFirst
  /// The policies that can be chosen, somebody's own among them if they are registered here.
  public var policies = BurstPolicies.builtIn
  /// `keepLocal`: how many Pods of a workload stay on own nodes. Default 1.
  public var localReplicas = 1
  /// `weighted`: the share of Pods meant for the cloud. Default 0.5 (A).
  public var share = 0.5
  /// How long a Pod bound to a virtual node may take to run before it is given up and replaced on
  /// own nodes; nil: for ever, as `eklet` has it (D, model card 3.5).
  public var fallbackAfter: TimeSpan?
  /// How long after that new Pods stay on own nodes. 10 min (A).
  public var fallbackHold = TimeSpan.minutes(10)
  /// `spotAware`: Pods of a workload that never are spot. Default 2 (A).
  public var spotBase = 2
  /// `spotAware`: the share of the others that is spot. Default 1 (A).
  public var spotShare = 1.0
  /// `spotAware`: the makes of processor that spot Pods are spread over; empty: the pool's own.
  public var spotTypes: [ServerlessPool.CPUType] = []
  /// `spotAware`: the highest price against the list price at which spot is taken. Default 1.
  public var spotHighestFactor = 1.0
  /// How Jobs of one Pod that have to be done by a time use spot capacity; nil: none has a deadline.
  public var deadline: DeadlineConfiguration?
  /// The defaults above.
  public init() {}
}

extension BurstPolicyName {
  /// Whether its Pods need the scheduler's plugin LocalReplicas.
  var needsLocalReplicas: Bool { self == .keepLocal }
}

extension Scenario {
  /// The policies that some Pod follows: the scenario's, and those that templates name.
  private var namedPolicies: [BurstPolicyName] {
    let templates = cluster.workloads.map(\.template) + cluster.pods.map(\.template)
    return [burst.policy]
      + templates.compactMap {
        $0.annotations[BurstConfiguration.policyKey].map(BurstPolicyName.init(rawValue:))
      }
  }

  /// Whether it matters where a load's Pods run and how far they fall short: where policies are
  /// chosen, or a claim asks.
  var measuresLevels: Bool {
    burst.fallbackAfter != nil || needs(.cron) || needs(.predictive)
      || namedPolicies.contains { $0 != .idcFirst }
      || claims.contains { $0.metric.isOfLevels }
  }

  /// Whether the scheduler has TKE's plugin LocalReplicas, as the chart installs it with the
  /// policies that need it.
  var needsLocalReplicas: Bool { namedPolicies.contains(where: \.needsLocalReplicas) }

  /// Whether some Pod's policy reads metrics, or may after a switch.
  func policiesReadMetrics(_ options: ReplicationOptions) -> Bool {
    needs(.burst) && namedPolicies.contains(where: burst.policies.readsMetrics)
      || options.isSwitched && bursts && burst.policies.anyReadsMetrics
  }

  /// Whether anybody reads what the metrics server serves.
  func makesMetrics(_ options: ReplicationOptions) -> Bool {
    needs(.horizontalPodAutoscaler) || policiesReadMetrics(options)
  }

  /// Where the series about workloads' requests are found.
  private var requestSeries: [RequestSeries] {
    var series: [RequestSeries] = []
    for receiver in loads.compactMap(receiver(of:)) {
      for workload in cluster.workloads where isServed(receiver, by: workload) {
        let one = RequestSeries(
          kind: workload.kind, namespace: workload.namespace, name: workload.name,
          object: receiver)
        if !series.contains(one) { series.append(one) }
      }
    }
    return series
  }

  /// What the control module of bursting is told.
  var burstConfiguration: BurstConfiguration {
    var configuration = BurstConfiguration()
    configuration.policy = burst.policy
    configuration.policies = burst.policies
    configuration.isPassive =
      burst.fallbackAfter == nil && burst.deadline == nil
      && EksConfig(cluster.configMaps).localReplicas == nil
      && namedPolicies.allSatisfy { $0 == .idcFirst } && burst.policies[.idcFirst] is IDCFirst
    configuration.profile = controlPlane.resilience
    configuration.localReplicas = burst.localReplicas
    configuration.share = burst.share
    configuration.spot.base = burst.spotBase
    configuration.spot.share = burst.spotShare
    configuration.spot.types = burst.spotTypes.map(\.rawValue)
    configuration.spot.highestFactor = burst.spotHighestFactor
    for zone in serverlessPools.flatMap(\.subnets).map(\.zone)
    where !configuration.spot.zones.contains(zone) {
      configuration.spot.zones.append(zone)
    }
    configuration.spotPrices = serverlessPools.map { pool in
      let scripted = pool.spot.prices.sorted { $0.at < $1.at }
      return SpotPriceCourse(
        zones: pool.subnets.map(\.zone),
        changes: [.init(at: .zero, factor: prices.spotFactor)]
          + scripted.map { .init(at: .zero + $0.at, factor: $0.factor) })
    }
    configuration.requestSeries = requestSeries
    configuration.rateMetric = MetricIdentifier(name: RequestMetric.rate.rawValue)
    configuration.latencyMetric = MetricIdentifier(name: RequestMetric.latency.rawValue)
    configuration.deadline = deadlineConfiguration
    configuration.fallbackAfter = burst.fallbackAfter
    configuration.fallbackHold = burst.fallbackHold
    let list = prices.hour(of: .intel) ?? prices.hour(of: .amd)
    configuration.cloudPrice = list.map { $0.core + $0.gib * 2 } ?? .zero
    configuration.ownPrice = sites.first?.machine.coreHour(on: prices) ?? .zero
    return configuration
  }
}

extension Scenario {
  /// How long after it is asked for a Job has to be done; nil: none has a deadline.
  var deadline: TimeSpan? { burst.deadline?.within }

  /// What is known about Jobs with a deadline: the scenario's terms, how its profiles save work, and
  /// when its pools' zones have no spot capacity.
  private var deadlineConfiguration: DeadlineConfiguration? {
    guard var terms = burst.deadline else { return nil }
    let saving = profiles.compactMap(\.checkpoint)
    terms.quantum = saving.map { $0.every + $0.cost }.max()
    terms.restore = saving.map(\.restart).max() ?? .zero
    for pool in serverlessPools {
      for zone in pool.subnets.map(\.zone)
      where !terms.closures.contains(where: { $0.zone == zone }) {
        let refusals = pool.spot.refusals.filter { refusal in
          refusal.zone ?? zone == zone && refusal.type ?? pool.cpuType == pool.cpuType
        }
        terms.closures.append(SpotClosures(zone: zone, stretches: Self.union(of: refusals)))
      }
    }
    return terms
  }

  /// Stretches in order and apart.
  private static func union(of refusals: [SpotScript.Refusal]) -> [SpotClosures.Stretch] {
    var merged: [SpotClosures.Stretch] = []
    for refusal in refusals.sorted(by: { $0.from < $1.from }) {
      let from = Instant.zero + refusal.from
      let to = Instant.zero + refusal.to
      if let last = merged.indices.last, from <= merged[last].to {
        merged[last].to = max(merged[last].to, to)
      } else {
        merged.append(SpotClosures.Stretch(from: from, to: to))
      }
    }
    return merged
  }
}
