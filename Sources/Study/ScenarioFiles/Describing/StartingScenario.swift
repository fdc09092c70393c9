import CloudSimulation
import ClusterModel
import Quantities

/// A scenario to start from, made for a dump: what the dump can't say is written out with its
/// default and what the field tables know of it.
public struct StartingScenario {
  /// Why none can be made.
  public enum Problem: Error, CustomStringConvertible {
    /// The input is a scenario already.
    case hasScenario
    /// The input has neither a node nor a workload nor a Pod.
    case isEmpty
    /// The problem in a clause.
    public var description: String {
      switch self {
      case .hasScenario: "has a Scenario already; run it, or name the dump alone"
      case .isEmpty: "has no Node, no workload and no Pod to begin with"
      }
    }
  }

  /// The scenario's text.
  public private(set) var text = ""
  private let cluster: ClusterObjects

  /// Writes a scenario for what was loaded.
  ///
  /// - Parameters:
  ///   - loaded: the dump, read without a scenario.
  ///   - includes: paths of the dump's files and folders, relative to where the text will stand.
  public init(_ loaded: LoadedScenario, includes: [String]) throws(Problem) {
    cluster = loaded.scenario.cluster
    guard loaded.scenario.isBareDump else { throw .hasScenario }
    if cluster.nodes.isEmpty, cluster.workloads.isEmpty, cluster.pods.isEmpty { throw .isEmpty }
    let target = Self.target(in: cluster)
    let question = target.map { "when \($0.path) is asked for twice its Pods at once" }
    remark("Does \(loaded.scenario.name) have room \(question ?? "for its Pods")?", indent: 0)
    line("#")
    remark(
      "Made from \(includes.joined(separator: ", ")), to be changed: each value is a default or a "
        + "guess. `spillway explain KIND` says more, as `spillway explain LoadProfile` does.",
      indent: 0)
    line("apiVersion: \(ScenarioKinds.apiVersion)")
    line("kind: Scenario")
    line("metadata: {name: \(quoted(loaded.scenario.name + "-start"))}")
    line("spec:")
    comment("Scenario:spec.include")
    for fact in facts { remark(fact) }
    line("  include: [\(includes.map(quoted).joined(separator: ", "))]")
    comment("Scenario:spec.duration")
    line("  duration: 30m")
    comment("Scenario:spec.seed")
    line("  seed: 42")
    writeSites()
    writeProfile()
    if let target { writeBurst(of: target) }
  }

  // MARK: What the dump has

  /// A workload whose Pods a load can ask for, and how many it has.
  private struct Target {
    let path: String
    let replicas: Int
  }

  /// The workload of most Pods that nobody else scales; of several, the first by name.
  private static func target(in cluster: ClusterObjects) -> Target? {
    let kinds: [WorkloadKind] = [.deployment, .statefulSet, .replicaSet]
    let scaled =
      cluster.autoscalers.map { "\($0.namespace)/\($0.spec.target.kind)/\($0.spec.target.name)" }
      + cluster.cronScalers.map { "\($0.namespace)/\($0.target.kind)/\($0.target.name)" }
    let free = cluster.workloads.filter { workload in
      workload.owner == nil && kinds.contains(workload.kind)
        && !scaled.contains("\(workload.namespace)/\(workload.kind.rawValue)/\(workload.name)")
    }
    func path(_ workload: WorkloadObject) -> String {
      "\(workload.kind.rawValue)/\(workload.namespace)/\(workload.name)"
    }
    let best = free.min { (-$0.replicas, path($0)) < (-$1.replicas, path($1)) }
    return best.map { Target(path: path($0), replicas: Int($0.replicas)) }
  }

  /// What was found, for a comment.
  private var facts: [String] {
    var facts: [String] = []
    var shapes: [(shape: String, count: Int)] = []
    for node in cluster.nodes where !node.isVirtual {
      let shape =
        "\(plain(Double(node.allocatable.cpu) / 1000)) cores, \(node.allocatable.memory >> 30) GiB"
      if let index = shapes.firstIndex(where: { $0.shape == shape }) {
        shapes[index].count += 1
      } else {
        shapes.append((shape, 1))
      }
    }
    shapes.sort { ($1.count, $0.shape) < ($0.count, $1.shape) }
    for shape in shapes.prefix(8) { facts.append("\(shape.count) nodes of \(shape.shape)") }
    if shapes.count > 8 { facts.append("nodes of \(shapes.count - 8) more shapes") }
    let workloads = cluster.workloads.filter { $0.owner == nil }.map {
      ("\($0.kind.rawValue)/\($0.namespace)/\($0.name)", Int($0.replicas))
    }.sorted { ($1.1, $0.0) < ($0.1, $1.0) }
    for workload in workloads.prefix(8) { facts.append("\(workload.0), \(workload.1) replicas") }
    if workloads.count > 8 { facts.append("\(workloads.count - 8) more workloads") }
    let pods = cluster.pods.count
    if pods > 0 { facts.append("\(pods) Pods") }
    return facts
  }

