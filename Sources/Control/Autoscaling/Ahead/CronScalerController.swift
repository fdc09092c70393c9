import ClusterModel
import Quantities

/// Carries out ``CronScaler``s: at each of their times it sets the fewest Pods of the target.
///
/// Where a load or another autoscaler scales the target as well, the rule's number is its minimum,
/// as when an HPC acts on an HPA; where nobody does, it is the number.
public struct CronScalerController: Controller {
  private struct Due: Sendable {
    var scaler: Int
    var rule: Int
    var target: WorkloadID?
    var at: Instant?
  }

  private let scalers: [CronScaler]
  /// Instant zero on the scalers' clock, in seconds since 1970.
  private let origin: Int64
  private var due: [Due] = []
  private var hasBegun = false

  /// A controller that has read nothing yet.
  /// - Parameters:
  ///   - scalers: what it carries out.
  ///   - origin: instant zero on their clock, in seconds since 1970 without the clock's distance
  ///     from UTC.
  public init(scalers: [CronScaler], origin: Int64) {
    self.scalers = scalers
    self.origin = origin
  }

  /// Carries out what is due.
  public mutating func reconcile(
    _ cluster: borrowing ClusterState, in pass: ControllerPass, into out: inout CommandBuffer
  ) -> Instant? {
    if !hasBegun { begin(cluster) }
    var next: Instant?
    for index in due.indices {
      if let at = due[index].at, at <= pass.now {
        let rule = scalers[due[index].scaler].rules[due[index].rule]
        let second = origin + at.nanoseconds / 1_000_000_000
        let isExcluded = rule.exclusions.contains { $0.matches(second) }
        if !isExcluded, let target = due[index].target {
          out.issue(.setMinimum(target, replicas: rule.replicas))
        }
        due[index].at = time(of: rule, after: second)
      }
      if let at = due[index].at { next = min(next ?? at, at) }
    }
    return next
  }

  private mutating func begin(_ cluster: borrowing ClusterState) {
    hasBegun = true
    for (number, scaler) in scalers.enumerated() {
      let target = cluster.workload(
        named: "\(scaler.target.kind)/\(scaler.namespace)/\(scaler.target.name)")
      for (rule, entry) in scaler.rules.enumerated() {
        due.append(
          Due(scaler: number, rule: rule, target: target, at: time(of: entry, after: origin - 1)))
      }
    }
  }

  private func time(of rule: CronScaler.Rule, after second: Int64) -> Instant? {
    rule.schedule.next(after: second).map { .seconds(Double($0 - origin)) }
  }
}

extension ClusterState {
  /// The workload of a kind and name, `Kind/name` or `Kind/namespace/name`; nil if there is none.
  borrowing func workload(named name: String) -> WorkloadID? {
    for slot in 0..<workloadSlotCount {
      guard let workload = workload(slot: slot) else { continue }
      let kind = workload.kind.rawValue
      if name == "\(kind)/\(workload.name)"
        || name == "\(kind)/\(workload.namespace)/\(workload.name)"
      {
        return workload.id
      }
    }
    return nil
  }
}
