import ClusterModel
import Quantities

/// A metric of Pods: where its values are, and what they are compared with.
struct PodMetric: Sendable {
  /// The resource; nil for a custom metric.
  var resource: String?
  /// The container whose usage is meant; nil: all of them.
  var container: String?
  /// The container's number among the samples'; negative if no sample has it.
  private var containerNumber: Int32 = -1
  /// The number of a custom metric.
  private var custom = 0

  /// A resource of all containers.
  init(resource: String) { self.resource = resource }

  /// A resource of one container.
  init(resource: String, of container: String, in metrics: borrowing ServedMetrics) {
    self.resource = resource
    self.container = container
    containerNumber = metrics.knownContainerNumber(of: container) ?? -1
  }

  /// A custom metric.
  init(custom number: Int) { custom = number }

  /// A Pod's value with the sample that it is from.
  enum Reading {
    /// The API answers nothing about the Pod.
    case nothing
    /// It has a sample, but not of this.
    case partial
    /// The sample lacks the container.
    case withoutContainer
    case value(Int64, timestamp: Instant, window: TimeSpan)
  }

  func reading(of pod: PodID, in metrics: borrowing ServedMetrics) -> Reading {
    guard let resource else {
      guard let value = metrics.value(ofCustom: custom, for: pod) else { return .nothing }
      return .value(value.milli, timestamp: value.timestamp, window: .zero)
    }
    guard let sample = metrics.sample(of: pod) else { return .nothing }
    var sum: Int64 = 0
    var hasContainer = container == nil
    for place in sample.places {
      let usage = metrics.usages[place]
      if container != nil {
        guard usage.container == containerNumber else { continue }
        hasContainer = true
      }
      guard let value = Self.milli(usage, resource) else { return .partial }
      sum += value
    }
    guard hasContainer else { return .withoutContainer }
    if sample.count == 0 { return .partial }
    return .value(sum, timestamp: sample.timestamp, window: sample.window)
  }

  private static func milli(_ usage: ContainerUsage, _ resource: String) -> Int64? {
    switch resource {
    case "cpu": usage.cpuNano.map { ($0 + 999_999) / 1_000_000 }
    case "memory": usage.memory.map { $0 * 1000 }
    default: nil
    }
  }

  /// What Pods of a template request of the resource, in thousandths of its unit.
  func request(of template: PodTemplate) -> TemplateRequest {
    guard let resource else { return .amount(0) }
    if container == nil, template.podRequests?.isEmpty == false {
      let requests = template.requests
      let isNamed = (template.containers + template.initContainers).contains {
        $0.requests[resource] != nil
      }
      guard template.podRequests?[resource] != nil || isNamed else { return .missing("") }
      return .amount(resource == "cpu" ? requests.cpu : requests.memory * 1000)
    }
    var sum: Int64 = 0
    for part in template.containers {
      if let missing = add(part, resource, to: &sum) { return missing }
    }
    for part in template.initContainers where part.isSidecar {
      if let missing = add(part, resource, to: &sum) { return missing }
    }
    return .amount(sum)
  }

  private func add(
    _ part: Container, _ resource: String, to sum: inout Int64
  ) -> TemplateRequest? {
    if let container, part.name != container { return nil }
    guard let nano = part.requests[resource] else { return .missing(part.name) }
    sum += Int64(clamping: (nano + 999_999) / 1_000_000)
    return nil
  }

  enum TemplateRequest {
    case amount(Int64)
    /// A container doesn't say.
    case missing(String)
  }
}

/// Sums over an autoscaler's Pods by what they count as.
struct PodCensus: Sendable {
  /// Pods whose sample counts, the sum of their values and that of their requests.
  var ready = 0
  var usage: Int64 = 0
  var requests: Int64 = 0
  /// Pods without a sample, what they request, and what they count as using on the way down.
  var missing = 0
  var missingRequests: Int64 = 0
  var missingUsage: Int64 = 0
  /// Pods that aren't ready, and what they request.
  var unready = 0
  var unreadyRequests: Int64 = 0

  /// How the Pods that count stand to the target.
  func ratio(to target: MetricTarget) -> Double {
    switch target {
    case .averageUtilization(let percent):
      // Truncated to whole per cent first, and only then compared.
      Double(Int32(truncatingIfNeeded: usage * 100 / max(1, requests))) / Double(percent)
    case .averageValue(let milli), .value(let milli):
      Double(usage / Int64(max(1, ready))) / Double(milli)
    }
  }
}

extension ReplicaCalculator {
  /// Counts an autoscaler's Pods.
  func census(
    _ metric: PodMetric, _ target: MetricTarget, on occasion: borrowing Occasion,
    of pods: borrowing SelectedPods, in cluster: borrowing ClusterState
  ) throws(MetricFailure) -> PodCensus {
    var census = PodCensus()
    var all = 0
    var answered = 0
    var missingRequest: MetricFailure?
    for template in occasion.templates {
      var request: Int64?
      for id in pods.pods(of: template) {
        guard let pod = cluster.pod(id) else { continue }
        all += 1
        if request == nil {
          switch metric.request(of: cluster.templates[Int(template)]) {
          case .amount(let amount): request = amount
          case .missing(let container):
            request = 0
            if case .averageUtilization = target, missingRequest == nil {
              missingRequest = .missingRequest(
                resource: metric.resource ?? "", container: container, pod: cluster.name(of: pod))
            }
          }
        }
        let reading = metric.reading(of: id, in: cluster.metrics)
        if case .nothing = reading {} else { answered += 1 }
        if case .withoutContainer = reading, let container = metric.container {
          throw .containerAbsent(container: container, pod: cluster.qualifiedName(of: pod))
        }
        count(
          pod, reading, request: request ?? 0, target, isCPU: metric.resource == "cpu",
          at: occasion.now, in: &census)
      }
    }
    guard answered > 0 else { throw .noneReturned(metric.resource == nil ? .custom : .resource) }
    guard all > 0 else { throw .noPods }
    guard census.ready > 0 else { throw .noneOfTargetedPods }
    if let missingRequest { throw missingRequest }
    return census
  }

  private func count(
    _ pod: Pod, _ reading: PodMetric.Reading, request: Int64, _ target: MetricTarget, isCPU: Bool,
    at now: Instant, in census: inout PodCensus
  ) {
    if pod.isTerminating || pod.phase == .failed { return }
    var isUnready = pod.phase == .pending
    if case .value(let value, let timestamp, let window) = reading {
      if !isUnready, isCPU {
        isUnready = isUnreadyForCPU(pod, timestamp: timestamp, window: window, at: now)
      }
      if !isUnready {
        census.ready += 1
        census.usage += value
        census.requests += request
        return
      }
    }
    if isUnready {
      census.unready += 1
      census.unreadyRequests += request
    } else {
      census.missing += 1
      census.missingRequests += request
      switch target {
      case .averageUtilization(let percent):
        census.missingUsage += request * Int64(max(100, percent)) / 100
      case .averageValue(let milli), .value(let milli): census.missingUsage += milli
      }
    }
  }

  /// Whether a Pod's CPU doesn't count because the Pod is, or was at the time of the sample, only
  /// just starting.
  func isUnreadyForCPU(
    _ pod: Pod, timestamp: Instant, window: TimeSpan, at now: Instant
  ) -> Bool {
    guard let started = pod.started, let transition = pod.readyTransition else { return true }
    if started + configuration.cpuInitializationPeriod > now {
      return !pod.isReady || timestamp < transition + window
    }
    return !pod.isReady && started + configuration.initialReadinessDelay > transition
  }
}
