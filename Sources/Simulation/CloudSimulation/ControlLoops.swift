import Autoscaling
import ClusterModel
import Controllers
import Quantities
import Scheduling

/// The real control modules, each a client of its own. They don't know that time is simulated.
struct ControlLoops: Sendable {
  var deployments: DeploymentController
  var replicaSets: ReplicaSetController
  var statefulSets: StatefulSetController
  var daemonSets: DaemonSetController
  var jobs: JobController
  var scheduler: Scheduler
  var admission: VirtualNodeTolerationController

  init(_ scenario: Scenario) {
    let plane = scenario.controlPlane
    deployments = DeploymentController()
    replicaSets = ReplicaSetController(
      configuration: ReplicaSetConfiguration(slowStart: plane.slowStart))
    statefulSets = StatefulSetController()
    daemonSets = DaemonSetController()
    jobs = JobController()
    scheduler = Scheduler(configuration: Self.configuration(of: scenario))
    admission = VirtualNodeTolerationController(
      configuration: VirtualNodeTolerationConfiguration(
        profile: plane.resilience,
        workers: plane.admissionWorkers ?? 1_000_000))
  }

  private static func configuration(of scenario: Scenario) -> SchedulerConfiguration {
    let parameters = scenario.scheduler
    var configuration = SchedulerConfiguration()
    configuration.behaviour = parameters.profile == .v136 ? .v136 : .tke120
    configuration.tieRule = parameters.ties
    configuration.percentageOfNodesToScore =
      scenario.isBareDump ? 100 : parameters.percentageOfNodesToScore
    configuration.cost = SchedulerCost(perCycle: parameters.cycleTime)
    return configuration
  }

  /// Calls one loop.
  /// - Returns: when it wants to be called again even if nothing changes.
  mutating func reconcile(
    _ client: Client, _ cluster: borrowing ClusterState, in pass: ControllerPass,
    into out: inout CommandBuffer
  ) -> Instant? {
    switch client {
    case .deployment: deployments.reconcile(cluster, in: pass, into: &out)
    case .replicaSet: replicaSets.reconcile(cluster, in: pass, into: &out)
    case .statefulSet: statefulSets.reconcile(cluster, in: pass, into: &out)
    case .daemonSet: daemonSets.reconcile(cluster, in: pass, into: &out)
    case .job: jobs.reconcile(cluster, in: pass, into: &out)
    case .scheduler: scheduler.reconcile(cluster, in: pass, into: &out)
    case .admission: admission.reconcile(cluster, in: pass, into: &out)
    }
  }

  /// Whether a change can matter to a client, so that it is worth waking it.
  static func concerns(_ client: Client, fields: ChangeFields, owner: WorkloadKind?) -> Bool {
    let counts: ChangeFields = [.created, .deleted, .ready, .phase, .terminating]
    if fields.contains(.pod) {
      switch client {
      case .deployment: return owner == .replicaSet && !fields.isDisjoint(with: [.ready, .deleted])
      case .replicaSet:
        return (owner == .replicaSet || owner == .replicationController)
          && !fields.isDisjoint(with: counts)
      case .statefulSet: return owner == .statefulSet && !fields.isDisjoint(with: counts)
      case .daemonSet: return owner == .daemonSet && !fields.isDisjoint(with: counts)
      case .job: return owner == .job && !fields.isDisjoint(with: counts)
      case .scheduler:
        return !fields.isDisjoint(with: [
          .created, .deleted, .bound, .spec, .phase, .labels, .nomination, .terminating,
        ])
      case .admission: return !fields.isDisjoint(with: [.condition, .deleted])
      }
    }
    if fields.contains(.node) { return client == .scheduler || client == .daemonSet }
    if fields.contains(.workload) { return client != .admission }
    return client == .scheduler
  }
}
