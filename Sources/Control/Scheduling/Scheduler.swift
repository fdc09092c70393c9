import ClusterModel
import Quantities

/// kube-scheduler: takes Pods from its queue one after the other and gives each a node, or makes
/// room for it, or puts it aside until something happens that may help.
///
/// The module sees the cluster through its own cursor in the change log and keeps its own columns.
/// A Pod that it has decided about counts on its node at once (it is *assumed*); the log confirms
/// it, a binding that is refused or isn't answered in time makes the scheduler forget it and try again.
///
/// > Source: kube-scheduler v1.36.2, default profile (S), proven by the golden vectors.
public struct Scheduler: Controller {
  /// How it is set up.
  public let configuration: SchedulerConfiguration
  var cache: SchedulerCache
  var queue: SchedulingQueue
  var cursor = 0
  var hasSynced = false
  /// Where the search for feasible nodes starts.
  var start = 0
  /// Why each Pod's last attempt failed, by slot.
  var summaries = SummaryTable()
  /// The Pod whose attempts are explained, by its name, or namespace and name with a slash between.
  public var explains: String?
  /// Whether a cycle has taken longer because LocalReplicas slept.
  public private(set) var hasSlept = false
  /// The cycle that sleeps at present.
  var asleep: SleepingCycle?
  /// The last attempt of that Pod.
  public private(set) var explained: ExplainedAttempt?
  /// Whether each attempt's standing is kept, and those of all attempts so far.
  var keepsStandings = false
  private(set) var standings: [SearchStanding?] = []

  /// A scheduler that has seen nothing yet.
  public init(configuration: SchedulerConfiguration = SchedulerConfiguration()) {
    self.configuration = configuration
    cache = SchedulerCache(
      profiles: configuration.profiles, gpuSharing: configuration.gpuSharing)
    queue = SchedulingQueue(configuration)
  }

  /// Follows the cluster, then runs one scheduling cycle; or as many as there are Pods to try,
  /// where a cycle costs no simulated time.
  public mutating func reconcile(
    _ cluster: borrowing ClusterState, in pass: ControllerPass, into out: inout CommandBuffer
  ) -> Instant? {
    for outcome in pass.outcomes { learn(outcome, at: pass.now) }
    follow(cluster, upTo: pass.position, at: pass.now)
    let pods = cache.pods
    queue.flush(at: pass.now) { Self.mayWake($0, pods) }
    if let wakes = asleep?.wakes, wakes > pass.now {
      out.busy = wakes - pass.now
      return wakes
    }
    var elapsed = TimeSpan.zero
    var context = AttemptContext(
      configuration: configuration, now: pass.now, choices: pass.choices,
      budgets: cluster.disruptionBudgets)
    while true {
      let woken = takeWoken()
      guard let slot = woken?.pod.index ?? queue.pop() else { break }
      if woken == nil, let delay = firstSleep(slot, in: cluster) {
        let began = pass.now + elapsed
        asleep = SleepingCycle(pod: cache.pods[slot].id, began: began, wakes: began + delay)
        elapsed += delay
        break
      }
      let startBefore = start
      let isExplained = explains != nil && isExplained(slot, in: cluster)
      context.counts = keepsStandings || isExplained
      let attempt = attempt(slot, in: cluster, context)
      if keepsStandings { standings.append(attempt.standing) }
      if isExplained {
        explained = ExplainedAttempt(
          number: (explained?.number ?? 0) + 1, pod: cache.pods[slot].id,
          at: woken?.began ?? pass.now + elapsed,
          decision: describe(attempt, of: slot, in: cluster, at: pass.now, from: startBefore),
          supposition: Supposition(cache))
      }
      let begin = woken.map { $0.began - pass.now } ?? elapsed
      elapsed += configuration.cost.cycle(nodes: attempt.examined)
      if let woken {
        hasSlept = true
        elapsed += furtherSleep(of: attempt, after: woken)
      }
      let node = attempt.node < 0 ? nil : cache.nodeIDs[Int(attempt.node)]
      out.report(
        SchedulingAttempt(pod: cache.pods[slot].id, start: begin, end: elapsed, node: node))
      apply(attempt, to: slot, in: cluster, at: pass.now, after: elapsed, into: &out)
      if elapsed > .zero { break }
    }
    out.busy = elapsed
    if let asleep { return asleep.wakes }
    let next = queue.nextInstant(after: pass.now)
    return next.map { max($0, pass.now + elapsed) }
  }

