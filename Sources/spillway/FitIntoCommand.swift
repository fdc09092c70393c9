import ArgumentParser
import CloudSimulation
import Experiments
import Reporting
import ScenarioFiles
import Statistics

/// How many copies of an application fit into a dump, and how many nodes more it takes.
struct FitIntoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fit-into",
    abstract: "How many copies of an application fit into a dump; how many nodes more it takes.",
    discussion: """
      The scheduler places one copy after another, evicting nobody. A copy is every Pod that the \
      application's manifests ask for; its DaemonSets come once. New nodes are like one that is \
      there.

      Examples:
        spillway fit-into dump.json checkout.yaml
        spillway fit-into nodes/ checkout/ --copies 20 --like worker-1 -o json
      """)
  @Argument(
    help: "The cluster: a file or folder of manifests, such as kubectl's dump.",
    completion: .file(extensions: ["yaml", "yml", "json"]))
  var dump: String
  @Argument(
    help: "The application: a file or folder of manifests.",
    completion: .file(extensions: ["yaml", "yml", "json"]))
  var application: String
  @Option(
    name: [.customShort("f"), .customLong("filename")],
    help: "More files or folders of the cluster; may be repeated.", completion: .file())
  var more: [String] = []
  @Option(help: "For how many copies nodes are added; default: one more than fit.")
  var copies: Int?
  @Option(help: "The node that new ones are like; default: one of the commonest shape.")
  var like: String?
  @Option(name: .short, help: OutputFormat.help) var output: OutputFormat = .text

  func validate() throws {
    if let copies, copies < 1 { throw ValidationError("--copies is at least 1") }
  }

  func run() throws {
    let world = try load([dump] + more)
    let app = try load([application])
    do {
      let fit = try FitInto(
        world.scenario, application: app.scenario.cluster, likeNode: like)
      let answer = fit.answer(copies: copies)
      try Answer(text: text(answer), json: json(answer).rendered(), table: table(answer))
        .say(as: output)
      if answer.newNodes == nil { throw ExitStatus.claimFails.code }
    } catch let problem as FitInto.Problem {
      complain("spillway: \(problem)")
      throw ExitStatus.badInput.code
    }
  }

  private func load(_ paths: [String]) throws -> LoadedScenario {
    do {
      let loaded = try ScenarioLoader.load(paths: paths)
      if output == .text, !loaded.warnings.isEmpty {
        complain(Diagnostic.text(of: loaded.warnings))
      }
      return loaded
    } catch {
      if output == .json {
        say(Diagnostic.json(of: error.diagnostics))
      } else {
        complain(Diagnostic.text(of: error.diagnostics))
      }
      throw (error.isMissingInput ? ExitStatus.missingInput : .badInput).code
    }
  }

  private func text(_ answer: FitInto.Answer) -> String {
    func count(_ number: Int, _ noun: String) -> String {
      "\(NumberText.count(number)) \(noun)\(number == 1 ? "" : "s")"
    }
    var lines = [
      (answer.copies == 1 ? "1 copy of " : "\(NumberText.count(answer.copies)) copies of ")
        + "\(count(answer.podsPerCopy, "Pod")) fit into \(count(answer.nodes, "node"))"
    ]
    if answer.pending > 0 {
      lines.append("\(count(answer.pending, "Pod")) of the cluster had no node before")
    }
    if !answer.rejected.isEmpty {
      lines.append("the next one fails at \(answer.rejected): \(answer.reason)")
    }
    let copies = answer.wanted == 1 ? "1 copy" : "\(NumberText.count(answer.wanted)) copies"
    switch answer.newNodes {
    case 0: lines.append("\(copies): no new node")
    case .some(let nodes):
      lines.append("\(copies): \(count(nodes, "new node")) like \(answer.likeNode), the fewest")
    case nil:
      lines.append(
        answer.likeNode.isEmpty
          ? "\(copies): the cluster has no node that new ones could be like"
          : "\(copies): not even \(NumberText.count(FitInto.mostNodes)) new nodes like"
            + " \(answer.likeNode) are enough: \(answer.shortfall)")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func table(_ answer: FitInto.Answer) -> ResultTable {
    var table = ResultTable(
      "fit",
      columns: [.init("application", kind: .text)]
        + ["copies", "pods_per_copy", "nodes", "wanted", "new_nodes"].map {
          .init($0, kind: .count)
        } + ["like", "rejected", "reason"].map { .init($0, kind: .text) })
    table.append([
      .text(application), .count(answer.copies), .count(answer.podsPerCopy), .count(answer.nodes),
      .count(answer.wanted), answer.newNodes.map { .count($0) } ?? .missing,
      .text(answer.likeNode), .text(answer.rejected), .text(answer.reason),
    ])
    return table
  }

  private func json(_ answer: FitInto.Answer) -> JSONValue {
    [
      "copies": .integer(answer.copies), "podsPerCopy": .integer(answer.podsPerCopy),
      "nodes": .integer(answer.nodes), "pendingBefore": .integer(answer.pending),
      "rejected": [
        "pod": .string(answer.rejected), "reason": .string(answer.reason),
      ],
      "wanted": .integer(answer.wanted), "newNodes": .optional(answer.newNodes),
      "like": .string(answer.likeNode), "shortfall": .string(answer.shortfall),
    ]
  }
}
