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

  /// Runs one replication and says why the scheduler left a Pod alone that waits at the end.
  ///
  /// - Parameter pod: the Pod's name, or its namespace and name with a slash between.
  /// - Returns: the Pod's namespace and name with the reason; nil if there is no such Pod, or the
  ///   scheduler would try it.
  public func exemption(of pod: String, replication: Int = 0) -> (pod: String, reason: String)? {
    var agenda = EventList<CloudEvent>()
    var cloud = HybridCloud(self, replication: replication, options: ReplicationOptions())
    cloud.begin(on: &agenda)
    _ = run(&cloud, &agenda) { _ in }
    for slot in 0..<cloud.cluster.podSlotCount {
      guard let found = cloud.cluster.pod(slot: slot) else { continue }
      let name = cloud.cluster.qualifiedName(of: found)
      guard name == pod || cloud.cluster.name(of: found) == pod else { continue }
      if let node = found.node.flatMap({ cloud.cluster.node($0) }) {
        return (name, "never tried: it came bound to node \(node.name)")
      }
      return cloud.loops.scheduler.exemption(of: found, in: cloud.cluster).map { (name, $0) }
    }
    return nil
  }

  /// Runs one replication and names the Pods at its end that a text may mean: those of the workload
  /// of that name, or whose names begin so, with their namespaces, in the order of their names.
  public func podNames(like text: String, replication: Int = 0) -> [String] {
    var agenda = EventList<CloudEvent>()
    var cloud = HybridCloud(self, replication: replication, options: ReplicationOptions())
    cloud.begin(on: &agenda)
    _ = run(&cloud, &agenda) { _ in }
    var names: [String] = []
    for slot in 0..<cloud.cluster.podSlotCount {
      guard let found = cloud.cluster.pod(slot: slot) else { continue }
      let name = cloud.cluster.qualifiedName(of: found)
      if name.hasPrefix(text) || cloud.cluster.name(of: found).hasPrefix(text) {
        names.append(name)
      }
    }
    return names.sorted()
  }
}
