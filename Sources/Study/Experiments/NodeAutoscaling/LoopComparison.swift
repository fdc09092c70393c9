import Autoscaling
import ClusterModel
import Foundation

/// A loop's decisions in the names of the objects they are about.
struct ReportedNames {
  struct Kept: Equatable {
    var node: String
    var reason: String
    var blockingPod: String?
    var blockingReason: String?
    var utilization: Double?
  }
  var isEmpty = true
  var scaleUp = ""
  var options: [String] = []
  var best: String?
  var resizes: [String] = []
  var triggered: [String: Int] = [:]
  var awaiting: [String: Int] = [:]
  var helpless: [String] = []
  var scaleDown = ""
  var unneeded: [String] = []
  var kept: [Kept] = []
  var removing: [String] = []
  var drained: [String] = []

  init() {}

  init(_ report: NodeAutoscalerReport, _ cluster: borrowing ClusterState) {
    isEmpty = false
    scaleUp = report.scaleUp.rawValue
    scaleDown = report.scaleDown.rawValue
    for option in report.options {
      let pods = Self.text(Self.count(option.pods, cluster))
      let similar = option.similar.map { cluster.nodeGroups[$0.place].name }.sorted()
      options.append(
        "\(cluster.nodeGroups[option.group.place].name): \(option.nodeCount) nodes, "
          + "\(option.pods.count) Pods (\(pods)), like \(similar.joined(separator: " "))")
    }
    options.sort()
    if let place = report.best {
      let option = report.options[place]
      best = cluster.nodeGroups[option.group.place].name
      triggered = Self.count(option.pods, cluster)
    }
    for resize in report.resizes {
      resizes.append(
        "\(cluster.nodeGroups[resize.group.place].name): \(resize.from) to \(resize.to)")
    }
    resizes.sort()
    awaiting = Self.count(report.awaiting, cluster)
    for group in report.helpless {
      let pods = Self.text(Self.count(group.pods, cluster))
      let rejected = group.rejected.map { cluster.nodeGroups[$0.place].name }.sorted()
      let skipped = group.skipped.map { cluster.nodeGroups[$0.place].name }.sorted()
      helpless.append(
        "\(pods): rejected \(rejected.joined(separator: " ")), "
          + "skipped \(skipped.joined(separator: " "))")
    }
    helpless.sort()
    func names(_ nodes: [NodeID], _ cluster: borrowing ClusterState) -> [String] {
      var names: [String] = []
      for node in nodes { names.append(cluster.node(node)?.name ?? "gone") }
      return names.sorted()
    }
    unneeded = names(report.unneeded, cluster)
    removing = names(report.removing, cluster)
    drained = names(report.drained, cluster)
    for entry in report.kept {
      let pod = entry.blocking.flatMap { cluster.pod($0.pod) }
      kept.append(
        Kept(
          node: cluster.node(entry.node)?.name ?? "gone", reason: entry.reason.rawValue,
          blockingPod: pod.map { cluster.qualifiedName(of: $0) },
          blockingReason: entry.blocking?.reason.rawValue, utilization: entry.utilization))
    }
    kept.sort { $0.node < $1.node }
  }

  /// Pods counted by namespace and application.
  private static func count(
    _ pods: [PodID], _ cluster: borrowing ClusterState
  ) -> [String: Int] {
    var counts: [String: Int] = [:]
    for id in pods {
      guard let pod = cluster.pod(id) else { continue }
      let template = cluster.template(of: pod)
      counts["\(template.namespace)/\(template.labels["app"] ?? "")", default: 0] += 1
    }
    return counts
  }

  static func text(_ counts: [String: Int]) -> String {
    counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
  }
}

/// Compares a loop with its record, field by field.
struct LoopComparison {
  private let player: NodeAutoscalerPlayer
  private var fields: FieldComparison
  var failures: [String] { fields.failures }

  init(path: String, player: NodeAutoscalerPlayer) {
    self.player = player
    fields = FieldComparison(path: path)
  }

