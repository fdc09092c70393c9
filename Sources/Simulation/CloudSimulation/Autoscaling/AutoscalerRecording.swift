import Autoscaling
import ClusterModel
import Quantities

/// What one HorizontalPodAutoscaler's controller saw and did in a run, sync for sync: enough to play
/// it again.
public struct AutoscalerRecording: Sendable {
  /// A Pod as the controller saw it.
  public struct RecordedPod: Sendable {
    /// Its name.
    public var name: String
    /// Its record.
    public var pod: Pod
    /// What it shares with its equals.
    public var template: PodTemplate
  }
  /// What a Pod's containers used.
  public struct RecordedSample: Sendable {
    /// The Pod's name.
    public var pod: String
    /// When it was measured.
    public var timestamp: Instant
    /// Over which window.
    public var window: TimeSpan
    /// Containers' names and what each used.
    public var containers: [(name: String, usage: ContainerUsage)]
  }
  /// What `custom.metrics.k8s.io` answered about something.
  public struct RecordedValue: Sendable {
    /// The metric with its selector.
    public var metric: MetricIdentifier
    /// What it describes; a Pod is one of kind `Pod`.
    public var object: DescribedObject
    /// Its value.
    public var value: MetricValue
  }
  /// One sync.
  public struct Step: Sendable {
    /// When it was.
    public var at: Instant
    /// The autoscaler's specification, if somebody has changed it since the last sync.
    public var spec: HorizontalPodAutoscalerSpec?
    /// `spec.replicas` of the target.
    public var replicas: Int32
    /// `status.replicas` of the target.
    public var statusReplicas: Int32
    /// Which Pods the target selects.
    public var selector: LabelSelector
    /// Pods that are new or have changed.
    public var changed: [RecordedPod]
    /// Names of Pods that are gone.
    public var removed: [String]
    /// What `metrics.k8s.io` answered.
    public var samples: [RecordedSample]
    /// What `custom.metrics.k8s.io` answered about the metrics that the autoscaler follows.
    public var custom: [RecordedValue]
    /// What `external.metrics.k8s.io` answered: names of metrics with all their series.
    public var external: [(name: String, series: [ExternalSeries])]
    /// Why `metrics.k8s.io` didn't answer; nil: it did.
    public var resourceFailure: String?
    /// What the controller did.
    public var sync: HorizontalPodAutoscalerSync
  }

  /// The replication's number.
  public var replication: Int
  /// The autoscaler.
  public var autoscaler: HorizontalPodAutoscalerObject
  /// How its controller worked.
  public var configuration: HorizontalPodAutoscalerConfiguration
  /// Its syncs, in order.
  public var steps: [Step] = []
}

/// The recordings of a run that is going on.
struct AutoscalerRecordings: Sendable {
  private struct Open: Sendable {
    var recording: AutoscalerRecording
    /// The specification as of the last step.
    var spec: HorizontalPodAutoscalerSpec
    /// Pods as of the last step, by name and ascending.
    var pods: [AutoscalerRecording.RecordedPod] = []
    /// The sync under way, before its writes.
    var pending: AutoscalerRecording.Step?
  }
  private var open: [Open?] = []
  /// Whether anything is recorded.
  var isOn = false

  /// Everything recorded so far.
  var finished: [AutoscalerRecording] { open.compactMap { $0?.recording } }

