import Statistics

// What each cause cost.
extension MarkdownReport {
  mutating func writeCauses() {
    guard !summary.causes.isEmpty else { return }
    write("## What each cause cost (same luck, with it and without it)")
    var table = MarkdownTable([
      ("Cause", .left), ("Quantity", .left), ("With", .right), ("Without", .right),
      ("Difference", .right), ("Interval", .left),
    ])
    for effect in summary.causes {
      for difference in effect.differences {
        table.row([
          MarkupText.code(effect.cause), MarkupText.markdown(difference.quantity),
          CauseText.value(difference.with, difference),
          CauseText.value(difference.without, difference),
          CauseText.change(difference), CauseText.interval(difference),
        ])
      }
    }
    write(table)
  }
}
