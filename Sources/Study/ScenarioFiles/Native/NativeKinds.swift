import ClusterModel

/// An object of one of Kubernetes' kinds, read.
enum NativeObject: Sendable {
  case node(NodeReading)
  case pod(PodReading)
  case workload(WorkloadKind, WorkloadReading)
  case service(Service.Reading)
  case namespace(Metadata)
  case priorityClass(PriorityClass.Reading)
  case disruptionBudget(PodDisruptionBudget.Reading)
  case resourceQuota(ResourceQuota.Reading)
  case limitRange(LimitRange.Reading)
  case configMap(ConfigMap.Reading)
  case cronScaler(CronScaler.Reading)
  case cronJob(CronJobReading)
  case scheduler(SchedulerReading)
  case autoscaler(AutoscalerReading)
}

/// One of Kubernetes' kinds that are read.
struct NativeKind: Sendable {
  /// The kind's name.
  let name: String
  /// The API groups that have it; the first is today's.
  let groups: [String]
  /// Whether its objects have a namespace.
  let isNamespaced: Bool
  /// Whether its objects have a name: a file of configuration has none, and there is one at most.
  let isNamed: Bool
  /// The versions that it is read in; empty: any.
  let versions: [String]
  /// Its fields with their defaults.
  let outlines: [FieldOutline]
  /// Reads an object.
  let read: @Sendable (ManifestValue, inout Reader) -> NativeObject

  private init<Root: Sendable>(
    _ name: String, _ groups: [String], isNamespaced: Bool = true, isNamed: Bool = true,
    versions: [String] = [],
    _ table: FieldTable<Root>, _ blank: Root,
    _ wrap: @escaping @Sendable (Root, ManifestValue, Reader) -> NativeObject
  ) {
    self.name = name
    self.groups = groups
    self.isNamespaced = isNamespaced
    self.isNamed = isNamed
    self.versions = versions
    // Every manifest has these two; whoever looks for objects has read them already.
    var whole = FieldTable<Root>(fields: table.fields)
    whole.isOrdered = table.isOrdered
    for key in ["apiVersion", "kind"] {
      whole.custom(key, .scalar(name: "text", json: ["string"], unit: ""), Note("Its \(key).")) {
        _, _, _ in
      }
    }
    outlines = whole.outlines(blank)
    read = { [whole] value, reader in
      var root = blank
      whole.read(value, into: &root, &reader)
      return wrap(root, value, reader)
    }
  }

  /// All of them.
  static let all: [NativeKind] =
    [
      NativeKind("Node", [""], isNamespaced: false, NodeReading.fields, NodeReading()) {
        node, _, _ in .node(node)
      },
      NativeKind("Pod", [""], PodReading.fields, PodReading()) { pod, value, _ in
        var pod = pod
        pod.hasPriority = value["spec"]?["priority"] != nil
        pod.hasPreemptionPolicy = value["spec"]?["preemptionPolicy"] != nil
        return .pod(pod)
      },
    ] + WorkloadKind.allCases.map(workload) + [
      NativeKind("Service", [""], Service.Reading.fields, Service.Reading()) { object, _, _ in
        .service(object)
      },
      NativeKind("Namespace", [""], isNamespaced: false, Namespace.fields, Metadata()) {
        object, _, _ in .namespace(object)
      },
      NativeKind(
        "PriorityClass", ["scheduling.k8s.io"], isNamespaced: false, PriorityClass.Reading.fields,
        PriorityClass.Reading()
      ) { object, _, _ in .priorityClass(object) },
      NativeKind(
        "PodDisruptionBudget", ["policy"], PodDisruptionBudget.Reading.fields,
        PodDisruptionBudget.Reading()
      ) { object, _, _ in .disruptionBudget(object) },
      NativeKind(
        "KubeSchedulerConfiguration", ["kubescheduler.config.k8s.io"], isNamespaced: false,
        isNamed: false, versions: ["v1"], SchedulerReading.fields, SchedulerReading()
      ) { object, _, _ in .scheduler(object) },
      NativeKind(
        "HorizontalPodAutoscaler", ["autoscaling"], AutoscalerReading.fields, AutoscalerReading()
      ) { object, _, _ in .autoscaler(object) },
      NativeKind("ResourceQuota", [""], ResourceQuota.Reading.fields, ResourceQuota.Reading()) {
        object, _, _ in .resourceQuota(object)
      },
      NativeKind("LimitRange", [""], LimitRange.Reading.fields, LimitRange.Reading()) {
        object, _, _ in .limitRange(object)
      },
      NativeKind("CronJob", ["batch"], CronJobReading.fields, CronJobReading()) { job, value, _ in
        var job = job
        let spec = value.value(at: ["spec", "jobTemplate", "spec", "template", "spec"])
        job.job.hasPriority = spec?["priority"] != nil
        job.job.hasPreemptionPolicy = spec?["preemptionPolicy"] != nil
        return .cronJob(job)
      },
      NativeKind("ConfigMap", [""], ConfigMap.Reading.fields, ConfigMap.Reading()) {
        object, _, _ in .configMap(object)
      },
      NativeKind(
        "HorizontalPodCronscaler", ["autoscaling.cloud.tencent.com"], CronScaler.Reading.fields,
        CronScaler.Reading()
      ) { object, _, _ in .cronScaler(object) },
    ]

  private static func workload(_ kind: WorkloadKind) -> NativeKind {
    let groups: [String] =
      switch kind {
      case .deployment, .replicaSet, .daemonSet: ["apps", "extensions"]
      case .statefulSet: ["apps"]
      case .replicationController: [""]
      case .job: ["batch"]
      }
    return NativeKind(
      kind.rawValue, groups, WorkloadReading.fields(kind), WorkloadReading(kind)
    ) { workload, value, _ in
      var workload = workload
      let spec = value.value(at: ["spec", "template", "spec"])
      workload.hasPriority = spec?["priority"] != nil
      workload.hasPreemptionPolicy = spec?["preemptionPolicy"] != nil
      return .workload(kind, workload)
    }
  }

  private static let byName: [String: NativeKind] = Dictionary(
    uniqueKeysWithValues: all.map { ($0.name, $0) })

  /// The kind of a name, whatever its group.
  static func named(_ name: String) -> NativeKind? { byName[name] }
}
