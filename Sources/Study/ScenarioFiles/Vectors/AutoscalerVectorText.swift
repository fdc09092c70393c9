import Autoscaling
import CloudSimulation
import ClusterModel
import Quantities

/// Writes what a run recorded of an autoscaler in the form of recorded cases.
public enum AutoscalerVectorText {
  /// The file's name: replication, namespace and name.
  public static func fileName(_ recording: AutoscalerRecording) -> String {
    let object = recording.autoscaler
    return "run-\(recording.replication)-\(object.namespace)-\(object.name).json"
  }

  /// The case as JSON.
  ///
  /// - Parameter start: the date and time of instant zero (RFC 3339); nil: 2026 begins.
  public static func json(_ recording: AutoscalerRecording, start: String?) -> String {
    let zero = start.flatMap(timestamp) ?? 1_767_225_600_000_000_000
    return AutoscalerVectorWriter(recording: recording, zero: zero).whole.written() + "\n"
  }
}

private struct AutoscalerVectorWriter {
  let recording: AutoscalerRecording
  /// Instant zero since 1970.
  let zero: Int64

  private var namespace: String { recording.autoscaler.namespace }

  private func time(_ instant: Instant) -> JSONText {
    .string(timestampText(zero + instant.nanoseconds))
  }

  private func amount(milli: Int64) -> JSONText { .string("\(Quantity(milli: milli))") }

  private func seconds(_ span: TimeSpan) -> JSONText { .decimal(span.seconds) }

  var whole: JSONText {
    let configuration = recording.configuration
    var members: [(String, JSONText)] = [
      ("name", .string(String(AutoscalerVectorText.fileName(recording).dropLast(5)))),
      ("family", .string("run")),
      (
        "controller",
        .object([
          ("syncPeriodSeconds", seconds(configuration.syncPeriod)),
          ("tolerance", .decimal(configuration.tolerance)),
          ("downscaleStabilizationSeconds", seconds(configuration.downscaleStabilization)),
          ("cpuInitializationPeriodSeconds", seconds(configuration.cpuInitializationPeriod)),
          ("initialReadinessDelaySeconds", seconds(configuration.initialReadinessDelay)),
        ])
      ),
      ("horizontalPodAutoscaler", autoscaler(recording.autoscaler.spec)),
    ]
    if let behavior = recording.autoscaler.spec.behavior {
      members.append(("defaultedBehavior", self.behavior(behavior)))
    }
    var spec = recording.autoscaler.spec
    var steps: [JSONText] = []
    for step in recording.steps {
      spec = step.spec ?? spec
      steps.append(self.step(step, under: spec))
    }
    members.append(("steps", .list(steps)))
    return .object(members)
  }

  // MARK: The autoscaler

  private func autoscaler(_ spec: HorizontalPodAutoscalerSpec) -> JSONText {
    var members: [(String, JSONText)] = [
      ("scaleTargetRef", reference(spec.target)),
      ("minReplicas", .number(Int(spec.minReplicas))),
      ("maxReplicas", .number(Int(spec.maxReplicas))),
      ("metrics", .list(spec.metrics.map(metric))),
    ]
    if let behavior = spec.behavior { members.append(("behavior", self.behavior(behavior))) }
    return .object([
      ("kind", .string("HorizontalPodAutoscaler")), ("apiVersion", .string("autoscaling/v2")),
      (
        "metadata",
        .object([("name", .string(recording.autoscaler.name)), ("namespace", .string(namespace))])
      ), ("spec", .object(members)),
    ])
  }

  private func reference(_ reference: CrossVersionObjectReference) -> JSONText {
    .object([
      ("kind", .string(reference.kind)), ("name", .string(reference.name)),
      ("apiVersion", .string(reference.apiVersion)),
    ])
  }

  private func identifier(_ metric: MetricIdentifier) -> JSONText {
    var members: [(String, JSONText)] = [("name", .string(metric.name))]
    if let selector = metric.selector {
      let labels = selector.matchLabels.entries.map { ($0.key, JSONText.string($0.value)) }
      let expressions = selector.matchExpressions.map { requirement in
        JSONText.object([
          ("key", .string(requirement.key)),
          ("operator", .string(requirement.comparison.rawValue)),
          ("values", .list(requirement.values.map { .string($0) })),
        ])
      }
      members.append(
        (
          "selector",
          .object([("matchLabels", .object(labels)), ("matchExpressions", .list(expressions))])
        ))
    }
    return .object(members)
  }

  private func target(_ target: MetricTarget) -> JSONText {
    switch target {
    case .averageUtilization(let percent):
      .object([("type", .string("Utilization")), ("averageUtilization", .number(Int(percent)))])
    case .averageValue(let milli):
      .object([("type", .string("AverageValue")), ("averageValue", amount(milli: milli))])
    case .value(let milli):
      .object([("type", .string("Value")), ("value", amount(milli: milli))])
    }
  }

