import Autoscaling
import CloudSimulation
import ClusterModel
import Quantities
import Workloads

// Who sets how many Pods a workload has: one at a time, or none of them gets its way.
extension Checks {
  /// Reports loads and scalers that set the same workload's number of Pods.
  mutating func checkOwnership(_ scenario: Scenario) {
    var setters: [(document: Document, keys: [String], target: String)] = []
    for (document, load) in world.all(LoadProfile.self) where load.drives == .replicas {
      setters.append((document, ["spec", "target"], load.target))
    }
    // The later change counts: loads may follow one another.
    reportSecond(
      .warning, setters, "its replicas", expected: "one load that drives a workload's replicas")
    setters = []
    for (document, reading) in zip(world.native, world.nativeReads) {
      guard case .cronScaler(let scaler) = reading.native else { continue }
      let target = "\(scaler.kind)/\(scaler.object.namespace)/\(scaler.name)"
      setters.append((document, ["spec", "scaleTarget", "name"], target))
    }
    for (document, scaler) in world.all(PredictiveScaler.self) {
      setters.append((document, ["spec", "target"], scaler.target))
    }
    reportSecond(
      .error, setters, "its fewest replicas", expected: "one timetable or forecast for a workload")
  }

  private mutating func reportSecond(
    _ severity: Diagnostic.Severity,
    _ setters: [(document: Document, keys: [String], target: String)], _ what: String,
    expected: String
  ) {
    var first: [String: Document] = [:]  // name look-up
    for (document, keys, target) in setters where !target.isEmpty {
      let parts = target.split(separator: "/").map(String.init)
      let full = parts.count == 2 ? "\(parts[0])/default/\(parts[1])" : target
      guard let other = first[full] else {
        first[full] = document
        continue
      }
      report(
        severity, at: keys, in: document, "two-controllers",
        "\(target) has \(what) set by \(other.path()) already", expected: expected,
        notes: ["the first is at \(world.sources.describe(other.namePlace))"])
    }
  }

  /// Reports an autoscaler of what another controller scales: a ReplicaSet of a Deployment.
  mutating func checkOwner(
    _ severity: Diagnostic.Severity, of target: WorkloadObject, in document: Document
  ) {
    guard let owner = target.owner else { return }
    report(
      severity, at: ["spec", "scaleTargetRef", "name"], in: document, "two-controllers",
      "\(target.kind.rawValue)/\(target.name) is scaled by \(owner.kind)/\(owner.name), which owns it",
      expected: "\(owner.kind)/\(owner.name)")
  }

  /// Reports autoscalers whose targets select each other's Pods: neither of them scales.
  mutating func checkAmbiguity(
    _ severity: Diagnostic.Severity,
    _ targets: [(document: Document, autoscaler: String, target: WorkloadObject)]
  ) {
    // Those whose Pods carry a label, so that thousands of autoscalers cost one walk.
    var carriers: [String: [Int]] = [:]  // name look-up
    for (index, entry) in targets.enumerated() {
      for label in entry.target.template.labels.entries {
        carriers[Self.key(entry.target.namespace, label), default: []].append(index)
      }
    }
    var reported = [Bool](repeating: false, count: targets.count)
    for (index, entry) in targets.enumerated() {
      let selector =
        entry.target.selector ?? LabelSelector(matchLabels: entry.target.template.labels)
      guard let label = selector.matchLabels.entries.first else { continue }
      for other in carriers[Self.key(entry.target.namespace, label)] ?? [] {
        guard other != index, !reported[max(index, other)],
          selector.matches(targets[other].target.template.labels)
        else { continue }
        let (first, second) = (targets[min(index, other)], targets[max(index, other)])
        reported[max(index, other)] = true
        let text = selector.matchLabels.entries.map { "\($0.key)=\($0.value)" }
        report(
          severity, at: ["spec", "scaleTargetRef", "name"], in: second.document, "two-controllers",
          "AmbiguousSelector: pods by selector \(text.joined(separator: ",")) are controlled by "
            + "multiple HPAs: [\(first.autoscaler) \(second.autoscaler)]",
          expected: "workloads whose selectors find their own Pods only",
          notes: ["the first is at \(world.sources.describe(first.document.namePlace))"])
      }
    }
  }

  private static func key(_ namespace: String, _ label: Labels.Entry) -> String {
    "\(namespace)\u{0}\(label.key)\u{0}\(label.value)"
  }
}
