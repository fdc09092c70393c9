import DiscreteEvents
import Infrastructure
import Quantities

extension Scenario {
  /// Runs one replication from its start to its horizon.
  ///
  /// A pure function of the scenario (its seed included) and the replication's number.
  public func simulate(
    replication: Int = 0, options: ReplicationOptions = ReplicationOptions()
  ) -> ReplicationResult {
    var agenda = EventList<CloudEvent>()
    var cloud = HybridCloud(self, replication: replication, options: options)
    cloud.begin(on: &agenda)
    let events = run(&cloud, &agenda) { _ in }
    let end = isBareDump ? cloud.lastChange : Instant.zero + self.horizon
    var result = cloud.result(self, replication: replication, end: end)
    result.events = events
    addBatches(to: &result)
    return result
  }

  /// Adds what became of the batch queues' jobs, which share nothing with the cluster but the time.
  func addBatches(to result: inout ReplicationResult) {
    result.batches = batchClusters.map {
      $0.result(of: result.replication, horizon: Instant.zero + self.horizon)
    }
    for (index, claim) in claims.enumerated() where index < result.bursts.count {
      guard claim.metric.isAboutBatch, let queue = batchQueue(of: claim) else { continue }
      result.bursts[index].batch = result.batches[queue]
    }
  }

  /// Handles events until the horizon.
  /// - Parameter observe: called after each.
  /// - Returns: how many there were.
  func run(
    _ cloud: inout HybridCloud, _ agenda: inout EventList<CloudEvent>,
    observe: (borrowing HybridCloud) -> Void
  ) -> Int {
    var events = 0
    // A bare dump is over when nothing is under way and nothing has changed for longer than the
    // scheduler's slowest flush.
    let patience = TimeSpan.minutes(11)
    let horizon = Instant.zero + self.horizon
    while let event = agenda.next(notAfter: horizon) {
      if isBareDump, cloud.isIdle, agenda.now - cloud.lastChange > patience { break }
      cloud.handle(event, on: &agenda)
      events += 1
      observe(cloud)
    }
    return events
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
