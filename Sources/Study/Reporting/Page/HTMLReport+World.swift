import Statistics

// The start of a Pod, and what nodes and Pods did.
extension HTMLReport {
  mutating func writeStages() {
    guard !summary.stages.isEmpty else { return }
    page.beginSection("stages", "Start of a Pod, stage by stage")
    page.paragraph(
      "Medians laid end to end; thin lines reach to each stage's 95th percentile.", class: "muted")
    let binding = summary.claims.flatMap { ClaimText.stages(binding: $0) }
    var table = PageTable(
      "Start of a Pod, stage by stage",
      [
        .text("Stage"), .number("Attempts"), .number("p50, s"), .number("p95, s"),
        .strip("Waterfall"), .number("At most, Pods/min"), .text("Because of"),
      ])
    let whole = summary.stages.reduce(0) { $0 + ($1.p50 ?? 0) }
    let tails = tailEnds()
    // One long tail must not press the medians flat: the strip ends, the figure beside it says it.
    let top = min(tails.max() ?? whole, 3 * whole)
    var elapsed = 0.0
    for stage in summary.stages {
      let median = stage.p50 ?? 0
      let isBinding = binding.contains(stage.stage)
      let text =
        "\(stage.stage): median \(NumberText.readable(stage.p50, digits: 3)) s, "
        + "95th percentile \(NumberText.readable(stage.p95, digits: 3)) s"
      var strip = Strip(label: text)
      if top > 0, stage.p50 != nil {
        strip.add(
          from: elapsed / top, to: (elapsed + median) / top, class: isBinding ? "h5" : "h3",
          title: text)
        if let p95 = stage.p95 {
          strip.addWhisker(from: (elapsed + median) / top, to: (elapsed + p95) / top)
        }
      }
      elapsed += median
      let name = PageWriter.escaped(stage.stage)
      table.row([
        isBinding ? "<strong>\(name)</strong> (binds)" : name,
        NumberText.readable(stage.attempts), NumberText.readable(stage.p50, digits: 3),
        NumberText.readable(stage.p95, digits: 3), strip.rendered,
        NumberText.readable(stage.limitPerMinute),
        stage.limitPath.map(PageWriter.code) ?? NumberText.missing,
      ])
    }
    page.raw("<div class=\"wide\">")
    page.table(table)
    page.raw("</div>")
    page.endSection()
  }

  private func tailEnds() -> [Double] {
    var elapsed = 0.0
    return summary.stages.map { stage in
      defer { elapsed += stage.p50 ?? 0 }
      return elapsed + max(stage.p50 ?? 0, stage.p95 ?? 0)
    }
  }
}

extension HTMLReport {
  /// Shares of CPU up to which a colour of the map stands.
  private static let shades = [0.2, 0.4, 0.6, 0.8, 0.95]

  mutating func writeNodes() {
    let history = summary.history
    guard !history.nodes.isEmpty, history.step > 0 else { return }
    page.beginSection("nodes", "Own nodes over time (replication \(history.replication))")
    let count = history.nodes.map(\.present.count).max() ?? 0
    page.raw("<h3>CPU requested, of what may be used</h3>")
    let names = ["under 20 %", "20–40 %", "40–60 %", "60–80 %", "80–95 %", "95 % and more"]
    page.raw(key(names.enumerated().map { ("h\($0)", $1) }))
    writeStrips(
      "Share of CPU requested, by block of nodes", columns: ("Nodes", "Lowest–highest"),
      rows: history.nodes.map { block in
        let range = range(of: block)
        var strip = Strip(label: "\(block.name): \(range) of CPU requested")
        for run in runs(of: block, shade) {
          let style = run.value < 0 ? "none" : "h\(run.value)"
          let title = run.value < 0 ? "no node" : names[run.value]
          strip.add(
            from: Double(run.from) / Double(count), to: Double(run.to) / Double(count),
            class: style, title: "\(moment(run.from)) to \(moment(run.to)): \(title)")
        }
        return (PageWriter.escaped("\(block.site) \(block.name)"), range, strip.rendered)
      })
    page.raw("<h3>Life of the nodes</h3>")
    let states = ["none exists", "none is Ready", "some are Ready", "all are Ready"]
    page.raw(key([("h5", states[1]), ("h2", states[2]), ("h3", states[3])]))
    writeStrips(
      "State of the nodes, by block", columns: ("Nodes", "At the end"),
      rows: history.nodes.map { block in
        let end =
          "\(NumberText.count(block.ready.last ?? 0))/\(NumberText.count(block.present.last ?? 0))"
        var strip = Strip(label: "\(block.name): \(end) Ready at the end")
        for run in runs(of: block, state) {
          strip.add(
            from: Double(run.from) / Double(count), to: Double(run.to) / Double(count),
            class: ["none", "h5", "h2", "h3"][run.value],
            title: "\(moment(run.from)) to \(moment(run.to)): \(states[run.value])")
        }
        return (PageWriter.escaped("\(block.site) \(block.name)"), "\(end) Ready", strip.rendered)
      })
    writeEnds(Double(count) * history.step)
    page.endSection()
  }

