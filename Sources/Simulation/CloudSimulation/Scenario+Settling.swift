import ClusterModel
import DiscreteEvents
import Quantities
import Scheduling

extension Scenario {
  /// What the scheduler is told.
  public var schedulerConfiguration: SchedulerConfiguration {
    var configuration = SchedulerConfiguration()
    configuration.profiles = scheduler.effectiveProfiles
    configuration.gpuSharing = scheduler.gpuPolicy.map { GPUSharing($0) }
    if needsLocalReplicas { configuration.allowLocalReplicas() }
    configuration.initialBackoff = scheduler.initialBackoff
    configuration.maxBackoff = scheduler.maxBackoff
    configuration.behaviour = scheduler.behaviour
    configuration.tieRule = scheduler.ties
    configuration.percentageOfNodesToScore =
      isBareDump ? 100 : scheduler.percentageOfNodesToScore
    configuration.cost = SchedulerCost(
      perCycle: scheduler.cycleTime, perNode: scheduler.filterTime,
      workers: scheduler.parallelism)
    return configuration
  }

  /// Runs the scenario's objects as a bare dump, until nothing changes, and looks at the cluster.
  ///
  /// Loads, faults and claims stay out.
  public func settled<Answer>(_ body: (borrowing ClusterState) -> Answer) -> Answer {
    var dump = self
    dump.isBareDump = true
    dump.loads = []
    dump.faults = []
    dump.claims = []
    var agenda = EventList<CloudEvent>()
    var cloud = HybridCloud(dump, replication: 0, options: ReplicationOptions())
    cloud.begin(on: &agenda)
    _ = dump.run(&cloud, &agenda) { _ in }
    return body(cloud.cluster)
  }
}

extension SchedulerConfiguration {
  /// Lets every profile have TKE's plugin LocalReplicas.
  mutating func allowLocalReplicas() {
    for index in profiles.indices { profiles[index].disabledFilters.remove(.localReplicas) }
  }
}
