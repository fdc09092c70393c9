import CloudSimulation
import Infrastructure
import Quantities
import Statistics

extension Study {
  /// A claim's verdict and what it rests on, by the replications of the scenario as it is.
  static func claim(
    _ scenario: Scenario, _ results: [ReplicationResult], _ trials: [Trial], _ judge: ClaimJudge
  ) -> ClaimResult {
    let claim = judge.claim
    var result = ClaimResult()
    result.name = claim.name
    result.deckClaim = scenario.deckClaim
    result.metric = claim.metric.rawValue
    result.unit = claim.metric.unit(currency: scenario.prices.currency)
    result.threshold = judge.threshold
    result.isAbove = judge.isAbove
    result.share = claim.share
    if let window = scenario.window(of: claim) {
      let (from, to) = (window.from - Instant.zero, window.to - Instant.zero)
      result.window = "from \(from.formatted) to \(to.formatted)"
    }
    result.confidence = claim.confidence
    result.met = judge.met(trials)
    result.of = trials.count
    result.looks = judge.looks?.declared.looks ?? []
    result.countsWindows = scenario.windows > 1
    guard !trials.isEmpty else { return result }
    result.verdict = judge.verdict(trials)
    if result.verdict == .undecided {
      result.replicationsToDecide = judge.replicationsToDecide(met: result.met, of: result.of)
    }
    if trials.contains(where: \.hasChance) {
      let proportion = Proportion(result.met, of: result.of)
      result.shareAtLeast = proportion.lowerBound(confidence: judge.test.confidence)
      result.shareAtMost = proportion.upperBound(confidence: judge.test.confidence)
    }
    let mean = metric(
      claim.metric.rawValue, unit: result.unit, trials.map(judge.value), claim.confidence)
    result.estimate = mean.mean
    result.low = mean.low
    result.high = mean.high
    if !claim.metric.isAboutRequests, !claim.metric.isAboutBatch {
      result.rates = rates(trials, burst: judge.index, confidence: claim.confidence)
    }
    result.story = story(results.map { $0.bursts[judge.index] }, trials, judge)
    return result
  }

  /// The three rates, which are always shown together.
  static func rates(
    _ trials: [Trial], burst: Int, confidence: Double
  ) -> [MetricSummary] {
    [Claim.Metric.sustained, .bestMinute, .worstMinute].map { rate in
      metric(
        rate.rawValue, unit: rate.unit(currency: ""), trials.map { $0.measures[burst][rate] },
        confidence)
    }
  }

  /// The summary of a value that every replication has once.
  static func metric(
    _ name: String, unit: String, _ values: [Double?], _ confidence: Double
  ) -> MetricSummary {
    Metric<Double>(name, unit: unit, meaning: "").summary(
      ofReplications: values, confidence: confidence)
  }

  /// What became of a batch queue's jobs, in a sentence; numbers are means over the replications.
  private static func batchStory(_ batches: [BatchResult]) -> String {
    func mean(_ value: (BatchResult) -> Double?) -> Int {
      Int((Tally(batches.compactMap(value)).mean ?? 0).rounded())
    }
    return
      "Of \(StudyText.count(mean { Double($0.submitted) }, "job")), "
      + "\(StudyText.count(mean { Double($0.completed) })) had ended by the horizon; "
      + "they waited \(StudyText.count(mean(\.wait))) s on average."
  }

  /// What happened to the burst, in a sentence; numbers are means over the replications.
  private static func story(
    _ bursts: [BurstResult], _ trials: [Trial], _ judge: ClaimJudge
  ) -> String {
    func mean(_ values: [Double]) -> Int { Int((Tally(values).mean ?? 0).rounded()) }
    if judge.claim.metric.isAboutRequests { return requestStory(bursts.compactMap(\.requests)) }
    if judge.claim.metric.isAboutBatch { return batchStory(bursts.compactMap(\.batch)) }
    let places = mean(bursts.map { Double($0.places) })
    let ready = mean(bursts.map { Double($0.ready.count) })
    guard places > 0 else { return "" }
    if ready == 0 { return "None of \(StudyText.count(places)) Pods became Ready." }
    let last = mean(
      bursts.compactMap { burst in
        guard let first = burst.firstAsked, let last = burst.ready.last else { return nil }
        return Double(last - first.nanoseconds) / 1e9
      })
    if trials.allSatisfy({ $0.measures[judge.index].absorb != nil }) {
      return "All \(StudyText.count(places)) Pods were Ready after \(StudyText.count(last)) s."
    }
    return "\(StudyText.count(ready, "Pod")) Ready within \(StudyText.count(last)) s; "
      + "\(StudyText.count(places - ready)) of \(StudyText.count(places)) were not by the end."
  }
}