  /// Reads the change log up to a watch position, or everything if the log has gone on too far.
  mutating func follow(_ cluster: borrowing ClusterState, upTo position: Int, at now: Instant) {
    let changes = hasSynced ? cluster.changes(since: cursor, upTo: position) : nil
    guard let changes else {
      resync(cluster, at: now)
      cursor = max(cursor, position)
      hasSynced = true
      return
    }
    var nodes: [UInt32] = []
    for change in changes {
      if change.fields.contains(.node) {
        nodes.append(change.slot)
      } else if change.fields.isPolicy {
        cache.adoptPolicies(of: cluster)
        reclassifyAll()
      }
    }
    if nodes.count > 1 { nodes.sort() }
    var news = News()
    for slot in nodes { news.nodes += cache.observeNode(Int(slot), in: cluster) }
    for change in changes where change.fields.contains(.pod) {
      observePod(Int(change.slot), in: cluster, &news)
    }
    digest(news, in: cluster, at: now)
    cursor = max(cursor, position)
  }

  private mutating func resync(_ cluster: borrowing ClusterState, at now: Instant) {
    cache.adoptPolicies(of: cluster)
    reclassifyAll()
    cache.growPods(to: cluster.podSlotCount)
    var news = News()
    for slot in 0..<cluster.nodeSlotCount { news.nodes += cache.observeNode(slot, in: cluster) }
    for slot in 0..<cluster.podSlotCount { observePod(slot, in: cluster, &news) }
    digest(news, in: cluster, at: now)
  }

  /// What was read in one go. Everything is taken in before anything is made of it, so that the
  /// order in which changes arrive together doesn't matter.
  private struct News {
    var nodes: [NodeChange] = []
    var pods: [PodChange] = []
    /// Slots of new Pods without a node.
    var newcomers: [UInt32] = []
  }

  private mutating func digest(
    _ news: News, in cluster: borrowing ClusterState, at now: Instant
  ) {
    for change in news.pods { digest(change, in: cluster, at: now) }
    for slot in news.newcomers { enqueue(Int(slot), in: cluster, at: now) }
    for change in news.nodes { announce(.node(change), at: now) }
  }

  /// Classes were compiled anew: unschedulable Pods change their buckets.
  private mutating func reclassifyAll() {
    for slot in cache.pods.indices where cache.pods[slot].exists {
      queue.reclassify(
        slot, classIndex: cache.pods[slot].classIndex, pinnedNode: cache.pods[slot].pinnedNode)
    }
  }

  private mutating func observePod(
    _ slot: Int, in cluster: borrowing ClusterState, _ news: inout News
  ) {
    cache.observePod(slot, in: cluster) { change in
      if !change.before.exists, !change.after.isBound {
        news.newcomers.append(UInt32(slot))
      } else {
        news.pods.append(change)
      }
    }
  }

  /// Brings the queue up to date with a Pod's change.
  private mutating func digest(
    _ change: PodChange, in cluster: borrowing ClusterState, at now: Instant
  ) {
    let slot = Int(change.slot)
    let (before, after) = (change.before, change.after)
    guard after.exists else {
      queue.remove(slot)
      summaries.clear(slot)
      if before.exists, before.isBound || before.nominatedNode >= 0 {
        announce(
          .podGone(classIndex: before.classIndex, nominationOnly: !before.isBound), at: now)
      }
      return
    }
    guard before.exists else {
      announce(.podBound(classIndex: after.classIndex), at: now)
      return
    }
    if after.isBound {
      queue.remove(slot)
      summaries.clear(slot)
      let isNews = !before.isBound || before.isAssumed
      if isNews { announce(.podBound(classIndex: after.classIndex), at: now) }
    } else if after.isTerminating != before.isTerminating {
      queue.remove(slot)
    } else if after.classIndex != before.classIndex {
      digestTemplate(slot, classBefore: before.classIndex, in: cluster, at: now)
    }
    if before.nominatedNode >= 0, before.nominatedNode != after.nominatedNode, !after.isBound {
      announce(.podGone(classIndex: before.classIndex, nominationOnly: true), at: now)
    }
  }

