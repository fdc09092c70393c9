import ClusterModel
import Quantities

/// What an autoscaler's target is at a sync: its Scale.
struct TargetScale: Sendable {
  /// `spec.replicas`.
  var replicas: Int32
  /// `status.replicas`.
  var statusReplicas: Int32
}

/// Turns metrics into numbers of replicas.
///
/// > Source: Kubernetes' replica calculator, as its semantics are written down (S, v1.36); each rule
/// > is checked by recorded cases.
struct ReplicaCalculator: Sendable {
  /// The ratios that are near enough to 1.
  struct Tolerances: Sendable {
    var down: Double
    var up: Double
    /// Whether a ratio is near enough to 1; the ends are.
    func contain(_ ratio: Double) -> Bool { (1.0 - down) <= ratio && ratio <= (1.0 + up) }
  }

  let configuration: HorizontalPodAutoscalerConfiguration

  /// Where a sync looks.
  struct Occasion: ~Copyable {
    let namespace: String
    let templates: [Int32]
    let scale: TargetScale
    let tolerances: Tolerances
    let now: Instant
  }

  /// What a metric asks for, and what was seen of it.
  func propose(
    _ metric: MetricSpec, on occasion: borrowing Occasion, of pods: borrowing SelectedPods,
    in cluster: borrowing ClusterState
  ) -> (proposal: MetricProposal, status: MetricStatus) {
    var status = MetricStatus()
    do throws(MetricFailure) {
      let replicas: Int32
      switch metric {
      case .resource(let name, let target):
        replicas = try resource(
          PodMetric(resource: name), target, on: occasion, of: pods, in: cluster, &status)
      case .containerResource(let name, let container, let target):
        replicas = try resource(
          PodMetric(resource: name, of: container, in: cluster.metrics), target, on: occasion,
          of: pods, in: cluster, &status)
      case .pods(let identifier, let target):
        replicas = try custom(
          identifier, target, on: occasion, of: pods, in: cluster, &status)
      case .object(let object, let identifier, let target):
        let value = try Self.value(
          of: identifier, for: object, namespace: occasion.namespace, in: cluster.metrics)
        replicas = try total(
          value, target, kind: "object", on: occasion, of: pods, in: cluster, &status)
      case .external(let identifier, let target):
        let value = try Self.sum(of: identifier, in: cluster.metrics)
        replicas = try total(
          value, target, kind: "external", on: occasion, of: pods, in: cluster, &status)
      }
      return (.replicas(replicas), status)
    } catch {
      return (.failure(error), MetricStatus())
    }
  }

  // MARK: Metrics of Pods

  private func resource(
    _ metric: PodMetric, _ target: MetricTarget, on occasion: borrowing Occasion,
    of pods: borrowing SelectedPods, in cluster: borrowing ClusterState,
    _ status: inout MetricStatus
  ) throws(MetricFailure) -> Int32 {
    if let text = cluster.metrics.resourceFailure { throw .unavailable(.resource, text) }
    let census = try census(metric, target, on: occasion, of: pods, in: cluster)
    guard case .averageUtilization = target else {
      guard case .averageValue = target else {
        throw .invalidSource(metric.container == nil ? "resource" : "container resource")
      }
      status.averageValue = census.usage / Int64(census.ready)
      return replicas(census, target, on: occasion)
    }
    guard census.requests > 0 else { throw .noneOfKnownPods }
    status.averageUtilization = Int32(truncatingIfNeeded: census.usage * 100 / census.requests)
    status.averageValue = census.usage / Int64(census.ready)
    return replicas(census, target, on: occasion)
  }

  private func custom(
    _ identifier: MetricIdentifier, _ target: MetricTarget, on occasion: borrowing Occasion,
    of pods: borrowing SelectedPods, in cluster: borrowing ClusterState,
    _ status: inout MetricStatus
  ) throws(MetricFailure) -> Int32 {
    if let text = cluster.metrics.customFailure(of: identifier) {
      throw .unavailable(.custom, text)
    }
    guard case .averageValue = target else { throw .invalidSource("pods") }
    guard let number = cluster.metrics.customNumber(of: identifier) else {
      throw .noneReturned(.custom)
    }
    let census = try census(PodMetric(custom: number), target, on: occasion, of: pods, in: cluster)
    status.averageValue = census.usage / Int64(census.ready)
    return replicas(census, target, on: occasion)
  }

