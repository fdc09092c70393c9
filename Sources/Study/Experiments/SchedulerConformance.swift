import ClusterModel
import Foundation
import Quantities
import Scheduling

/// Compares decisions of ``Scheduler`` with those recorded from the genuine kube-scheduler.
public enum SchedulerConformance {
  /// How many rounds a case has at most.
  static let mostRounds = 6

  /// Runs every case of a folder of `NAME.input.json` and `NAME.expected.json`.
  /// - Parameters:
  ///   - scan: whether the oracle decides instead of the path that runs take.
  ///   - read: reads the objects of an input file.
  /// - Throws: if the folder can't be read; a file that can't is its case's failure.
  public static func run(
    folder: String, scan: Bool, read: (String) throws -> ClusterObjects
  ) throws -> ConformanceResult {
    try run(folder: folder, configuration: configuration(scan: scan), read: read)
  }

  /// What the vectors fix: all nodes searched, ties to the lowest name, every candidate examined.
  static func configuration(scan: Bool) -> SchedulerConfiguration {
    SchedulerConfiguration(
      percentageOfNodesToScore: 100, tieRule: .lowestName,
      examinesAllPreemptionCandidates: true, scan: scan)
  }

  static func run(
    folder: String, configuration: SchedulerConfiguration,
    read: (String) throws -> ClusterObjects
  ) throws -> ConformanceResult {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
      .filter { $0.hasSuffix(".input.json") }.map { String($0.dropLast(".input.json".count)) }
      .sorted()
    var cases: [ConformanceResult.Case] = []
    for name in names where !Task.isCancelled {
      let path = "\(folder)/\(name)"
      guard let expected = FileManager.default.contents(atPath: "\(path).expected.json") else {
        cases.append(.init(name: name, failures: ["\(name).expected.json is missing"]))
        continue
      }
      var failures: [String]
      do {
        let vector = try JSONDecoder().decode(SchedulerVector.self, from: expected)
        let objects = try read("\(path).input.json")
        failures = differences(of: objects, from: vector, configuration)
      } catch let error as DecodingError {
        failures = ["\(name).expected.json can't be read: \(error)"]
      } catch {
        failures = ["\(name).input.json can't be read: \(error)"]
      }
      cases.append(.init(name: name, failures: failures))
    }
    return ConformanceResult(cases: cases)
  }

  /// Plays one case and lists how it differs from the record.
  static func differences(
    of objects: ClusterObjects, from vector: SchedulerVector,
    _ configuration: SchedulerConfiguration
  ) -> [String] {
    let player = SchedulerVectorPlayer(objects, configuration)
    player.play()
    return SchedulerVectorComparison.differences(player.decisions, vector)
      + SchedulerVectorComparison.differences(atEndOf: player, vector)
      + player.disagreements
  }
}

/// Plays a case by the vectors' procedure of rounds and steps.
final class SchedulerVectorPlayer {
  private var cluster: ClusterState
  private var scheduler: Scheduler
  private let queue: [PodID]
  private var step = 0
  private let lastStart: Instant
  private(set) var decisions: [SchedulerVector.Decision] = []
  private(set) var bindings: [String: String] = [:]
  private(set) var evicted: [String] = []
  /// Where the path that decided counted otherwise than the general path beside it.
  private(set) var disagreements: [String] = []

  init(_ objects: ClusterObjects, _ configuration: SchedulerConfiguration) {
    cluster = ClusterState(objects)
    scheduler = Scheduler(configuration: configuration)
    var last = Instant.zero
    var waiting: [(pod: Pod, priority: Int32)] = []
    for slot in 0..<cluster.podSlotCount {
      guard let pod = cluster.pod(slot: slot) else { continue }
      last = max(last, pod.started ?? pod.created)
      let template = cluster.template(of: pod)
      if pod.isUnbound, configuration.profiles[0].schedulerName == template.schedulerName {
        waiting.append((pod, template.priority))
      }
    }
    lastStart = last
    waiting.sort {
      if $0.priority != $1.priority { return $0.priority > $1.priority }
      if $0.pod.created != $1.pod.created { return $0.pod.created < $1.pod.created }
      return $0.pod.id.slot < $1.pod.id.slot
    }
    queue = waiting.map(\.pod.id)
  }

  /// Pods still without a node.
  var pending: [String] {
    queue.compactMap { cluster.pod($0) }.filter(\.isUnbound)
      .map { cluster.qualifiedName(of: $0) }
  }

  func play() {
    var round = queue
    var number = 1
    while !round.isEmpty && number <= SchedulerConformance.mostRounds {
      var again: [PodID] = []
      for pod in round { again += tryPod(pod, round: number) }
      round = queue.filter { again.contains($0) && cluster.pod($0)?.isUnbound == true }
      number += 1
    }
  }

  /// Tries one Pod.
  /// - Returns: the Pods that the next round tries because of it.
  private func tryPod(_ id: PodID, round: Int) -> [PodID] {
    guard let pod = cluster.pod(id) else { return [] }
    step += 1
    var record = SchedulerVector.Decision(
      step: step, round: round, pod: cluster.qualifiedName(of: pod), outcome: "unschedulable",
      feasibleCount: 0)
    defer { decisions.append(record) }
    let gates = cluster.template(of: pod).schedulingGates
    if !gates.isEmpty {
      record.outcome = "gated"
      record.gatedBy = "SchedulingGates"
      record.message = "waiting for scheduling gates: [\(gates.joined(separator: " "))]"
      return []
    }
    if pod.isTerminating {
      record.outcome = "skipped"
      return []
    }
    let now = lastStart + .hours(24) + .seconds(step)
    let decision = scheduler.decide(id, in: cluster, at: now)
    record.describe(decision, in: cluster)
    if let standing = decision.standing {
      var comparison = FieldComparison(path: "decisions[\(decisions.count)]")
      comparison.check(
        "feasible to the deciding path", standing.nodes, decision.feasible.map { Int32($0.index) })
      comparison.check(
        "totals of the deciding path", standing.totals, decision.scores.map(\.total))
      disagreements += comparison.failures
    }
    if let node = decision.node {
      cluster.bind(id, to: node)
      cluster.setPhase(id, to: .running)
      cluster.setStarted(id, at: now)
      bindings[record.pod] = cluster.node(node)?.name
      return []
    }
    for cleared in decision.preemption?.cleared ?? [] { cluster.nominate(cleared, to: nil) }
    guard let chosen = decision.preemption?.chosen else { return [] }
    for victim in chosen.victims {
      guard let pod = cluster.pod(victim) else { continue }
      let name = cluster.qualifiedName(of: pod)
      evicted.append(name)
      bindings[name] = nil
      cluster.deletePod(victim)
    }
    cluster.nominate(id, to: chosen.node)
    return [id] + (decision.preemption?.cleared ?? [])
  }
}
