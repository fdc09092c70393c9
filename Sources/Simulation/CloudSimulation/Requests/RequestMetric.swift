import ClusterModel
import Workloads

/// What autoscalers can be told about requests and loads: the series that the monitoring system of a
/// scenario has, by their names.
///
/// > Source: the names are those that adapters' documentation uses for such series (M).
public enum RequestMetric: String, Hashable, Sendable, CaseIterable {
  /// Tries of requests per second, over the monitoring's window.
  case rate = "http_requests_per_second"
  /// Requests in the Pods: under way and waiting.
  case inFlight = "http_requests_in_flight"
  /// Requests that wait in the Pods.
  case queueLength = "queue_length"
  /// The 95th percentile of the seconds from the first try to the answer, of those answered within
  /// the monitoring's window.
  case latency = "http_request_duration_p95_seconds"
  /// What a load asks for at present: requests per second, or replicas.
  case loadLevel = "load_level"

  /// Of what a metric is a property, and so by which kind of metric it is followed.
  public enum Subject: Hashable, Sendable { case pod, object, external }

  /// Whether there are such series of a subject: of a Pod what it gets and holds, of a Service or
  /// workload also how long its clients wait, and outside the cluster all of them.
  public func isServed(of subject: Subject) -> Bool {
    switch self {
    case .rate, .inFlight, .queueLength: true
    case .latency: subject != .pod
    case .loadLevel: subject == .external
    }
  }

  /// The names of the series of a subject.
  public static func names(of subject: Subject) -> [String] {
    allCases.filter { $0.isServed(of: subject) }.map(\.rawValue)
  }

  /// Whether it says how fast something went, so that a single look says nothing.
  public var isOverWindow: Bool { self == .rate || self == .latency }
}

extension MetricSpec {
  /// The series about requests that it follows, if its name is one's.
  public var request: (metric: RequestMetric, identifier: MetricIdentifier)? {
    let identifier: MetricIdentifier
    let subject: RequestMetric.Subject
    switch self {
    case .resource, .containerResource: return nil
    case .pods(let own, _): (identifier, subject) = (own, .pod)
    case .object(_, let own, _): (identifier, subject) = (own, .object)
    case .external(let own, _): (identifier, subject) = (own, .external)
    }
    guard let metric = RequestMetric(rawValue: identifier.name), metric.isServed(of: subject) else {
      return nil
    }
    return (metric, identifier)
  }
}

extension Scenario {
  /// What a load's requests go to: the Service or workload that its target names; nil if there is
  /// none, or the load drives something else.
  public func receiver(of load: LoadProfile) -> DescribedObject? {
    guard load.drives == .requests else { return nil }
    for service in cluster.services
    where load.target == "Service/\(service.name)"
      || load.target == "Service/\(service.namespace)/\(service.name)"
    {
      return DescribedObject(
        namespace: service.namespace, kind: "Service", name: service.name)
    }
    for workload in cluster.workloads
    where load.names(workload.kind, workload.namespace, workload.name) {
      return DescribedObject(
        namespace: workload.namespace, kind: workload.kind.rawValue, name: workload.name)
    }
    return nil
  }

  /// Whether requests that go to a Service or workload go to the Pods of a workload.
  public func isServed(_ receiver: DescribedObject, by workload: WorkloadObject) -> Bool {
    guard receiver.namespace == workload.namespace else { return false }
    guard receiver.kind == "Service" else {
      return receiver.kind == workload.kind.rawValue && receiver.name == workload.name
    }
    return cluster.services.contains {
      $0.namespace == receiver.namespace && $0.name == receiver.name
        && $0.selects(workload.template)
    }
  }

  /// The labels of a receiver's series.
  public static func labels(of receiver: DescribedObject) -> Labels {
    ["namespace": receiver.namespace, receiver.kind.lowercased(): receiver.name]
  }

  /// The labels of the series of ``RequestMetric/loadLevel`` about a load; one that has Jobs arrive
  /// has no level and no series.
  public static func labels(ofLoad name: String) -> Labels { ["load": name] }
}

extension Service {
  /// Whether it selects the Pods of a template.
  func selects(_ template: PodTemplate) -> Bool {
    namespace == template.namespace && !selector.isEmpty
      && LabelSelector(matchLabels: selector).matches(template.labels)
  }
}