  mutating func compare(with expected: [String: Any]) {
    compareScaleUp(expected["scaleUp"] as? [String: Any] ?? [:])
    compareScaleDown(expected["scaleDown"] as? [String: Any] ?? [:])
    let sizes = (expected["targetSizes"] as? [String: NSNumber] ?? [:]).mapValues(\.intValue)
    var actual: [String: Int] = [:]
    for group in player.cluster.nodeGroups { actual[group.name] = Int(group.targetSize) }
    fields.check("targetSizes", ReportedNames.text(actual), ReportedNames.text(sizes))
    fields.check("nodes", player.nodeNames, expected["nodes"] as? [String] ?? [])
  }

  private mutating func compareScaleUp(_ expected: [String: Any]) {
    let names = player.names
    func counts(_ key: String, in object: [String: Any]) -> String {
      ReportedNames.text((object[key] as? [String: NSNumber] ?? [:]).mapValues(\.intValue))
    }
    fields.check("scaleUp.result", names.scaleUp, expected["result"] as? String ?? "")
    let options = (expected["options"] as? [[String: Any]] ?? []).map { option in
      let similar = option["similarNodeGroups"] as? [String] ?? []
      return "\(option["nodeGroup"] ?? ""): \(option["nodeCount"] ?? 0) nodes, "
        + "\(option["podCount"] ?? 0) Pods (\(counts("pods", in: option))), "
        + "like \(similar.joined(separator: " "))"
    }
    fields.check("scaleUp.options", names.options, options.sorted())
    fields.check("scaleUp.best", names.best, expected["best"] as? String)
    let resizes = (expected["scaleUps"] as? [[String: Any]] ?? []).map {
      "\($0["nodeGroup"] ?? ""): \($0["from"] ?? 0) to \($0["to"] ?? 0)"
    }
    fields.check("scaleUp.scaleUps", names.resizes, resizes.sorted())
    fields.check(
      "scaleUp.podsTriggeredScaleUp", ReportedNames.text(names.triggered),
      counts("podsTriggeredScaleUp", in: expected))
    fields.check(
      "scaleUp.podsAwaitEvaluation", ReportedNames.text(names.awaiting),
      counts("podsAwaitEvaluation", in: expected))
    let helpless = (expected["podsRemainUnschedulable"] as? [[String: Any]] ?? []).map { group in
      let rejected = (group["rejected"] as? [String: Any] ?? [:]).keys.sorted()
      let skipped = (group["skipped"] as? [String: Any] ?? [:]).keys.sorted()
      return "\(counts("pods", in: group)): rejected \(rejected.joined(separator: " ")), "
        + "skipped \(skipped.joined(separator: " "))"
    }
    fields.check("scaleUp.podsRemainUnschedulable", names.helpless, helpless.sorted())
  }

  private mutating func compareScaleDown(_ expected: [String: Any]) {
    let names = player.names
    fields.check("scaleDown.result", names.scaleDown, expected["result"] as? String ?? "")
    func list(_ key: String) -> [String] { expected[key] as? [String] ?? [] }
    fields.check("scaleDown.unneeded", names.unneeded, list("unneeded"))
    fields.check("scaleDown.removing", names.removing, list("removing"))
    fields.check("scaleDown.drained", names.drained, list("drained"))
    fields.check("scaleDown.evictedPods", player.evicted.sorted(), list("evictedPods"))
    fields.check("scaleDown.deletedNodes", player.deletedNodes.sorted(), list("deletedNodes"))
    let wanted = expected["unremovable"] as? [[String: Any]] ?? []
    fields.check("scaleDown.unremovable.count", names.kept.count, wanted.count)
    for (got, want) in zip(names.kept, wanted) {
      let utilization = (want["utilization"] as? NSNumber)?.doubleValue
      var node = got
      // What is worked out in doubles is compared to within 1e-9.
      if let own = got.utilization, let utilization, abs(own - utilization) <= 1e-9 {
        node.utilization = utilization
      }
      fields.check(
        "scaleDown.unremovable", node,
        ReportedNames.Kept(
          node: want["node"] as? String ?? "", reason: want["reason"] as? String ?? "",
          blockingPod: want["blockingPod"] as? String,
          blockingReason: want["blockingReason"] as? String, utilization: utilization))
    }
  }
}