  private func metric(_ metric: MetricSpec) -> JSONText {
    .object([
      ("type", .string(metric.sourceKind.rawValue)),
      (metric.sourceKind.key, .object(source(metric) + [("target", target(metric.target))])),
    ])
  }

  /// What a metric is of, as its specification and its status say alike.
  private func source(_ metric: MetricSpec) -> [(String, JSONText)] {
    switch metric {
    case .resource(let name, _): [("name", .string(name))]
    case .containerResource(let name, let container, _):
      [("name", .string(name)), ("container", .string(container))]
    case .pods(let identifier, _), .external(let identifier, _):
      [("metric", self.identifier(identifier))]
    case .object(let object, let identifier, _):
      [("describedObject", reference(object)), ("metric", self.identifier(identifier))]
    }
  }

  private func behavior(_ behavior: HorizontalPodAutoscalerBehavior) -> JSONText {
    .object([("scaleUp", rules(behavior.scaleUp)), ("scaleDown", rules(behavior.scaleDown))])
  }

  private func rules(_ rules: HPAScalingRules) -> JSONText {
    var members: [(String, JSONText)] = []
    if let window = rules.stabilizationWindowSeconds {
      members.append(("stabilizationWindowSeconds", .number(Int(window))))
    }
    members.append(("selectPolicy", .string(rules.selectPolicy.rawValue)))
    members.append(
      (
        "policies",
        .list(
          rules.policies.map { policy in
            .object([
              ("type", .string(policy.kind.rawValue)), ("value", .number(Int(policy.value))),
              ("periodSeconds", .number(Int(policy.periodSeconds))),
            ])
          })
      ))
    if let tolerance = rules.tolerance { members.append(("tolerance", .string(plain(tolerance)))) }
    return .object(members)
  }

  // MARK: Steps

  private func step(
    _ step: AutoscalerRecording.Step, under current: HorizontalPodAutoscalerSpec
  ) -> JSONText {
    let name = JSONText.string(current.target.name)
    var metrics: [(String, JSONText)] = []
    var errors: [(String, JSONText)] = []
    if let failure = step.resourceFailure { errors.append(("resource", .string(failure))) }
    if step.sync.events.contains(.failedRescale) {
      errors.append((AutoscalerVector.refusedScale, .string("the API server refused the write")))
    }
    if !errors.isEmpty { metrics.append(("errors", .object(errors))) }
    if !step.samples.isEmpty {
      metrics.append(("resource", .object([("items", .list(step.samples.map(sample)))])))
    }
    if !step.custom.isEmpty {
      metrics.append(("custom", .object([("items", .list(step.custom.map(custom)))])))
    }
    let series = step.external.flatMap { answer in
      answer.series.map { external(answer.name, $0) }
    }
    if !series.isEmpty { metrics.append(("external", .object([("items", .list(series))]))) }
    let spec = step.spec.map { [("horizontalPodAutoscaler", autoscaler($0))] } ?? []
    return .object(
      [("time", time(step.at))] + spec + [
        (
          "scale",
          .object([
            ("metadata", .object([("name", name), ("namespace", .string(namespace))])),
            ("spec", .object([("replicas", .number(Int(step.replicas)))])),
            (
              "status",
              .object([
                ("replicas", .number(Int(step.statusReplicas))),
                ("selector", .string(step.selector.written)),
              ])
            ),
          ])
        ),
        (
          "pods",
          .object([
            ("set", .list(step.changed.map(pod))),
            ("remove", .list(step.removed.map { .string($0) })),
          ])
        ), ("metrics", .object(metrics)),
        ("expected", expected(step.sync, under: current)),
      ])
  }

  private func sample(_ sample: AutoscalerRecording.RecordedSample) -> JSONText {
    .object([
      (
        "metadata",
        .object([("name", .string(sample.pod)), ("namespace", .string(namespace))])
      ), ("timestamp", time(sample.timestamp)), ("window", .string(sample.window.formatted)),
      (
        "containers",
        .list(
          sample.containers.map { container in
            var usage: [(String, JSONText)] = []
            if let nano = container.usage.cpuNano { usage.append(("cpu", .string("\(nano)n"))) }
            if let memory = container.usage.memory {
              usage.append(("memory", .string("\(memory)")))
            }
            return .object([("name", .string(container.name)), ("usage", .object(usage))])
          })
      ),
    ])
  }

  private func custom(_ recorded: AutoscalerRecording.RecordedValue) -> JSONText {
    let object = recorded.object
    return .object([
      (
        "describedObject",
        .object([
          ("kind", .string(object.kind)), ("namespace", .string(object.namespace)),
          ("name", .string(object.name)),
        ])
      ), ("metric", identifier(recorded.metric)), ("timestamp", time(recorded.value.timestamp)),
      ("value", amount(milli: recorded.value.milli)),
    ])
  }

  private func external(_ name: String, _ series: ExternalSeries) -> JSONText {
    .object([
      ("metricName", .string(name)),
      ("metricLabels", .object(series.labels.entries.map { ($0.key, .string($0.value)) })),
      ("timestamp", time(series.value.timestamp)), ("value", amount(milli: series.value.milli)),
    ])
  }

