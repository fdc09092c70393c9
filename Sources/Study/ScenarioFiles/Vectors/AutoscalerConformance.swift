import Autoscaling
import ClusterModel
import Foundation
import Quantities

/// Compares what ``HorizontalPodAutoscalerController`` does with what was recorded from the genuine
/// controller, or from a run.
public enum AutoscalerConformance {
  /// One case.
  public struct Case: Sendable {
    /// Its name.
    public var name: String
    /// Differences, each with its step and field; none if it passed.
    public var failures: [String]
  }

  /// Plays every case of a folder of `NAME.json`, in the order of their names.
  ///
  /// - Parameter change: what is changed about the controller; for tests of the comparison.
  /// - Throws: if the folder can't be listed.
  public static func run(
    folder: String, change: (inout HorizontalPodAutoscalerConfiguration) -> Void = { _ in }
  ) throws -> [Case] {
    try FileManager.default.contentsOfDirectory(atPath: folder)
      .filter { $0.hasSuffix(".json") }.sorted()
      .map { file in
        let name = String(file.dropLast(".json".count))
        do {
          var vector = try AutoscalerVector(file: "\(folder)/\(file)")
          change(&vector.configuration)
          return Case(name: name, failures: differences(vector))
        } catch {
          return Case(name: name, failures: ["\(error)"])
        }
      }
  }

  static func differences(_ vector: AutoscalerVector) -> [String] {
    var player = AutoscalerVectorPlayer(vector)
    var failures: [String] = []
    for (index, step) in vector.steps.enumerated() {
      guard let sync = player.play(step) else {
        failures.append("steps[\(index)]: the controller doesn't sync")
        continue
      }
      let comparison = AutoscalerComparison(
        sync: sync, replicas: player.replicas, start: vector.start)
      failures += comparison.differences(from: step.expected).map { "steps[\(index)].\($0)" }
    }
    return failures
  }
}

/// Plays a case: sets the cluster as each step has it, and lets the controller sync once.
struct AutoscalerVectorPlayer: ~Copyable {
  private var cluster: ClusterState
  private var controller: HorizontalPodAutoscalerController
  private let vector: AutoscalerVector
  private let autoscaler: HorizontalPodAutoscalerID
  private var target: WorkloadID
  private var selector: LabelSelector?
  private var pods: [String: PodID] = [:]  // name look-up
  private var outcomes: [CommandOutcome] = []
  private var buffer = CommandBuffer()

  init(_ vector: AutoscalerVector) {
    self.vector = vector
    cluster = ClusterState()
    autoscaler = cluster.addAutoscaler(vector.autoscaler)
    var configuration = vector.configuration
    // A step is a sync, whatever lies between them.
    configuration.syncPeriod = TimeSpan(nanoseconds: 1)
    controller = HorizontalPodAutoscalerController(configuration: configuration)
    controller.recordsSyncs = true
    selector = vector.steps[0].selector
    target = Self.addTarget(of: vector, selector: selector, to: &cluster)
    pass(at: vector.steps[0].at - TimeSpan(nanoseconds: 1))
  }

  /// `spec.replicas` of the target.
  var replicas: Int32 { cluster.workload(target)?.desired ?? 0 }

  private static func addTarget(
    of vector: AutoscalerVector, selector: LabelSelector?, to cluster: inout ClusterState
  ) -> WorkloadID {
    let reference = vector.autoscaler.spec.target
    let template = PodTemplate(namespace: vector.autoscaler.namespace)
    var object = WorkloadObject(
      kind: WorkloadKind(rawValue: reference.kind) ?? .deployment,
      namespace: vector.autoscaler.namespace, name: reference.name, template: template)
    object.selector = selector
    return cluster.addWorkload(
      object, template: cluster.addTemplate(template), owner: nil, at: .zero)
  }

  /// Plays a step.
  /// - Returns: what the controller did; nil if it did nothing.
  mutating func play(_ step: AutoscalerVector.Step) -> HorizontalPodAutoscalerSync? {
    if let spec = step.spec { cluster.setSpec(autoscaler, to: spec) }
    if step.selector != selector {
      selector = step.selector
      cluster.removeWorkload(target)
      target = Self.addTarget(of: vector, selector: selector, to: &cluster)
    }
    for name in step.removed + step.set.map(\.name) {
      if let id = pods.removeValue(forKey: name) { cluster.deletePod(id) }
    }
    for pod in step.set { pods[pod.name] = cluster.add(pod) }
    cluster.metrics = ServedMetrics(
      step.metrics, pods: pods, namespace: vector.autoscaler.namespace, start: vector.start)
    cluster.setDesired(target, step.replicas)
    cluster.setStatusReplicas(target, step.statusReplicas)
    var sync: HorizontalPodAutoscalerSync?
    repeat {
      pass(at: step.at, refusing: step.isRefused)
      sync = controller.syncs.last ?? sync
    } while !outcomes.isEmpty
    return sync
  }

  /// Calls the controller, and answers its commands at once.
  private mutating func pass(at now: Instant, refusing: Bool = false) {
    buffer.clear()
    let pass = ControllerPass(now: now, position: cluster.logEnd, outcomes: outcomes)
    _ = controller.reconcile(cluster, in: pass, into: &buffer)
    outcomes = []
    for issued in buffer.commands {
      var result = CommandResult.accepted
      switch issued.command {
      case .scale where refusing: result = .conflict
      case .scale(let id, let replicas): cluster.setDesired(id, replicas)
      case .updateAutoscalerStatus(let id, let payload):
        cluster.setStatus(id, to: buffer.autoscalerStatuses[Int(payload)])
      default: break
      }
      outcomes.append(
        CommandOutcome(ticket: issued.ticket, command: issued.command, result: result))
    }
  }
}
