import Statistics

// What the run rests on.
extension MarkdownReport {
  mutating func writeAssumptions() {
    guard !summary.assumptions.isEmpty else { return }
    write("## Unproven values used")
    var table = MarkdownTable([
      ("Parameter", .left), ("Value", .left), ("Unit", .left), ("Grade", .left),
      ("Range", .left), ("Source", .left),
    ])
    for value in summary.assumptions {
      table.row([
        MarkupText.code(value.path), MarkupText.markdown(value.value),
        MarkupText.markdown(value.unit), MarkupText.markdown(value.grade),
        value.range.map(MarkupText.markdown) ?? NumberText.missing,
        MarkupText.markdown(value.source),
      ])
    }
    write(table)
  }

  mutating func writeInput() {
    guard !summary.input.isEmpty else { return }
    write("## Input")
    var table = MarkdownTable([
      ("Kind", .left), ("Objects", .right), ("Fields read", .right), ("Ignored", .right),
      ("Not modelled", .right),
    ])
    for kind in summary.input {
      table.row([
        MarkupText.markdown(kind.kind), NumberText.count(kind.objects),
        NumberText.count(kind.read), NumberText.count(kind.ignored),
        NumberText.count(kind.unsupported),
      ])
    }
    write(table)
    for kind in summary.input where !kind.unsupportedFields.isEmpty {
      let fields = kind.unsupportedFields.map(MarkupText.code).joined(separator: ", ")
      var line = "\(MarkupText.markdown(kind.kind)) fields not modelled: \(fields)."
      if !kind.podsTouched.isEmpty {
        let names = kind.podsTouched.prefix(20).map(MarkupText.code).joined(separator: ", ")
        line += " They touch the placement of \(NumberText.count(kind.podsTouched.count)) Pods: "
        line += names + (kind.podsTouched.count > 20 ? " and others (`summary.json`)." : ".")
      }
      write(line)
    }
  }

  mutating func writePods() {
    let pods = summary.pods
    write("## Pods at the end (sum of all replications)")
    var table = MarkdownTable([("State", .left), ("Pods", .right)])
    for state in ClaimText.states(pods) { table.row([state.name, NumberText.count(state.count)]) }
    table.row(["**all**", "**\(NumberText.count(pods.created))**"])
    write(table)
    guard !summary.conservation.isEmpty else { return }
    write("### Conserved")
    var checks = MarkdownTable([
      ("Quantity", .left), ("One side", .right), ("Other side", .right), ("", .left),
    ])
    for check in summary.conservation {
      let left = NumberText.machine(check.left) ?? NumberText.missing
      let right = NumberText.machine(check.right) ?? NumberText.missing
      checks.row([
        MarkupText.markdown(check.quantity), left, right, left == right ? "equal" : "**differ**",
      ])
    }
    write(checks)
  }

  mutating func writeReproduce() {
    write("## Reproduce")
    if !summary.command.isEmpty { write("```sh", MarkupText.oneLine(summary.command), "```") }
    write(
      "Spillway \(MarkupText.markdown(summary.version)) · scenario \(MarkupText.code(summary.digest))"
        + " · seed \(summary.seed) · "
        + NumberText.count(summary.replications, "replication"))
  }
}
