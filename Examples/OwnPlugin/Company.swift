import ClusterModel
import Scheduling

/// Prefers nodes whose Pods belong to the same application, whose memory they share.
struct Company: OutOfTreeScore {
  /// The label that tells applications apart.
  var label = "app"

  let name = "Company"
  let reads: PluginInputs = .pods

  func score(_ pod: PodView, on node: NodeView) -> Int64 {
    guard let application = pod.template.labels[label], !node.pods.isEmpty else { return 0 }
    let alike = node.pods.count {
      $0.namespace == pod.template.namespace && $0.labels[label] == application
    }
    return Int64(100 * alike / node.pods.count)
  }
}
