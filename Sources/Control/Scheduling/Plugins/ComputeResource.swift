import ClusterModel

/// ComputeResource: keeps Pods off virtual nodes whose type of instance is sold out, and prefers the
/// types that a Pod names first.
///
/// > Source: tke-k8s-distro 1.20, patch 0010 (S).
enum ComputeResource {
  /// The types that a Pod takes.
  struct Wish: Hashable, Sendable {
    /// The annotation's text; `cpu` without any.
    var text: String
    /// The nodes' labels that say whether each is in stock, the dearest first.
    var labels: [String]
  }

  /// What the plugin says of one node.
  enum Answer: UInt8, BitwiseCopyable, Sendable {
    case fits, hasNoLabels, isSoldOut
  }

  /// What a Pod's annotations ask for: models of GPU, else makes of processor, else any processor.
  /// Unless just `intel` or `amd` is named, any processor does in the end.
  static func wish(_ annotations: Labels) -> Wish {
    if let text = annotations[VirtualNodeNames.gpuType], !text.isEmpty {
      return Wish(text: text, labels: types(text).map(VirtualNodeNames.stock))
    }
    var text = annotations[VirtualNodeNames.cpuType] ?? ""
    if text.isEmpty { text = "cpu" }
    var types = types(text)
    let isOneMake = ["intel", "amd"].contains(text.lowercased())
    if !isOneMake && !types.contains("cpu") { types.append("cpu") }
    return Wish(text: text, labels: types.map(VirtualNodeNames.stock))
  }

  private static func types(_ text: String) -> [String] {
    text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
  }

  /// Whether a node has what a Pod wishes, and the score: how many types are left from the first in
  /// stock on; 0 where there is nothing to choose between.
  ///
  /// Only virtual nodes that name their zone and subnet are judged (S).
  static func judge(_ wish: Wish, _ node: Node) -> (answer: Answer, score: Int64) {
    guard node.isVirtual else { return (.fits, 0) }
    let place = wish.labels.firstIndex { node.labels[$0] == "true" }
    var score: Int64 = 0
    if let place, wish.labels.count > 1 { score = Int64(wish.labels.count - place) }
    guard isDescribed(node) else { return (.fits, score) }
    if node.labels[VirtualNodeNames.stock(of: "cpu")] == nil { return (.hasNoLabels, score) }
    return (place == nil ? .isSoldOut : .fits, score)
  }

  private static func isDescribed(_ node: Node) -> Bool {
    [VirtualNodeNames.zone, VirtualNodeNames.subnet].allSatisfy {
      node.annotations[$0]?.isEmpty == false
    }
  }
}

extension SchedulerCache {
  /// The verdict of ComputeResource on a node.
  func computeVerdict(_ answer: ComputeResource.Answer, on slot: Int) -> Verdict {
    let isSoldOut: UInt32 = answer == .isSoldOut ? 1 : 0
    return Verdict(.computeResource, unresolvable: true, detail: UInt32(slot) << 1 | isSoldOut)
  }

  /// What ComputeResource says about a node that it rejected.
  func computeReason(_ detail: UInt32, of classIndex: Int) -> String {
    let node = nodes[Int(detail >> 1)]
    if detail & 1 == 0 {
      return "node(\(node?.name ?? "")) didn't have the requested resource labels"
    }
    let text = placements[Int(classes[classIndex].placement)].rules.compute?.text ?? ""
    let zone = node?.annotations[VirtualNodeNames.zone] ?? ""
    return "insufficient resources for \(text) in the \(zone)"
  }
}
