import Autoscaling
import CloudSimulation
import ClusterModel
import Quantities
import Workloads

// Metrics that nothing will ever serve. Kubernetes takes such an autoscaler and says that scaling
// isn't active; in a scenario nobody can mean that.
extension Checks {
  /// Reports each metric of an autoscaler of which no series can come.
  mutating func checkMetrics(
    of object: HorizontalPodAutoscalerObject, _ target: WorkloadObject, in document: Document,
    _ scenario: Scenario
  ) {
    for (index, metric) in object.spec.metrics.enumerated() {
      let keys = ["spec", "metrics", "[\(index)]", metric.sourceKind.key]
      switch metric {
      case .resource(let name, _), .containerResource(let name, _, _):
        checkResource(name, metric, of: target, keys, document)
      case .pods(let identifier, _):
        let receivers = receivers(scenario).filter { scenario.isServed($0, by: target) }
        checkSeries(
          identifier, of: .pod, receivers.map { Scenario.labels(of: $0) }, metric,
          MetricFailure.noneReturned(.custom),
          source:
            "a load that drives requests to the Pods of \(target.kind.rawValue)/\(target.name)",
          keys, document)
      case .object(let described, let identifier, _):
        checkObject(described, identifier, metric, object.namespace, keys, document, scenario)
      case .external(let identifier, _):
        let labels =
          identifier.name == RequestMetric.loadLevel.rawValue
          ? scenario.loads.filter { $0.drives != .jobs }.map { Scenario.labels(ofLoad: $0.name) }
          : receivers(scenario).map { Scenario.labels(of: $0) }
        checkSeries(
          identifier, of: .external, labels, metric, MetricFailure.noneReturned(.external),
          source: "a load that drives requests", keys, document)
      }
      checkWindow(metric, scenario.controlPlane.metrics, keys, document)
    }
  }

  /// What the scenario's requests go to.
  private func receivers(_ scenario: Scenario) -> [DescribedObject] {
    scenario.loads.compactMap { scenario.receiver(of: $0) }
  }

  private mutating func reportNever(
    _ metric: MetricSpec, _ failure: MetricFailure, at keys: [String], in document: Document,
    expected: String, suggestion: String? = nil
  ) {
    report(
      at: keys, in: document, "unknown-metric",
      "FailedGet\(metric.sourceKind.rawValue)Metric: \(failure)", expected: expected,
      suggestion: suggestion)
  }

  private mutating func checkResource(
    _ name: String, _ metric: MetricSpec, of target: WorkloadObject, _ keys: [String],
    _ document: Document
  ) {
    let measured = ["cpu", "memory"]
    if !measured.contains(name) {
      reportNever(
        metric, .noneOfTargetedPods, at: keys + ["name"], in: document,
        expected: "one of \(measured.joined(separator: ", "))",
        suggestion: nearest(to: name, among: measured))
    }
    guard case .containerResource(_, let container, _) = metric else { return }
    let names = target.template.containers.map(\.name)
    guard !names.contains(container) else { return }
    reportNever(
      metric,
      .containerAbsent(container: container, pod: "\(target.namespace)/\(target.name)-…"),
      at: keys + ["container"], in: document,
      expected: "one of \(names.joined(separator: ", "))",
      suggestion: nearest(to: container, among: names))
  }

  private mutating func checkObject(
    _ described: CrossVersionObjectReference, _ identifier: MetricIdentifier, _ metric: MetricSpec,
    _ namespace: String, _ keys: [String], _ document: Document, _ scenario: Scenario
  ) {
    let failure = MetricFailure.notFound(metric: identifier.name, object: described.name)
    let known = receivers(scenario).filter { $0.namespace == namespace }
    let names = known.map { "\($0.kind)/\($0.name)" }
    let found = known.filter { $0.kind == described.kind && $0.name == described.name }
    guard !found.isEmpty || RequestMetric(rawValue: identifier.name) == nil else {
      let list = names.joined(separator: ", ")
      reportNever(
        metric, failure, at: keys + ["describedObject", "name"], in: document,
        expected: names.isEmpty
          ? "the target of a load that drives requests"
          : "the target of a load that drives requests: \(list)",
        suggestion: nearest(to: "\(described.kind)/\(described.name)", among: names))
      return
    }
    checkSeries(
      identifier, of: .object, found.map { Scenario.labels(of: $0) }, metric, failure,
      source: "the target of a load that drives requests", keys, document)
  }

  /// A name or a selector that finds no series.
  private mutating func checkSeries(
    _ identifier: MetricIdentifier, of subject: RequestMetric.Subject, _ series: [Labels],
    _ metric: MetricSpec, _ failure: MetricFailure, source: String, _ keys: [String],
    _ document: Document
  ) {
    guard metric.request != nil else {
      let names = RequestMetric.names(of: subject)
      reportNever(
        metric, failure, at: keys + ["metric", "name"], in: document,
        expected: "one of \(names.joined(separator: ", "))",
        suggestion: nearest(to: identifier.name, among: names))
      return
    }
    guard !series.isEmpty else {
      reportNever(
        metric, failure, at: keys + ["metric", "name"], in: document, expected: source)
      return
    }
    guard let selector = identifier.selector, !series.contains(where: selector.matches) else {
      return
    }
    let texts = series.prefix(12).map { labels in
      "{\(labels.entries.map { "\($0.key): \($0.value)" }.joined(separator: ", "))}"
    }
    reportNever(
      metric, failure, at: keys + ["metric", "selector"], in: document,
      expected: "a selector of one of the series \(texts.joined(separator: ", "))")
  }

  /// A rate for which there is never more than one look to go by.
  private mutating func checkWindow(
    _ metric: MetricSpec, _ parameters: MetricsParameters, _ keys: [String], _ document: Document
  ) {
    guard let request = metric.request?.metric, request.isOverWindow,
      parameters.rateWindow < parameters.resolution
    else { return }
    report(
      at: keys + ["metric", "name"], in: document, "unknown-metric",
      "a rate takes two looks, which are \(parameters.resolution.formatted) apart, within "
        + "\(parameters.rateWindow.formatted)",
      expected: "controlPlane.metrics.rateWindow of at least controlPlane.metrics.resolution")
  }
}
