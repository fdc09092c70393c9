import CloudSimulation
import ClusterModel
import Infrastructure
import Quantities
import Statistics

extension Study {
  /// `placements` and `stages`, of the replications that kept rows, and `scaling` where the scenario
  /// has anybody who scales, `conditions` where it has HorizontalPodAutoscalers.
  static func tables(of results: [ReplicationResult], _ scenario: Scenario) -> [ResultTable] {
    let tables = [placements(results), stages(results)]
    let scales =
      !scenario.cluster.autoscalers.isEmpty || results.contains { !$0.scalings.isEmpty }
    guard scales else { return tables }
    let conditions = scenario.cluster.autoscalers.isEmpty ? [] : [conditions(results)]
    return tables + [scaling(results)] + conditions
  }

  private static func scaling(_ results: [ReplicationResult]) -> ResultTable {
    var table = ResultTable(
      "scaling",
      columns: [
        .init("replication", kind: .count), .init("time", unit: "s"),
        .init("namespace", kind: .text), .init("scaler", kind: .text),
        .init("target", kind: .text), .init("from", kind: .count), .init("to", kind: .count),
        .init("reason", kind: .text),
      ])
    for result in results {
      for row in result.scalings {
        table.append([
          .count(result.replication), .number(row.at.seconds), .text(row.namespace),
          .text(row.scaler), .text(row.target), .count(Int(row.from)), .count(Int(row.to)),
          .text(row.reason),
        ])
      }
    }
    return table
  }

  private static func conditions(_ results: [ReplicationResult]) -> ResultTable {
    var table = ResultTable(
      "conditions",
      columns: [
        .init("replication", kind: .count), .init("time", unit: "s"),
        .init("namespace", kind: .text), .init("autoscaler", kind: .text),
        .init("condition", kind: .text), .init("status", kind: .text),
        .init("reason", kind: .text), .init("message", kind: .text),
      ])
    for result in results {
      for row in result.conditions {
        table.append([
          .count(result.replication), .number(row.at.seconds), .text(row.namespace),
          .text(row.autoscaler), .text(row.kind.rawValue), .text(row.isTrue ? "True" : "False"),
          .text(row.reason.rawValue), .text(row.message),
        ])
      }
    }
    return table
  }

  private static func placements(_ results: [ReplicationResult]) -> ResultTable {
    var table = ResultTable(
      "placements",
      columns: [
        .init("replication", kind: .count), .init("namespace", kind: .text),
        .init("pod", kind: .text), .init("node", kind: .text), .init("site", kind: .text),
        .init("created", unit: "s"), .init("scheduled", unit: "s"), .init("bound", unit: "s"),
        .init("ready", unit: "s"), .init("end", unit: "s"), .init("reason", kind: .text),
      ])
    for result in results {
      for row in result.placements {
        table.append([
          .count(result.replication), .text(row.namespace), .text(row.pod), text(row.node),
          text(row.site), .number(row.created.seconds), seconds(row.scheduled),
          seconds(row.bound), seconds(row.ready), seconds(row.end), .text(row.reason),
        ])
      }
    }
    return table
  }

  private static func stages(_ results: [ReplicationResult]) -> ResultTable {
    var table = ResultTable(
      "stages",
      columns: [
        .init("replication", kind: .count), .init("namespace", kind: .text),
        .init("pod", kind: .text), .init("stage", kind: .text), .init("start", unit: "s"),
        .init("end", unit: "s"), .init("outcome", kind: .text),
      ])
    for result in results {
      for row in result.stageRecords {
        table.append([
          .count(result.replication), .text(row.namespace), .text(row.pod), .text(row.stage.name),
          .number(row.start.seconds), .number(row.end.seconds), .text(row.outcome),
        ])
      }
    }
    return table
  }

  private static func seconds(_ instant: Instant?) -> ResultTable.Cell {
    instant.map { .number($0.seconds) } ?? .missing
  }

  private static func text(_ text: String?) -> ResultTable.Cell {
    text.map { .text($0) } ?? .missing
  }
}
