import ClusterModel
import Quantities

/// Sets the replicas of workloads so that metrics stay near their targets: the controller of
/// HorizontalPodAutoscalers.
///
/// Each autoscaler is looked at a sync period after it was last done with. A sync reads the target's
/// scale and the metrics as they are, Pods as its watch has them, and takes its worker until the API
/// server has answered its writes. Its reads cost no calls.
///
/// > Source: Kubernetes v1.36's controller, as its semantics are written down (S); recorded cases
/// > check it sync for sync.
public struct HorizontalPodAutoscalerController: Controller {
  /// What is asked of an autoscaler most often. It and the columns below are kept apart, so that
  /// asking for one copies nothing of the others.
  private struct Head: BitwiseCopyable, Sendable {
    let id: HorizontalPodAutoscalerID
    /// The number of its write that hasn't been answered.
    var ticket: UInt32 = 0
    /// Whether a sync is under way.
    var isSyncing = false
  }
  private struct Due: BitwiseCopyable, Sendable {
    var at: Instant
    var id: HorizontalPodAutoscalerID
  }

  /// How it works.
  public let configuration: HorizontalPodAutoscalerConfiguration
  private let calculator: ReplicaCalculator
  private var cursor = -1
  /// By slot.
  private var heads: [Head?] = []
  /// By slot, as the columns below, which mean nothing where there is no head.
  private var known: [WorkloadID?] = []
  private var selections: [SelectedPods.Selection?] = []
  private var histories: [ScalingHistory] = []
  /// The syncs under way, until their writes are answered.
  private var underWay: [HorizontalPodAutoscalerSync?] = []
  private var selected = SelectedPods()
  private var targets: [String: WorkloadID] = [:]  // name look-up
  /// When each is to be looked at, ascending.
  private var line: [Due] = []
  private var head = 0
  /// By workload slot: the autoscaler that wrote its scale last; negative: none.
  private var writers: [Int32] = []
  private var working = 0
  private var hasStarted = false

  /// Whether syncs are kept in ``syncs`` when they end.
  public var recordsSyncs = false
  /// Syncs that began in the last pass, before any of their writes.
  public private(set) var begun: [HorizontalPodAutoscalerSync] = []
  /// Syncs that ended in the last pass.
  public private(set) var syncs: [HorizontalPodAutoscalerSync] = []

  /// A controller that has read nothing yet.
  public init(
    configuration: HorizontalPodAutoscalerConfiguration = HorizontalPodAutoscalerConfiguration()
  ) {
    self.configuration = configuration
    calculator = ReplicaCalculator(configuration: configuration)
  }

  /// Reads changes and outcomes up to the pass's position, and syncs what is due.
  public mutating func reconcile(
    _ cluster: borrowing ClusterState, in pass: ControllerPass, into out: inout CommandBuffer
  ) -> Instant? {
    if recordsSyncs {
      begun.removeAll(keepingCapacity: true)
      syncs.removeAll(keepingCapacity: true)
    }
    follow(cluster, in: pass)
    for outcome in pass.outcomes { take(outcome, cluster, at: pass.now, into: &out) }
    while working < configuration.concurrentSyncs ?? .max, head < line.count,
      line[head].at <= pass.now
    {
      let id = line[head].id
      head += 1
      begin(id, cluster, at: pass.now, into: &out)
    }
    if head == line.count {
      line.removeAll(keepingCapacity: true)
      head = 0
    } else if head > 1024, head * 2 > line.count {
      line.removeFirst(head)
      head = 0
    }
    return head < line.count && working < configuration.concurrentSyncs ?? .max
      ? line[head].at : nil
  }

  /// The Pods that an autoscaler's target selected at its last sync.
  public func pods(of id: HorizontalPodAutoscalerID) -> [PodID] {
    guard knows(id), let selection = selections[id.index] else { return [] }
    return selection.templates.flatMap { selected.pods(of: $0) }
  }

  /// The sync that is writing a workload's scale; nil: none is.
  public func rescale(of target: WorkloadID) -> HorizontalPodAutoscalerSync? {
    guard target.index < writers.count, writers[target.index] >= 0,
      let sync = underWay[Int(writers[target.index])], sync.target == target, sync.isRescaling
    else { return nil }
    return sync
  }

  /// The sync of an autoscaler that waits for its writes to be answered; nil: none does.
  public func sync(of id: HorizontalPodAutoscalerID) -> HorizontalPodAutoscalerSync? {
    knows(id) ? underWay[id.index] : nil
  }

  private func knows(_ id: HorizontalPodAutoscalerID) -> Bool {
    id.index < heads.count && heads[id.index]?.id == id
  }