  /// A sync has begun: notes what its controller sees.
  mutating func begin(
    _ sync: HorizontalPodAutoscalerSync, pods: [PodID],
    _ configuration: HorizontalPodAutoscalerConfiguration, replication: Int,
    in cluster: borrowing ClusterState
  ) {
    guard let record = cluster.autoscaler(sync.autoscaler),
      let target = sync.target.flatMap({ cluster.workload($0) })
    else { return }
    let slot = sync.autoscaler.index
    while open.count <= slot { open.append(nil) }
    if open[slot] == nil {
      open[slot] = Open(
        recording: AutoscalerRecording(
          replication: replication,
          autoscaler: HorizontalPodAutoscalerObject(
            namespace: record.namespace, name: record.name, spec: record.spec),
          configuration: configuration), spec: record.spec)
    }
    var seen: [AutoscalerRecording.RecordedPod] = []
    var samples: [AutoscalerRecording.RecordedSample] = []
    for id in pods {
      guard let pod = cluster.pod(id) else { continue }
      let name = cluster.name(of: pod)
      seen.append(.init(name: name, pod: pod, template: cluster.template(of: pod)))
      guard let sample = cluster.metrics.sample(of: id) else { continue }
      samples.append(
        .init(
          pod: name, timestamp: sample.timestamp, window: sample.window,
          containers: sample.places.map { place in
            let usage = cluster.metrics.usages[place]
            return (cluster.metrics.containerNames[Int(usage.container)], usage)
          }))
    }
    seen.sort { $0.name < $1.name }
    samples.sort { $0.pod < $1.pod }
    let before = open[slot]!.pods
    let changed = seen.filter { pod in
      guard let old = Self.find(pod.name, in: before) else { return true }
      return !Self.isSame(pod, old)
    }
    let removed = before.filter { Self.find($0.name, in: seen) == nil }.map(\.name)
    open[slot]!.pods = seen
    let changedSpec = open[slot]!.spec == record.spec ? nil : record.spec
    open[slot]!.spec = record.spec
    open[slot]!.pending = AutoscalerRecording.Step(
      at: sync.at, spec: changedSpec, replicas: sync.current,
      statusReplicas: target.status.replicas,
      selector: target.selector
        ?? LabelSelector(matchLabels: cluster.templates[Int(target.template.index)].labels),
      changed: changed, removed: removed, samples: samples,
      custom: Self.custom(of: record, pods, in: cluster),
      external: Self.external(of: record, in: cluster),
      resourceFailure: cluster.metrics.resourceFailure, sync: sync)
  }

  private static func custom(
    of record: HorizontalPodAutoscaler, _ pods: [PodID], in cluster: borrowing ClusterState
  ) -> [AutoscalerRecording.RecordedValue] {
    var values: [AutoscalerRecording.RecordedValue] = []
    for metric in record.spec.metrics {
      switch metric {
      case .resource, .containerResource, .external: break
      case .pods(let identifier, _):
        guard let number = cluster.metrics.customNumber(of: identifier) else { continue }
        for id in pods {
          guard let pod = cluster.pod(id),
            let value = cluster.metrics.value(ofCustom: number, for: id)
          else { continue }
          let object = DescribedObject(
            namespace: record.namespace, kind: "Pod", name: cluster.name(of: pod))
          values.append(.init(metric: identifier, object: object, value: value))
        }
      case .object(let reference, let identifier, _):
        let object = DescribedObject(
          namespace: record.namespace, kind: reference.kind, name: reference.name)
        guard let number = cluster.metrics.customNumber(of: identifier),
          let value = cluster.metrics.value(ofCustom: number, for: object)
        else { continue }
        values.append(.init(metric: identifier, object: object, value: value))
      }
    }
    return values
  }

  private static func external(
    of record: HorizontalPodAutoscaler, in cluster: borrowing ClusterState
  ) -> [(name: String, series: [ExternalSeries])] {
    var answers: [(name: String, series: [ExternalSeries])] = []
    for case .external(let identifier, _) in record.spec.metrics
    where !answers.contains(where: { $0.name == identifier.name }) {
      let all = MetricIdentifier(name: identifier.name)
      answers.append((identifier.name, cluster.metrics.externalSeries(of: all)))
    }
    return answers
  }

  /// A sync has ended.
  mutating func end(_ sync: HorizontalPodAutoscalerSync) {
    let slot = sync.autoscaler.index
    guard slot < open.count, var step = open[slot]?.pending else { return }
    open[slot]!.pending = nil
    step.sync = sync
    open[slot]!.recording.steps.append(step)
  }

  private static func find(
    _ name: String, in pods: [AutoscalerRecording.RecordedPod]
  ) -> AutoscalerRecording.RecordedPod? {
    var low = 0
    var high = pods.count
    while low < high {
      let middle = (low + high) / 2
      if pods[middle].name < name { low = middle + 1 } else { high = middle }
    }
    return low < pods.count && pods[low].name == name ? pods[low] : nil
  }

  private static func isSame(
    _ a: AutoscalerRecording.RecordedPod, _ b: AutoscalerRecording.RecordedPod
  ) -> Bool {
    a.pod.id == b.pod.id && a.pod.phase == b.pod.phase && a.pod.flags == b.pod.flags
      && a.pod.started == b.pod.started && a.pod.readyTransition == b.pod.readyTransition
      && a.pod.template == b.pod.template
  }
}
