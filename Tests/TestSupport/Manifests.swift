import ClusterModel
import Quantities

/// Short ways to write manifests in tests.
public enum Manifests {
  /// A workload with one container per Pod.
  public static func workload(
    _ kind: WorkloadKind, _ name: String, replicas: Int32 = 1, image: String = "app:1"
  ) -> WorkloadObject {
    var object = WorkloadObject(
      kind: kind, namespace: "default", name: name, template: template(app: name, image: image))
    object.replicas = replicas
    return object
  }

  /// A Pod template with one container.
  public static func template(app: String, image: String = "app:1") -> PodTemplate {
    PodTemplate(labels: ["app": app], containers: [Container(name: "app", image: image)])
  }

  /// So many nodes with nothing special about them.
  public static func nodes(_ count: Int) -> [Node] {
    (0..<count).map {
      Node(name: "node-\($0)", allocatable: Resources(cpu: 8000, memory: 1 << 34, pods: 110))
    }
  }

  /// A running, ready Pod of a workload.
  public static func pod(
    of owner: WorkloadObject, _ number: Int, on node: String? = nil
  ) -> PodObject {
    var pod = PodObject(name: "\(owner.name)-\(number)", template: owner.template)
    pod.owner = OwnerReference(kind: owner.kind.rawValue, name: owner.name)
    pod.nodeName = node
    if node != nil {
      pod.phase = .running
      pod.flags = .ready
    }
    return pod
  }

  /// A cluster with nodes and workloads.
  public static func cluster(nodes count: Int = 3, _ workloads: WorkloadObject...) -> ClusterObjects
  {
    var objects = ClusterObjects()
    objects.nodes = nodes(count)
    objects.workloads = workloads
    return objects
  }
}

extension MemoryAPI {
  /// The identity of a workload by its name.
  public borrowing func workload(_ name: String) -> WorkloadID {
    for slot in 0..<state.workloadSlotCount {
      if let workload = state.workload(slot: slot), workload.name == name { return workload.id }
    }
    preconditionFailure("no workload is called \(name)")
  }

  /// A workload's Pods that exist, by ordinal and attempt.
  public borrowing func pods(of name: String) -> [Pod] {
    let owner = workload(name)
    var pods: [Pod] = []
    for slot in 0..<state.podSlotCount {
      if let pod = state.pod(slot: slot), pod.owner == owner { pods.append(pod) }
    }
    return pods.sorted { ($0.ordinal, $0.attempt) < ($1.ordinal, $1.attempt) }
  }

  /// A workload's Pods that have neither ended nor been told to, by ordinal and attempt.
  public borrowing func activePods(of name: String) -> [Pod] {
    pods(of: name).filter { !$0.isTerminating && !$0.phase.isFinished }
  }

  /// How many commands were issued at each instant, in order.
  public borrowing func batches() -> [Int] {
    var sizes: [Int] = []
    var last: Instant?
    for entry in issued {
      if entry.time == last { sizes[sizes.count - 1] += 1 } else { sizes.append(1) }
      last = entry.time
    }
    return sizes
  }

  /// Only the commands issued, in order.
  public borrowing func commands() -> [ClusterCommand] { issued.map(\.command) }
}
