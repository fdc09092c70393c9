import ArgumentParser
import Experiments
import Foundation
import Reporting

/// Measures a part of the program and prints figures as JSON.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Measures a part of the program; prints JSON.",
    discussion: """
      Examples:
        spillway bench hold --law k8s --size 10000 --holds 2000000
        spillway bench queue --servers 100 --customers 1000000
        spillway bench scheduler --nodes 5000 --pods 10000 --shape spread
        spillway bench estimator --pods 10000 --controllers 20
        spillway bench hpa --targets 10000
        spillway bench sweep --runs 10000
        spillway bench merge --shards 1000 --rows 10000
        spillway bench flows --flows 10000 --links 100 --routes 200

      The digest covers every event in its order: equal digests, equal behaviour.
      """,
    subcommands: [
      HoldBenchmark.self, QueueBenchmark.self, SchedulerBench.self, EstimatorBench.self,
      AutoscalerBench.self, FlowBench.self,
      CoverageBench.self, SweepBench.self, MergeBench.self,
    ])
}

struct HoldBenchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hold", abstract: "The event list: take one, schedule one.")
  @Option(help: "Distribution of delays: exp, bimodal, k8s or ties.") var law = "exp"
  @Option(help: "Events scheduled all the time.") var size = 10_000
  @Option(help: "How many are taken.") var holds = 2_000_000
  @Option(help: "The seed.") var seed: UInt64 = 42

  func validate() throws {
    guard EngineBenchmarks.HoldLaw(rawValue: law) != nil else {
      let known = EngineBenchmarks.HoldLaw.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("unknown law \"\(law)\"; expected one of \(known)")
    }
    guard size >= 1, holds >= 0 else { throw ValidationError("sizes are at least one") }
  }

  func run() {
    guard let chosen = EngineBenchmarks.HoldLaw(rawValue: law) else { return }
    Measurement.print { EngineBenchmarks.hold(chosen, size: size, holds: holds, seed: seed) }
  }
}

struct QueueBenchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "queue", abstract: "A queueing station at 80 % load.")
  @Option(help: "Servers.") var servers = 1
  @Option(help: "Customers.") var customers = 1_000_000
  @Option(help: "The seed.") var seed: UInt64 = 42

  func validate() throws {
    guard servers >= 1, customers >= 1 else { throw ValidationError("numbers are at least one") }
  }

  func run() {
    Measurement.print { EngineBenchmarks.queue(servers: servers, customers: customers, seed: seed) }
  }
}

/// Runs a benchmark and prints its figures with what the system says it took.
enum Measurement {
  static func print(_ body: () -> BenchmarkResult) {
    let before = cpuSeconds()
    let result = body()
    let seconds = cpuSeconds() - before
    var events: [(String, JSONValue)] = []
    var total = 0
    for event in result.events {
      events.append((event.kind, .integer(event.count)))
      total += event.count
    }
    var members: [(String, JSONValue)] = [
      ("name", .string(result.name)), ("cpuSeconds", .number(seconds)),
      ("peakRSS", .integer(peakBytes())), ("digest", .string(result.digest)),
      ("events", .object(events)),
      ("nanosecondsPerEvent", total > 0 ? .number(seconds * 1e9 / Double(total)) : .null),
    ]
    for figure in result.figures { members.append((figure.name, .number(figure.value))) }
    say(JSONValue.object(members).rendered())
  }

  private static func usage() -> rusage {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage
  }

  /// User and system time of the process so far.
  static func cpuSeconds() -> Double {
    let usage = usage()
    return Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
      + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6
  }

  /// The most memory that was resident at once.
  static func peakBytes() -> Int { usage().ru_maxrss * 1024 }
}
