import ClusterModel
import Quantities

/// What a controller remembers of one autoscaler: recommendations, and how many replicas came and
/// went when. It is lost when the controller starts anew.
struct ScalingHistory: Sendable {
  private struct Recommendation: BitwiseCopyable, Sendable {
    var replicas: Int32
    var at: Instant
  }
  private struct ScaleEvent: BitwiseCopyable, Sendable {
    var change: Int32
    var at: Instant
    var isOutdated = false
  }
  private var recommendations: [Recommendation] = []
  private var additions: [ScaleEvent] = []
  private var removals: [ScaleEvent] = []

  /// Takes the present number of replicas for the first recommendation, if there is none.
  mutating func seed(_ replicas: Int32, at now: Instant) {
    if recommendations.isEmpty {
      recommendations.append(Recommendation(replicas: replicas, at: now))
    }
  }

  // MARK: Stabilisation

  /// The highest of a recommendation and those of a window that isn't over: one exactly as old as
  /// the window still counts.
  mutating func stabilize(_ desired: Int32, window: TimeSpan, at now: Instant) -> Int32 {
    let cutoff = now - window
    var highest = desired
    var outdated: Int?
    for (index, old) in recommendations.enumerated() {
      if old.at < cutoff {
        outdated = index
      } else {
        highest = max(highest, old.replicas)
      }
    }
    store(desired, inPlaceOf: outdated, at: now)
    return highest
  }

  /// The number nearest to the present one that is neither above all recommendations of the window
  /// for going up nor below all of that for going down. Here one exactly as old as its window is
  /// out.
  mutating func stabilize(
    _ desired: Int32, current: Int32, upWindow: TimeSpan, downWindow: TimeSpan, at now: Instant
  ) -> Int32 {
    let upCutoff = now - upWindow
    let downCutoff = now - downWindow
    var lowest = desired
    var highest = desired
    var outdated: Int?
    for (index, old) in recommendations.enumerated() {
      if old.at > upCutoff { lowest = min(lowest, old.replicas) }
      if old.at > downCutoff { highest = max(highest, old.replicas) }
      if old.at < upCutoff, old.at < downCutoff { outdated = index }
    }
    store(desired, inPlaceOf: outdated, at: now)
    return min(max(current, lowest), highest)
  }

  private mutating func store(_ replicas: Int32, inPlaceOf outdated: Int?, at now: Instant) {
    let recommendation = Recommendation(replicas: replicas, at: now)
    if let outdated {
      recommendations[outdated] = recommendation
    } else {
      recommendations.append(recommendation)
    }
  }

  // MARK: Rates

  /// Remembers a change of the scale.
  mutating func note(
    from old: Int32, to new: Int32, under behavior: HorizontalPodAutoscalerBehavior, at now: Instant
  ) {
    if new > old {
      Self.note(new - old, in: &additions, longest: behavior.scaleUp.longestPeriod, at: now)
    } else {
      Self.note(old - new, in: &removals, longest: behavior.scaleDown.longestPeriod, at: now)
    }
  }

  private static func note(
    _ change: Int32, in events: inout [ScaleEvent], longest: TimeSpan, at now: Instant
  ) {
    let cutoff = now - longest
    var outdated: Int?
    for index in events.indices {
      if events[index].at < cutoff { events[index].isOutdated = true }
      if events[index].isOutdated { outdated = index }
    }
    if let outdated {
      events[outdated] = ScaleEvent(change: change, at: now)
    } else {
      events.append(ScaleEvent(change: change, at: now))
    }
  }

  private static func sum(_ events: [ScaleEvent], after cutoff: Instant) -> Int32 {
    var sum: Int32 = 0
    for event in events where event.at > cutoff { sum += event.change }
    return sum
  }

  /// How many replicas there were when a policy's period began.
  private func start(of policy: HPAScalingPolicy, current: Int32, at now: Instant) -> Int32 {
    let cutoff = now - .seconds(Int(policy.periodSeconds))
    return current - Self.sum(additions, after: cutoff) + Self.sum(removals, after: cutoff)
  }

  /// The most replicas that the rules for scaling up allow.
  func upperLimit(_ rules: HPAScalingRules, current: Int32, at now: Instant) -> Int32 {
    guard rules.selectPolicy != .disabled else { return current }
    var limit = rules.selectPolicy == .min ? Int32.max : .min
    for policy in rules.policies {
      let start = start(of: policy, current: current, at: now)
      let proposed =
        switch policy.kind {
        case .pods: start &+ policy.value
        case .percent:
          Int32(clamping: (Double(start) * (1 + Double(policy.value) / 100)).rounded(.up))
        }
      limit = rules.selectPolicy == .min ? min(limit, proposed) : max(limit, proposed)
    }
    return limit
  }

  /// The fewest replicas that the rules for scaling down allow.
  func lowerLimit(_ rules: HPAScalingRules, current: Int32, at now: Instant) -> Int32 {
    guard rules.selectPolicy != .disabled else { return current }
    var limit = rules.selectPolicy == .min ? Int32.min : .max
    for policy in rules.policies {
      let start = start(of: policy, current: current, at: now)
      let proposed =
        switch policy.kind {
        case .pods: start &- policy.value
        case .percent:
          Int32(clamping: (Double(start) * (1 - Double(policy.value) / 100)).rounded(.towardZero))
        }
      limit = rules.selectPolicy == .min ? max(limit, proposed) : min(limit, proposed)
    }
    return limit
  }
}

extension HPAScalingRules {
  /// The longest of the policies' periods.
  fileprivate var longestPeriod: TimeSpan {
    .seconds(policies.reduce(0) { max($0, Int($1.periodSeconds)) })
  }
}

extension Int32 {
  /// A whole number as near to it as the type has one; zero of what is no number.
  init(clamping value: Double) {
    if value.isNaN {
      self = 0
    } else {
      self = Int32(Swift.min(Swift.max(value, Double(Int32.min)), Double(Int32.max)))
    }
  }
}
