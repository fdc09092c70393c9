import ClusterModel
import Quantities

/// How a ``DeploymentController`` paces itself.
public struct DeploymentConfiguration: Hashable, Sendable {
  /// The first back-off after a failed sync; it doubles. Default 5 ms.
  ///
  /// > Source: client-go's default controller rate limiter (S).
  public var initialBackoff: TimeSpan
  /// The longest back-off. Default 1000 s.
  ///
  /// > Source: client-go's default controller rate limiter (S).
  public var maxBackoff: TimeSpan
  /// How many Deployments are synced at once. Default 5.
  ///
  /// > Source: kube-controller-manager's `--concurrent-deployment-syncs` (M).
  public var concurrentSyncs: Int

  /// Kubernetes' defaults.
  public init(
    initialBackoff: TimeSpan = .milliseconds(5), maxBackoff: TimeSpan = .seconds(1000),
    concurrentSyncs: Int = 5
  ) {
    precondition(concurrentSyncs > 0, "somebody has to do the work")
    precondition(initialBackoff > .zero && maxBackoff >= initialBackoff, "a back-off takes time")
    self.initialBackoff = initialBackoff
    self.maxBackoff = maxBackoff
    self.concurrentSyncs = concurrentSyncs
  }
}

/// Keeps each Deployment's ReplicaSets at the sizes that its template, replicas and strategy ask for.
///
/// The ReplicaSet of the present template is the oldest whose template is equal, the label
/// `pod-template-hash` aside; ReplicaSets of a dump are adopted that way.
///
/// > Source: Kubernetes' Deployment controller (M). History limits, pausing, progress deadlines,
/// > `minReadySeconds` and status updates are left out.
public struct DeploymentController: Controller {
  private struct Progress: Sendable {
    var deployment: WorkloadID?
    /// The ReplicaSet of the present template, and for which template and children it was found.
    var present: UInt32?
    var presentTemplate: TemplateID?
    var presentChildren: [UInt32] = []
    /// The number wanted, and the most allowed, when its ReplicaSets were last scaled.
    var scaledFor: Int32?
    var maximum: Int32?
    /// The two before the sync that is running, to which a failure returns.
    var formerlyFor: Int32?
    var formerMaximum: Int32?
    var inFlight = 0
    var hasFailed = false
    var isRunning = false
    var isStale = false
  }
  private struct Unseen: BitwiseCopyable, Sendable {
    var slot: UInt32
    var logEnd: Int
  }

  private let configuration: DeploymentConfiguration
  private var ledger = PodLedger(
    rules: PodLedger.Rules(kinds: [.deployment, .replicaSet], mindsReadiness: true))
  private var queue: WorkQueue
  private var progress: [Progress] = []
  private var tickets = TicketTable()
  private var unseen: [Unseen] = []
  private var runningCount = 0

  /// A controller that has read nothing yet.
  public init(configuration: DeploymentConfiguration = DeploymentConfiguration()) {
    self.configuration = configuration
    queue = WorkQueue(
      initialBackoff: configuration.initialBackoff, maxBackoff: configuration.maxBackoff)
  }

  /// Reads changes and outcomes up to the pass's position, and issues what follows from them.
  public mutating func reconcile(
    _ cluster: borrowing ClusterState, in pass: ControllerPass, into out: inout CommandBuffer
  ) -> Instant? {
    ledger.follow(cluster, in: pass, marking: &queue)
    for outcome in pass.outcomes { take(outcome, cluster, at: pass.now, into: &out) }
    finishSeen()
    queue.lineUp(at: pass.now)
    while runningCount < configuration.concurrentSyncs, let slot = queue.pop() {
      guard let deployment = deployment(concernedBy: Int(slot)) else { continue }
      while progress.count <= deployment { progress.append(Progress()) }
      if progress[deployment].isRunning {
        progress[deployment].isStale = true
      } else {
        sync(deployment, cluster, into: &out)
      }
    }
    return queue.nextDue
  }

  /// The slot of the Deployment that a change of a followed workload concerns, or nil.
  private func deployment(concernedBy slot: Int) -> Int? {
    guard slot < ledger.workloads.count, let workload = ledger.workloads[slot] else { return nil }
    if workload.kind == .deployment { return slot }
    guard let owner = workload.owner, ledger.workloads[owner.index]?.id == owner else { return nil }
    return owner.index
  }

  // MARK: Outcomes

  private mutating func take(
    _ outcome: CommandOutcome, _ cluster: borrowing ClusterState, at now: Instant,
    into out: inout CommandBuffer
  ) {
    guard let slot = tickets.take(outcome.ticket) else { return }
    if outcome.result == .accepted {
      if let id = progress[slot].deployment { out.record(.scalingReplicaSet, about: .workload(id)) }
    } else {
      progress[slot].hasFailed = true
    }
    progress[slot].inFlight -= 1
    guard progress[slot].inFlight == 0 else { return }
    runningCount -= 1
    if progress[slot].hasFailed {
      progress[slot].isRunning = false
      progress[slot].scaledFor = progress[slot].formerlyFor
      progress[slot].maximum = progress[slot].formerMaximum
      queue.fail(UInt32(slot), at: now)
      if progress[slot].isStale { queue.mark(UInt32(slot)) }
    } else {
      queue.succeed(UInt32(slot))
      unseen.append(Unseen(slot: UInt32(slot), logEnd: cluster.logEnd))
    }
  }

