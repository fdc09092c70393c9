import ClusterModel
import Quantities

extension SchedulerProfile {
  /// What the answers of its out-of-tree plugins depend on.
  var outOfTreeReads: PluginInputs {
    var reads: PluginInputs = []
    for filter in outOfTreeFilters { reads.formUnion(filter.plugin.reads) }
    for score in outOfTreeScores { reads.formUnion(score.plugin.reads) }
    return reads
  }

  /// Whether any out-of-tree plugin takes part.
  var hasOutOfTree: Bool { !outOfTreeFilters.isEmpty || !outOfTreeScores.isEmpty }
}

/// Pods that are on a node only by supposition.
struct SupposedMembers: BitwiseCopyable, Sendable {
  var classIndex: Int32
  var node: Int32
  var times: Int32
}

extension SchedulerCache {
  /// Whether out-of-tree plugins have a say about a class.
  @inline(__always)
  func hasOutOfTree(_ classIndex: Int) -> Bool {
    hasOutOfTreePlugins && profiles[Int(classes[classIndex].profile)].hasOutOfTree
  }

  /// Whether out-of-tree filters have a say about a class.
  func hasOutOfTreeFilters(_ classIndex: Int) -> Bool {
    hasOutOfTreePlugins && !profiles[Int(classes[classIndex].profile)].outOfTreeFilters.isEmpty
  }

  /// What the first out-of-tree filter says that rejects a node.
  func outOfTreeVerdict(_ classIndex: Int, on slot: Int, trial: Trial) -> Verdict {
    let profile = Int(classes[classIndex].profile)
    guard !profiles[profile].outOfTreeFilters.isEmpty,
      let node = nodeView(classIndex, on: slot, trial: trial)
    else { return .fits }
    let pod = podView(classIndex)
    for (number, entry) in profiles[profile].outOfTreeFilters.enumerated() {
      let reads = entry.plugin.reads
      let answer = entry.plugin.filter(pod.limited(to: reads), on: node.limited(to: reads))
      guard case .rejected(let reason, let evictionMayHelp) = answer else { continue }
      precondition(
        entry.plugin.reasons.indices.contains(reason) && reason < 1 << 16,
        "\(entry.plugin.name) rejects for its reason \(reason), which it doesn't have")
      return Verdict(
        .outOfTree, unresolvable: !evictionMayHelp,
        detail: UInt32(number) << 16 | UInt32(reason))
    }
    return .fits
  }

  /// The points of every out-of-tree score for a node, times their weights.
  func outOfTreeScores(_ classIndex: Int, on slot: Int) -> [Int64] {
    let profile = Int(classes[classIndex].profile)
    guard !profiles[profile].outOfTreeScores.isEmpty,
      let node = nodeView(classIndex, on: slot, trial: Trial())
    else { return [] }
    let pod = podView(classIndex)
    return profiles[profile].outOfTreeScores.map { entry in
      let reads = entry.plugin.reads
      let points = entry.plugin.score(pod.limited(to: reads), on: node.limited(to: reads))
      precondition(
        0...100 ~= points, "\(entry.plugin.name) scores \(points), which isn't from 0 to 100")
      return points * entry.weight
    }
  }

  /// Whether the hints of the out-of-tree filters among some rejectors let an event help.
  func outOfTreeMayHelp(
    _ event: QueueEvent, _ classIndex: Int, _ rejectors: UInt32
  ) -> Bool {
    guard rejectors >> Filter.firstOutOfTreeBit != 0 else { return false }
    let shown: PluginEvent =
      switch event {
      case .node(let change): .node(before: change.before, after: change.after)
      case .podBound(let other): .podBound(templateOfClass[Int(other)])
      case .podGone(let other, _): .podGone(templateOfClass[Int(other)])
      }
    let pod = PodView(templateOfClass[classIndex])
    let filters = profiles[Int(classes[classIndex].profile)].outOfTreeFilters
    for (number, entry) in filters.enumerated()
    where rejectors & Filter.outOfTreeBit(number) != 0 {
      if entry.plugin.mayHelp(shown, pod) { return true }
    }
    return false
  }

  private func podView(_ classIndex: Int) -> PodView {
    PodView(templateOfClass[classIndex], identity: incoming)
  }

  /// What plugins see of a node, with what a trial supposes about it.
  private func nodeView(_ classIndex: Int, on slot: Int, trial: Trial) -> NodeView? {
    guard let node = nodes[slot] else { return nil }
    let reads = outOfTreeReads[Int(classes[classIndex].profile)]
    var view = NodeView(node)
    if reads.contains(.requested) {
      let row = rows[slot]
      view.requested = Resources(
        cpu: row.requestedCPU + trial.amounts.requestedCPU,
        memory: row.requestedMemory + trial.amounts.requestedMemory,
        ephemeralStorage: row.requestedStorage + trial.amounts.requestedStorage,
        pods: row.podCount + trial.amounts.podCount)
      for (column, name) in scalarNames.enumerated() where scalarRequested[column][slot] != 0 {
        view.requested[scalar: name] = scalarRequested[column][slot]
      }
      for member in trial.members {
        for scalar in classes[Int(member.classIndex)].scalars {
          let name = scalarNames[Int(scalar.column)]
          let before = view.requested[scalar: name] ?? 0
          view.requested[scalar: name] = before + Int64(member.times) * scalar.amount
        }
      }
    }
    if reads.contains(.pods) {
      view.pods = members(of: slot, trial: trial).map { templateOfClass[Int($0)] }
    }
    return view
  }

  /// The classes of a node's Pods by the Pods' slots, then of those only supposed to be there.
  private func members(of slot: Int, trial: Trial) -> [Int32] {
    var slots: [Int32] = []
    var pod = firstPod[slot]
    while pod >= 0 {
      slots.append(pod)
      pod = pods[Int(pod)].next
    }
    slots.sort()
    var members = slots.map { pods[Int($0)].classIndex }
    let supposed = supposedMembers.filter { $0.node == Int32(slot) } + trial.members
    for entry in supposed where entry.times > 0 {
      members += repeatElement(entry.classIndex, count: Int(entry.times))
    }
    for entry in supposed where entry.times < 0 {
      for _ in 0..<(-entry.times) {
        if let place = members.firstIndex(of: entry.classIndex) { members.remove(at: place) }
      }
    }
    return members
  }
}

extension Scheduler {
  /// Which of its equals a Pod is.
  func identity(of slot: Int, in cluster: borrowing ClusterState) -> PodView.Identity? {
    guard cache.readsIdentity(Int(cache.pods[slot].classIndex)),
      let pod = cluster.pod(cache.pods[slot].id)
    else { return nil }
    return PodView.Identity(
      name: cluster.qualifiedName(of: pod), ordinal: Int(pod.ordinal), attempt: Int(pod.attempt))
  }
}

extension PodView {
  /// What of it a plugin is shown.
  func limited(to inputs: PluginInputs) -> PodView {
    inputs.contains(.identity) ? self : PodView(template)
  }
}

extension NodeView {
  /// What of it a plugin is shown.
  func limited(to inputs: PluginInputs) -> NodeView {
    var shown = self
    if !inputs.contains(.requested) { shown.requested = .zero }
    if !inputs.contains(.pods) { shown.pods = [] }
    return shown
  }
}
