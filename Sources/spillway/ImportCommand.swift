import ArgumentParser
import Foundation
import Quantities
import Reporting
import ScenarioFiles
import TraceImport

/// Turns a trace or a dump into a scenario.
struct ImportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Turns a trace or a dump into a scenario that runs.",
    discussion: """
      Reads the file as a stream, gzip's as well, and leaves a folder: scenario.yaml with its series, \
      and import.md and import.json, which say what was read, kept, dropped, ignored and not modelled.

      Examples:
        spillway import --list
        kubectl get nodes,pods,deploy -A -o json | spillway import k8s - --out cluster
        spillway import openb openb_pod_list_default.csv --out openb --window 0..24h
        spillway import worldcup98 invocation_count.csv.gz --out cup --window 1000h..1024h --scale 2
        spillway import swf log.swf.gz --out log --sample 1000 --seed 7
        spillway import prometheus query_range.json --out load --as rate --resample 1m
        spillway run cluster/scenario.yaml
      """)
  @Argument(help: "What the file is; --list names the formats.") var format: String?
  @Argument(
    help: "The file, or for some formats the folder; - is standard input.", completion: .file())
  var file: String?
  @Flag(help: "Names the formats, and what can be changed of each.") var list = false
  @Option(help: "The folder that the scenario goes to.", completion: .directory) var out: String?
  @Option(help: "Only this part of the trace, from its start on, such as 24h..48h.")
  var window: String?
  @Option(help: "What counts, levels, and a Job's CPU and memory are multiplied by.")
  var scale: Double?
  @Option(help: "A share of the rows such as 0.1 or 10%, or so many Jobs.") var sample: String?
  @Option(help: "The length of a series' intervals, such as 5m.") var resample: String?
  @Option(help: "How many rows come for each, on average, such as 1.3.") var inflate: Double?
  @Option(help: "How much later everything is, such as 10m.") var shift: String?
  @Option(name: .customLong("as"), help: "What a series' values are: requests, rate or replicas.")
  var meaning: String?
  @Option(help: "The seed of which rows --sample and --inflate take.") var seed: UInt64 = 42
  @Option(name: .short, help: "text or json (import.json on standard output).")
  var output: OutputFormat = .text

  func validate() throws {
    if list { return }
    guard let format else {
      throw ValidationError("no format; spillway import --list names them")
    }
    guard let known = TraceFormat.named(format) else {
      let names = TraceFormat.all.map(\.name).joined(separator: ", ")
      throw ValidationError("no format is called \"\(format)\"; there are \(names)")
    }
    guard file != nil else {
      throw ValidationError(
        "no file, such as spillway import \(format) \(known.example) --out DIR")
    }
    guard out != nil else { throw ValidationError("--out DIR says where the scenario goes") }
    for transform in try options().used where !known.transforms.contains(transform) {
      let allowed = known.transforms.map { "--\($0.rawValue)" }.joined(separator: ", ")
      throw ValidationError("\(format) takes no --\(transform.rawValue), but \(allowed)")
    }
    if case .rows = try options().sample, !known.samplesRows {
      throw ValidationError("of \(format) --sample takes a share, such as 0.1 or 10%")
    }
  }

  func run() async throws {
    Interrupts.watch()
    if list {
      say(Self.formats)
      return
    }
    guard let file, let out, let known = format.flatMap(TraceFormat.named) else {
      preconditionFailure("the arguments were checked")
    }
    do {
      let options = try options()
      let report = try await Interrupts.cancelling {
        try TraceImporter.run(file, as: known, options: options, into: out)
      }
      if output == .json {
        say(report.json.rendered())
      } else {
        say("\(report.line)\n\nspillway run \(out)/scenario.yaml\n")
      }
    } catch let error as InvalidInput {
      if output == .json { say(Diagnostic.json(of: error.diagnostics)) }
      complain(Diagnostic.text(of: error.diagnostics))
      throw (error.isMissingInput ? ExitStatus.missingInput : .badInput).code
    } catch is CancellationError {
      complain("spillway: interrupted: \(out) isn't written")
      throw Interrupts.status.code
    } catch let error as OutputError {
      complain("spillway: \(error)")
      throw ExitCode(Int32(error.exitStatus))
    }
  }

  private static var formats: String {
    let width = TraceFormat.all.map(\.name.count).max() ?? 0
    return TraceFormat.all.map { format in
      let name = format.name.padding(toLength: width, withPad: " ", startingAt: 0)
      let ways = format.transforms.map { "--\($0.rawValue)" }.joined(separator: " ")
      return "\(name)  \(format.summary)\n\(String(repeating: " ", count: width))  \(ways)\n"
    }.joined()
  }

  private func options() throws -> ImportOptions {
    var options = ImportOptions()
    options.seed = seed
    if let window {
      let ends = window.components(separatedBy: "..").map { try? TimeSpan.parse($0) }
      guard ends.count == 2, let from = ends[0], let to = ends[1], from >= .zero, to > from else {
        throw ValidationError("--window is a part of the trace, such as 24h..48h")
      }
      options.window = from..<to
    }
    options.scale = try factor(scale, "--scale")
    options.inflate = try factor(inflate, "--inflate")
    if let sample { options.sample = try Self.sample(sample) }
    options.resample = try span(resample, "--resample")
    options.shift = try span(shift, "--shift") ?? .zero
    if let meaning {
      guard let known = ImportOptions.Meaning(rawValue: meaning) else {
        throw ValidationError("--as is requests, rate or replicas")
      }
      options.meaning = known
    }
    return options
  }

  private func factor(_ value: Double?, _ name: String) throws -> Double {
    guard let value else { return 1 }
    guard value > 0, value <= 1e6 else {
      throw ValidationError("\(name) is a number above 0, up to a million")
    }
    return value
  }

  private func span(_ text: String?, _ name: String) throws -> TimeSpan? {
    guard let text else { return nil }
    guard let span = try? TimeSpan.parse(text), span > .zero, span <= .hours(87_600) else {
      throw ValidationError("\(name) is a time longer than 0 and up to ten years, such as 5m")
    }
    return span
  }

  private static func sample(_ text: String) throws -> ImportOptions.Sample {
    if text.hasSuffix("%"), let percent = Double(text.dropLast()), percent > 0, percent <= 100 {
      return .share(percent / 100)
    }
    if let rows = Int(text), rows >= 1 { return .rows(rows) }
    if let share = Double(text), share > 0, share <= 1 { return .share(share) }
    throw ValidationError("--sample is a share such as 0.1 or 10%, or a number of Jobs")
  }
}