  /// The count that a ratio asks for, with Pods filled in that have no sample or aren't ready.
  private func replicas(
    _ census: PodCensus, _ target: MetricTarget, on occasion: borrowing Occasion
  ) -> Int32 {
    let current = occasion.scale.replicas
    let ratio = census.ratio(to: target)
    let fillsUnready = census.unready > 0 && ratio > 1.0
    if !fillsUnready, census.missing == 0 {
      if occasion.tolerances.contain(ratio) { return current }
      return Int32(clamping: (ratio * Double(census.ready)).rounded(.up))
    }
    var filled = census
    if census.missing > 0, ratio != 1.0 {
      filled.ready += census.missing
      filled.requests += census.missingRequests
      if ratio < 1.0 { filled.usage += census.missingUsage }
    }
    if fillsUnready {
      filled.ready += census.unready
      filled.requests += census.unreadyRequests
    }
    let second = filled.ratio(to: target)
    if occasion.tolerances.contain(second) || (ratio < 1.0 && second > 1.0)
      || (ratio > 1.0 && second < 1.0)
    {
      return current
    }
    let replicas = Int32(clamping: (second * Double(filled.ready)).rounded(.up))
    if (second < 1.0 && replicas > current) || (second > 1.0 && replicas < current) {
      return current
    }
    return replicas
  }

  // MARK: Metrics of other things

  private static func value(
    of identifier: MetricIdentifier, for object: CrossVersionObjectReference, namespace: String,
    in metrics: borrowing ServedMetrics
  ) throws(MetricFailure) -> Int64 {
    if let text = metrics.customFailure(of: identifier) { throw .unavailable(.custom, text) }
    let described = DescribedObject(namespace: namespace, kind: object.kind, name: object.name)
    guard let number = metrics.customNumber(of: identifier),
      let value = metrics.value(ofCustom: number, for: described)
    else { throw .notFound(metric: identifier.name, object: object.name) }
    return value.milli
  }

  private static func sum(
    of identifier: MetricIdentifier, in metrics: borrowing ServedMetrics
  ) throws(MetricFailure) -> Int64 {
    if let text = metrics.externalFailure(of: identifier.name) {
      throw .unavailable(.external, text)
    }
    let series = metrics.externalSeries(of: identifier)
    guard !series.isEmpty else { throw .noneReturned(.external) }
    return series.reduce(0) { $0 + $1.value.milli }
  }

  private func total(
    _ value: Int64, _ target: MetricTarget, kind: String, on occasion: borrowing Occasion,
    of pods: borrowing SelectedPods, in cluster: borrowing ClusterState,
    _ status: inout MetricStatus
  ) throws(MetricFailure) -> Int32 {
    switch target {
    case .value(let wanted):
      status.value = value
      let ratio = Double(value) / Double(wanted)
      if occasion.scale.replicas == 0 { return Int32(clamping: ratio.rounded(.up)) }
      if occasion.tolerances.contain(ratio) { return occasion.scale.replicas }
      let ready = try Self.readyPods(of: occasion.templates, pods, in: cluster)
      return Int32(clamping: (ratio * Double(ready)).rounded(.up))
    case .averageValue(let wanted):
      let count = occasion.scale.statusReplicas
      status.averageValue =
        Int64(
          exactly: (Double(value) / Double(count)).rounded(.up)) ?? .max
      let ratio = Double(value) / (Double(wanted) * Double(count))
      if occasion.tolerances.contain(ratio) { return count }
      return Int32(clamping: (Double(value) / Double(wanted)).rounded(.up))
    case .averageUtilization: throw .invalidSource(kind)
    }
  }

  /// How many Pods run and are ready.
  private static func readyPods(
    of templates: [Int32], _ pods: borrowing SelectedPods, in cluster: borrowing ClusterState
  ) throws(MetricFailure) -> Int {
    var all = 0
    var ready = 0
    for template in templates {
      for id in pods.pods(of: template) {
        guard let pod = cluster.pod(id) else { continue }
        all += 1
        if pod.phase == .running, pod.isReady { ready += 1 }
      }
    }
    guard all > 0 else { throw .noPods }
    return ready
  }
}
