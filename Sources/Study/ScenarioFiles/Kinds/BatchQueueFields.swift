import CloudSimulation
import Foundation
import Scheduling
import Workloads

extension BatchCluster: ScenarioKind {
  static let kind = "BatchQueue"
  static let shortForm: String? = "batchQueues"
  static func blank(_ name: String) -> BatchCluster { BatchCluster(name: name) }
  static func add(_ object: BatchCluster, to scenario: inout Scenario) {
    scenario.batchClusters.append(object)
  }

  static let fields = FieldTable<BatchCluster> { table in
    table.custom(
      "file", .scalar(name: "path", json: ["string"], unit: ""),
      Note("Jobs in the Standard Workload Format, in a file relative to this one.").required,
      text: { $0.file },
      { value, cluster, reader in
        guard let path = reader.scalar(value, expected: "a path") else { return }
        cluster.file = path
        cluster.jobs = reader.jobs(inFile: path, at: value.place)
      })
    table.field(
      "machines", \.machines, .integer(from: 1, to: 10_000_000),
      Note("Machines, or processors, of which a job takes so many."))
    table.field("policy", \.policy, .choice, Note("How the queue decides which jobs start."))
    table.field(
      "order", \.order, .choice, Note("Which job is next, under strict and easyRLScheduler."))
    table.field(
      "windows", \.windows, .integer(from: 1, to: 1_000_000),
      Note(
        "Windows with equally many jobs that the trace is cut into; replications take them in "
          + "turn."))
  }
}

extension Reader {
  /// The jobs of a trace.
  fileprivate mutating func jobs(inFile path: String, at place: Place) -> [RecordedJob] {
    let full = sources.path(path, namedAt: place)
    guard let data = FileManager.default.contents(atPath: full) else {
      error(
        at: place, "unreadable-file", "\"\(full)\" can't be read",
        expected: "a path relative to this file", width: path.count)
      return []
    }
    var jobs: [RecordedJob] = []
    var trace = StandardWorkloadReader(file: full)
    do {
      try data.withUnsafeBytes { bytes in
        try trace.read(bytes) { jobs.append($0) }
      }
      try trace.finish { jobs.append($0) }
    } catch {
      let first = (error as? InvalidInput)?.diagnostics.first
      self.error(
        at: place, "bad-trace",
        "\(full):\(first?.line ?? 0):\(first?.column ?? 0): \(first?.message ?? "no trace")",
        expected: first?.expected ?? "the Standard Workload Format", width: path.count)
    }
    return jobs
  }
}
