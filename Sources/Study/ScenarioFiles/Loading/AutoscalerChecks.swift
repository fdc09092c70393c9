import Autoscaling
import CloudSimulation
import ClusterModel
import Quantities
import Workloads

extension Checks {
  /// HorizontalPodAutoscalers that scale nothing, or what somebody else scales.
  mutating func checkAutoscalers(_ scenario: Scenario) {
    let severity = severity(in: scenario)
    var workloads: [String: WorkloadObject] = [:]  // name look-up
    for workload in scenario.cluster.workloads {
      workloads["\(workload.kind.rawValue)/\(workload.namespace)/\(workload.name)"] = workload
    }
    var targets: [(document: Document, autoscaler: String, target: WorkloadObject)] = []
    for (document, object, target) in checkTargets(scenario) {
      checkRequests(of: object, target, document)
      let name = "\(target.kind)/\(target.namespace)/\(target.name)"
      guard let workload = workloads[name] else { continue }
      targets.append((document, "\(object.namespace)/\(object.name)", workload))
      checkOwner(severity, of: workload, in: document)
      if !scenario.isBareDump { checkMetrics(of: object, workload, in: document, scenario) }
    }
    checkAmbiguity(severity, targets)
  }

  /// Nobody scales a bare dump: what it says then is only worth knowing.
  private func severity(in scenario: Scenario) -> Diagnostic.Severity {
    scenario.isBareDump ? .warning : .error
  }

  /// Autoscalers of what isn't there, and two that scale one thing.
  /// - Returns: those that scale something, each with what it scales.
  @discardableResult
  mutating func checkTargets(
    _ scenario: Scenario
  ) -> [(document: Document, object: HorizontalPodAutoscalerObject, target: Document)] {
    let severity = severity(in: scenario)
    var first: [String: Document] = [:]  // name look-up
    var found: [(document: Document, object: HorizontalPodAutoscalerObject, target: Document)] = []
    for (document, reading) in autoscalers {
      let object = reading.object
      let reference = object.spec.target
      guard !reference.kind.isEmpty, !reference.name.isEmpty else { continue }
      let name = "\(reference.kind)/\(object.namespace)/\(reference.name)"
      let keys = ["spec", "scaleTargetRef"]
      guard let target = target(of: object) else {
        reportNoTarget(severity, reference, object.namespace, keys, document)
        continue
      }
      if let other = first[name] {
        report(
          severity, at: keys + ["name"], in: document, "two-controllers",
          "AmbiguousSelector: pods by selector of \(name) are controlled by multiple HPAs: "
            + "[\(other.namespace)/\(other.name) \(object.namespace)/\(object.name)]",
          expected: "one HorizontalPodAutoscaler for a workload",
          notes: ["the first is at \(world.sources.describe(other.namePlace))"])
        continue
      }
      first[name] = document
      checkLoads(on: target, of: object, document)
      found.append((document, object, target))
    }
    return found
  }

  private var autoscalers: [(document: Document, reading: AutoscalerReading)] {
    zip(world.native, world.nativeReads).compactMap { document, read in
      guard case .autoscaler(let reading) = read.native else { return nil }
      return (document, reading)
    }
  }

  private func target(of object: HorizontalPodAutoscalerObject) -> Document? {
    let reference = object.spec.target
    guard WorkloadKind(rawValue: reference.kind)?.isScalable ?? false else { return nil }
    return world.native.first {
      $0.kind == reference.kind && $0.name == reference.name && $0.namespace == object.namespace
    }
  }

  private mutating func reportNoTarget(
    _ severity: Diagnostic.Severity, _ reference: CrossVersionObjectReference, _ namespace: String,
    _ keys: [String], _ document: Document
  ) {
    let kinds = WorkloadKind.allCases.filter(\.isScalable).map(\.rawValue)
    let version = reference.apiVersion.split(separator: "/")
    let group = version.count > 1 ? String(version[0]) : ""
    guard kinds.contains(reference.kind) else {
      report(
        severity, at: keys + ["kind"], in: document, "dangling-reference",
        "FailedGetScale: no matches for kind \"\(reference.kind)\" in group \"\(group)\"",
        expected: "one of \(kinds.joined(separator: ", "))",
        suggestion: nearest(to: reference.kind, among: kinds))
      return
    }
    let known = world.native.filter { $0.kind == reference.kind && $0.namespace == namespace }
    let plural = reference.kind.lowercased() + "s" + (group.isEmpty ? "" : ".\(group)")
    report(
      severity, at: keys + ["name"], in: document, "dangling-reference",
      "FailedGetScale: \(plural) \"\(reference.name)\" not found",
      expected: known.isEmpty
        ? "a \(reference.kind) that the input has in namespace \(namespace)"
        : "one of \(known.prefix(12).map(\.name).joined(separator: ", "))",
      suggestion: nearest(to: reference.name, among: known.map(\.name)))
  }

  /// A load that sets the replicas of what an autoscaler scales.
  private mutating func checkLoads(
    on target: Document, of object: HorizontalPodAutoscalerObject, _ document: Document
  ) {
    guard let kind = WorkloadKind(rawValue: target.kind) else { return }
    for (other, load) in world.all(LoadProfile.self) where load.drives == .replicas {
      guard load.names(kind, target.namespace, target.name) else { continue }
      report(
        at: ["spec", "target"], in: other, "two-controllers",
        "\(target.path()) has its replicas set by HorizontalPodAutoscaler/\(object.name) already",
        expected: "drives: requests, or a workload that nobody scales",
        notes: ["the autoscaler is at \(world.sources.describe(document.namePlace))"])
    }
  }

  /// A share of a request that nobody makes.
  private mutating func checkRequests(
    of object: HorizontalPodAutoscalerObject, _ target: Document, _ document: Document
  ) {
    for (index, metric) in object.spec.metrics.enumerated() {
      guard case .averageUtilization = metric.target else { continue }
      let resource: String
      let container: String?
      switch metric {
      case .resource(let name, _): (resource, container) = (name, nil)
      case .containerResource(let name, let only, _): (resource, container) = (name, only)
      default: continue
      }
      let spec = target.tree.value(at: ["spec", "template", "spec"])
      if container == nil, spec?.value(at: ["resources", "requests"]) != nil { continue }
      for part in spec?["containers"]?.elements ?? [] {
        let name = part["name"]?.text ?? ""
        if let container, container != name { continue }
        guard part.value(at: ["resources", "requests", resource]) == nil,
          part.value(at: ["resources", "limits", resource]) == nil
        else { continue }
        report(
          .warning, at: ["spec", "metrics", "[\(index)]"], in: document, "never-happens",
          "FailedGetResourceMetric: missing request for \(resource) in container \(name)",
          notes: ["the container is at \(world.sources.describe(part.place))"])
      }
    }
  }
}