  // MARK: What the scenario says

  private mutating func writeSites() {
    remark("Sites. Nodes of the input stand in the first unless another one claims them.")
    line("  sites:")
    line("  - name: idc")
    remark("A serverless pool that takes what the nodes can't: uncomment, and name your quotas.")
    line("  # - name: cloud")
    line("  #   serverless: {preset: tke-eks, subnets: [10.8.0.0/20]}")
    guard cluster.nodes.isEmpty else { return }
    let count = max(3, (cluster.workloads.reduce(0) { $0 + Int($1.replicas) } + 9) / 10)
    remark("Machines by number: the input has no nodes.")
    line("  nodePools:")
    line("  - name: rack")
    comment("NodePool:spec.count", indent: 4)
    line("    count: \(count)")
    comment("NodePool:spec.allocatable", indent: 4)
    line("    allocatable: {cpu: \"8\", memory: 32Gi, pods: \"110\"}")
  }

  private mutating func writeProfile() {
    remark("What manifests don't say about Pods; add profiles with a target for single workloads.")
    line("  profiles:")
    line("  - name: every-workload")
    for field in ["imageBytes", "startup"] {
      guard let known = explained("WorkloadProfile:spec.\(field)"), let value = known.defaultValue
      else { continue }
      comment("WorkloadProfile:spec.\(field)", indent: 4)
      line("    \(field): \(quoted(value))")
    }
  }

  private mutating func writeBurst(of target: Target) {
    remark("Demands.")
    line("  load:")
    line("  - name: burst")
    comment("LoadProfile:spec.target", indent: 4)
    line("    target: \(quoted(target.path))")
    line("    step:")
    comment("LoadProfile:spec.step.at", indent: 6)
    line("      at: 2m")
    comment("LoadProfile:spec.step.from", indent: 6)
    line("      from: \(target.replicas)")
    comment("LoadProfile:spec.step.to", indent: 6)
    line("      to: \(max(target.replicas * 2, target.replicas + 1))")
    remark("Statements to be checked.")
    line("  claims:")
    line("  - name: absorbed")
    comment("Claim:spec.metric", indent: 4)
    line("    metric: absorb")
    comment("Claim:spec.below", indent: 4)
    line("    below: 5m")
    comment("Claim:spec.share", indent: 4)
    line("    share: 0.95")
  }

  // MARK: Lines

  private func explained(_ path: String) -> Explanation? {
    (try? Explain.fields(at: path))?.first
  }

  /// What the field tables know of a field, as a comment.
  private mutating func comment(_ path: String, indent: Int = 2) {
    guard let field = explained(path) else { return }
    var text = field.text
    if let value = field.defaultValue { text += " Default: \(value)." }
    if !field.grade.isEmpty {
      text += " Grade \(field.grade): \(field.source)"
      text += (field.range.map { ", \($0)" } ?? "") + "."
    }
    remark(text, indent: indent)
  }

  /// A comment, broken into lines of at most 100 columns.
  private mutating func remark(_ text: String, indent: Int = 2) {
    let lead = String(repeating: " ", count: indent) + "#"
    var current = lead
    for word in text.split(whereSeparator: \.isWhitespace) {
      if current.count + 1 + word.count > 100, current != lead {
        line(current)
        current = lead
      }
      current += " " + word
    }
    line(current)
  }

  private mutating func line(_ content: String) { text += content + "\n" }

  /// A name as a file has it, in quotes where YAML could take it for something else.
  private func quoted(_ name: String) -> String {
    let isPlain =
      name.first.map { $0.isASCII && $0.isLetter } ?? false
      && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_./".contains($0)) }
    return isPlain ? name : JSONText.string(name).written()
  }
}