  // MARK: Following

  private mutating func follow(_ cluster: borrowing ClusterState, in pass: ControllerPass) {
    selected.follow(cluster, upTo: pass.position)
    guard cursor < pass.position || !hasStarted else { return }
    var found: [HorizontalPodAutoscalerID] = []
    if cursor >= 0, let changes = cluster.changes(since: cursor, upTo: pass.position) {
      for change in changes {
        if change.fields.isAutoscaler {
          follow(change, cluster, &found)
        } else if change.fields.contains(.workload), change.fields.contains(.created) {
          know(cluster.workload(change.workload))
        }
      }
      cursor = pass.position
    } else {
      for slot in 0..<cluster.workloadSlotCount { know(cluster.workload(slot: slot)) }
      for slot in heads.indices {
        if let head = heads[slot], !cluster.hasAutoscaler(head.id) { forget(slot) }
      }
      for slot in 0..<cluster.autoscalerSlotCount {
        if let id = cluster.autoscaler(slot: slot)?.id { add(id, &found) }
      }
      cursor = cluster.logEnd
    }
    line(up: found, cluster, in: pass)
    hasStarted = true
  }

  private mutating func follow(
    _ change: Change, _ cluster: borrowing ClusterState, _ found: inout [HorizontalPodAutoscalerID]
  ) {
    let id = change.autoscaler
    if change.fields.contains(.deleted) {
      if knows(id) { forget(id.index) }
    } else if cluster.hasAutoscaler(id) {
      add(id, &found)
    }
  }

  private mutating func add(
    _ id: HorizontalPodAutoscalerID, _ found: inout [HorizontalPodAutoscalerID]
  ) {
    guard !knows(id) else { return }
    while heads.count <= id.index {
      heads.append(nil)
      known.append(nil)
      selections.append(nil)
      histories.append(ScalingHistory())
      underWay.append(nil)
    }
    if heads[id.index] != nil { forget(id.index) }
    heads[id.index] = Head(id: id)
    found.append(id)
  }

  private mutating func forget(_ slot: Int) {
    if let selection = selections[slot] { selected.release(selection) }
    if heads[slot]?.isSyncing == true { working -= 1 }
    heads[slot] = nil
    known[slot] = nil
    selections[slot] = nil
    histories[slot] = ScalingHistory()
    underWay[slot] = nil
  }

  private mutating func know(_ workload: Workload?) {
    guard let workload else { return }
    targets["\(workload.kind.rawValue)/\(workload.namespace)/\(workload.name)"] = workload.id
  }

  /// Puts new autoscalers in line: after a period, or at some instant of the first.
  private mutating func line(
    up found: [HorizontalPodAutoscalerID], _ cluster: borrowing ClusterState,
    in pass: ControllerPass
  ) {
    let period = configuration.syncPeriod
    var first: [Due] = []
    for id in found {
      var wait = period
      if !hasStarted, configuration.firstSync == .spread, let record = cluster.autoscaler(id) {
        let bits = pass.choices.bits(
          purpose: Self.purpose, subject: Self.key(record.namespace, record.name))
        wait = TimeSpan(nanoseconds: Int64(bits % UInt64(period.nanoseconds)) + 1)
      }
      first.append(Due(at: pass.now + wait, id: id))
    }
    // Those that are new wait a period; only those of the start may come before anyone in line.
    if !hasStarted { first.sort { ($0.at, $0.id.slot) < ($1.at, $1.id.slot) } }
    line.append(contentsOf: first)
  }

  private static var purpose: UInt32 { 0x4850_4131 }

