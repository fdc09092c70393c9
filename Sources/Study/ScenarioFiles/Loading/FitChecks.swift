import CloudSimulation
import ClusterModel
import Infrastructure
import Quantities

extension Checks {
  mutating func checkNodes() {
    for (document, read) in zip(world.native, world.nativeReads) {
      guard case .node(let node) = read.native, node.allocatable == nil else { continue }
      let hasCapacity = node.capacity != nil
      report(
        .warning, at: ["status"], in: document, "no-allocatable",
        hasCapacity
          ? "node \"\(document.name)\" has no status.allocatable; its capacity is taken"
          : "node \"\(document.name)\" has neither allocatable nor capacity: no Pod fits on it")
    }
  }

  /// Workloads whose selector doesn't match their own Pods, and Services of hand-written manifests
  /// that name nobody.
  mutating func checkLabels() {
    for (document, read) in zip(world.native, world.nativeReads) {
      switch read.native {
      case .workload(_, let reading):
        guard let selector = reading.selector,
          !selector.matches(reading.templateMetadata.labels)
        else { continue }
        reportSelector(selector, reading.templateMetadata.labels, document)
      case .service(let service):
        guard !world.isBareDump, service.metadata.created == nil, !service.selector.isEmpty,
          !world.hasPods(service.selector, in: document.namespace)
        else { continue }
        report(
          .warning, at: ["spec", "selector"], in: document, "empty-service",
          "no Pod of the input has the labels that \(document.path()) selects")
      default: continue
      }
    }
  }

  /// Two places contradict each other, and which of them is wrong only the author knows.
  private mutating func reportSelector(
    _ selector: LabelSelector, _ labels: Labels, _ document: Document
  ) {
    let wrong = selector.matchLabels.entries.first { labels[$0.key] != $0.value }?.key
    let own = ["spec", "selector"] + (wrong.map { ["matchLabels", $0] } ?? [])
    let template = ["spec", "template", "metadata", "labels"] + (wrong.map { [$0] } ?? [])
    for (here, there) in [(own, template), (template, own)] {
      report(
        at: here, in: document, "wrong-value",
        "the selector of \(document.path()) doesn't match the labels of its own Pods",
        expected: "the same as at line \(world.place(of: there, in: document).line)")
    }
  }

  /// Warns of Pods that no node of the input could take if it were empty.
  mutating func checkFit(_ scenario: Scenario) {
    var sizes: [(size: Resources, name: String)] = []
    for node in scenario.cluster.nodes where !sizes.contains(where: { $0.size == node.allocatable })
    {
      sizes.append((node.allocatable, node.name))
    }
    for pool in scenario.nodePools where pool.count > 0 || pool.autoscaling != nil {
      sizes.append((pool.allocatable, "\(pool.name)-0"))
    }
    let largestServerless =
      scenario.serverlessPools.isEmpty ? nil : scenario.prices.coreLadder.last
    let isBare = sizes.isEmpty && largestServerless == nil
    guard !isBare else { return }
    let workloads = Set(
      scenario.cluster.workloads.map { "\($0.kind.rawValue)/\($0.namespace)/\($0.name)" })
    var seen: [Resources: Int] = [:]
    var objects: [(document: Document, requests: Resources)] = []
    for (document, read) in zip(world.native, world.nativeReads) {
      guard let requests = waiting(read.native, workloads, document) else { continue }
      let fits = sizes.contains { $0.size.holds(requests) }
      let isServerless = largestServerless.map { requests.cpu <= $0 && requests.scalars.isEmpty }
      if fits || isServerless == true { continue }
      seen[requests, default: 0] += 1
      if seen[requests] == 1 { objects.append((document, requests)) }
    }
    for (document, requests) in objects {
      let keys = document.kind == "Pod" ? ["spec"] : ["spec", "template", "spec"]
      let more = (seen[requests] ?? 1) - 1
      var notes = [largest(sizes, largestServerless)]
      if more > 0 { notes.append("\(more) more like it") }
      report(
        .warning, at: keys + ["containers"], in: document, "never-fits",
        "a Pod of \(document.path()) requests \(requests.summary) and can never fit", notes: notes)
    }
  }

  /// What a Pod without a node requests, of a Pod of its own or of a workload's template.
  private func waiting(
    _ object: NativeObject?, _ workloads: Set<String>, _ document: Document
  ) -> Resources? {
    switch object {
    case .pod(let pod):
      guard pod.nodeName == nil, !pod.isFinished, pod.metadata.deleted == nil else { return nil }
      if let owner = pod.metadata.controller,
        workloads.contains("\(owner.kind)/\(document.namespace)/\(owner.name)")
      {
        return nil
      }
      var template = pod.template
      template.applyServerDefaults()
      return template.requests
    case .workload(let kind, let reading):
      guard kind != .daemonSet, reading.metadata.controller == nil else { return nil }
      var template = reading.template
      template.applyServerDefaults()
      return template.requests
    default: return nil
    }
  }

  private func largest(_ sizes: [(size: Resources, name: String)], _ serverless: Int64?) -> String {
    var parts: [String] = []
    if let node = sizes.max(by: { ($0.size.cpu, $0.size.memory) < ($1.size.cpu, $1.size.memory) }) {
      parts.append("the largest node, \"\(node.name)\", offers \(node.size.summary)")
    }
    if let serverless {
      parts.append("the largest serverless Pod has \(CPU(millicores: serverless).formatted) cores")
    }
    return parts.joined(separator: "; ")
  }
}

extension World {
  /// Whether Pods or workloads of a namespace have some labels.
  fileprivate func hasPods(_ labels: Labels, in namespace: String) -> Bool {
    let selector = LabelSelector(matchLabels: labels)
    return zip(native, nativeReads).contains { document, read in
      guard document.namespace == namespace else { return false }
      switch read.native {
      case .pod(let pod): return selector.matches(pod.metadata.labels)
      case .workload(_, let workload): return selector.matches(workload.templateMetadata.labels)
      default: return false
      }
    }
  }
}

extension Resources {
  /// Whether requests fit into these amounts by themselves.
  fileprivate func holds(_ requests: Resources) -> Bool {
    requests.cpu <= cpu && requests.memory <= memory
      && (requests.ephemeralStorage <= ephemeralStorage || ephemeralStorage == 0)
      && requests.scalars.allSatisfy { $0.amount <= self[scalar: $0.name] ?? 0 }
  }

  /// The amounts that aren't zero.
  fileprivate var summary: String {
    var parts = ["\(CPU(millicores: cpu).formatted) cores", Bytes(memory).formatted]
    parts += scalars.filter { $0.amount > 0 }.map { "\($0.amount) \($0.name)" }
    return parts.joined(separator: ", ")
  }
}