  /// Lets Deployments go on whose ReplicaSets' new sizes have been read.
  private mutating func finishSeen() {
    while let first = unseen.first, first.logEnd <= ledger.cursor {
      unseen.removeFirst()
      progress[Int(first.slot)].isRunning = false
      queue.mark(first.slot)
    }
  }

  // MARK: Syncs

  private mutating func sync(
    _ slot: Int, _ cluster: borrowing ClusterState, into out: inout CommandBuffer
  ) {
    if isSteady(slot) { return }
    let deployment = ledger.workloads[slot]!
    if progress[slot].deployment != deployment.id {
      progress[slot] = Progress()
      progress[slot].deployment = deployment.id
    }
    findPresent(slot, cluster)
    let rollout = rollout(of: deployment, present: progress[slot].present)
    let step = rollout.step(
      scaledFor: progress[slot].scaledFor, atMost: progress[slot].maximum)
    progress[slot].isStale = false
    progress[slot].hasFailed = false
    progress[slot].formerlyFor = progress[slot].scaledFor
    progress[slot].formerMaximum = progress[slot].maximum
    progress[slot].scaledFor = deployment.desired
    progress[slot].maximum = deployment.desired + rollout.maxSurge
    if let replicas = step.creates {
      issue(.createReplicaSet(deployment: deployment.id, replicas: replicas), slot, into: &out)
    }
    for scale in step.scales {
      let set = ledger.workloads[scale.slot]!
      issue(
        .scale(set.id, replicas: scale.replicas), slot, expecting: set.version, into: &out)
    }
    if progress[slot].inFlight > 0 {
      progress[slot].isRunning = true
      runningCount += 1
    } else {
      queue.succeed(UInt32(slot))
    }
  }

  /// Whether the only ReplicaSet is the present template's and has the size wanted: what is nearly
  /// always so when one of its Pods changes.
  private func isSteady(_ slot: Int) -> Bool {
    guard progress[slot].deployment == ledger.workloads[slot]!.id,
      progress[slot].presentTemplate == ledger.workloads[slot]!.template,
      progress[slot].scaledFor == ledger.workloads[slot]!.desired,
      ledger.workloads[slot]!.children.count == 1
    else { return false }
    let child = ledger.workloads[slot]!.children[0]
    return progress[slot].present == child
      && ledger.workloads[Int(child)]!.desired == ledger.workloads[slot]!.desired
  }

  private mutating func issue(
    _ command: ClusterCommand, _ slot: Int, expecting version: UInt32? = nil,
    into out: inout CommandBuffer
  ) {
    tickets.add(out.issue(command, expecting: version), slot: slot)
    progress[slot].inFlight += 1
  }

  private func rollout(
    of deployment: FollowedWorkload, present: UInt32?
  ) -> Rollout {
    let sets = deployment.children.map { ledger.workloads[Int($0)]! }.sorted {
      ($0.created, $0.id.slot) < ($1.created, $1.id.slot)
    }
    return Rollout(
      desired: deployment.desired, strategy: deployment.strategy,
      revisions: sets.map { set in
        Rollout.Revision(
          slot: set.id.index, replicas: set.desired, available: set.available,
          created: set.created,
          hasPods: set.members.count > Int(set.succeeded + set.failed))
      },
      present: sets.firstIndex { $0.id.slot == present })
  }

  // MARK: Templates

  private mutating func findPresent(_ slot: Int, _ cluster: borrowing ClusterState) {
    let deployment = ledger.workloads[slot]!
    if progress[slot].presentTemplate == deployment.template,
      progress[slot].presentChildren == deployment.children
    {
      return
    }
    let isFirst = progress[slot].presentTemplate == nil
    progress[slot].presentTemplate = deployment.template
    progress[slot].presentChildren = deployment.children
    progress[slot].present = nil
    let wanted = cluster.templates[Int(deployment.template.index)]
    var best: FollowedWorkload?
    for child in deployment.children {
      let set = ledger.workloads[Int(child)]!
      guard
        set.template == deployment.template
          || Self.isRevision(cluster.templates[Int(set.template.index)], of: wanted)
      else { continue }
      if let best, (best.created, best.id.slot) < (set.created, set.id.slot) { continue }
      best = set
    }
    progress[slot].present = best?.id.slot
    if isFirst, let best, let set = cluster.workload(best.id) {
      progress[slot].scaledFor = set.annotations["deployment.kubernetes.io/desired-replicas"]
        .flatMap { Int32($0) }
      progress[slot].maximum = set.annotations["deployment.kubernetes.io/max-replicas"]
        .flatMap { Int32($0) }
    }
  }

  /// Whether a ReplicaSet's template is a Deployment's, but for the label that tells revisions apart
  /// and what asks for its value.
  private static func isRevision(_ set: PodTemplate, of deployment: PodTemplate) -> Bool {
    let key = "pod-template-hash"
    var wanted = deployment
    wanted.labels[key] = nil
    if let hash = set.labels[key] { wanted.add(label: key, hash) }
    return set == wanted
  }
}
