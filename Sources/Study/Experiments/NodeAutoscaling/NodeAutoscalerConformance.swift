import Autoscaling
import CloudSimulation
import ClusterModel
import Foundation
import Quantities
import Scheduling

/// Compares loops of ``ClusterAutoscaler`` with those recorded from the genuine Cluster Autoscaler.
public enum NodeAutoscalerConformance {
  /// Reads a list of Kubernetes' objects; instants are relative to a date and time.
  public typealias ObjectReader = (_ text: String, _ start: String) throws -> ClusterObjects

  /// Runs every case of a folder of `NAME.json`.
  /// - Throws: if the folder or a file can't be read.
  public static func run(
    folder: String, read: @escaping ObjectReader
  ) throws -> ConformanceResult {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
      .filter { $0.hasSuffix(".json") }.map { String($0.dropLast(".json".count)) }.sorted()
    var cases: [ConformanceResult.Case] = []
    for name in names where !Task.isCancelled {
      let data = FileManager.default.contents(atPath: "\(folder)/\(name).json") ?? Data()
      cases.append(.init(name: name, failures: try differences(of: data, read: read)))
    }
    return ConformanceResult(cases: cases)
  }

  /// Plays one case and lists how it differs from the record.
  static func differences(
    of data: Data, changing change: (inout NodeAutoscalerConfiguration) -> Void = { _ in },
    read: @escaping ObjectReader
  ) throws -> [String] {
    let vector = try NodeAutoscalerVector(data)
    var configuration = vector.configuration
    change(&configuration)
    let player = try NodeAutoscalerPlayer(vector, configuration, read: read)
    var failures: [String] = []
    for (number, step) in vector.steps.enumerated() {
      try player.play(step)
      var comparison = LoopComparison(path: "steps[\(number)]", player: player)
      comparison.compare(with: step.expected)
      failures += comparison.failures
    }
    return failures
  }
}

/// A recorded case.
struct NodeAutoscalerVector {
  struct Group {
    var name: String
    var minSize: Int32
    var maxSize: Int32
    var node: [String: Any]
    var pods: [Any]
    var registers: TimeSpan
    var readies: TimeSpan
    var never: Bool
    var refuses: Bool
  }
  struct Step {
    var time: Instant
    var set: [[String: Any]]
    var delete: [[String: Any]]
    var expected: [String: Any]
  }
  let groups: [Group]
  let steps: [Step]
  let start: String
  private let options: [String: Any]

  init(_ data: Data) throws {
    guard let root = try JSONSerialization.jsonObject(with: data) as? [String: Any],
      let groups = root["nodeGroups"] as? [[String: Any]],
      let steps = root["steps"] as? [[String: Any]], let start = steps.first?["time"] as? String
    else { throw CocoaError(.fileReadCorruptFile) }
    options = root["options"] as? [String: Any] ?? [:]
    self.start = start
    self.groups = groups.map(Self.group)
    let zero = Self.seconds(start)
    self.steps = steps.map { step in
      Step(
        time: .seconds(Self.seconds(step["time"] as? String ?? start) - zero),
        set: step["set"] as? [[String: Any]] ?? [],
        delete: step["delete"] as? [[String: Any]] ?? [],
        expected: step["expected"] as? [String: Any] ?? [:])
    }
  }

  private static func group(_ object: [String: Any]) -> Group {
    let template = object["template"] as? [String: Any] ?? [:]
    let law = object["provisioning"] as? [String: Any] ?? [:]
    func span(_ key: String) -> TimeSpan { .seconds((law[key] as? NSNumber)?.doubleValue ?? 0) }
    return Group(
      name: object["id"] as? String ?? "",
      minSize: (object["minSize"] as? NSNumber)?.int32Value ?? 0,
      maxSize: (object["maxSize"] as? NSNumber)?.int32Value ?? 0,
      node: template["node"] as? [String: Any] ?? [:], pods: template["pods"] as? [Any] ?? [],
      registers: span("registerSeconds"), readies: span("readySeconds"),
      never: law["never"] as? Bool ?? false, refuses: law["scaleUpError"] != nil)
  }

