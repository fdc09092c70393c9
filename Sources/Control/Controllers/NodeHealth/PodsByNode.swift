import ClusterModel

/// The Pods that are bound to each node and haven't ended, by what was read in the change log.
struct PodsByNode: Sendable {
  private struct Entry: BitwiseCopyable, Sendable {
    var id: PodID
    var node: Int32
    var place: Int32
  }
  private var entries: [Entry?] = []
  private var lists: [[PodID]] = []

  /// The Pods of a node, in the order of their slots.
  func pods(ofNode slot: Int) -> [PodID] {
    guard slot < lists.count else { return [] }
    return lists[slot].sorted { $0.slot < $1.slot }
  }

  /// Takes note of a change of a Pod.
  mutating func follow(_ change: Change, _ cluster: borrowing ClusterState) {
    let pod = cluster.pod(change.pod)
    guard let pod, let node = pod.node, !pod.phase.isFinished else {
      if let entry = entry(change.pod.index), entry.id == change.pod { remove(change.pod.index) }
      return
    }
    add(pod.id, to: node.index)
  }

  /// Forgets everything and reads the state.
  mutating func rebuild(from cluster: borrowing ClusterState) {
    entries.removeAll(keepingCapacity: true)
    lists.removeAll(keepingCapacity: true)
    for slot in 0..<cluster.podSlotCount {
      guard let pod = cluster.pod(slot: slot), let node = pod.node, !pod.phase.isFinished else {
        continue
      }
      add(pod.id, to: node.index)
    }
  }

  private func entry(_ slot: Int) -> Entry? { slot < entries.count ? entries[slot] : nil }

  private mutating func add(_ id: PodID, to node: Int) {
    if let known = entry(id.index) {
      if known.id == id, known.node == Int32(node) { return }
      remove(id.index)
    }
    while entries.count <= id.index { entries.append(nil) }
    while lists.count <= node { lists.append([]) }
    entries[id.index] = Entry(id: id, node: Int32(node), place: Int32(lists[node].count))
    lists[node].append(id)
  }

  private mutating func remove(_ slot: Int) {
    guard let entry = entry(slot) else { return }
    let node = Int(entry.node)
    let last = lists[node].removeLast()
    if last != entry.id {
      lists[node][Int(entry.place)] = last
      entries[last.index]?.place = entry.place
    }
    entries[slot] = nil
  }
}
