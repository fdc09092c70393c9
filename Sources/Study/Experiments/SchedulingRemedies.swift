import ClusterModel
import Quantities
import Scheduling

/// What would make a Pod fit: for each plugin that rejected nodes, the change that takes the least.
struct Remedies {
  private(set) var sentences: [String] = []

  init(_ attempt: ExplainedAttempt, in cluster: borrowing ClusterState) {
    guard let pod = cluster.pod(attempt.pod) else { return }
    let template = cluster.template(of: pod)
    var shortages: [(node: String, missing: [String], share: Double)] = []
    for rejection in attempt.decision.rejections {
      guard let node = cluster.node(rejection.node) else { continue }
      let shortage = Self.shortage(of: template, on: node, rejection.node, in: cluster)
      if rejection.plugin == "NodeResourcesFit" {
        shortages.append(shortage)
        continue
      }
      // Filters stop at the first that rejects: what the node lacks besides is part of the remedy.
      let besides =
        shortage.missing.isEmpty
        ? "" : " and \(shortage.missing.joined(separator: " and ")) more on \(node.name)"
      for change in Self.changes(rejection, of: template, on: node) { note(change + besides) }
    }
    if let least = shortages.min(by: { ($0.share, $0.node) < ($1.share, $1.node) }) {
      sentences.insert("\(least.missing.joined(separator: " and ")) more on \(least.node)", at: 0)
    }
  }

  /// What a plugin that rejected a node would have to find instead.
  private static func changes(
    _ rejection: SchedulingDecision.Rejection, of template: PodTemplate, on node: Node
  ) -> [String] {
    switch rejection.plugin {
    case "TaintToleration":
      let taints = node.taints.filter { taint in
        taint.effect != .preferNoSchedule
          && !template.tolerations.contains { $0.tolerates(taint) }
      }
      let names = taints.map { "\($0.key)=\($0.value):\($0.effect.rawValue)" }
      return names.isEmpty ? [] : ["a toleration of \(names.joined(separator: " and of "))"]
    case "NodeUnschedulable": return ["\(node.name) uncordoned"]
    case "NodeAffinity", "": return ["a node selector or affinity that matches \(node.name)"]
    case "NodePorts": return ["the host port free on \(node.name)"]
    case "PodTopologySpread":
      return ["a larger maxSkew, or more Pods of its kind in the emptiest domain"]
    case "InterPodAffinity":
      return ["its rules of affinity, and those of the Pods on \(node.name), met"]
    case GPUSharing.pluginName:
      return ["GPUs of a model that will do with as much left as it asks for, on any of the nodes"]
    case "ComputeResource": return ["its type of instance in stock on \(node.name)"]
    case "FitIPResource": return ["a free address in the subnet of \(node.name)"]
    case "LocalReplicas": return ["a larger LOCAL_REPLICAS, or room on a virtual node"]
    default: return ["\(rejection.plugin) content with \(node.name)"]
    }
  }

  private mutating func note(_ sentence: String) {
    if !sentences.contains(sentence), sentences.count < 8 { sentences.append(sentence) }
  }

  /// What a node lacks for a Pod, and the largest lack as a share of the request.
  private static func shortage(
    of template: PodTemplate, on node: Node, _ id: NodeID, in cluster: borrowing ClusterState
  ) -> (node: String, missing: [String], share: Double) {
    let wanted = template.requests
    var free = node.allocatable
    var scalars = wanted.scalars.map { node.allocatable[scalar: $0.name] ?? 0 }
    for slot in 0..<cluster.podSlotCount {
      guard let other = cluster.pod(slot: slot), other.node == id, !other.phase.isFinished else {
        continue
      }
      let taken = cluster.template(of: other).requests
      free.cpu -= taken.cpu
      free.memory -= taken.memory
      free.ephemeralStorage -= taken.ephemeralStorage
      free.pods -= 1
      for place in wanted.scalars.indices {
        scalars[place] -= taken[scalar: wanted.scalars[place].name] ?? 0
      }
    }
    var missing: [String] = []
    var share = 0.0
    func compare(_ asked: Int64, _ left: Int64, _ text: (Int64) -> String) {
      guard asked > left, asked > 0 else { return }
      missing.append(text(asked - left))
      share = max(share, Double(asked - left) / Double(asked))
    }
    compare(wanted.cpu, free.cpu) { "cpu \(CPU(millicores: $0).formatted)" }
    compare(wanted.memory, free.memory) { "memory \(Bytes($0).formatted)" }
    compare(wanted.ephemeralStorage, free.ephemeralStorage) {
      "ephemeral-storage \(Bytes($0).formatted)"
    }
    compare(1, free.pods) { "\($0) Pod" }
    for (scalar, left) in zip(wanted.scalars, scalars) {
      compare(scalar.amount, left) { "\(scalar.name) \($0)" }
    }
    return (node.name, missing, share)
  }
}
