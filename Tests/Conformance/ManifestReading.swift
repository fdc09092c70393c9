import ClusterModel
import Foundation
import Quantities

/// Reads the kinds of objects that the recorded cases hold. Whoever has the general readers of
/// manifests uses those.
enum ManifestReading {
  typealias Object = [String: Any]

  static func objects(at path: String) throws -> ClusterObjects {
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    let list = try JSONSerialization.jsonObject(with: data) as? Object ?? [:]
    var objects = ClusterObjects()
    for item in items(list["items"]) {
      let metadata = object(item["metadata"])
      let name = text(metadata["name"])
      let namespace = text(metadata["namespace"])
      let spec = object(item["spec"])
      switch text(item["kind"]) {
      case "Node": objects.nodes.append(try node(item))
      case "Pod": objects.pods += try pod(item).map { [$0] } ?? []
      case "Namespace":
        objects.namespaces.append(Namespace(name: name, labels: labels(metadata["labels"])))
      case "Service":
        objects.services.append(
          Service(namespace: namespace, name: name, selector: labels(spec["selector"])))
      case "ReplicaSet", "StatefulSet":
        var workload = WorkloadObject(
          kind: WorkloadKind(rawValue: text(item["kind"])) ?? .replicaSet, namespace: namespace,
          name: name, template: PodTemplate(namespace: namespace))
        workload.selector = selector(spec["selector"])
        objects.workloads.append(workload)
      case "PodDisruptionBudget":
        let status = object(item["status"])
        objects.disruptionBudgets.append(
          PodDisruptionBudget(
            namespace: namespace, name: name, selector: selector(spec["selector"]),
            disruptionsAllowed: Int32(number(status["disruptionsAllowed"]) ?? 0),
            disruptedPods: object(status["disruptedPods"]).keys.sorted()))
      default: break
      }
    }
    return objects
  }

  static func object(_ value: Any?) -> Object { value as? Object ?? [:] }
  static func items(_ value: Any?) -> [Object] { value as? [Object] ?? [] }
  static func texts(_ value: Any?) -> [String] { value as? [String] ?? [] }
  static func text(_ value: Any?) -> String { value as? String ?? "" }
  static func number(_ value: Any?) -> Int? { (value as? NSNumber)?.intValue }
  static func flag(_ value: Any?) -> Bool { (value as? NSNumber)?.boolValue ?? false }

  static func labels(_ value: Any?) -> Labels {
    var labels = Labels()
    for (key, value) in object(value) { labels[key] = text(value) }
    return labels
  }

  static func selector(_ value: Any?) -> LabelSelector? {
    guard let selector = value as? Object else { return nil }
    return LabelSelector(
      matchLabels: labels(selector["matchLabels"]),
      matchExpressions: requirements(selector["matchExpressions"]))
  }

  static func requirements(_ value: Any?) -> [SelectorRequirement] {
    items(value).map {
      SelectorRequirement(
        key: text($0["key"]),
        comparison: SelectorOperator(rawValue: text($0["operator"])) ?? .isIn,
        values: texts($0["values"]))
    }
  }

  static func resources(_ value: Any?) throws -> ResourceList {
    var list = ResourceList()
    for (name, amount) in object(value) {
      let written = (amount as? String) ?? "\(amount)"
      list[name] = try Quantity.parse(written).nanos
    }
    return list
  }

  /// Seconds since 2026-01-01 of a timestamp.
  static func instant(_ value: Any?) throws -> Instant? {
    guard let written = value as? String else { return nil }
    let date = try Date(written, strategy: .iso8601)
    return .seconds(date.timeIntervalSince1970 - 1_767_225_600)
  }

  static func node(_ item: Object) throws -> Node {
    let metadata = object(item["metadata"])
    let spec = object(item["spec"])
    let status = object(item["status"])
    var node = Node(
      name: text(metadata["name"]), labels: labels(metadata["labels"]),
      allocatable: try resources(status["allocatable"]).rounded())
    node.isUnschedulable = flag(spec["unschedulable"])
    node.taints = items(spec["taints"]).map {
      Taint(
        key: text($0["key"]), value: text($0["value"]),
        effect: TaintEffect(rawValue: text($0["effect"])) ?? .noSchedule)
    }
    node.images = items(status["images"]).map {
      NodeImage(names: texts($0["names"]), size: Int64(number($0["sizeBytes"]) ?? 0))
    }
    return node
  }

  static func pod(_ item: Object) throws -> PodObject? {
    let metadata = object(item["metadata"])
    let status = object(item["status"])
    let spec = object(item["spec"])
    let phase = text(status["phase"])
    if phase == "Succeeded" || phase == "Failed" { return nil }
    var pod = PodObject(
      name: text(metadata["name"]),
      template: try template(spec, metadata: metadata))
    pod.nodeName = spec["nodeName"] as? String
    pod.nominatedNodeName = status["nominatedNodeName"] as? String
    pod.phase = phase == "Running" ? .running : .pending
    pod.created = try instant(metadata["creationTimestamp"]) ?? .zero
    pod.started = try instant(status["startTime"])
    if metadata["deletionTimestamp"] != nil { pod.flags.insert(.terminating) }
    for condition in items(status["conditions"])
    where text(condition["type"]) == "DisruptionTarget"
      && text(condition["reason"]) == "PreemptionByScheduler"
      && text(condition["status"]) == "True"
    {
      pod.flags.insert(.preempted)
    }
    for owner in items(metadata["ownerReferences"]) where flag(owner["controller"]) {
      pod.owner = OwnerReference(kind: text(owner["kind"]), name: text(owner["name"]))
    }
    return pod
  }
}
