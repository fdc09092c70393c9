import ClusterModel

/// Why a metric asks for no number of replicas.
public enum MetricFailure: Error, Hashable, Sendable, CustomStringConvertible {
  /// The three APIs that serve metrics.
  public enum API: String, Hashable, Sendable {
    case resource, custom, external
  }
  /// The API doesn't answer.
  case unavailable(API, String)
  /// It answers nothing.
  case noneReturned(API)
  /// The object that the metric describes has none.
  case notFound(metric: String, object: String)
  /// The selector finds no Pod.
  case noPods
  /// None of the Pods that count has a sample.
  case noneOfTargetedPods
  /// A container doesn't say what it requests.
  case missingRequest(resource: String, container: String, pod: String)
  /// The Pods that have a sample request nothing.
  case noneOfKnownPods
  /// A Pod's sample lacks the container.
  case containerAbsent(container: String, pod: String)
  /// The metric has no target of a kind that fits it.
  case invalidSource(String)

  /// What Kubernetes says of it.
  public var description: String {
    switch self {
    case .unavailable(let api, let text):
      "unable to fetch metrics from \(api.rawValue) metrics API: \(text)"
    case .noneReturned(let api): "no metrics returned from \(api.rawValue) metrics API"
    case .notFound(let metric, let object):
      "unable to fetch metrics from custom metrics API: \(metric) \"\(object)\" not found"
    case .noPods: "no pods returned by selector while calculating replica count"
    case .noneOfTargetedPods:
      "did not receive metrics for targeted pods (pods might be unready)"
    case .missingRequest(let resource, let container, let pod):
      "missing request for \(resource) in container \(container) of Pod \(pod)"
    case .noneOfKnownPods: "no metrics returned matched known pods"
    case .containerAbsent(let container, let pod):
      "container \(container) not present in metrics for pod \(pod)"
    case .invalidSource(let kind):
      "invalid \(kind) metric source: neither a utilization target nor a value target was set"
    }
  }
}

/// What one metric asks for.
public enum MetricProposal: Hashable, Sendable {
  /// So many replicas.
  case replicas(Int32)
  /// None, and why.
  case failure(MetricFailure)
}

extension MetricSpec {
  /// Why scaling isn't active where the metric's query fails.
  var failureReason: HorizontalPodAutoscalerCondition.Reason {
    switch self {
    case .resource: .failedGetResourceMetric
    case .containerResource: .failedGetContainerResourceMetric
    case .pods: .failedGetPodsMetric
    case .object: .failedGetObjectMetric
    case .external: .failedGetExternalMetric
    }
  }

  /// The event that is recorded where the metric's query fails.
  var failureEvent: EventRecord.Reason {
    switch self {
    case .resource: .failedGetResourceMetric
    case .containerResource: .failedGetContainerResourceMetric
    case .pods: .failedGetPodsMetric
    case .object: .failedGetObjectMetric
    case .external: .failedGetExternalMetric
    }
  }

  /// What Kubernetes calls the metric where it gives the reason of a rescale.
  public var title: String {
    switch (self, target) {
    case (.resource(let name, _), .averageUtilization):
      "\(name) resource utilization (percentage of request)"
    case (.resource(let name, _), _): "\(name) resource"
    case (.containerResource(let name, _, _), .averageUtilization):
      "\(name) container resource utilization (percentage of request)"
    case (.containerResource(let name, _, _), _): "\(name) container resource"
    case (.pods(let metric, _), _): "pods metric \(metric.name)"
    case (.object(let object, let metric, _), .value): "\(object.kind) metric \(metric.name)"
    case (.object(_, let metric, _), _), (.external(let metric, _), _):
      "external metric \(metric.name)"
    }
  }
}