  private func pod(_ recorded: AutoscalerRecording.RecordedPod) -> JSONText {
    let pod = recorded.pod
    var metadata: [(String, JSONText)] = [
      ("name", .string(recorded.name)), ("namespace", .string(namespace)),
      ("creationTimestamp", time(pod.created)),
      (
        "labels", .object(recorded.template.labels.entries.map { ($0.key, .string($0.value)) })
      ),
    ]
    if pod.isTerminating { metadata.append(("deletionTimestamp", time(pod.created))) }
    let phase = "\(pod.phase)"
    var status: [(String, JSONText)] = [
      ("phase", .string(phase.prefix(1).uppercased() + phase.dropFirst()))
    ]
    if let transition = pod.readyTransition {
      status.append(
        (
          "conditions",
          .list([
            .object([
              ("type", .string("Ready")), ("status", .string(pod.isReady ? "True" : "False")),
              ("lastTransitionTime", time(transition)),
            ])
          ])
        ))
    }
    if let started = pod.started { status.append(("startTime", time(started))) }
    var spec: [(String, JSONText)] = [
      ("containers", .list(recorded.template.containers.map(container)))
    ]
    if !recorded.template.initContainers.isEmpty {
      spec.append(("initContainers", .list(recorded.template.initContainers.map(container))))
    }
    if let requests = recorded.template.podRequests {
      spec.append(("resources", .object([("requests", resources(requests))])))
    }
    return .object([
      ("metadata", .object(metadata)), ("spec", .object(spec)), ("status", .object(status)),
    ])
  }

  private func container(_ container: Container) -> JSONText {
    var members: [(String, JSONText)] = [
      ("name", .string(container.name)), ("image", .string(container.image)),
      ("resources", .object([("requests", resources(container.requests))])),
    ]
    if container.isSidecar { members.append(("restartPolicy", .string("Always"))) }
    return .object(members)
  }

  private func resources(_ list: ResourceList) -> JSONText {
    .object(list.entries.map { ($0.name, .string("\(Quantity(nanos: $0.nano))")) })
  }

  // MARK: What the controller did

  private func expected(
    _ sync: HorizontalPodAutoscalerSync, under spec: HorizontalPodAutoscalerSpec
  ) -> JSONText {
    var members: [(String, JSONText)] = []
    if let proposals = sync.proposals {
      members.append(
        (
          "proposals",
          .list(
            proposals.enumerated().map { index, proposal in
              let metric = ("metric", JSONText.number(index))
              return switch proposal {
              case .replicas(let count):
                .object([
                  metric, ("replicas", .number(Int(count))),
                  ("name", .string(spec.metrics[index].title)),
                ])
              case .failure(let failure):
                .object([metric, ("error", .string(failure.description))])
              }
            })
        ))
    }
    members += [
      ("replicas", .number(Int(sync.desired))), ("rescaled", .flag(sync.isRescaling)),
      ("status", status(sync.status, under: spec)),
    ]
    if !sync.events.isEmpty {
      members.append(
        (
          "events",
          .list(
            sync.events.map { event in
              let parts = event.kubernetesText.split(separator: "/").map(String.init)
              return .object([("type", .string(parts[0])), ("reason", .string(parts[1]))])
            })
        ))
    }
    if sync.hasFailed { members.append(("error", .string("a metric or a write failed"))) }
    return .object(members)
  }

  private func status(
    _ status: HorizontalPodAutoscalerStatus, under spec: HorizontalPodAutoscalerSpec
  ) -> JSONText {
    var members: [(String, JSONText)] = [
      ("currentReplicas", .number(Int(status.currentReplicas))),
      ("desiredReplicas", .number(Int(status.desiredReplicas))),
      (
        "currentMetrics",
        .list(zip(spec.metrics, status.currentMetrics).map(seen))
      ),
      (
        "conditions",
        .list(
          status.conditions.map { condition in
            .object([
              ("type", .string(condition.kind.rawValue)),
              ("status", .string(condition.isTrue ? "True" : "False")),
              ("lastTransitionTime", time(condition.lastTransition)),
              ("reason", .string(condition.reason.rawValue)),
            ])
          })
      ),
    ]
    if let instant = status.lastScaleTime { members.append(("lastScaleTime", time(instant))) }
    return .object(members)
  }

  private func seen(_ metric: MetricSpec, _ status: MetricStatus) -> JSONText {
    guard !status.isEmpty else { return .object([("type", .string(""))]) }
    var current: [(String, JSONText)] = []
    if let value = status.value { current.append(("value", amount(milli: value))) }
    if let average = status.averageValue {
      current.append(("averageValue", amount(milli: average)))
    }
    if let percent = status.averageUtilization {
      current.append(("averageUtilization", .number(Int(percent))))
    }
    return .object([
      ("type", .string(metric.sourceKind.rawValue)),
      (metric.sourceKind.key, .object(source(metric) + [("current", .object(current))])),
    ])
  }
}
