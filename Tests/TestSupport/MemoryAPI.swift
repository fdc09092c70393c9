import ClusterModel
import Quantities

/// An API server in memory that drives controllers: it applies their commands after one delay and
/// shows them the changes after another.
///
/// It also plays the kubelet, if asked to: Pods run on the node they are pinned to, else on the
/// nodes in turn, and those told to stop go away.
public struct MemoryAPI: ~Copyable {
  /// How long things take.
  public struct Delays: Sendable {
    /// From a command to its effect; the answer comes at once after it.
    public var call = TimeSpan.zero
    /// From a change to the sight of it.
    public var watch = TimeSpan.zero
    /// From a Pod's creation until it is bound, running and ready; nil for never.
    public var start: TimeSpan?
    /// From the request to stop a Pod until it is gone; nil for never.
    public var stop: TimeSpan? = .zero
    /// No delays, and nothing starts.
    public init() {}
  }

  /// A command with its time and author.
  public struct Entry: Hashable, Sendable {
    /// When it was issued.
    public var time: Instant
    /// The author's number, in the order of joining.
    public var client: Int
    /// What was asked.
    public var command: ClusterCommand
  }

  private enum Action {
    case apply(client: Int, IssuedCommand, HorizontalPodAutoscalerStatus?)
    case start(PodID)
    case stop(PodID)
    case show
  }
  private struct Event {
    var time: Instant
    var action: Action
  }
  private struct Client {
    var controller: any Controller
    var outcomes: [CommandOutcome] = []
    var position = -1
    var wake: Instant? = .zero
    var buffer = CommandBuffer()
  }

  /// The cluster.
  public private(set) var state: ClusterState
  /// How long things take from now on.
  public var delays: Delays
  /// The CronJobs whose Jobs are created.
  public var cronJobs: [CronJob] = []
  /// Which commands a quota refuses.
  public var forbids: (@Sendable (borrowing ClusterState, ClusterCommand) -> Bool)?
  /// The time.
  public private(set) var now = Instant.zero
  /// Every command issued.
  public private(set) var issued: [Entry] = []
  /// Every Event recorded, with its author.
  public private(set) var events: [(client: Int, event: EventRecord)] = []
  /// Commands that named an object which never existed.
  public private(set) var strangers: [ClusterCommand] = []
  /// The most Pods a workload had active at once, by slot.
  public private(set) var peaks: [Int32] = []

  private var clients: [Client] = []
  private var agenda: [Event] = []
  private var marks: [(visible: Instant, position: Int)] = []
  private var started: [UInt16?] = []
  private var stopped: [UInt16?] = []
  private var turn = 0

  /// A server with what manifests describe.
  public init(
    _ objects: ClusterObjects = ClusterObjects(), logCapacity: Int = 1 << 16,
    delays: Delays = Delays()
  ) {
    state = ClusterState(objects, logCapacity: logCapacity)
    self.delays = delays
    notice()
  }

  /// Lets a controller join.
  public mutating func join(_ controller: any Controller) {
    clients.append(Client(controller: controller))
  }

  /// Lets somebody else change the cluster now.
  public mutating func change<Result>(_ body: (inout ClusterState) -> Result) -> Result {
    let result = body(&state)
    notice()
    return result
  }

  // MARK: Running

  /// Runs until an instant.
  public mutating func run(until end: Instant) {
    while true {
      while step() {}
      var next = agenda.first?.time ?? .distantFuture
      for client in clients { next = min(next, client.wake ?? .distantFuture) }
      guard next <= end, next < .distantFuture else { break }
      now = max(now, next)
      while let event = agenda.first, event.time <= now {
        agenda.removeFirst()
        perform(event.action)
      }
    }
    now = max(now, end)
  }

