import ClusterModel
import Quantities

/// One sync of one autoscaler: what its controller looked at, found and did.
///
/// Within a sync the clock stands still, as it does in the recorded cases: conditions and
/// recommendations carry the instant at which it began, even if its writes took effect later.
public struct HorizontalPodAutoscalerSync: Sendable {
  /// Whose sync it is.
  public let autoscaler: HorizontalPodAutoscalerID
  /// When it began.
  public let at: Instant
  /// The workload whose scale it looked at; nil: there was none.
  public internal(set) var target: WorkloadID?
  /// What each metric asked for, in the specification's order; nil: metrics weren't looked at.
  public internal(set) var proposals: [MetricProposal]?
  /// `spec.replicas` of the target's scale before.
  public internal(set) var current: Int32 = 0
  /// `spec.replicas` of the target's scale after.
  public internal(set) var desired: Int32 = 0
  /// Whether the scale is written.
  public internal(set) var isRescaling = false
  /// Why it is written.
  public internal(set) var reason: RescaleReason?
  /// Events recorded, in order.
  public internal(set) var events: [EventRecord.Reason] = []
  /// Whether the sync ends with an error, though it may have rescaled.
  public internal(set) var hasFailed = false
  /// The autoscaler's status after the sync.
  public internal(set) var status: HorizontalPodAutoscalerStatus

  /// Why a scale is written.
  public enum RescaleReason: Hashable, Sendable {
    case aboveMaximum, belowMinimum, allBelowTarget
    /// One metric is above its target: its index in the specification.
    case aboveTarget(metric: Int)
    /// Limits or earlier recommendations, while the metrics ask for what is there.
    case normalization
  }

  init(_ autoscaler: HorizontalPodAutoscaler, at now: Instant) {
    self.autoscaler = autoscaler.id
    at = now
    status = autoscaler.status
  }

  /// What Kubernetes gives for the reason.
  public static func text(_ reason: RescaleReason, of spec: HorizontalPodAutoscalerSpec) -> String {
    switch reason {
    case .aboveMaximum: "Current number of replicas above Spec.MaxReplicas"
    case .belowMinimum: "Current number of replicas below Spec.MinReplicas"
    case .allBelowTarget: "All metrics below target"
    case .aboveTarget(let metric):
      spec.metrics.indices.contains(metric) ? "\(spec.metrics[metric].title) above target" : ""
    case .normalization: ""
    }
  }

  /// Why the first of the metrics asked for nothing that failed; nil: none failed.
  public var firstFailure: MetricFailure? {
    for case .failure(let failure) in proposals ?? [] { return failure }
    return nil
  }

  /// Says whether something is so; the instant moves only where the answer changes.
  mutating func set(
    _ kind: HorizontalPodAutoscalerCondition.Kind, _ isTrue: Bool,
    _ reason: HorizontalPodAutoscalerCondition.Reason
  ) {
    guard let index = status.conditions.firstIndex(where: { $0.kind == kind }) else {
      status.conditions.append(
        HorizontalPodAutoscalerCondition(kind, isTrue, reason, lastTransition: at))
      return
    }
    if status.conditions[index].isTrue != isTrue { status.conditions[index].lastTransition = at }
    status.conditions[index].isTrue = isTrue
    status.conditions[index].reason = reason
  }
}
