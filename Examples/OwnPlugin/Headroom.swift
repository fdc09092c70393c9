import ClusterModel
import Quantities
import Scheduling

/// Leaves a share of each machine's CPU unrequested, for what Pods use beyond their requests.
///
/// Serverless Pods share no machine, so virtual nodes are exempt.
struct Headroom: OutOfTreeFilter {
  /// The share that stays free, in percent of what the node offers.
  var percent: Int64 = 25

  let name = "Headroom"
  let reasons = ["node(s) had no headroom left"]
  // The scheduler asks again about a node only when its Pods request more or less.
  let reads: PluginInputs = .requested

  func filter(_ pod: PodView, on node: NodeView) -> FilterAnswer {
    let offered = node.node.allocatable.cpu
    let taken = node.requested.cpu + pod.template.requests.cpu
    if node.node.isVirtual || taken * 100 <= offered * (100 - percent) { return .fits }
    return .rejected(evictionMayHelp: true)
  }

  /// A Pod that comes to a node leaves no more headroom there.
  func mayHelp(_ event: PluginEvent, _ pod: PodView) -> Bool {
    if case .podBound = event { return false }
    return true
  }
}
