import ClusterModel
import Infrastructure
import Probability
import Quantities
import Workloads

extension HybridCloud {
  /// How long a Job's Pod has to run from now on, restoring and checkpoints included; nil: as long as
  /// its profile says, without checkpoints and without a trace that says it.
  func workToDo(_ run: PodRun, _ pod: Pod) -> TimeSpan? {
    let profile = layout.allProfiles[Int(layout.profileOfRoot[Int(run.root)])]
    guard run.owner == .job else { return nil }
    guard let terms = profile.checkpoint else { return roots[Int(run.root)].work }
    let left = workLeft(run, pod, profile)
    return (run.number > 0 ? terms.restart : .zero) + terms.running(left)
  }

  /// What is left of a place's work. A place's work is drawn once, whoever does it.
  private func workLeft(_ run: PodRun, _ pod: Pod, _ profile: WorkloadProfile) -> TimeSpan {
    let total =
      roots[Int(run.root)].work
      ?? luck.runTime.drawSpan(profile.runTime, for: run.subject, number: 0)
    return max(.zero, total - roots[Int(run.root)].saved(pod.ordinal))
  }

  /// Keeps what a Pod that leaves has saved of its work for the next in its place.
  mutating func saveWork(of pod: Pod, at now: Instant) {
    let run = runs[pod.id.index]
    guard run.generation == pod.id.generation, run.owner == .job, run.working <= now else { return }
    let profile = layout.allProfiles[Int(layout.profileOfRoot[Int(run.root)])]
    guard let terms = profile.checkpoint else {
      lostWork += now - run.working
      return
    }
    let begun = run.working + (run.number > 0 ? terms.restart : .zero)
    let left = workLeft(run, pod, profile)
    func done(by instant: Instant) -> (done: TimeSpan, saved: TimeSpan) {
      terms.progress(after: max(.zero, instant - begun), of: left)
    }
    let (done, regular) = done(by: now)
    var saved = regular
    // Who is told early enough writes one more checkpoint.
    if run.announced < now, now - run.announced >= terms.cost, run.announced >= run.working {
      let last = terms.progress(after: max(.zero, run.announced - begun), of: left).done
      saved = max(saved, last)
    }
    roots[Int(run.root)].save(saved, for: pod.ordinal)
    lostWork += done - saved
    runs[pod.id.index].working = .distantFuture
  }
}

extension Scenario {
  /// The scenario with the spot market of a replication written into its pools.
  func drawingSpot(_ luck: RandomSource) -> Scenario {
    guard serverlessPools.contains(where: \.spot.isDrawn) else { return self }
    var scenario = self
    for index in serverlessPools.indices {
      let pool = serverlessPools[index]
      var zones: [String] = []
      for subnet in pool.subnets where !zones.contains(subnet.zone) { zones.append(subnet.zone) }
      scenario.serverlessPools[index].spot = pool.spot.drawn(
        pool: pool.name, zones: zones, luck: luck, horizon: horizon)
    }
    return scenario
  }
}
