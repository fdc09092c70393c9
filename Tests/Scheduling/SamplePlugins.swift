import ClusterModel
import Quantities
import Scheduling

/// Rejects nodes with as many Pods as it bears; eviction helps.
struct CrowdFilter: OutOfTreeFilter {
  var most: Int64 = 3
  var heedsHint = true
  let name = "Crowd"
  let reasons = ["node(s) were crowded"]
  let reads: PluginInputs = .requested
  func filter(_ pod: PodView, on node: NodeView) -> FilterAnswer {
    node.requested.pods < most ? .fits : .rejected(evictionMayHelp: true)
  }
  func mayHelp(_ event: PluginEvent, _ pod: PodView) -> Bool {
    guard heedsHint else { return true }
    switch event {
    case .podGone: return true
    case .node(before: nil, after: _): return true
    default: return false
    }
  }
}

/// Rejects every other node, by the Pod's name and the node's.
struct ParityFilter: OutOfTreeFilter {
  let name = "Parity"
  let reasons = ["node(s) were even", "node(s) were odd"]
  func filter(_ pod: PodView, on node: NodeView) -> FilterAnswer {
    let sum = (pod.identity?.name ?? "").utf8.reduce(0) { $0 + Int($1) }
    let other = node.node.name.utf8.reduce(0) { $0 + Int($1) }
    return (sum + other) % 3 == 0 ? .rejected(reason: other % 2) : .fits
  }
}

/// Prefers nodes with Pods of the same application.
struct NeighbourScore: OutOfTreeScore {
  let name = "Neighbour"
  let reads: PluginInputs = .pods
  func score(_ pod: PodView, on node: NodeView) -> Int64 {
    min(100, 30 * Int64(node.pods.count { $0.labels["app"] == pod.template.labels["app"] }))
  }
}

/// Prefers nodes with a fast disk, and rejects those with none for Pods that ask for one.
struct Disk: OutOfTreeFilter, OutOfTreeScore {
  let name = "Disk"
  let reasons = ["node(s) had no disk"]
  let reads: PluginInputs = []
  func filter(_ pod: PodView, on node: NodeView) -> FilterAnswer {
    pod.template.labels["version"] != nil && node.node.labels["disk"] == nil ? .rejected() : .fits
  }
  func score(_ pod: PodView, on node: NodeView) -> Int64 {
    node.node.labels["disk"] == "ssd" ? 100 : node.node.labels["disk"] == "hdd" ? 37 : 0
  }
}
