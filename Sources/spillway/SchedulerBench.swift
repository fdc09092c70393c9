import ArgumentParser
import ClusterModel
import Experiments

struct SchedulerBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scheduler", abstract: "The scheduler: from API objects to bind commands.")
  @Option(help: "Nodes.") var nodes = 500
  @Option(help: "Pods.") var pods = 1000
  @Option(help: "plain, spread, antiaffinity or distinct.")
  var shape = SchedulerBenchmark.Shape.plain.rawValue
  @Option(help: "Applications, and so classes of Pods.") var classes = 20
  @Option(help: "percentageOfNodesToScore; 0 adapts.") var percentage = 0
  @Option(help: "The seed.") var seed: UInt64 = 1
  @Flag(help: "Let the oracle decide.") var scan = false

  func validate() throws {
    guard SchedulerBenchmark.Shape(rawValue: shape) != nil else {
      let known = SchedulerBenchmark.Shape.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("unknown shape \"\(shape)\"; expected one of \(known)")
    }
    guard nodes >= 0, pods >= 0, classes >= 1, 0...100 ~= percentage else {
      throw ValidationError("numbers aren't negative, classes at least one, shares at most 100")
    }
  }

  func run() {
    guard let chosen = SchedulerBenchmark.Shape(rawValue: shape) else { return }
    let benchmark = SchedulerBenchmark(
      nodes: nodes, pods: pods, shape: chosen, classes: classes, percentage: percentage,
      seed: seed, scan: scan)
    var cluster = benchmark.cluster()
    Measurement.print { benchmark.run(on: &cluster).result(of: benchmark) }
  }
}