  /// Calls every controller that has something to read.
  private mutating func step() -> Bool {
    let position = position()
    var didCall = false
    for index in clients.indices {
      let isDue = clients[index].wake.map { $0 <= now } ?? false
      guard isDue || position > clients[index].position || !clients[index].outcomes.isEmpty else {
        continue
      }
      didCall = true
      call(index, position: position)
    }
    return didCall
  }

  private mutating func call(_ index: Int, position: Int) {
    let pass = ControllerPass(
      now: now, position: position, outcomes: clients[index].outcomes, choices: Choices(key: 7))
    clients[index].outcomes = []
    clients[index].position = position
    var out = clients[index].buffer
    clients[index].wake = clients[index].controller.reconcile(state, in: pass, into: &out)
    if let wake = clients[index].wake, wake <= now { clients[index].wake = nil }
    for event in out.events { events.append((index, event)) }
    for command in out.commands {
      issued.append(Entry(time: now, client: index, command: command.command))
      var status: HorizontalPodAutoscalerStatus?
      if case .updateAutoscalerStatus(_, let payload) = command.command {
        status = out.autoscalerStatuses[Int(payload)]
      }
      schedule(.apply(client: index, command, status), at: now + command.offset + delays.call)
    }
    out.clear()
    clients[index].buffer = out
  }

  private func position() -> Int {
    var result = 0
    for mark in marks where mark.visible <= now { result = mark.position }
    return result
  }

  private mutating func schedule(_ action: Action, at time: Instant) {
    var place = agenda.count
    while place > 0, agenda[place - 1].time > time { place -= 1 }
    agenda.insert(Event(time: time, action: action), at: place)
  }

  private mutating func perform(_ action: Action) {
    switch action {
    case .apply(let client, let command, let status):
      let result = apply(command, status)
      clients[client].outcomes.append(
        CommandOutcome(ticket: command.ticket, command: command.command, result: result))
    case .start(let id): start(id)
    case .stop(let id): state.deletePod(id)
    case .show: break
    }
    notice()
  }

  /// Makes the newest changes visible in time, and lets Pods start and stop.
  private mutating func notice() {
    let end = state.logEnd
    if marks.last?.position != end {
      while marks.count > 1, marks[1].visible <= now { marks.removeFirst() }
      marks.append((now + delays.watch, end))
      if delays.watch > .zero { schedule(.show, at: now + delays.watch) }
    }
    for slot in 0..<state.podSlotCount {
      while started.count <= slot {
        started.append(nil)
        stopped.append(nil)
      }
      guard let pod = state.pod(slot: slot) else { continue }
      if let delay = delays.start, pod.node == nil, started[slot] != pod.id.generation {
        started[slot] = pod.id.generation
        schedule(.start(pod.id), at: now + delay)
      }
      if let delay = delays.stop, pod.isTerminating, stopped[slot] != pod.id.generation {
        stopped[slot] = pod.id.generation
        schedule(.stop(pod.id), at: now + delay)
      }
    }
    for slot in 0..<state.workloadSlotCount {
      while peaks.count <= slot { peaks.append(0) }
      peaks[slot] = max(peaks[slot], state.workload(slot: slot)?.status.active ?? 0)
    }
  }

  private mutating func start(_ id: PodID) {
    guard let pod = state.pod(id), pod.node == nil, !pod.isTerminating, state.nodeSlotCount > 0
    else { return }
    var node = pod.pinnedNode
    for _ in 0..<state.nodeSlotCount where node == nil {
      node = state.nodeID(slot: turn % state.nodeSlotCount)
      turn += 1
    }
    guard let node else { return }
    state.bind(id, to: node)
    state.setStarted(id, at: now)
    state.setPhase(id, to: .running)
    state.setReady(id, true, at: now)
  }

  // MARK: Commands