  /// Seconds since 1970 of a time of day in UTC.
  static func seconds(_ text: String) -> Double {
    ISO8601DateFormatter().date(from: text)?.timeIntervalSince1970 ?? 0
  }

  /// The options; what a case doesn't say has its default.
  var configuration: NodeAutoscalerConfiguration {
    var result = NodeAutoscalerConfiguration()
    func number(_ key: String) -> Double? { (options[key] as? NSNumber)?.doubleValue }
    func span(_ key: String, _ path: WritableKeyPath<NodeAutoscalerConfiguration, TimeSpan>) {
      if let value = number(key) { result[keyPath: path] = .seconds(value) }
    }
    func flag(_ key: String, _ path: WritableKeyPath<NodeAutoscalerConfiguration, Bool>) {
      if let value = options[key] as? Bool { result[keyPath: path] = value }
    }
    func whole(_ key: String, _ path: WritableKeyPath<NodeAutoscalerConfiguration, Int>) {
      if let value = number(key) { result[keyPath: path] = Int(value) }
    }
    if let chain = options["expander"] as? String {
      result.expanders = chain.split(separator: ",").compactMap { Expander(rawValue: String($0)) }
    }
    flag("balanceSimilarNodeGroups", \.balancesSimilarGroups)
    whole("maxNodesTotal", \.maxNodesTotal)
    span("scaleDownDelayAfterAddSeconds", \.delayAfterAdd)
    span("scaleDownUnneededSeconds", \.unneededTime)
    span("scaleDownUnreadySeconds", \.unreadyTime)
    if let value = number("scaleDownUtilizationThreshold") { result.utilizationThreshold = value }
    span("unremovableNodeRecheckSeconds", \.unremovableRecheck)
    span("maxNodeProvisionSeconds", \.maxNodeProvisionTime)
    whole("maxScaleDownParallelism", \.maxParallelDeletions)
    whole("maxDrainParallelism", \.maxParallelDrains)
    flag("skipNodesWithSystemPods", \.skipsNodesWithSystemPods)
    flag("skipNodesWithLocalStorage", \.skipsNodesWithLocalStorage)
    flag("ignoreDaemonSetsUtilization", \.ignoresDaemonSetUtilization)
    span("newPodScaleUpDelaySeconds", \.newPodScaleUpDelay)
    if let limits = options["resourceLimits"] as? [String: [String: NSNumber]] {
      func range(_ key: String) -> ClosedRange<Int64>? {
        guard let limit = limits[key], let low = limit["min"], let high = limit["max"] else {
          return nil
        }
        return low.int64Value...high.int64Value
      }
      result.cores = range("cpu") ?? result.cores
      result.memory = range("memory") ?? result.memory
    }
    if let pricing = options["pricing"] as? [String: Any] {
      func money(_ key: String) -> Money {
        Self.money((pricing[key] as? NSNumber)?.doubleValue ?? 0)
      }
      result.podWorth = PodWorth(core: money("podCpuHourly"), gib: money("podMemoryGiBHourly"))
    }
    result.priorities = priorities
    return result
  }

  static func money(_ amount: Double) -> Money {
    Money(picounits: Int128((amount * 1e12).rounded()))
  }

  /// The hourly price of a node by its type.
  func hourlyPrice(ofType type: String) -> Money? {
    let pricing = options["pricing"] as? [String: Any]
    let nodes = pricing?["nodeHourly"] as? [String: NSNumber]
    return nodes?[type].map { Self.money($0.doubleValue) }
  }

  private var priorities: [ExpanderPriority] {
    for object in steps.flatMap(\.set) where object["kind"] as? String == "ConfigMap" {
      guard let data = object["data"] as? [String: String],
        let text = data[ExpanderPriority.configKey]
      else { continue }
      return ExpanderPriority.parse(text) ?? []
    }
    return []
  }
}
