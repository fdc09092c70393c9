import ArgumentParser
import ClusterModel
import Experiments

struct SchedulerBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scheduler", abstract: "The scheduler: from API objects to bind commands.")
  @Option(help: "How many nodes there are.") var nodes = 500
  @Option(help: "How many Pods come, all at once.") var pods = 1000
  @Option(
    help:
      "What the Pods ask for: plain, spread, antiaffinity or distinct (each a class of its own).")
  var shape = SchedulerBenchmark.Shape.plain.rawValue
  @Option(help: "How many applications there are: Pods of one ask for the same.") var classes = 20
  @Option(
    help: "percentageOfNodesToScore, as in KubeSchedulerConfiguration; 0 adapts to the nodes.")
  var percentage = 0
  @Option(help: "The seed of the Pods' sizes in the shape distinct.") var seed: UInt64 = 1
  @Flag(help: "The plain oracle decides, which looks at every node for every Pod.") var scan = false

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
