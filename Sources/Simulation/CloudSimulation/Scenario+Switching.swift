import Autoscaling
import ClusterModel
import DiscreteEvents
import Infrastructure
import Quantities

extension Scenario {
  /// Whether Pods can burst at all.
  var bursts: Bool { !serverlessPools.isEmpty }

  /// The fields whose values a run can take over on its way: policies of bursting, the limits of API
  /// clients, and the rates and quotas of serverless pools.
  ///
  /// Anything else would have to change what has happened already, or what is under way.
  public static let switchableFields: [(kind: String, field: String)] = [
    ("Scenario", "burst"), ("Scenario", "controlPlane.deployment"),
    ("Scenario", "controlPlane.replicaSet"), ("Scenario", "controlPlane.statefulSet"),
    ("Scenario", "controlPlane.daemonSet"), ("Scenario", "controlPlane.job"),
    ("Scenario", "controlPlane.scheduler"), ("Scenario", "controlPlane.admission"),
    ("Scenario", "controlPlane.nodeAutoscaler"),
    ("Scenario", "controlPlane.horizontalPodAutoscaler.qps"),
    ("Scenario", "controlPlane.horizontalPodAutoscaler.burst"),
    ("Scenario", "controlPlane.nodeLifecycle.client"), ("ServerlessPool", "createRate"),
    ("ServerlessPool", "createBurst"), ("ServerlessPool", "bootRate"),
    ("ServerlessPool", "addressRate"), ("ServerlessPool", "startRate"),
    ("ServerlessPool", "clientQPS"), ("ServerlessPool", "clientBurst"),
    ("ServerlessPool", "quota"),
  ]

  /// Runs one replication that takes over another scenario's ``switchableFields`` at an instant.
  ///
  /// Until then it is the run of this scenario, event by event, and afterwards every draw is that of
  /// the same demand: branches of one run differ by the switch alone.
  ///
  /// - Parameters:
  ///   - instant: when; what happens at that very instant happens before.
  ///   - other: the scenario whose fields are taken over; everything else in it is disregarded.
  public func simulate(
    replication: Int = 0, options: ReplicationOptions = ReplicationOptions(),
    switchingAt instant: TimeSpan, to other: Scenario
  ) -> ReplicationResult {
    var options = options
    options.isSwitched = true
    var agenda = EventList<CloudEvent>()
    var cloud = HybridCloud(self, replication: replication, options: options)
    cloud.begin(on: &agenda)
    var course = run(&cloud, &agenda, until: .zero + instant) { _ in }
    if course.stoppedAt == nil {
      cloud.adopt(other)
      let rest = run(&cloud, &agenda) { _ in }
      course.events += rest.events
      course.stoppedAt = rest.stoppedAt
    }
    return result(of: &cloud, replication: replication, course, end: .zero + horizon)
  }
}

extension HybridCloud {
  /// Takes over a scenario's ``Scenario/switchableFields``.
  fileprivate mutating func adopt(_ scenario: Scenario) {
    loops.burst.adopt(scenario.burstConfiguration)
    for client in Client.allCases {
      clients[client.index].adopt(scenario.controlPlane.limits(of: client))
    }
    for pool in scenario.serverlessPools {
      guard let place = layout.poolOfPlace.firstIndex(where: { $0?.name == pool.name }) else {
        continue
      }
      pipeline.adopt(pool, at: place)
    }
  }
}
