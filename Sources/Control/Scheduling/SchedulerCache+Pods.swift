import ClusterModel

/// What of a Pod decides whom a change of it may help.
struct PodTrace: BitwiseCopyable, Sendable {
  /// Whether the scheduler sees the Pod; nothing else counts if it doesn't.
  var exists = false
  var isBound = false
  var isAssumed = false
  var isTerminating = false
  var classIndex: Int32 = -1
  var nominatedNode: Int32 = -1

  /// No Pod.
  init() {}

  init(_ entry: PodEntry) {
    exists = true
    isBound = entry.boundNode != nil
    isAssumed = entry.isAssumed
    isTerminating = entry.isTerminating
    classIndex = entry.classIndex
    nominatedNode = entry.nominatedNode
  }
}

/// How a Pod differs from what was known of it.
struct PodChange: BitwiseCopyable, Sendable {
  var slot: UInt32
  /// The Pod as it was; none if it is new to the scheduler.
  var before = PodTrace()
  /// The Pod as it is; none if it is gone or has ended.
  var after = PodTrace()
}

extension SchedulerCache {
  /// Makes room for Pod slots.
  mutating func growPods(to count: Int) {
    guard count > pods.count else { return }
    pods.append(contentsOf: repeatElement(PodEntry(), count: count - pods.count))
  }

  /// Brings a Pod's slot up to date; reports what changed.
  mutating func observePod(
    _ slot: Int, in cluster: borrowing ClusterState, report: (PodChange) -> Void
  ) {
    growPods(to: cluster.podSlotCount)
    var current = cluster.pod(slot: slot)
    if let pod = current, pod.phase.isFinished || pod.flags.contains(.boundElsewhere) {
      current = nil
    }
    if pods[slot].exists, current?.id != pods[slot].id {
      let before = PodTrace(pods[slot])
      if pods[slot].node >= 0 { unplace(slot) }
      setNomination(slot, to: -1)
      pods[slot].exists = false
      pods[slot].boundNode = nil
      report(PodChange(slot: UInt32(slot), before: before))
    }
    guard let pod = current else { return }
    if !pods[slot].exists {
      add(pod, in: cluster)
      report(PodChange(slot: UInt32(slot), after: PodTrace(pods[slot])))
    } else if pods[slot].version != pod.version {
      let before = PodTrace(pods[slot])
      update(slot, to: pod, in: cluster)
      report(PodChange(slot: UInt32(slot), before: before, after: PodTrace(pods[slot])))
    }
  }

  private mutating func add(_ pod: Pod, in cluster: borrowing ClusterState) {
    let slot = pod.id.index
    var entry = PodEntry()
    entry.id = pod.id
    entry.exists = true
    entry.version = pod.version
    entry.classIndex = classIndex(of: pod, in: cluster)
    entry.pinnedNode = pod.pinnedNode
    entry.created = pod.created
    entry.isTerminating = pod.isTerminating
    entry.isPreempted = pod.flags.contains(.preempted)
    entry.boundNode = pod.node
    entry.reportedNomination = pod.nominatedNode
    entry.isSchedulable =
      profile(named: cluster.templates[Int(pod.template.index)].schedulerName) != nil
    pods[slot] = entry
    forgetDevices(slot)
    if let node = pod.node {
      settle(slot, on: node)
    } else if let nominated = pod.nominatedNode, mayNominate(slot, in: cluster),
      knows(nominated)
    {
      setNomination(slot, to: Int32(nominated.slot))
    }
  }

  private mutating func update(
    _ slot: Int, to pod: Pod, in cluster: borrowing ClusterState
  ) {
    pods[slot].version = pod.version
    pods[slot].isPreempted = pod.flags.contains(.preempted)
    if pod.isTerminating != pods[slot].isTerminating {
      let node = pods[slot].node
      if node >= 0 { unplace(slot) }
      pods[slot].isTerminating = pod.isTerminating
      if node >= 0 { place(slot, on: Int(node)) }
    }
    let newClass = classIndex(of: pod, in: cluster)
    if newClass != pods[slot].classIndex {
      let node = pods[slot].node
      if node >= 0 { unplace(slot) }
      pods[slot].classIndex = newClass
      forgetDevices(slot)
      if node >= 0 { place(slot, on: Int(node)) }
    }
    if let node = pod.node {
      setNomination(slot, to: -1)
      if pods[slot].boundNode != node || pods[slot].node < 0 {
        if pods[slot].node >= 0 {
          // It was assumed elsewhere: an earlier binding that was given up has taken effect.
          if pods[slot].isAssumed { addresses[Int(pods[slot].node)].count(-1) }
          unplace(slot)
        }
        pods[slot].boundNode = node
        settle(slot, on: node)
      }
      pods[slot].isAssumed = false
    } else if !pods[slot].isAssumed {
      followNomination(slot, pod.nominatedNode, in: cluster)
    }
    pods[slot].reportedNomination = pod.nominatedNode
  }

