import ArgumentParser
import Experiments

struct FlowBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "flows", abstract: "Transfers that share links max-min fair.")
  @Option(help: "Transfers at once.") var flows = 10_000
  @Option(help: "Links.") var links = 100
  @Option(help: "Routes across two to four links.") var routes = 200
  @Option(help: "How many begin and end.") var events = 100_000
  @Option(help: "The seed.") var seed: UInt64 = 42

  func validate() throws {
    guard flows >= 1, links >= 1, routes >= 1, events >= 0 else {
      throw ValidationError("numbers are at least one")
    }
  }

  func run() {
    let benchmark = FlowBenchmark(
      flows: flows, links: links, routes: routes, events: events, seed: seed)
    Measurement.print { benchmark.run() }
  }
}
