import ClusterModel
import Quantities

/// A law that a ``BurstPolicy`` broke, with the case that shows it.
public struct BurstPolicyFault: Error, Hashable, Sendable, CustomStringConvertible {
  /// What every policy must keep to.
  public enum Law: String, Hashable, Sendable, CaseIterable {
    /// Two copies that are asked the same answer the same: no chance, no clock, no shared memory.
    case repeats
    /// At one instant, seeing the same, it doesn't matter who is asked first.
    case order
    /// Numbers of Pods aren't negative, and zones are some that there are.
    case bounds
    /// One that says that it reads no metrics answers the same whatever they are.
    case metrics
  }
  /// The law.
  public var law: Law
  /// The Pod that it was asked about.
  public var pod: BurstCandidate
  /// What it saw.
  public var sight: BurstSight
  /// What it answered, and what it should have.
  public var answers: String

  /// One sentence.
  public var description: String {
    let failing = sight.cloudFailedAt == nil ? "" : ", the cloud failing"
    let busy = sight.metrics.cpuUtilization.map { reading in
      ", CPU at \(reading.value) \(reading.age(at: sight.now).seconds) s ago"
    }
    return "law '\(law.rawValue)': place \(pod.ordinal), attempt \(pod.attempt), at "
      + "\(sight.now.seconds) s with \(sight.own) own, \(sight.cloud) in the cloud, "
      + "\(sight.unbound) waiting\(failing)\(busy ?? ""): \(answers)"
  }
}

/// Checks that a policy may stand in for those that come with Spillway, over a grid of cases.
///
/// A policy that passes gives the same run again and again, on any number of workers, and sees no
/// more than a webhook would. A checker can refute these laws, never prove them.
public enum BurstPolicyLaws {
  /// The first fault against each law that the policy breaks; empty if none is found.
  ///
  /// - Parameter zones: the zones that there are; a policy that was told others breaks `bounds`.
  public static func faults(
    of policy: any BurstPolicy, zones: [String] = ["zone-1", "zone-2"]
  ) -> [BurstPolicyFault] {
    var found: [BurstPolicyFault] = []
    func note(_ fault: BurstPolicyFault?) {
      guard let fault, !found.contains(where: { $0.law == fault.law }) else { return }
      found.append(fault)
    }
    var plain: [BurstPlacement] = []
    for sight in sights(zones) {
      let first = answers(of: policy, sight)
      let second = answers(of: policy, sight)
      let backwards = Array(answers(of: policy, sight, reversed: true).reversed())
      for (index, pod) in pods.enumerated() {
        func fault(_ law: BurstPolicyFault.Law, _ text: String) -> BurstPolicyFault {
          BurstPolicyFault(law: law, pod: pod, sight: sight, answers: text)
        }
        let answer = first[index]
        if answer != second[index] {
          note(fault(.repeats, "answered \(answer), a copy that is asked later \(second[index])"))
        } else if answer != backwards[index] {
          note(fault(.order, "asked in order \(answer), in the reverse order \(backwards[index])"))
        }
        if let problem = problem(with: answer, zones) { note(fault(.bounds, problem)) }
        if !policy.readsMetrics, sight.metrics != BurstMetrics(), answer != plain[index] {
          note(fault(.metrics, "answered \(answer), without metrics \(plain[index])"))
        }
      }
      if sight.metrics == BurstMetrics() { plain = first }
    }
    return found
  }

  private static func answers(
    of policy: any BurstPolicy, _ sight: BurstSight, reversed: Bool = false
  ) -> [BurstPlacement] {
    var policy = policy
    return (reversed ? pods.reversed() : pods).map { policy.placement(of: $0, seeing: sight) }
  }

  private static func problem(with answer: BurstPlacement, _ zones: [String]) -> String? {
    switch answer {
    case .asWritten, .ownNodes, .virtualNodes, .virtualNodesPreferred: nil
    case .localReplicas(let count): count >= 0 ? nil : "\(count) local replicas"
    case .spot(let capacity):
      zones.contains(capacity.zone)
        ? nil : "zone '\(capacity.zone)', expected one of \(zones.joined(separator: ", "))"
    }
  }

  /// The first places of a workload under several settings, each held before or not.
  private static let pods: [BurstCandidate] = {
    var pods: [BurstCandidate] = []
    for (share, local) in [(0, 0), (0.25, 1), (0.5, 3), (1, 40)] {
      for ordinal in Int32(0)..<24 {
        pods.append(
          BurstCandidate(
            ordinal: ordinal, attempt: ordinal % 3 == 2 ? 1 : 0, share: share,
            localReplicas: local))
      }
    }
    return pods
  }()

  /// Each with metrics absent first, then of idle Pods, of busy ones, and of ones that were busy long
  /// ago.
  private static func sights(_ zones: [String]) -> [BurstSight] {
    var sights: [BurstSight] = []
    for (own, cloud, unbound) in [(0, 0, 0), (10, 0, 5), (40, 200, 0)] {
      for (failed, troubled) in [(false, 0), (true, 0), (false, 1), (false, zones.count)] {
        for factor in [0.1, 0.2, 1.5] {
          let now = Instant.zero + .hours(1) + TimeSpan.seconds(100) * (sights.count / 4)
          for metrics in metrics(at: now) {
            sights.append(
              BurstSight(
                now: now, own: own, cloud: cloud, unbound: unbound, metrics: metrics,
                cloudFailedAt: failed ? now - .seconds(20) : nil,
                troubled: zones.prefix(troubled).map { SpotCapacity(zone: $0) },
                spotFactor: factor, spotZones: prices(zones, cheapest: factor),
                cloudPrice: Money(picounits: 220_000_000_000),
                ownPrice: Money(picounits: 60_000_000_000)))
          }
        }
      }
    }
    return sights
  }

  /// Nothing by zone, or all zones but the last dearer than the list price.
  private static func prices(_ zones: [String], cheapest: Double) -> [SpotZone] {
    guard cheapest > 0.1 else { return [] }
    return zones.map { SpotZone(zone: $0, factor: $0 == zones.last ? cheapest : 1.5) }
  }

  private static func metrics(at now: Instant) -> [BurstMetrics] {
    func metrics(
      _ utilization: Double, _ rate: Double, _ latency: Double, age: TimeSpan
    ) -> BurstMetrics {
      var metrics = BurstMetrics()
      metrics.cpuUtilization = BurstReading(utilization, measuredAt: now - age - .seconds(8))
      metrics.requestRate = BurstReading(rate, measuredAt: now - age)
      metrics.latency = BurstReading(latency, measuredAt: now - age)
      return metrics
    }
    return [
      BurstMetrics(), metrics(0.2, 20, 0.05, age: .seconds(20)),
      metrics(0.97, 900, 4, age: .seconds(20)), metrics(0.97, 900, 4, age: .minutes(20)),
    ]
  }
}