  /// Strips one below the other, without space for anything else.
  private mutating func writeStrips(
    _ caption: String, columns: (String, String), rows: [(String, String, String)]
  ) {
    var table = PageTable(caption, [.text(columns.0), .number(columns.1), .strip("Time →")])
    for row in rows { table.row([row.0, row.1, row.2]) }
    page.raw("<div class=\"wide dense\">")
    page.table(table)
    page.raw("</div>")
  }

  private mutating func writeEnds(_ end: Double) {
    page.paragraph("The strips reach from the start to \(clock(end)).", class: "muted")
  }

  func key(_ entries: [(style: String, name: String)]) -> String {
    let items = entries.map { entry in
      "<li><svg viewBox=\"0 0 28 12\" aria-hidden=\"true\"><rect class=\"\(entry.style)\""
        + " width=\"28\" height=\"12\"/></svg>\(PageWriter.escaped(entry.name))</li>"
    }
    return "<ul class=\"key\">\(items.joined())</ul>"
  }

  private func shade(_ block: WorldHistory.NodeBlock, _ index: Int) -> Int {
    guard block.present[index] > 0 else { return -1 }
    return Self.shades.firstIndex { block.requested[index] < $0 } ?? Self.shades.count
  }

  private func state(_ block: WorldHistory.NodeBlock, _ index: Int) -> Int {
    if block.present[index] == 0 { return 0 }
    if block.ready[index] == 0 { return 1 }
    return block.ready[index] < block.present[index] ? 2 : 3
  }

  /// Stretches of samples with the same value, so that neighbours of one colour are one mark.
  private func runs(
    of block: WorldHistory.NodeBlock, _ value: (WorldHistory.NodeBlock, Int) -> Int
  ) -> [(from: Int, to: Int, value: Int)] {
    var runs: [(from: Int, to: Int, value: Int)] = []
    for index in block.present.indices {
      let value = value(block, index)
      if let last = runs.last, last.value == value {
        runs[runs.count - 1].to = index + 1
      } else {
        runs.append((index, index + 1, value))
      }
    }
    return runs
  }

  private func range(of block: WorldHistory.NodeBlock) -> String {
    let shares = zip(block.present, block.requested).filter { $0.0 > 0 }.map(\.1)
    guard let low = shares.min(), let high = shares.max() else { return NumberText.missing }
    let text = NumberText.percent(low, decimals: 0)
    let other = NumberText.percent(high, decimals: 0)
    return text == other ? text : "\(text)–\(other)"
  }

  private func moment(_ sample: Int) -> String { clock(Double(sample) * summary.history.step) }

  private func clock(_ seconds: Double) -> String {
    let (unit, _) = TimeUnit.suiting(seconds)
    return "\(NumberText.readable(seconds / unit.seconds, digits: 3)) \(unit.name)"
  }
}

extension HTMLReport {
  mutating func writePods() {
    let groups = summary.history.pods
    guard !groups.isEmpty else { return }
    page.beginSection("pods", "Life of the Pods (replication \(summary.history.replication))")
    page.paragraph(
      "Pods of a site in groups of those created one after the other; each stretch reaches from "
        + "the group's median instant to the next one.", class: "muted")
    let phases = WorldHistory.PodGroup.phases
    page.raw(key(zip(["h5", "h4", "h2", "h3"], phases).map { ($0, $1) }))
    let ends = groups.flatMap { $0.instants.compactMap { $0 } }
    let nodesEnd =
      Double(summary.history.nodes.first?.present.count ?? 0) * summary.history.step
    let end = max(ends.max() ?? 0, nodesEnd)
    var table = PageTable(
      "Life of the Pods",
      [.text("Site"), .number("Pods"), .number("Ready after"), .strip("Time →")])
    for group in groups where end > 0 {
      let took = group.instants[3].flatMap { ready in group.instants[0].map { ready - $0 } }
      let wait = took.map { "\(NumberText.readable($0, digits: 3)) s" } ?? NumberText.missing
      let site = group.site.isEmpty ? "bound nowhere" : group.site
      var strip = Strip(label: "\(group.count) Pods, \(site): median time to Ready \(wait)")
      for (index, phase) in phases.enumerated() {
        guard let from = group.instants[index] else { continue }
        let later = group.instants[(index + 1)...].compactMap { $0 }.first
        strip.add(
          from: from / end, to: (later ?? end) / end, class: ["h5", "h4", "h2", "h3"][index],
          title: "\(phase) from \(clock(from)) to \(clock(later ?? end))")
        if later == nil { break }
      }
      table.row([PageWriter.escaped(site), NumberText.count(group.count), wait, strip.rendered])
    }
    page.raw("<div class=\"wide dense\">")
    page.table(table)
    page.raw("</div>")
    writeEnds(end)
    page.endSection()
  }
}
