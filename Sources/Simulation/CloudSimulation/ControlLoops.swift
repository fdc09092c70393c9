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
  var nodeLifecycle: NodeLifecycleController
  var taintEviction: TaintEvictionController
  var podGarbage = PodGarbageCollector()
  var nodeAutoscaler: ClusterAutoscaler
  var autoscalers: HorizontalPodAutoscalerController
  var burst: BurstController
  var cron: CronScalerController
  var predictive: PredictiveScalerController
  var cronJobs: CronJobController

  /// - Parameter keepsLocal: whether the scheduler has LocalReplicas though no Pod asks for it yet.
  init(_ scenario: Scenario, firstMonitor: TimeSpan, keepsLocal: Bool) {
    let plane = scenario.controlPlane
    deployments = DeploymentController()
    replicaSets = ReplicaSetController(
      configuration: ReplicaSetConfiguration(slowStart: plane.slowStart, scaleIn: plane.scaleIn))
    statefulSets = StatefulSetController()
    daemonSets = DaemonSetController()
    jobs = JobController()
    var configuration = scenario.schedulerConfiguration
    if keepsLocal { configuration.allowLocalReplicas() }
    scheduler = Scheduler(configuration: configuration)
    admission = VirtualNodeTolerationController(
      configuration: VirtualNodeTolerationConfiguration(
        profile: plane.resilience,
        workers: plane.admissionWorkers ?? 1_000_000))
    nodeLifecycle = NodeLifecycleController(
      configuration: scenario.nodeLifecycle(firstMonitor: firstMonitor))
    var eviction = TaintEvictionConfiguration()
    eviction.defaultTolerationSeconds = plane.nodeLifecycle.toleration.map {
      $0.nanoseconds / 1_000_000_000
    }
    taintEviction = TaintEvictionController(configuration: eviction)
    nodeAutoscaler = ClusterAutoscaler(
      configuration: scenario.nodeAutoscaler,
      oracle: Supposition(profiles: scenario.scheduler.effectiveProfiles))
    autoscalers = HorizontalPodAutoscalerController(configuration: plane.autoscaling)
    burst = BurstController(configuration: scenario.burstConfiguration)
    cron = CronScalerController(
      scalers: scenario.cluster.cronScalers, origin: scenario.clockOrigin)
    predictive = PredictiveScalerController(scalers: scenario.predictiveScalers)
    cronJobs = CronJobController(
      jobs: scenario.cluster.cronJobs, origin: scenario.clockOrigin)
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
    case .nodeLifecycle: nodeLifecycle.reconcile(cluster, in: pass, into: &out)
    case .taintEviction: taintEviction.reconcile(cluster, in: pass, into: &out)
    case .podGarbage: podGarbage.reconcile(cluster, in: pass, into: &out)
    case .nodeAutoscaler: nodeAutoscaler.reconcile(cluster, in: pass, into: &out)
    case .horizontalPodAutoscaler: autoscalers.reconcile(cluster, in: pass, into: &out)
    case .burst: burst.reconcile(cluster, in: pass, into: &out)
    case .cron: cron.reconcile(cluster, in: pass, into: &out)
    case .predictive: predictive.reconcile(cluster, in: pass, into: &out)
    case .cronJob: cronJobs.reconcile(cluster, in: pass, into: &out)
    }
  }

  /// Which clients a change can matter to, so that it is worth waking them: a bit for each.
  ///
  /// Who isn't woken reads the change with the next one that does concern him. So nobody is woken
  /// for a Pod that runs but hasn't ended, nor the ReplicaSet controller for one that is ready.
  static func audience(
    of fields: ChangeFields, owner: WorkloadKind?, hasEnded: Bool
  ) -> UInt32 {
    func bit(_ client: Client) -> UInt32 { 1 << UInt32(client.rawValue) }
    if fields.contains(.pod) {
      if fields == [.pod, .phase], !hasEnded { return bit(.burst) }
      var audience: UInt32 = 0
      if !fields.isDisjoint(with: [.created, .deleted, .spec]) {
        audience |= bit(.horizontalPodAutoscaler)
      }
      if !fields.isDisjoint(with: Self.burstMatters) { audience |= bit(.burst) }
      if !fields.isDisjoint(with: Self.placing) { audience |= bit(.scheduler) }
      if !fields.isDisjoint(with: [.condition, .deleted]) { audience |= bit(.admission) }
      if fields.contains(.bound) { audience |= bit(.taintEviction) }
      if hasEnded || !fields.isDisjoint(with: [.terminating, .bound]) {
        audience |= bit(.podGarbage)
      }
      guard let owner, !fields.isDisjoint(with: Self.counting) else { return audience }
      switch owner {
      case .replicaSet:
        if fields != [.pod, .ready] { audience |= bit(.replicaSet) }
        if !fields.isDisjoint(with: [.ready, .deleted, .phase]) {
          audience |= bit(.deployment)
        }
      case .replicationController: audience |= bit(.replicaSet)
      case .statefulSet: audience |= bit(.statefulSet)
      case .daemonSet: audience |= bit(.daemonSet)
      case .job: audience |= bit(.job) | bit(.cronJob) | bit(.burst)
      case .deployment: break
      }
      return audience
    }
    if fields.isAutoscaler {
      return fields.contains(.condition) ? 0 : bit(.horizontalPodAutoscaler)
    }
    if fields.contains(.node) {
      if fields.isSubset(of: [.node, .condition, .ready]) { return bit(.nodeLifecycle) }
      return bit(.scheduler) | bit(.daemonSet) | bit(.nodeLifecycle) | bit(.taintEviction)
        | bit(.podGarbage)
    }
    if fields.contains(.workload) { return ~Self.blindToWorkloads }
    return bit(.scheduler)
  }

  private static var counting: ChangeFields { [.created, .deleted, .ready, .phase, .terminating] }
  /// Clients that no change of a workload concerns.
  private static var blindToWorkloads: UInt32 {
    let blind: [Client] = [
      .admission, .burst, .cron, .predictive, .nodeAutoscaler, .nodeLifecycle, .taintEviction,
      .podGarbage,
    ]
    return blind.reduce(0) { $0 | 1 << UInt32($1.rawValue) }
  }
  private static var burstMatters: ChangeFields {
    [.created, .bound, .deleted, .terminating, .condition]
  }
  private static var placing: ChangeFields {
    [.created, .deleted, .bound, .spec, .phase, .labels, .nomination, .terminating]
  }
}

/// The node autoscaler asks the scheduler's filters; neither module knows the other.
extension Supposition: PlacementOracle {}