  private mutating func apply(
    _ issued: IssuedCommand, _ status: HorizontalPodAutoscalerStatus?
  ) -> CommandResult {
    if let forbids, forbids(state, issued.command) { return .forbidden }
    switch issued.command {
    case .createPod(let owner, let ordinal, let attempt, let pinned):
      guard let workload = workload(owner, issued) else { return .notFound }
      state.createPod(
        owner: owner, template: workload.template, ordinal: ordinal, attempt: attempt, at: now,
        pinned: pinned)
    case .createReplicaSet(let deployment, let replicas):
      guard let workload = workload(deployment, issued) else { return .notFound }
      var object = WorkloadObject(
        kind: .replicaSet, namespace: workload.namespace,
        name: "\(workload.name)-\(workload.template.index)",
        template: state.templates[Int(workload.template.index)])
      object.replicas = replicas
      state.addWorkload(object, template: workload.template, owner: deployment, at: now)
    case .createJob(let number, let second):
      var object = cronJobs[Int(number)].job
      object.name = CronJob.jobName(cronJobs[Int(number)].name, second: second)
      state.addWorkload(
        object, template: state.addTemplate(object.template), owner: nil, at: now)
    case .deleteWorkload(let id):
      guard state.workload(id) != nil else { return .notFound }
      for slot in 0..<state.podSlotCount {
        if let pod = state.pod(slot: slot), pod.owner == id { state.deletePod(pod.id) }
      }
      state.removeWorkload(id)
    case .setReadiness(let id, let readiness): state.setReadiness(of: id, readiness)
    case .taint(let id, let adding, let removing):
      state.setTaints(of: id, adding: adding, removing: removing, at: now)
    case .scale(let id, let replicas):
      guard let workload = workload(id, issued) else { return .notFound }
      if let expected = issued.expectedVersion, expected != workload.version { return .conflict }
      state.setDesired(id, replicas)
    case .updateAutoscalerStatus(let id, _):
      guard state.autoscaler(id) != nil, let status else { return .notFound }
      state.setStatus(id, to: status)
    default: return apply(podCommand: issued)
    }
    return .accepted
  }

  private mutating func apply(podCommand issued: IssuedCommand) -> CommandResult {
    guard let id = issued.command.pod else { return .accepted }
    guard let pod = state.pod(id) else {
      let isUnknown = id.index >= started.count
      if isUnknown { strangers.append(issued.command) }
      return .notFound
    }
    if let expected = issued.expectedVersion, expected != pod.version { return .conflict }
    switch issued.command {
    case .bind(_, let node): state.bind(id, to: node)
    case .deletePod(_, let atOnce):
      if atOnce { state.deletePod(id) } else { state.markTerminating(id) }
    case .evict: state.markTerminating(id)
    case .markUnschedulable: state.setCondition(id, .unschedulable, true)
    case .nominate(_, let node): state.nominate(id, to: node)
    case .markPreempted: state.setCondition(id, .preempted, true)
    case .markUnready: state.setReady(id, false, at: now)
    case .tolerateVirtualNodes:
      let toleration = Toleration(
        key: "eks.tke.cloud.tencent.com/eklet", comparison: .exists, effect: .noSchedule)
      state.setTemplate(id, to: state.template(pod.template, tolerating: toleration))
    default: break
    }
    return .accepted
  }

  private mutating func workload(_ id: WorkloadID, _ issued: IssuedCommand) -> Workload? {
    if id.index >= state.workloadSlotCount { strangers.append(issued.command) }
    return state.workload(id)
  }
}

extension ClusterCommand {
  /// The Pod that a command is about.
  public var pod: PodID? {
    switch self {
    case .bind(let id, _), .deletePod(let id, _), .markUnschedulable(let id), .nominate(let id, _),
      .markPreempted(let id), .tolerateVirtualNodes(let id), .markUnready(let id),
      .markDisrupted(let id), .evict(let id), .read(let id):
      id
    case .createPod, .createReplicaSet, .scale, .setReadiness, .taint, .markDeleting,
      .setNodeGroupSize, .deleteNode, .deleteInstance, .updateAutoscalerStatus,
      .setMinimum, .createJob, .deleteWorkload:
      nil
    }
  }
}
