import ClusterModel
import Quantities

/// Summaries of failed attempts by Pod slot; equal ones in a row are stored once.
struct SummaryTable: Sendable {
  private var stored: [FailureSummary?] = []
  private var uses: [Int32] = []
  private var free: [Int32] = []
  private var ofPod: [Int32] = []
  private var newest: Int32 = -1

  subscript(slot: Int) -> FailureSummary? {
    slot < ofPod.count && ofPod[slot] >= 0 ? stored[Int(ofPod[slot])] : nil
  }

  /// Forgets a Pod's summary.
  mutating func clear(_ slot: Int) {
    guard slot < ofPod.count, ofPod[slot] >= 0 else { return }
    let place = Int(ofPod[slot])
    ofPod[slot] = -1
    uses[place] -= 1
    guard uses[place] == 0 else { return }
    stored[place] = nil
    free.append(Int32(place))
    if newest == Int32(place) { newest = -1 }
  }

  /// Sets a Pod's summary.
  /// - Returns: whether it differs from the one before.
  mutating func set(_ slot: Int, _ summary: FailureSummary) -> Bool {
    while ofPod.count <= slot { ofPod.append(-1) }
    let before = ofPod[slot]
    if before >= 0, stored[Int(before)] == summary { return false }
    clear(slot)
    if newest < 0 || stored[Int(newest)] != summary {
      if let place = free.popLast() {
        newest = place
        stored[Int(place)] = summary
        uses[Int(place)] = 0
      } else {
        newest = Int32(stored.count)
        stored.append(summary)
        uses.append(0)
      }
    }
    ofPod[slot] = newest
    uses[Int(newest)] += 1
    return true
  }
}

extension Scheduler {
  /// Carries out what an attempt came to.
  mutating func apply(
    _ attempt: Attempt, to slot: Int, in cluster: borrowing ClusterState, at now: Instant,
    after offset: TimeSpan, into out: inout CommandBuffer
  ) {
    let pod = cache.pods[slot].id
    if attempt.node >= 0, let node = cache.nodeIDs[Int(attempt.node)] {
      assume(slot, on: node)
      out.issue(.bind(pod, node), after: offset)
      out.record(.scheduled, about: .pod(pod), after: offset)
      return
    }
    let isNews = attempt.summary.map { summaries.set(slot, $0) } ?? false
    queue.addUnschedulable(
      slot, classIndex: cache.pods[slot].classIndex, rejectors: attempt.rejectors,
      pinnedNode: cache.pods[slot].pinnedNode, at: now + offset)
    if isNews || cluster.pod(pod)?.flags.contains(.unschedulable) != true {
      out.issue(.markUnschedulable(pod), after: offset)
    }
    out.record(.failedScheduling, about: .pod(pod), after: offset)
    if let chosen = attempt.preemption {
      preempt(chosen, for: slot, at: now, after: offset, into: &out)
    } else if attempt.dropsNomination {
      cache.setNomination(slot, to: -1)
      out.issue(.nominate(pod, nil), after: offset)
    }
  }

  private mutating func assume(_ slot: Int, on node: NodeID) {
    cache.setNomination(slot, to: -1)
    cache.pods[slot].boundNode = node
    cache.pods[slot].isAssumed = true
    cache.pods[slot].awaitedVictim = nil
    cache.forgetDevices(slot)
    cache.place(slot, on: node.index)
    cache.addresses[node.index].count(1)
    summaries.clear(slot)
  }

  /// Nominates a Pod to a node and evicts the Pods in its way; Pods of lower priority that are
  /// nominated there lose their nomination.
  private mutating func preempt(
    _ chosen: PreemptionCandidate, for slot: Int, at now: Instant, after offset: TimeSpan,
    into out: inout CommandBuffer
  ) {
    guard let node = cache.nodeIDs[Int(chosen.node)] else { return }
    for other in displaced(by: slot, on: chosen.node) {
      let displaced = cache.pods[Int(other)]
      cache.setNomination(Int(other), to: -1)
      out.issue(.nominate(displaced.id, nil), after: offset)
      announce(.podGone(classIndex: displaced.classIndex, nominationOnly: true), at: now)
    }
    cache.pods[slot].awaitedVictim = nil
    for victim in chosen.victims where !cache.pods[Int(victim)].isTerminating {
      let id = cache.pods[Int(victim)].id
      out.issue(.markPreempted(id), after: offset)
      out.issue(.deletePod(id, atOnce: false), after: offset)
      out.record(.preempted, about: .pod(id), after: offset)
      cache.pods[slot].awaitedVictim = id
    }
    cache.setNomination(slot, to: chosen.node)
    out.issue(.nominate(cache.pods[slot].id, node), after: offset)
  }

  /// Pods of lower priority that are nominated to a node.
  func displaced(by slot: Int, on node: Int32) -> [Int32] {
    let priority = cache.footprints[Int(cache.pods[slot].classIndex)].priority
    return cache.nominated.filter {
      let entry = cache.pods[Int($0)]
      return entry.nominatedNode == node && Int($0) != slot
        && cache.footprints[Int(entry.classIndex)].priority < priority
    }
  }
}
