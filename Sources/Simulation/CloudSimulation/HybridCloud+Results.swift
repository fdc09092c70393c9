import Autoscaling
import ClusterModel
import Infrastructure
import Probability
import Quantities
import Scheduling
import Statistics
import Workloads

extension HybridCloud {
  /// What the replication found out, at its end.
  mutating func result(_ scenario: Scenario, replication: Int, end: Instant) -> ReplicationResult {
    settleStreams(at: end)
    pipeline.settle(at: end)
    var result = ReplicationResult()
    result.replication = replication
    result.end = end
    result.bursts = scenario.measuredBursts.enumerated().map { number, window in
      burst(window, number: number, of: scenario, end: end)
    }
    result.stages = recorder.durations.map(Self.summary)
    result.readyPerBucket = recorder.readyPerBucket
    let buckets = Int((end - Instant.zero).nanoseconds / recorder.bucket.nanoseconds) + 1
    result.waiting = Array(recorder.waiting.prefix(buckets))
    result.bucket = recorder.bucket
    result.pods = totals()
    addMoney(to: &result, scenario: scenario, end: end)
    result.worldCurves = worldCurves(result, of: scenario, end: end)
    for index in result.bursts.indices {
      result.bursts[index].cost = result.cash
      result.bursts[index].amortised = result.cash + result.owned
      result.bursts[index].costPerJob = result.costPerJob
      result.bursts[index].lateJobs = scenario.deadline == nil ? nil : result.jobs.late
    }
    addUse(to: &result, end: end)
    result.scalings = recorder.scalings
    result.conditions = recorder.conditions
    result.autoscalerRecordings = recordings.finished
    result.pulledBytes = pipeline.pulledBytes
    result.refusals = pipeline.counts.refusals
    addRequests(to: &result, end: end)
    result.links = linkResults(scenario, end: end)
    result.conservation =
      identities(of: result, end: end) + requestIdentities(at: end)
      + linkIdentities(scenario, end: end)
    result.failures = failures
    result.failures.pulls = pipeline.counts.failedPulls
    for (scaler, error) in zip(scenario.predictiveScalers, loops.predictive.errors) {
      result.forecasts.append(
        ForecastQuality(
          name: scaler.name, meanAbsolutePercentage: error.meanAbsolutePercentage,
          median: error.quantile(0.5), p95: error.quantile(0.95)))
    }
    result.usage = usage.union(pipelineUsage)
    result.clairvoyant = clairvoyantBound(result, at: end)
    addRecords(to: &result)
    return result
  }

  // MARK: Bursts

  private func burst(
    _ window: BurstWindow, number: Int, of scenario: Scenario, end: Instant
  ) -> BurstResult {
    var result = BurstResult()
    let sites = window.sites.compactMap { name in layout.siteNames.firstIndex(of: name) }
    for (index, root) in roots.enumerated() {
      guard concerns(root: index, record: root, window: window, number: number) else { continue }
      for place in root.places(askedFrom: window.from, to: window.to) {
        guard let asked = place.asked else { continue }
        if !window.sites.isEmpty, place.site >= 0, !sites.contains(Int(place.site)) { continue }
        result.places += 1
        if result.firstAsked.map({ asked < $0 }) ?? true { result.firstAsked = asked }
        guard let ready = place.ready, ready <= end else { continue }
        result.ready.append(ready.nanoseconds)
        result.starts.append((ready - asked).nanoseconds)
      }
    }
    result.ready.sort()
    result.starts.sort()
    if scenario.measuresLevels, let load = window.load, load < courses.count,
      let id = courses[load].workload, id.index < rootOf.count, rootOf[id.index] >= 0
    {
      result.levels = levels[Int(rootOf[id.index])].measures(ofWindow: number, at: end)
    }
    return result
  }

  /// Whether a workload is the target of a window's load, or one of the Jobs that it had arrive. Of
  /// a load that drives requests the places are those that autoscaling asked for.
  private func concerns(
    root: Int, record: RootRecord, window: BurstWindow, number: Int
  ) -> Bool {
    guard let load = window.load, load < courses.count else { return false }
    if number < requestWindows.count, let service = requestWindows[number]?.service {
      if case .root(let own) = requestTargets[service] { return own == Int32(root) }
      return false
    }
    if courses[load].job != nil { return record.load == Int32(load) }
    guard let id = courses[load].workload, id.index < rootOf.count else { return false }
    return rootOf[id.index] == Int32(root)
  }

  private static func summary(_ durations: [Int64]) -> StageDurations {
    var summary = StageDurations()
    guard !durations.isEmpty else { return summary }
    var values = durations
    summary.count = values.count
    for duration in values { summary.total += Int128(duration) }
    var sorted = 0
    for p in [0.5, 0.95, 0.99] {
      let place = Int(Double(values.count - 1) * p)
      for rank in place...min(place + 1, values.count - 1) where rank >= sorted {
        values.place(rank: rank, from: sorted)
        sorted = rank
      }
    }
    summary.p50 = quantile(values, 0.5)
    summary.p95 = quantile(values, 0.95)
    summary.p99 = quantile(values, 0.99)
    return summary
  }

