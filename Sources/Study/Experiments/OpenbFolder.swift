import ClusterModel
import Foundation
import Quantities

/// A folder with Alibaba's openb trace and the published allocation: `openb_node_list_gpu_node.csv`,
/// `openb_pod_list_NAME.csv` and `expected_analysis_allo_discrete.csv`.
struct OpenbFolder: Sendable {
  /// Why a file can't be used.
  struct Unreadable: Error, CustomStringConvertible {
    let description: String
  }
  /// A node of the trace.
  struct NodeLine: Hashable, Sendable {
    var name: String
    /// CPU in thousandths of a core.
    var cpu: Int64
    /// Memory in MiB.
    var memory: Int64
    var gpus: Int
    var model: String
  }
  /// A Pod of the trace, as far as its placement depends on it.
  struct PodLine: Hashable, Sendable {
    /// CPU in thousandths of a core.
    var cpu: Int64
    /// Memory in MiB.
    var memory: Int64
    var gpus: Int
    /// Thousandths of each device.
    var gpuMilli: Int
    var models: String
    /// Thousandths over all devices.
    var gpuTotal: Int64 { Int64(gpus) * Int64(gpuMilli) }
  }
  /// What is published of a policy: the allocation in percent when 100 % have come, by seed.
  struct Result: Hashable, Sendable {
    var policy: String
    var percent: [Double]
  }

  let nodes: [NodeLine]
  /// The lists for which there are results, by name.
  let workloads: [String]
  private let folder: String
  private let published: OpenbTable

  init(_ folder: String) throws {
    self.folder = folder
    let table = try OpenbTable("\(folder)/openb_node_list_gpu_node.csv")
    nodes = try table.rows.indices.map { row in
      NodeLine(
        name: try table.text(row, "sn"), cpu: try table.number(row, "cpu_milli"),
        memory: try table.number(row, "memory_mib"), gpus: Int(try table.number(row, "gpu")),
        model: try table.text(row, "model"))
    }
    published = try OpenbTable("\(folder)/expected_analysis_allo_discrete.csv")
    var names: [String] = []
    for row in published.rows.indices {
      let name = try published.text(row, "workload")
      if !names.contains(name) { names.append(name) }
    }
    workloads = names
  }

  func pods(of workload: String) throws -> [PodLine] {
    let table = try OpenbTable("\(folder)/\(workload).csv")
    return try table.rows.indices.map { row in
      PodLine(
        cpu: try table.number(row, "cpu_milli"), memory: try table.number(row, "memory_mib"),
        gpus: Int(try table.number(row, "num_gpu")),
        gpuMilli: Int(try table.number(row, "gpu_milli")),
        models: table.has("gpu_spec") ? try table.text(row, "gpu_spec") : "")
    }
  }

  /// What is published of a list of Pods, policy by policy.
  func results(of workload: String) throws -> [Result] {
    var results: [Result] = []
    for row in published.rows.indices where try published.text(row, "workload") == workload {
      let policy = try published.text(row, "sc_policy")
      let text = try published.text(row, "100")
      guard let percent = Double(text) else {
        throw Unreadable(description: "\(published.path): \(text) isn't a percentage")
      }
      if results.last?.policy != policy { results.append(Result(policy: policy, percent: [])) }
      results[results.count - 1].percent.append(percent)
    }
    return results
  }
}

/// A file of comma-separated values without quotes, with a heading.
private struct OpenbTable: Sendable {
  let path: String
  let rows: [[Substring]]
  private let heading: [Substring]

  init(_ path: String) throws {
    self.path = path
    guard let data = FileManager.default.contents(atPath: path) else {
      throw OpenbFolder.Unreadable(description: "\(path) is missing")
    }
    let lines = String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline)
    let cells = lines.map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    heading = cells.first ?? []
    rows = Array(cells.dropFirst())
  }

  func has(_ column: String) -> Bool { heading.contains(Substring(column)) }

  func text(_ row: Int, _ column: String) throws -> String {
    guard let place = heading.firstIndex(of: Substring(column)), place < rows[row].count else {
      throw OpenbFolder.Unreadable(
        description: "\(path): line \(row + 2) has no column \(column)")
    }
    return String(rows[row][place])
  }

  func number(_ row: Int, _ column: String) throws -> Int64 {
    let text = try text(row, column)
    guard let number = Int64(text), number >= 0 else {
      throw OpenbFolder.Unreadable(
        description: "\(path): line \(row + 2): \(column) \(text) isn't a whole number")
    }
    return number
  }
}

extension OpenbFolder.NodeLine {
  /// The node as an API object; it takes as many Pods as come.
  var object: Node {
    var resources = Resources(cpu: cpu, memory: memory << 20)
    resources.pods = 1001
    resources[scalar: "alibabacloud.com/gpu-count"] = Int64(gpus)
    resources[scalar: "alibabacloud.com/gpu-milli"] = Int64(gpus) * 1000
    return Node(
      name: name, labels: ["alibabacloud.com/gpu-card-model": model], allocatable: resources)
  }
}

extension OpenbFolder.PodLine {
  /// Pods like this one as API objects.
  var template: PodTemplate {
    var container = Container(name: "main")
    container.requests = ResourceList(cpuMilli: cpu, memory: memory << 20)
    var template = PodTemplate(namespace: "openb", containers: [container])
    template.neverPreempts = true
    if gpus > 0 {
      template.annotations = [
        "alibabacloud.com/gpu-count": "\(gpus)", "alibabacloud.com/gpu-milli": "\(gpuMilli)",
      ]
      if !models.isEmpty { template.annotations["alibabacloud.com/gpu-card-model"] = models }
    }
    return template
  }
}
