import CloudSimulation
import Infrastructure
import Statistics

/// What is compared when a parameter is moved: the claim's metric, or what stands in for it.
struct Yardstick: Sendable {
  let claim: Int
  let metric: Claim.Metric
  let isHigherBetter: Bool

  /// The yardstick for moves from some trials.
  ///
  /// While `sustained` is 0 in all of them the number of Pods ready takes the place of a metric
  /// that says how fast a burst becomes ready, as it does where that metric doesn't exist.
  init(_ judge: ClaimJudge, from trials: [Trial]) {
    claim = judge.index
    let metric = judge.claim.metric
    let isStuck = trials.allSatisfy { $0.measures[judge.index].rates.sustained == 0 }
    let isMissing = trials.contains { judge.value($0) == nil }
    switch metric {
    case .sustained, .bestMinute, .worstMinute:
      self.metric = isStuck ? .ready : metric
      isHigherBetter = judge.isAbove
    case .absorb, .startP95:
      self.metric = isStuck || isMissing ? .ready : metric
      isHigherBetter = isStuck || isMissing ? !judge.isAbove : judge.isAbove
    case .plateau, .ready, .cost, .costAmortised, .costPerJob, .lateJobs, .sloMinutes, .latencyP50,
      .latencyP95, .latencyP99, .errorShare, .cloudShare, .ownPeak, .shortMinutes, .shortPodMinutes,
      .sparePodMinutes, .batchWait, .batchSlowdown, .batchMakespan:
      self.metric = metric
      isHigherBetter = judge.isAbove
    }
  }

  func value(_ trial: Trial) -> Double? { trial.measures[claim][metric] }
}

/// What moving parameters does to a yardstick, on the same luck.
struct Effect: Sendable {
  let metric: Claim.Metric
  /// The mean difference with its interval; nil if the metric stops existing.
  let interval: ConfidenceInterval?
  /// How much better it gets: positive if the difference is proved to be one for the better.
  let gain: Double

  /// The differences of trials in pairs, replication by replication.
  ///
  /// Where all differences are equal (also without chance) any difference is proved. A list of one
  /// trial stands for any number of equal ones.
  init(of moved: [Trial], from base: [Trial], on yardstick: Yardstick, confidence: Double) {
    metric = yardstick.metric
    let count = max(base.count, moved.count)
    var differences: [Double] = []
    for index in 0..<count {
      guard let before = yardstick.value(base[min(index, base.count - 1)]),
        let after = yardstick.value(moved[min(index, moved.count - 1)])
      else { continue }
      differences.append(after - before)
    }
    guard differences.count == count, let first = differences.first else {
      interval = nil
      gain = 0
      return
    }
    let interval =
      differences.allSatisfy { $0 == first }
      ? ConfidenceInterval(estimate: first, low: first, high: first)
      : ConfidenceInterval.mean(of: differences, confidence: confidence)
    self.interval = interval
    guard let interval, interval.excludesZero else {
      gain = 0
      return
    }
    gain = max(0, yardstick.isHigherBetter ? interval.estimate : -interval.estimate)
  }

  /// No effect, by proof.
  init(noneOn yardstick: Yardstick) {
    metric = yardstick.metric
    interval = ConfidenceInterval(estimate: 0, low: 0, high: 0)
    gain = 0
  }
}

/// The limits that bind together; usually it is one.
struct Binding: Sendable {
  /// In the order of their stages.
  let limits: [Parameter]
  /// What taking them away does.
  let effect: Effect

  /// Their stages' names, each once, in the stages' order.
  var stages: String {
    var names: [String] = []
    for limit in limits {
      guard let name = limit.limit?.stage.name, !names.contains(name) else { continue }
      names.append(name)
    }
    return names.joined(separator: ",")
  }

  /// Whether they bound rates or levels; where both are among them, levels: no rate matters as
  /// long as a level is full.
  var kind: ClaimResult.LimitKind {
    limits.contains { $0.limit?.kind == .level } ? .level : .rate
  }

  /// Their paths with their values.
  var text: String { limits.map { "\($0.path) \($0.value)" }.joined(separator: ", ") }
}