  /// FNV-1a of `namespace/name`.
  private static func key(_ namespace: String, _ name: String) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in "\(namespace)/\(name)".utf8 {
      hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
    }
    return hash
  }

  // MARK: Syncs

  private mutating func begin(
    _ id: HorizontalPodAutoscalerID, _ cluster: borrowing ClusterState, at now: Instant,
    into out: inout CommandBuffer
  ) {
    guard knows(id), let record = cluster.autoscaler(id) else { return }
    working += 1
    heads[id.index]!.isSyncing = true
    var sync = HorizontalPodAutoscalerSync(record, at: now)
    decide(record, &sync, cluster)
    if recordsSyncs { begun.append(sync) }
    for event in sync.events { out.record(event, about: .autoscaler(id)) }
    let target = sync.isRescaling ? sync.target : nil
    let desired = sync.desired
    let changesStatus = sync.status != record.status
    underWay[id.index] = consume sync
    if let target, let workload = cluster.workload(target) {
      while writers.count <= target.index { writers.append(-1) }
      writers[target.index] = Int32(id.index)
      heads[id.index]!.ticket = out.issue(
        .scale(target, replicas: desired), expecting: workload.version)
    } else {
      finish(id, changesStatus: changesStatus, at: now, into: &out)
    }
  }

  /// Writes the status if it has changed; without a change the sync is over.
  private mutating func finish(
    _ id: HorizontalPodAutoscalerID, changesStatus: Bool, at now: Instant,
    into out: inout CommandBuffer
  ) {
    guard changesStatus, let status = underWay[id.index]?.status else {
      end(id, at: now)
      return
    }
    let place = out.carry(status)
    heads[id.index]!.ticket = out.issue(.updateAutoscalerStatus(id, payload: place))
  }

  private mutating func end(_ id: HorizontalPodAutoscalerID, at now: Instant) {
    if recordsSyncs, let sync = underWay[id.index] { syncs.append(sync) }
    underWay[id.index] = nil
    heads[id.index]!.isSyncing = false
    working -= 1
    line.append(Due(at: now + configuration.syncPeriod, id: id))
  }

  private mutating func take(
    _ outcome: CommandOutcome, _ cluster: borrowing ClusterState, at now: Instant,
    into out: inout CommandBuffer
  ) {
    guard let id = author(of: outcome), heads[id.index]?.isSyncing == true else { return }
    guard case .scale = outcome.command else {
      end(id, at: now)
      return
    }
    guard let record = cluster.autoscaler(id) else {
      // It was deleted while the scale was written, which the log hasn't told yet.
      end(id, at: now)
      return
    }
    let isAccepted = outcome.result == .accepted
    out.record(isAccepted ? .successfulRescale : .failedRescale, about: .autoscaler(id))
    if isAccepted {
      underWay[id.index]!.noteRescaled()
      if let behavior = record.spec.behavior, let sync = underWay[id.index] {
        histories[id.index].note(
          from: sync.current, to: sync.desired, under: behavior, at: sync.at)
      }
    } else {
      underWay[id.index]!.noteRefused(desiredBefore: record.status.desiredReplicas)
    }
    let changesStatus = underWay[id.index]!.status != record.status
    finish(id, changesStatus: changesStatus, at: now, into: &out)
  }

  /// The autoscaler whose sync waits for an answer.
  private func author(of outcome: CommandOutcome) -> HorizontalPodAutoscalerID? {
    var slot: Int
    switch outcome.command {
    case .updateAutoscalerStatus(let id, _): slot = id.index
    case .scale(let target, _):
      slot = target.index < writers.count ? Int(writers[target.index]) : -1
      if slot < 0 || heads[slot]?.ticket != outcome.ticket {
        // Another autoscaler of the same target has written since.
        slot = heads.firstIndex { $0?.isSyncing == true && $0?.ticket == outcome.ticket } ?? -1
      }
    default: return nil
    }
    guard slot >= 0, slot < heads.count, heads[slot]?.ticket == outcome.ticket else { return nil }
    return heads[slot]?.id
  }

  // MARK: Deciding

  private mutating func decide(
    _ record: HorizontalPodAutoscaler, _ sync: inout HorizontalPodAutoscalerSync,
    _ cluster: borrowing ClusterState
  ) {
    let slot = record.id.index
    guard let workload = target(of: record, cluster) else {
      sync.events.append(.failedGetScale)
      sync.set(.ableToScale, false, .failedGetScale)
      sync.hasFailed = true
      return
    }
    let spec = record.spec
    sync.target = workload.id
    sync.set(.ableToScale, true, .succeededGetScale)
    sync.current = workload.desired
    sync.desired = workload.desired
    histories[slot].seed(sync.current, at: sync.at)
    var metrics: [MetricStatus] = []
    if sync.current == 0 {
      sync.set(.scalingActive, false, .scalingDisabled)
    } else if sync.current > spec.maxReplicas {
      sync.desired = spec.maxReplicas
      sync.reason = .aboveMaximum
    } else if sync.current < spec.minReplicas {
      sync.desired = spec.minReplicas
      sync.reason = .belowMinimum
    } else {
      let found = look(record, workload, &sync, &metrics, cluster)
      guard let found else {
        sync.events.append(.failedComputeMetricsReplicas)
        sync.hasFailed = true
        sync.status.currentReplicas = sync.current
        sync.status.currentMetrics = metrics
        return
      }
      let normalization = ReplicaNormalization(spec: spec, configuration: configuration)
      sync.desired = normalization.normalize(found.replicas, &histories[slot], &sync)
      if found.replicas > sync.current {
        sync.reason = .aboveTarget(metric: found.metric)
      } else {
        sync.reason = found.replicas < sync.current ? .allBelowTarget : .normalization
      }
    }
    sync.isRescaling = sync.desired != sync.current
    sync.status.currentReplicas = sync.current
    sync.status.desiredReplicas = sync.desired
    sync.status.currentMetrics = metrics
  }

  private mutating func target(
    of record: HorizontalPodAutoscaler, _ cluster: borrowing ClusterState
  ) -> Workload? {
    let slot = record.id.index
    let reference = record.spec.target
    if let known = self.known[slot].flatMap({ cluster.workload($0) }),
      known.name == reference.name, known.kind.rawValue == reference.kind
    {
      return known
    }
    let key = "\(reference.kind)/\(record.namespace)/\(reference.name)"
    guard let found = targets[key].flatMap({ cluster.workload($0) }), found.kind.isScalable else {
      return nil
    }
    known[slot] = found.id
    return found
  }

  /// Looks at the metrics.
  /// - Returns: the highest number that one of them asks for; nil if that may not be followed.
  private mutating func look(
    _ record: HorizontalPodAutoscaler, _ workload: Workload,
    _ sync: inout HorizontalPodAutoscalerSync, _ statuses: inout [MetricStatus],
    _ cluster: borrowing ClusterState
  ) -> (replicas: Int32, metric: Int)? {
    let slot = record.id.index
    guard select(workload, of: slot, cluster), let selection = selections[slot] else {
      sync.events.append(.selectorRequired)
      sync.set(.scalingActive, false, .invalidSelector)
      return nil
    }
    guard !selected.isAmbiguous(selection) else {
      sync.events.append(.ambiguousSelector)
      sync.set(.scalingActive, false, .ambiguousSelector)
      return nil
    }
    let behavior = record.spec.behavior
    let occasion = ReplicaCalculator.Occasion(
      namespace: record.namespace, templates: selection.templates,
      scale: TargetScale(replicas: sync.current, statusReplicas: workload.status.replicas),
      tolerances: ReplicaCalculator.Tolerances(
        down: behavior?.scaleDown.tolerance ?? configuration.tolerance,
        up: behavior?.scaleUp.tolerance ?? configuration.tolerance), now: sync.at)
    var best: (replicas: Int32, metric: Int)?
    var failures = 0
    var first: HorizontalPodAutoscalerCondition.Reason?
    var proposals: [MetricProposal] = []
    for (index, metric) in record.spec.metrics.enumerated() {
      let (proposal, status) = calculator.propose(metric, on: occasion, of: selected, in: cluster)
      statuses.append(status)
      proposals.append(proposal)
      switch proposal {
      case .replicas(let replicas):
        if best.map({ $0.replicas == 0 || replicas > $0.replicas }) ?? true {
          best = (replicas, index)
        }
      case .failure:
        sync.events.append(metric.failureEvent)
        failures += 1
        first = first ?? metric.failureReason
      }
    }
    sync.proposals = proposals
    sync.hasFailed = failures > 0
    if let first, best.map({ $0.replicas < sync.current }) ?? true {
      sync.set(.scalingActive, false, first)
      return nil
    }
    sync.set(.scalingActive, true, .validMetricFound)
    return best ?? (0, 0)
  }

  /// Brings up to date which Pods an autoscaler's target selects.
  /// - Returns: whether the target has a selector.
  private mutating func select(
    _ workload: Workload, of slot: Int, _ cluster: borrowing ClusterState
  ) -> Bool {
    let selector =
      workload.selector
      ?? LabelSelector(matchLabels: cluster.templates[Int(workload.template.index)].labels)
    if selections[slot]?.selector != selector {
      if let old = selections[slot] { selected.release(old) }
      selections[slot] = nil
      guard !selector.isEmpty else { return false }
      selections[slot] = selected.selection(of: selector, in: workload.namespace)
    }
    selected.refresh(&selections[slot]!, cluster)
    return true
  }
}

extension HorizontalPodAutoscalerSync {
  /// The API server took the new scale.
  fileprivate mutating func noteRescaled() {
    events.append(.successfulRescale)
    set(.ableToScale, true, .succeededRescale)
    status.lastScaleTime = at
  }

  /// The API server refused the new scale.
  fileprivate mutating func noteRefused(desiredBefore: Int32) {
    events.append(.failedRescale)
    set(.ableToScale, false, .failedUpdateScale)
    hasFailed = true
    desired = current
    isRescaling = false
    status.desiredReplicas = desiredBefore
  }
}

extension WorkloadKind {
  /// Whether the kind has a scale.
  public var isScalable: Bool { self != .daemonSet && self != .job }
}
