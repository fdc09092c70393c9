import Statistics

/// The tables that a summary holds already.
public enum SummaryTables {
  /// What a command prints of a run: its claims, then its metrics, a row each.
  public static func figures(_ summary: RunSummary) -> ResultTable {
    var table = ResultTable(
      "figures",
      columns: [.init("name", kind: .text)] + ["mean", "low", "high"].map { .init($0) } + [
        .init("unit", kind: .text), .init("verdict", kind: .text), .init("target", kind: .text),
        .init("p50"), .init("p95"), .init("p99"), .init("n", kind: .count),
        .init("binds", kind: .text),
      ])
    func value(_ number: Double?) -> ResultTable.Cell { number.map(self.number) ?? .missing }
    for claim in summary.claims {
      let bound = NumberText.machine(claim.threshold) ?? ""
      table.append([
        .text("claim/\(claim.name)"), value(claim.estimate), value(claim.low), value(claim.high),
        .text(claim.unit), .text(claim.verdict.rawValue),
        .text("\(claim.isAbove ? ">" : "<") \(bound)"), .missing, .missing, .missing,
        .count(claim.of), claim.bindingStage.map { .text($0) } ?? .missing,
      ])
    }
    for metric in summary.metrics {
      table.append([
        .text("metric/\(metric.name)"), value(metric.mean), value(metric.low), value(metric.high),
        .text(metric.unit), .missing, .missing, value(metric.p50), value(metric.p95),
        value(metric.p99), .count(metric.n), .missing,
      ])
    }
    return table
  }

  /// What was read of each kind.
  public static func input(_ kinds: [InputSummary]) -> ResultTable {
    var table = ResultTable(
      "input",
      columns: [.init("kind", kind: .text)]
        + ["objects", "read", "ignored", "unsupported"].map { .init($0, kind: .count) } + [
          .init("unsupported_fields", kind: .text)
        ])
    for kind in kinds {
      table.append([
        .text(kind.kind), .count(kind.objects), .count(kind.read), .count(kind.ignored),
        .count(kind.unsupported), .text(kind.unsupportedFields.joined(separator: ", ")),
      ])
    }
    return table
  }

  /// `throughput.csv`: the curves over time, one row per curve and point.
  public static func throughput(_ summary: RunSummary) -> ResultTable {
    var table = ResultTable(
      "throughput",
      columns: [
        .init("series", kind: .text), .init("unit", kind: .text), .init("place", kind: .text),
        .init("time", unit: "s"), .init("mean"), .init("p5"), .init("p95"),
      ])
    for curve in summary.series {
      for (index, mean) in curve.mean.enumerated() {
        table.append([
          .text(curve.name), .text(curve.unit), .text(curve.place),
          .number(Double(index) * curve.step), number(mean),
          index < curve.low.count ? number(curve.low[index]) : .missing,
          index < curve.high.count ? number(curve.high[index]) : .missing,
        ])
      }
    }
    return table
  }

  /// `bill.csv`: the bill, mean per replication, one row per item; amounts are exact, so that they
  /// add up to the totals to the last digit: those that are paid to `cash`, all to `amortised`.
  public static func bill(_ summary: RunSummary) -> ResultTable {
    var table = ResultTable(
      "bill",
      columns: [
        .init("item", kind: .text), .init("quantity"), .init("unit", kind: .text),
        .init("amount", unit: summary.money.currency),
        .init("incremental", unit: summary.money.currency), .init("kind", kind: .text),
      ])
    for item in summary.money.items {
      table.append([
        .text(item.name), number(item.quantity), .text(item.unit), .exact(item.exact),
        .exact(item.incremental), .text(item.isOwned ? "owned" : "paid"),
      ])
    }
    return table
  }

  /// `nodes.csv`: blocks of own nodes over time, one row per block and sample; nil without any.
  public static func nodes(_ history: WorldHistory) -> ResultTable? {
    if history.nodes.isEmpty { return nil }
    var table = ResultTable(
      "nodes",
      columns: [
        .init("replication", kind: .count), .init("nodes", kind: .text),
        .init("site", kind: .text), .init("time", unit: "s"), .init("present", kind: .count),
        .init("ready", kind: .count), .init("requested", unit: "of CPU"),
      ])
    for block in history.nodes {
      for index in block.present.indices {
        table.append([
          .count(history.replication), .text(block.name), .text(block.site),
          .number(Double(index) * history.step), .count(block.present[index]),
          .count(block.ready[index]), number(block.requested[index]),
        ])
      }
    }
    return table
  }

  /// `podgroups.csv`: the median life of Pods created one after the other; nil without any.
  public static func podGroups(_ history: WorldHistory) -> ResultTable? {
    if history.pods.isEmpty { return nil }
    var table = ResultTable(
      "podgroups",
      columns: [
        .init("replication", kind: .count), .init("site", kind: .text),
        .init("pods", kind: .count), .init("created", unit: "s"), .init("scheduled", unit: "s"),
        .init("bound", unit: "s"), .init("ready", unit: "s"), .init("end", unit: "s"),
      ])
    for group in history.pods {
      let instants = group.instants.map { $0.map { ResultTable.Cell.number($0) } ?? .missing }
      table.append(
        [.count(history.replication), .text(group.site), .count(group.count)] + instants)
    }
    return table
  }

  private static func number(_ value: Double) -> ResultTable.Cell {
    value.isFinite ? .number(value) : .missing
  }
}
