import ClusterModel
import Quantities

/// Puts a cluster together from its objects, as the API server would hold it.
struct ClusterAssembly {
  /// Instant zero since 1970; nil: the newest instant of the input.
  var start: Int64?
  /// Whether Pods that were told to go stay in.
  var keepsTerminating = false
  /// Whether Pods that have ended stay in.
  var keepsFinished = false

  /// The cluster of some objects, in their order.
  func cluster(of objects: [NativeObject]) -> ClusterObjects {
    var cluster = ClusterObjects()
    var pods: [PodReading] = []
    var workloads: [(kind: WorkloadKind, reading: WorkloadReading)] = []
    var budgets: [PodDisruptionBudget.Reading] = []
    for object in objects {
      switch object {
      case .node(let node): cluster.nodes.append(node.object)
      case .pod(let pod):
        if keepsFinished || !pod.isFinished, keepsTerminating || pod.metadata.deleted == nil {
          pods.append(pod)
        }
      case .workload(let kind, let reading): workloads.append((kind, reading))
      case .disruptionBudget(let budget): budgets.append(budget)
      case .limitRange(let range): cluster.limitRanges.append(range.object)
      default: add(object, to: &cluster)
      }
    }
    for (kind, reading) in workloads where !reading.isOver {
      var object = reading.object(kind)
      admit(
        &object.template, in: cluster, hasPriority: reading.hasPriority,
        hasPreemptionPolicy: reading.hasPreemptionPolicy, isNew: true)
      cluster.workloads.append(object)
    }
    for reading in pods {
      var object = reading.object
      admit(
        &object.template, in: cluster, hasPriority: reading.hasPriority,
        hasPreemptionPolicy: reading.hasPreemptionPolicy, isNew: reading.metadata.created == nil)
      cluster.pods.append(object)
    }
    for budget in budgets {
      let namespace = budget.metadata.namespace.isEmpty ? "default" : budget.metadata.namespace
      cluster.disruptionBudgets.append(
        PodDisruptionBudget(
          namespace: namespace, name: budget.metadata.name, selector: budget.selector,
          disruptionsAllowed: budget.allowed(among: cluster.pods),
          disruptedPods: budget.disruptedPods.entries.map(\.key)))
    }
    for case .cronJob(let reading) in objects {
      var object = reading.object
      admit(
        &object.job.template, in: cluster, hasPriority: reading.job.hasPriority,
        hasPreemptionPolicy: reading.job.hasPreemptionPolicy, isNew: true)
      cluster.cronJobs.append(object)
    }
    place(&cluster, after: start ?? newest(objects))
    return cluster
  }

  private func add(_ object: NativeObject, to cluster: inout ClusterObjects) {
    switch object {
    case .service(let service):
      cluster.services.append(
        Service(
          namespace: service.metadata.namespace.isEmpty ? "default" : service.metadata.namespace,
          name: service.metadata.name, selector: service.selector))
    case .namespace(let metadata):
      cluster.namespaces.append(Namespace(name: metadata.name, labels: metadata.labels))
    case .priorityClass(let reading):
      cluster.priorityClasses.append(
        PriorityClass(
          name: reading.metadata.name, value: reading.value,
          isGlobalDefault: reading.isGlobalDefault, neverPreempts: reading.neverPreempts))
    case .resourceQuota(let quota):
      cluster.resourceQuotas.append(
        ResourceQuota(
          namespace: quota.metadata.namespace.isEmpty ? "default" : quota.metadata.namespace,
          name: quota.metadata.name, hard: quota.hard))
    case .cronScaler(let scaler): cluster.cronScalers.append(scaler.object)
    case .configMap(let map): cluster.configMaps.append(map.object)
    case .autoscaler(let reading): cluster.autoscalers.append(reading.object)
    case .node, .pod, .workload, .cronJob, .disruptionBudget, .limitRange, .scheduler: break
    }
  }

  // MARK: Admission

  /// What the API server fills in when a Pod is created: requests, priority, and for Pods that it
  /// hasn't stored yet the defaults of their namespace.
  private func admit(
    _ template: inout PodTemplate, in cluster: ClusterObjects, hasPriority: Bool,
    hasPreemptionPolicy: Bool, isNew: Bool
  ) {
    template.applyServerDefaults()
    if isNew {
      for range in cluster.limitRanges where range.namespace == template.namespace {
        for index in template.containers.indices { range.fill(&template.containers[index]) }
        for index in template.initContainers.indices { range.fill(&template.initContainers[index]) }
      }
    }
    guard let priorityClass = priorityClass(template.priorityClassName, in: cluster) else { return }
    if !hasPriority { template.priority = priorityClass.value }
    if !hasPreemptionPolicy { template.neverPreempts = priorityClass.neverPreempts }
  }

  /// > Source: the two classes that every cluster has (S, Kubernetes' `scheduling` package).
  private func priorityClass(_ name: String?, in cluster: ClusterObjects) -> PriorityClass? {
    switch name {
    case nil: return cluster.priorityClasses.first(where: \.isGlobalDefault)
    case "system-cluster-critical": return PriorityClass(name: name ?? "", value: 2_000_000_000)
    case "system-node-critical": return PriorityClass(name: name ?? "", value: 2_000_001_000)
    default: return cluster.priorityClasses.first { $0.name == name }
    }
  }

  // MARK: Time

  /// Makes instants since 1970 instants since a start; what was never stored is created at it.
  private func place(_ cluster: inout ClusterObjects, after start: Int64) {
    func relative(_ instant: Instant) -> Instant {
      instant == .zero ? .zero : Instant(nanoseconds: instant.nanoseconds - start)
    }
    for index in cluster.nodes.indices {
      cluster.nodes[index].created = relative(cluster.nodes[index].created)
    }
    for index in cluster.pods.indices {
      cluster.pods[index].created = relative(cluster.pods[index].created)
      cluster.pods[index].started = cluster.pods[index].started.map(relative)
      cluster.pods[index].readyTransition = cluster.pods[index].readyTransition.map(relative)
    }
    for index in cluster.cronJobs.indices {
      cluster.cronJobs[index].created = relative(cluster.cronJobs[index].created)
      cluster.cronJobs[index].lastScheduled = cluster.cronJobs[index].lastScheduled.map(relative)
    }
    for index in cluster.workloads.indices {
      cluster.workloads[index].created = relative(cluster.workloads[index].created)
    }
  }

  private func newest(_ objects: [NativeObject]) -> Int64 {
    var newest: Int64 = 0
    for object in objects {
      switch object {
      case .pod(let pod):
        newest = max(
          newest, pod.metadata.created?.nanoseconds ?? 0, pod.started?.nanoseconds ?? 0)
      case .workload(_, let reading):
        newest = max(newest, reading.metadata.created?.nanoseconds ?? 0)
      case .node(let node): newest = max(newest, node.metadata.created?.nanoseconds ?? 0)
      default: break
      }
    }
    return newest
  }
}

extension LimitRange {
  /// Gives a container the requests and limits that it doesn't name.
  ///
  /// > Source: Kubernetes' `mergeContainerResources` of the LimitRanger (M).
  fileprivate func fill(_ container: inout Container) {
    for entry in defaultLimits.entries where container.limits[entry.name] == nil {
      container.limits[entry.name] = entry.nano
    }
    for entry in defaultRequests.entries where container.requests[entry.name] == nil {
      container.requests[entry.name] = entry.nano
    }
  }
}
