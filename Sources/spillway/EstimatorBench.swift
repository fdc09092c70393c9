import ArgumentParser
import Experiments

struct EstimatorBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "estimator",
    abstract: "The node autoscaler's estimator: Pods onto ten shapes of empty nodes.")
  @Option(help: "Pods.") var pods = 10_000
  @Option(help: "Controllers, and so shapes of Pods.") var controllers = 20
  @Option(help: "The most nodes that an estimate adds.") var limit = 1000
  @Flag(help: "List nodes one by one and ask every filter.") var scan = false

  func validate() throws {
    guard pods >= 0, controllers >= 1, limit >= 1 else {
      throw ValidationError("numbers aren't negative, controllers and the limit at least one")
    }
  }

  func run() {
    let benchmark = EstimatorBenchmark(
      pods: pods, controllers: controllers, limit: limit, scan: scan)
    Measurement.print { benchmark.result(benchmark.run()) }
  }
}
