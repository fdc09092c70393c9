import ClusterModel
import Quantities

/// Brings a number of replicas within what windows, rates and bounds allow.
///
/// > Source: Kubernetes' `normalizeDesiredReplicas` and `normalizeDesiredReplicasWithBehaviors`, as
/// > their semantics are written down (S, v1.36).
struct ReplicaNormalization {
  let spec: HorizontalPodAutoscalerSpec
  let configuration: HorizontalPodAutoscalerConfiguration

  /// The number allowed; sets the conditions AbleToScale and ScalingLimited.
  func normalize(
    _ desired: Int32, _ history: inout ScalingHistory, _ sync: inout HorizontalPodAutoscalerSync
  ) -> Int32 {
    let stabilized: Int32
    let limited: (replicas: Int32, reason: HorizontalPodAutoscalerCondition.Reason)
    if let behavior = spec.behavior {
      let window = configuration.downscaleStabilization
      stabilized = history.stabilize(
        desired, current: sync.current,
        upWindow: Self.window(of: behavior.scaleUp, default: window),
        downWindow: Self.window(of: behavior.scaleDown, default: window), at: sync.at)
      limited = limit(stabilized, behavior, history, current: sync.current, at: sync.at)
    } else {
      stabilized = history.stabilize(
        desired, window: configuration.downscaleStabilization, at: sync.at)
      limited = limit(stabilized, current: sync.current)
    }
    let isUp = spec.behavior != nil && desired >= sync.current
    sync.set(
      .ableToScale, true,
      stabilized == desired
        ? .readyForNewScale : isUp ? .scaleUpStabilized : .scaleDownStabilized)
    sync.set(.scalingLimited, limited.replicas != stabilized, limited.reason)
    return limited.replicas
  }

  private static func window(of rules: HPAScalingRules, default window: TimeSpan) -> TimeSpan {
    rules.stabilizationWindowSeconds.map { .seconds(Int($0)) }
      ?? .seconds(Int(window.nanoseconds / 1_000_000_000))
  }

  /// Without policies: at most double, or four.
  private func limit(
    _ desired: Int32, current: Int32
  ) -> (Int32, HorizontalPodAutoscalerCondition.Reason) {
    let double = Int32(clamping: max(2 * Double(current), 4))
    let isRate = spec.maxReplicas > double
    let highest = isRate ? double : spec.maxReplicas
    if desired < spec.minReplicas { return (spec.minReplicas, .tooFewReplicas) }
    if desired > highest { return (highest, isRate ? .scaleUpLimit : .tooManyReplicas) }
    return (desired, .desiredWithinRange)
  }

  private func limit(
    _ desired: Int32, _ behavior: HorizontalPodAutoscalerBehavior, _ history: ScalingHistory,
    current: Int32, at now: Instant
  ) -> (Int32, HorizontalPodAutoscalerCondition.Reason) {
    if desired > current {
      let rate = max(current, history.upperLimit(behavior.scaleUp, current: current, at: now))
      let isRate = spec.maxReplicas > rate
      let highest = isRate ? rate : spec.maxReplicas
      if desired > highest { return (highest, isRate ? .scaleUpLimit : .tooManyReplicas) }
    } else if desired < current {
      let rate = min(current, history.lowerLimit(behavior.scaleDown, current: current, at: now))
      let isRate = spec.minReplicas < rate
      let lowest = isRate ? rate : spec.minReplicas
      if desired < lowest { return (lowest, isRate ? .scaleDownLimit : .tooFewReplicas) }
    }
    return (desired, .desiredWithinRange)
  }
}