  /// A Pod that waits got another template: gates may be gone, and it may help itself.
  private mutating func digestTemplate(
    _ slot: Int, classBefore: Int32, in cluster: borrowing ClusterState, at now: Instant
  ) {
    let place = slot < queue.pods.count ? queue.pods[slot].place : .none
    if place == .none || place == .gated {
      let isBeingTried = asleep?.pod == cache.pods[slot].id
      if !cache.pods[slot].isAssumed, !isBeingTried { enqueue(slot, in: cluster, at: now) }
      return
    }
    guard place == .unschedulable else { return }
    let after = cache.pods[slot]
    queue.reclassify(slot, classIndex: after.classIndex, pinnedNode: after.pinnedNode)
    let change = OwnChange(before: Int(classBefore), after: Int(after.classIndex))
    let rejectors = queue.pods[slot].rejectors
    if cache.mayHelpItself(
      change, rejectors, usesHints: configuration.behaviour.usesQueueingHints)
    {
      queue.wake(slot, at: now)
    }
  }

  private mutating func enqueue(
    _ slot: Int, in cluster: borrowing ClusterState, at now: Instant
  ) {
    let entry = cache.pods[slot]
    guard entry.isSchedulable, !entry.isTerminating else { return }
    let template = cache.template(of: slot)
    queue.add(
      slot, priority: cache.footprints[Int(entry.classIndex)].priority, created: entry.created,
      gated: !cluster.templates[Int(template.index)].schedulingGates.isEmpty, at: now)
  }

  /// Wakes the unschedulable Pods that an event may help.
  mutating func announce(_ event: QueueEvent, at now: Instant) {
    guard queue.unschedulableCount > 0 else { return }
    let usesHints = configuration.behaviour.usesQueueingHints
    for place in queue.buckets.indices where !queue.buckets[place].members.isEmpty {
      guard cache.mayHelp(event, queue.buckets[place], usesHints: usesHints) else { continue }
      let members = queue.buckets[place].members
      for slot in members where Self.mayWake(Int(slot), cache.pods) {
        queue.wake(Int(slot), at: now)
      }
    }
  }

  /// Whether a Pod may be tried again: not while the eviction that it asked for hasn't begun (S:
  /// DefaultPreemption's PreEnqueue).
  private static func mayWake(_ slot: Int, _ pods: [PodEntry]) -> Bool {
    guard let victim = pods[slot].awaitedVictim else { return true }
    let entry = pods[victim.index]
    return !entry.exists || entry.id != victim || entry.isTerminating
  }

  private func isExplained(_ slot: Int, in cluster: borrowing ClusterState) -> Bool {
    guard let explains, let pod = cluster.pod(cache.pods[slot].id) else { return false }
    return cluster.name(of: pod) == explains || cluster.qualifiedName(of: pod) == explains
  }

  /// Learns what became of a command.
  ///
  /// A binding without an answer may have taken effect all the same: then the watch brings the Pod
  /// as bound and it leaves the queue, or a second binding meets a conflict.
  private mutating func learn(_ outcome: CommandOutcome, at now: Instant) {
    guard case .bind(let pod, _) = outcome.command, outcome.result != .accepted else { return }
    let slot = pod.index
    guard slot < cache.pods.count, cache.pods[slot].id == pod, cache.pods[slot].exists,
      cache.pods[slot].isAssumed
    else { return }
    if cache.pods[slot].node >= 0 {
      cache.addresses[Int(cache.pods[slot].node)].count(-1)
      cache.unplace(slot)
    }
    let classIndex = cache.pods[slot].classIndex
    cache.pods[slot].isAssumed = false
    cache.pods[slot].boundNode = nil
    announce(.podGone(classIndex: classIndex, nominationOnly: false), at: now)
    if outcome.result != .notFound { queue.addAfterError(slot, at: now) }
  }

  /// Why the scheduler leaves a Pod alone that waits for a node; nil if it doesn't.
  public func exemption(of pod: Pod, in cluster: borrowing ClusterState) -> String? {
    let template = cluster.template(of: pod)
    if cache.profile(named: template.schedulerName) == nil {
      return "never tried: no scheduler named \(template.schedulerName)"
    }
    if template.schedulingGates.isEmpty { return nil }
    return "never tried: scheduling gates [\(template.schedulingGates.joined(separator: " "))]"
  }

  /// The message of a Pod's last failed attempt, as its condition PodScheduled carries it; nil if
  /// it has none.
  public func lastMessage(for pod: PodID) -> String? {
    guard pod.index < cache.pods.count, cache.pods[pod.index].id == pod else { return nil }
    return summaries[pod.index].map { cache.message($0) }
  }
}
