import ClusterModel
import DiscreteEvents
import Quantities
import Scheduling

extension Scenario {
  /// Runs one replication and describes the last attempt to schedule a Pod.
  ///
  /// - Parameters:
  ///   - pod: the Pod's name, or its namespace and name with a slash between.
  ///   - describe: makes of an attempt, and of the cluster before anything of it is carried out,
  ///     what is to be known about it; called for each attempt.
  /// - Returns: what it made of the last attempt; nil if there was none.
  public func explain<Description>(
    pod: String, replication: Int = 0,
    _ describe: (ExplainedAttempt, borrowing ClusterState) -> Description
  ) -> Description? {
    var agenda = EventList<CloudEvent>()
    var cloud = HybridCloud(self, replication: replication, options: ReplicationOptions())
    cloud.loops.scheduler.explains = pod
    cloud.begin(on: &agenda)
    var seen = 0
    var description: Description?
    _ = run(&cloud, &agenda) { cloud in
      guard let attempt = cloud.loops.scheduler.explained, attempt.number > seen else { return }
      seen = attempt.number
      description = describe(attempt, cloud.cluster)
    }
    return description
  }
}
