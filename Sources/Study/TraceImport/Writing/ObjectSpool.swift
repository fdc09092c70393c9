import ClusterModel
import Quantities
import Reporting
import ScenarioFiles

/// The objects of a cluster on their way into a file, one a line, and what they amount to.
struct ObjectSpool {
  /// The file's name in the import's folder.
  static let file = "cluster.json"

  private let sink: FileSink
  /// Nodes among them.
  private(set) var nodes = 0
  /// Pods and workloads.
  private(set) var workloads = 0
  /// How many Pods they ask for.
  private(set) var pods = 0.0
  /// Thousandths of a core that they ask for.
  private(set) var cpu = 0.0
  /// Bytes that they ask for.
  private(set) var memory = 0.0
  /// The most that one Pod asks for.
  private(set) var largest = Resources()
  /// Levels of workloads over time, by the workload's path in a scenario.
  var levels: [(target: String, rows: [(at: Int64, replicas: Int)])] = []

  init(_ sink: FileSink) { self.sink = sink }

  /// Adds an object; `most` replicas if that is known.
  mutating func add(_ object: ManifestSifter.Object, most: Int? = nil) throws {
    try sink.write(object.json + "\n")
    switch object.kind {
    case "Node": nodes += 1
    case "Pod" where object.hasOwner: break
    case "Pod", "Deployment", "ReplicaSet", "StatefulSet", "Job", "ReplicationController":
      let count = most ?? object.replicas ?? 1
      workloads += 1
      pods += Double(count)
      cpu += Double(object.requests.cpu) * Double(count)
      memory += Double(object.requests.memory) * Double(count)
      largest.cpu = max(largest.cpu, object.requests.cpu)
      largest.memory = max(largest.memory, object.requests.memory)
    default: break
    }
  }

  func finish() throws { try sink.finish() }
}
