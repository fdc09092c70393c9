import ArgumentParser
import ClusterModel
import Experiments

struct AutoscalerBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hpa",
    abstract: "HorizontalPodAutoscalers: from served metrics to scales and statuses.")
  @Option(help: "Autoscalers, each with a Deployment.") var targets = 10_000
  @Option(help: "Pods of each Deployment.") var pods = 4
  @Option(help: "How often each is looked at.") var rounds = 10

  func validate() throws {
    guard targets >= 1, pods >= 1, rounds >= 1 else {
      throw ValidationError("numbers are at least one")
    }
  }

  func run() {
    let benchmark = AutoscalerBenchmark(targets: targets, podsPerTarget: pods, rounds: rounds)
    var cluster = benchmark.cluster()
    var controller = 0.0
    Measurement.print {
      let outcome = benchmark.run(on: &cluster) { body in
        let before = Measurement.cpuSeconds()
        body()
        controller += Measurement.cpuSeconds() - before
      }
      return outcome.result(of: benchmark, seconds: controller)
    }
  }
}
