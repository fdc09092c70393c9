import DiscreteEvents
import Infrastructure
import Quantities

extension Scenario {
  /// Runs one replication from its start to its horizon.
  ///
  /// A pure function of the scenario (its seed included) and the replication's number, unless its
  /// task is cancelled: then it ends at once, and ``ReplicationResult/stoppedAt`` says where.
  public func simulate(
    replication: Int = 0, options: ReplicationOptions = ReplicationOptions()
  ) -> ReplicationResult {
    var agenda = EventList<CloudEvent>()
    var cloud = HybridCloud(self, replication: replication, options: options)
    cloud.begin(on: &agenda)
    let course = run(&cloud, &agenda) { _ in }
    let end = isBareDump ? cloud.lastChange : Instant.zero + self.horizon
    return result(of: &cloud, replication: replication, course, end: end)
  }

  /// What a run found out by its end, or by where it was stopped.
  func result(
    of cloud: inout HybridCloud, replication: Int, _ course: RunCourse, end: Instant
  ) -> ReplicationResult {
    var result = cloud.result(
      self, replication: replication, end: min(end, course.stoppedAt ?? .distantFuture))
    result.events = course.events
    result.stoppedAt = course.stoppedAt
    addBatches(to: &result)
    return result
  }

  /// Adds what became of the batch queues' jobs, which share nothing with the cluster but the time.
  private func addBatches(to result: inout ReplicationResult) {
    result.batches = batchClusters.map {
      $0.result(of: result.replication, horizon: Instant.zero + self.horizon)
    }
    if result.stoppedAt == nil {
      result.stoppedAt = result.batches.lazy.compactMap(\.stoppedAt).min()
    }
    for (index, claim) in claims.enumerated() where index < result.bursts.count {
      guard claim.metric.isAboutBatch, let queue = batchQueue(of: claim) else { continue }
      result.bursts[index].batch = result.batches[queue]
    }
  }

  /// Handles events until the horizon, or until the task is cancelled.
  /// - Parameters:
  ///   - last: the instant of the last event, if it is before the horizon.
  ///   - observe: called after each.
  func run(
    _ cloud: inout HybridCloud, _ agenda: inout EventList<CloudEvent>,
    until last: Instant = .distantFuture, observe: (borrowing HybridCloud) -> Void
  ) -> RunCourse {
    var course = RunCourse()
    // A bare dump is over when nothing is under way and nothing has changed for longer than the
    // scheduler's slowest flush.
    let patience = TimeSpan.minutes(11)
    let horizon = min(last, Instant.zero + self.horizon)
    while let event = agenda.next(notAfter: horizon) {
      if isBareDump, cloud.isIdle, agenda.now - cloud.lastChange > patience { break }
      cloud.handle(event, on: &agenda)
      course.events += 1
      observe(cloud)
      if course.events.isMultiple(of: RunCourse.eventsBetweenLooks), Task.isCancelled {
        course.stoppedAt = agenda.now
        break
      }
    }
    return course
  }
}

extension HybridCloud {
  /// Whether nothing is under way that will change the cluster by itself.
  var isIdle: Bool { timersSet == 0 && writes.count == 0 && pipeline.network.flowCount == 0 }

  /// Puts the first events on the agenda.
  mutating func begin(on agenda: inout EventList<CloudEvent>) {
    for client in Client.allCases { request(client, at: .zero, on: &agenda) }
    for index in courses.indices { scheduleLoad(index, on: &agenda) }
    beginLinks(on: &agenda)
    beginPreheating(on: &agenda)
    scheduleReclaims(on: &agenda)
    beginBoundPods(on: &agenda)
    beginRequests(on: &agenda)
    beginStreams(on: &agenda)
    beginMetrics(on: &agenda)
    foreseeFault(on: &agenda)
    if parameters.readsVirtualNodes {
      for place in layout.poolOfPlace.indices where layout.poolOfPlace[place] != nil {
        refreshLabels(ofPlace: place, on: &agenda)
      }
    }
    agenda.schedule(.sample, at: .zero, priority: .sampling)
  }
}
