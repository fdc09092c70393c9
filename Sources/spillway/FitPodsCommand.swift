import ArgumentParser
import Experiments
import Foundation
import Quantities
import Reporting
import ScenarioFiles

/// Fits the laws of Pods' stages to the timestamps in a dump.
struct FitPodsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pods", abstract: "Fits the laws of Pods' stages to the timestamps in a dump.",
    discussion: """
      Reads the times of creation, of the conditions PodScheduled, Initialized and Ready, and of the \
      containers' start. Times are whole seconds: the likelihood is that of both ends rounded down. \
      Stages under way count by their age; Pods of Jobs, which come and go, are seen in proportion to \
      how long a stage takes, and the likelihood allows for it. Pods whose containers were restarted, \
      or which were ready and aren't any more, tell nothing about their start.

      Examples:
        kubectl get pods,nodes,replicasets,jobs -A -o yaml > dump.yaml
        spillway fit pods dump.yaml
        spillway fit pods dump.yaml -o json
      """)
  @Argument(
    help: "The dump: a file or folder of manifests with their status.",
    completion: .file(extensions: ["yaml", "yml", "json"]))
  var dump: String
  @Option(help: "When the dump was made, such as 2026-11-10T12:00:00Z; default: its latest time.")
  var at: String?
  @Option(name: .short, help: OutputFormat.help) var output: OutputFormat = .text

  func run() throws {
    let file: PodTimesFile
    do {
      file = try PodTimesFile(path: dump)
    } catch {
      complain(error.description)
      throw (error.isMissingInput ? ExitStatus.missingInput : .badInput).code
    }
    if !file.warnings.isEmpty { complain(Diagnostic.text(of: file.warnings)) }
    var now = file.latest
    if let at {
      guard let given = PodTimesFile.seconds(of: at) else {
        throw ValidationError("--at is a date and time, such as 2026-11-10T12:00:00Z")
      }
      guard given >= file.latest else {
        throw ValidationError("--at lies before the latest time in the dump")
      }
      now = given
    }
    let timelines = file.pods.map { pod in
      PodTimeline(
        workload: pod.workload, site: pod.isVirtual.map { $0 ? "virtual nodes" : "own nodes" },
        comesAndGoes: pod.isJob,
        times: [pod.created, pod.scheduled, pod.initialized, pod.started, pod.ready],
        isUnderWay: !pod.isLeaving && !pod.hasBegunAnew)
    }
    let report = PodFitReport(
      PodStages(timelines, at: now), name: (dump as NSString).lastPathComponent,
      pods: file.pods.count)
    try Answer(text: report.text, json: report.json, table: report.table).say(as: output)
    if report.yaml.isEmpty { throw ExitStatus.badInput.code }
  }
}