  /// A nomination made here is kept while the API server reports none, before and after (S).
  private mutating func followNomination(
    _ slot: Int, _ reported: NodeID?, in cluster: borrowing ClusterState
  ) {
    if reported == nil && pods[slot].reportedNomination == nil { return }
    var node: Int32 = -1
    if let reported, knows(reported), mayNominate(slot, in: cluster) {
      node = Int32(reported.slot)
    }
    setNomination(slot, to: node)
  }

  /// Only Pods of this scheduler that no gate holds back count as nominated.
  private func mayNominate(_ slot: Int, in cluster: borrowing ClusterState) -> Bool {
    pods[slot].isSchedulable
      && cluster.templates[Int(template(of: slot).index)].schedulingGates.isEmpty
  }

  func template(of slot: Int) -> TemplateID { classes[Int(pods[slot].classIndex)].template }

  /// Whether a node is there, as far as the scheduler knows.
  func knows(_ node: NodeID) -> Bool {
    node.index < nodeIDs.count && nodeIDs[node.index] == node
  }

  /// Counts a bound Pod on its node, now or when the node is known.
  private mutating func settle(_ slot: Int, on node: NodeID) {
    if knows(node) {
      place(slot, on: node.index)
    } else {
      orphans.append(Int32(slot))
    }
  }

  /// Counts a Pod on a node.
  mutating func place(_ slot: Int, on node: Int) {
    let head = firstPod[node]
    pods[slot].node = Int32(node)
    pods[slot].next = head
    pods[slot].previous = -1
    if head >= 0 { pods[Int(head)].previous = Int32(slot) }
    firstPod[node] = Int32(slot)
    count(slot, on: node, sign: 1)
    occupyDevices(slot, on: node)
  }

  /// Takes a Pod off its node.
  mutating func unplace(_ slot: Int) {
    let node = Int(pods[slot].node)
    let next = pods[slot].next
    let previous = pods[slot].previous
    if previous >= 0 {
      pods[Int(previous)].next = next
    } else {
      firstPod[node] = next
    }
    if next >= 0 { pods[Int(next)].previous = previous }
    count(slot, on: node, sign: -1)
    vacateDevices(slot, on: node)
    pods[slot].node = -1
  }

  /// Counts a Pod of a node in or out of every sum.
  mutating func count(_ slot: Int, on node: Int, sign: Int32) {
    count(
      Int(pods[slot].classIndex), on: node, times: sign, isActive: !pods[slot].isTerminating)
  }

  /// Counts Pods of a class in, or with a negative number out of, every sum of a node.
  mutating func count(
    _ classIndex: Int, on node: Int, times: Int32, isActive: Bool = true
  ) {
    let footprint = footprints[classIndex]
    rows[node].add(footprint, sign: Int64(times))
    rows[node].rebalance()
    priorities.add(footprint.priority, Int(times))
    if footprint.hasScalars {
      for scalar in classes[classIndex].scalars {
        scalarRequested[Int(scalar.column)][node] += Int64(times) * scalar.amount
      }
    }
    if footprint.hasPorts {
      for _ in 0..<abs(times) { countPorts(of: classIndex, on: node, sign: times.signum()) }
    }
    let kind = Int(kindOfClass[classIndex])
    for place in groupsOfKind[kind].indices {
      let group = Int(groupsOfKind[kind][place])
      groups[group].onNode[node] += times
      groups[group].total += Int(times)
      if isActive { groups[group].activeOnNode[node] += times }
      for tally in groups[group].tallies { follow(tally, on: node, by: times, isActive: isActive) }
    }
    for place in classes[classIndex].carried.indices {
      let use = classes[classIndex].carried[place]
      let term = Int(use.term)
      carriedTerms[term].apart[node] += times * use.apart
      carriedTerms[term].weight[node] += Int64(times) * use.weight
      carriedTerms[term].wishes[node] += times * use.wishes
      carriedTerms[term].totalApart += Int(times * use.apart)
      carriedTerms[term].totalWishes += Int(times * use.wishes)
      for tally in carriedTerms[term].tallies { follow(tally, on: node, use, sign: times) }
    }
    touch(Int32(node))
  }

  private mutating func countPorts(of classIndex: Int, on node: Int, sign: Int32) {
    for port in classes[classIndex].ports {
      if sign > 0 {
        portUses[node].append(port)
      } else if let place = portUses[node].firstIndex(of: port) {
        portUses[node].remove(at: place)
      }
    }
  }

  /// Registers or drops a Pod's nomination.
  mutating func setNomination(_ slot: Int, to node: Int32) {
    let before = pods[slot].nominatedNode
    if before == node { return }
    if before >= 0 {
      nominatedOnNode[Int(before)] -= 1
      nominated.removeAll { $0 == Int32(slot) }
    }
    if node >= 0 {
      nominatedOnNode[Int(node)] += 1
      let place = nominated.firstIndex { $0 > Int32(slot) } ?? nominated.count
      nominated.insert(Int32(slot), at: place)
    }
    pods[slot].nominatedNode = node
    nominationVersion += 1
  }
}