  /// The type-7 quantile of nanoseconds, in seconds, where the two around it are in their places.
  static func quantile(_ sorted: [Int64], _ p: Double) -> Double {
    let place = Double(sorted.count - 1) * p
    let lower = Int(place)
    let upper = min(lower + 1, sorted.count - 1)
    let fraction = place - Double(lower)
    return (Double(sorted[lower]) + (Double(sorted[upper]) - Double(sorted[lower])) * fraction)
      / 1e9
  }

  // MARK: Pods, use

  private func totals() -> PodCounts {
    var totals = PodCounts()
    totals.created = counts.created
    totals.succeeded = counts.succeeded
    totals.failed = counts.failed
    totals.deleted = counts.deleted
    totals.evicted = counts.evicted
    for slot in 0..<cluster.podSlotCount {
      guard let pod = cluster.pod(slot: slot), !pod.phase.isFinished else { continue }
      if pod.isUnbound {
        totals.pending += 1
      } else if pod.phase == .running || pod.isReady || pod.flags.contains(.boundElsewhere) {
        totals.running += 1
      } else if pipeline.isRefused(pod.id) {
        totals.refused += 1
      } else {
        totals.starting += 1
      }
    }
    return totals
  }

  // MARK: Checks and records

  private func identities(
    of result: ReplicationResult, end: Instant
  ) -> [(quantity: String, left: Double, right: Double)] {
    let pods = result.pods
    let sum =
      pods.running + pods.pending + pods.refused + pods.starting + pods.succeeded + pods.failed
      + pods.deleted + pods.evicted
    var inside: [Instant] = []
    for slot in 0..<cluster.podSlotCount {
      if let pod = cluster.pod(slot: slot), !pod.phase.isFinished {
        inside.append(max(pod.created, .zero))
      }
    }
    let stay = existence.identity(at: end, inside: inside)
    let instances = pipeline.instances.identity(at: end, inside: pipeline.acceptances)
    let (taken, given) = pipeline.addressBalance
    return [
      ("Pods created = Pods by state", Double(pods.created), Double(sum)),
      ("Pods: ∫N dt = Σ time inside, s", Double(stay.integral) / 1e9, Double(stay.stays) / 1e9),
      (
        "serverless instances: ∫N dt = Σ time inside, s", Double(instances.integral) / 1e9,
        Double(instances.stays) / 1e9
      ),
      ("addresses taken = instances held", Double(taken), Double(given)),
      (
        "bytes sent = bytes received", pipeline.network.delivered.rounded(),
        pipeline.network.received.rounded()
      ),
      (
        "money on the bill − paid − owned, 10⁻¹² \(layout.prices.currency)",
        Double(
          (result.bill.reduce(.zero) { $0 + $1.amount } - result.cash - result.owned).picounits), 0
      ),
    ]
  }

  private var pipelineUsage: Usage {
    let counts = pipeline.counts
    var usage: Usage = []
    if counts.refusals > 0 { usage.insert(.refusal) }
    if counts.serverlessStarts > 0 { usage.formUnion([.serverless, .billing]) }
    if counts.machineStarts > 0 { usage.insert(.machine) }
    if counts.serverlessPulls > 0 { usage.insert(.serverlessPull) }
    if counts.linkPulls > 0 { usage.insert(.link) }
    if counts.peerPulls > 0 { usage.insert(.sharing) }
    if counts.remoteCreates > 0 { usage.insert(.remoteCreates) }
    if counts.remoteReports > 0 { usage.insert(.remoteReports) }
    if counts.machinePulls > 0 { usage.insert(.machinePull) }
    if counts.cacheMounts > 0 { usage.insert(.imageCache) }
    if counts.diskReuses > 0 { usage.insert(.diskReuse) }
    if counts.worked > 0 { usage.insert(.jobs) }
    return usage
  }

  private mutating func addRecords(to result: inout ReplicationResult) {
    for slot in 0..<cluster.podSlotCount {
      guard let pod = cluster.pod(slot: slot), !pod.phase.isFinished else { continue }
      var reason = ""
      if pod.isUnbound {
        reason =
          loops.scheduler.exemption(of: pod, in: cluster)
          ?? loops.scheduler.lastMessage(for: pod.id) ?? "waiting"
        if result.unschedulable.count < 100 {
          result.unschedulable.append((cluster.qualifiedName(of: pod), reason))
        }
      } else if let refusal = runs[slot].refusal {
        reason = refusal.text
      }
      guard recorder.keepsRecords else { continue }
      placements.append(placement(of: pod, end: nil, reason: reason))
    }
    result.placements = placements
    result.nodeBlocks = recorder.nodeHistory.blocks
    result.nodeSampling = recorder.bucket * NodeHistory.everyBuckets
    for (mark, failed) in recorder.stageRecords {
      guard let name = nameOf[mark.pod] else { continue }
      var outcome = !failed ? "ok" : mark.stage == .bind ? "unanswered" : "unschedulable"
      if let refusal = mark.refusal { outcome = refusal.text }
      result.stageRecords.append(
        StageRecord(
          namespace: name.namespace, pod: name.name, stage: mark.stage, start: mark.start,
          end: mark.end, outcome: outcome))
    }
  }
}
