import Autoscaling
import ClusterModel
import Quantities

/// Compares a sync with what a recorded case expects, field by field.
struct AutoscalerComparison {
  let sync: HorizontalPodAutoscalerSync
  /// `spec.replicas` of the target's scale after the sync.
  let replicas: Int32
  /// Instant zero since 1970.
  let start: Int64

  func differences(from expected: ManifestValue) -> [String] {
    var found: [String] = []
    func compare(_ field: String, _ got: String, _ wanted: String) {
      if got != wanted { found.append("\(field): \(got) instead of \(wanted)") }
    }
    compare("proposals", proposals, proposals(expected["proposals"]))
    compare("replicas", "\(replicas)", expected["replicas"]?.text ?? "0")
    compare("rescaled", "\(sync.isRescaling)", expected["rescaled"]?.text ?? "false")
    compare("error", "\(sync.hasFailed)", "\(expected["error"] != nil)")
    let status = expected["status"]
    compare(
      "status.currentReplicas", "\(sync.status.currentReplicas)",
      status?["currentReplicas"]?.text ?? "0")
    compare(
      "status.desiredReplicas", "\(sync.status.desiredReplicas)",
      status?["desiredReplicas"]?.text ?? "0")
    compare("status.lastScaleTime", text(sync.status.lastScaleTime), time(status?["lastScaleTime"]))
    compare("status.currentMetrics", metrics, metrics(status?["currentMetrics"]))
    compare("status.conditions", conditions, conditions(status?["conditions"]))
    compare(
      "events", sync.events.map(\.kubernetesText).joined(separator: " "),
      (expected["events"]?.elements ?? []).map {
        "\($0["type"]?.text ?? "")/\($0["reason"]?.text ?? "")"
      }.joined(separator: " "))
    return found
  }

  private var proposals: String {
    (sync.proposals ?? []).map { proposal in
      switch proposal {
      case .replicas(let count): "\(count)"
      case .failure: "error"
      }
    }.joined(separator: " ")
  }

  private func proposals(_ value: ManifestValue?) -> String {
    (value?.elements ?? []).map {
      $0["error"] != nil ? "error" : $0["replicas"]?.text ?? "0"
    }.joined(separator: " ")
  }

  private var metrics: String {
    sync.status.currentMetrics.map { status in
      text(status.value, status.averageValue, status.averageUtilization.map { Int64($0) })
    }.joined(separator: " ")
  }

  private func metrics(_ value: ManifestValue?) -> String {
    (value?.elements ?? []).map { metric in
      let kind = MetricSourceKind(rawValue: metric["type"]?.text ?? "")
      let current = kind.flatMap { metric[$0.key]?["current"] }
      return text(
        ServedMetrics.milli(current?["value"]), ServedMetrics.milli(current?["averageValue"]),
        current?["averageUtilization"]?.text.flatMap(Int64.init))
    }.joined(separator: " ")
  }

  private func text(_ value: Int64?, _ average: Int64?, _ percent: Int64?) -> String {
    let parts = [("value", value), ("averageValue", average), ("averageUtilization", percent)]
    let written = parts.compactMap { part in part.1.map { "\(part.0)=\($0)" } }
    return "{\(written.joined(separator: ","))}"
  }

  private var conditions: String {
    sync.status.conditions.map { condition in
      "\(condition.kind.rawValue)=\(condition.isTrue ? "True" : "False")/"
        + "\(condition.reason.rawValue)@\(text(condition.lastTransition))"
    }.joined(separator: " ")
  }

  private func conditions(_ value: ManifestValue?) -> String {
    (value?.elements ?? []).map { condition in
      "\(condition["type"]?.text ?? "")=\(condition["status"]?.text ?? "")/"
        + "\(condition["reason"]?.text ?? "")@\(time(condition["lastTransitionTime"]))"
    }.joined(separator: " ")
  }

  private func time(_ value: ManifestValue?) -> String {
    guard let text = value?.text, let nanoseconds = timestamp(text) else { return "-" }
    return self.text(Instant(nanoseconds: nanoseconds - start))
  }

  private func text(_ instant: Instant?) -> String {
    instant.map { "\($0.nanoseconds)" } ?? "-"
  }
}

extension EventRecord.Reason {
  /// Type and reason as Kubernetes spells them.
  var kubernetesText: String {
    let name = "\(self)"
    let reason = name.prefix(1).uppercased() + name.dropFirst()
    return "\(self == .successfulRescale ? "Normal" : "Warning")/\(reason)"
  }
}
