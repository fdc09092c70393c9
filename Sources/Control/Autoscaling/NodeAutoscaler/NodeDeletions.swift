import ClusterModel
import Quantities

/// A node on its way out.
struct NodeDeletion: Sendable {
  enum Stage: Sendable {
    /// Marked; nothing else happens until its time.
    case marked
    /// Pods are being evicted.
    case evicting
    /// Evicted Pods are waited for.
    case waiting
    /// The cloud has been asked to delete it.
    case deleting
  }
  /// A Pod that must go first.
  struct Eviction: Sendable {
    var pod: PodID
    var isAnswered = false
    var isAccepted = false
    /// When a refused eviction is tried again.
    var retry: Instant?
    /// Whether nobody waits for it: a DaemonSet's.
    var isDaemon = false
  }
  var node: NodeID
  var group: NodeGroupID
  var stage = Stage.marked
  var isDrain: Bool
  var evictions: [Eviction] = []
  /// When its present stage began.
  var since: Instant
  /// When it is looked at again; nil: when an answer comes.
  var due: Instant?
  /// Whether the cloud has deleted it.
  var isGone = false
}

extension ClusterAutoscaler {
  /// How often evicted Pods are looked for (S: every 5 s).
  private static let waitingStep = TimeSpan.seconds(5)

  /// Marks nodes for deletion: empty ones first, within what may go at once.
  mutating func startDeletions(
    _ empty: [UnneededNode], _ occupied: [UnneededNode], _ cluster: borrowing ClusterState,
    at now: Instant, into out: inout CommandBuffer
  ) {
    var room = configuration.maxParallelDeletions - deletions.count
    var drains = configuration.maxParallelDrains - deletions.count { $0.isDrain }
    for candidate in empty + occupied {
      let isDrain = !candidate.moves.isEmpty
      guard room > 0, !isDrain || drains > 0, let group = cluster.node(candidate.node)?.group
      else { continue }
      room -= 1
      if isDrain { drains -= 1 }
      deletions.append(
        NodeDeletion(
          node: candidate.node, group: group, isDrain: isDrain, since: now,
          due: now + configuration.delayAfterTaint))
      out.issue(.markDeleting(candidate.node, true))
      report.removing.append(candidate.node)
      if isDrain { report.drained.append(candidate.node) }
    }
  }

  /// Goes on with every deletion whose time has come.
  mutating func advanceDeletions(
    _ cluster: borrowing ClusterState, at now: Instant, into out: inout CommandBuffer
  ) {
    for place in deletions.indices where !deletions[place].isGone {
      guard cluster.node(deletions[place].node) != nil else {
        deletions[place].isGone = true
        continue
      }
      guard let due = deletions[place].due, due <= now else { continue }
      deletions[place].due = nil
      switch deletions[place].stage {
      case .marked: leaveMark(place, cluster, at: now, into: &out)
      case .evicting: evictAgain(place, cluster, at: now, into: &out)
      case .waiting: checkGone(place, cluster, at: now, into: &out)
      case .deleting: break
      }
    }
    deletions.removeAll(where: \.isGone)
  }

  /// The mark has been seen by the scheduler: Pods are evicted, or the machine goes at once.
  private mutating func leaveMark(
    _ place: Int, _ cluster: borrowing ClusterState, at now: Instant, into out: inout CommandBuffer
  ) {
    guard deletions[place].isDrain else {
      delete(place, into: &out)
      return
    }
    for slot in 0..<cluster.podSlotCount {
      guard let pod = cluster.pod(slot: slot), pod.node == deletions[place].node,
        !pod.isTerminating, !pod.flags.contains(.mirror)
      else { continue }
      deletions[place].evictions.append(
        NodeDeletion.Eviction(pod: pod.id, isDaemon: Self.isDaemon(pod, cluster)))
    }
    deletions[place].stage = .evicting
    deletions[place].since = now
    for eviction in deletions[place].evictions { out.issue(.evict(eviction.pod)) }
    if deletions[place].evictions.isEmpty { delete(place, into: &out) }
  }

  private mutating func evictAgain(
    _ place: Int, _ cluster: borrowing ClusterState, at now: Instant, into out: inout CommandBuffer
  ) {
    for index in deletions[place].evictions.indices {
      guard let retry = deletions[place].evictions[index].retry, retry <= now else { continue }
      deletions[place].evictions[index].retry = nil
      deletions[place].evictions[index].isAnswered = false
      out.issue(.evict(deletions[place].evictions[index].pod))
    }
    settleEvictions(place, cluster, at: now, into: &out)
  }

  /// Once every Pod is evicted, their end is waited for; too long a refusal ends the deletion.
  private mutating func settleEvictions(
    _ place: Int, _ cluster: borrowing ClusterState, at now: Instant, into out: inout CommandBuffer
  ) {
    let needed = deletions[place].evictions.filter { !$0.isDaemon }
    if needed.allSatisfy(\.isAccepted) {
      deletions[place].stage = .waiting
      deletions[place].since = now
      checkGone(place, cluster, at: now, into: &out)
    } else if now >= deletions[place].since + configuration.maxEvictionTime {
      giveUp(place, at: now, into: &out)
    } else {
      deletions[place].due = needed.compactMap(\.retry).min()
    }
  }

  private mutating func checkGone(
    _ place: Int, _ cluster: borrowing ClusterState, at now: Instant, into out: inout CommandBuffer
  ) {
    let isLeft = deletions[place].evictions.contains { eviction in
      guard !eviction.isDaemon, let pod = cluster.pod(eviction.pod) else { return false }
      return pod.node == deletions[place].node && !pod.phase.isFinished
    }
    if !isLeft {
      delete(place, into: &out)
    } else if now >= deletions[place].since + configuration.maxGracefulTermination {
      giveUp(place, at: now, into: &out)
    } else {
      deletions[place].due = now + Self.waitingStep
    }
  }

  private mutating func delete(_ place: Int, into out: inout CommandBuffer) {
    deletions[place].stage = .deleting
    out.issue(.deleteNode(deletions[place].node))
  }

  private mutating func giveUp(_ place: Int, at now: Instant, into out: inout CommandBuffer) {
    out.issue(.markDeleting(deletions[place].node, false))
    deletions[place].isGone = true
    lastFailure = now
  }

  /// Learns what came of an eviction or a deletion.
  mutating func takeDeletionOutcome(_ outcome: CommandOutcome, at now: Instant) {
    switch outcome.command {
    case .evict(let pod):
      for place in deletions.indices {
        guard let index = deletions[place].evictions.firstIndex(where: { $0.pod == pod }) else {
          continue
        }
        deletions[place].evictions[index].isAnswered = true
        if outcome.result == .forbidden || outcome.result == .conflict {
          deletions[place].evictions[index].retry = now + configuration.evictionRetry
        } else {
          deletions[place].evictions[index].isAccepted = true
        }
        let waits = deletions[place].evictions.contains { !$0.isAnswered && !$0.isDaemon }
        if deletions[place].stage == .evicting, !waits { deletions[place].due = now }
      }
    case .deleteNode(let node):
      guard let place = deletions.firstIndex(where: { $0.node == node }) else { return }
      deletions[place].isGone = true
      if outcome.result == .accepted || outcome.result == .notFound {
        lastDelete = now
      } else {
        lastFailure = now
      }
    default: break
    }
  }
}
