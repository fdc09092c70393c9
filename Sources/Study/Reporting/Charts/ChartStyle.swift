/// The charts' one style sheet: the Okabe–Ito palette, which people with colour-blindness can
/// tell apart, on opaque light or dark ground as the reader's system prefers.
///
/// The ground is opaque because a page may be dark where the system is light. Series differ by
/// dashes too, so that nothing rests on colour alone.
enum ChartStyle {
  /// How many series can be told apart in one chart.
  static let seriesLimit = 6

  private static let light = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#000"]
  private static let dark = ["#56b4e9", "#e69f00", "#2fc79a", "#cc79a7", "#f0e442", "#fff"]
  private static let dashes = ["", "7 3", "2 3", "9 3 2 3", "12 4", "4 4"]

  /// The style sheet's text.
  static let sheet: String = {
    var text = "text{font:13px system-ui,'Segoe UI',Helvetica,Arial,'DejaVu Sans',sans-serif}"
    text += "text.h{font-size:15px;font-weight:600}path{fill:none}"
    text += ".l{stroke-width:2;stroke-linejoin:round}.b{stroke:none;fill-opacity:.22}"
    text += ".x{stroke-width:1}.c{stroke-width:2;stroke-dasharray:6 4}.w{stroke-width:1.5}"
    text += "text.o{paint-order:stroke;stroke-width:4px;stroke-linejoin:round}"
    for (index, dash) in dashes.enumerated() where !dash.isEmpty {
      text += ".d\(index){stroke-dasharray:\(dash)}"
    }
    text += colours(
      ground: "#fff", text: "#1f2328", muted: "#59636e", grid: "#d1d9e0", claim: "#d55e00",
      label: "#b04a00",
      series: light)
    text += "@media(prefers-color-scheme:dark){"
    text += colours(
      ground: "#0d1117", text: "#f0f6fc", muted: "#9198a1", grid: "#3d444d", claim: "#ff8a4c",
      label: "#ff8a4c",
      series: dark)
    return text + "}"
  }()

  private static func colours(
    ground: String, text: String, muted: String, grid: String, claim: String, label: String,
    series: [String]
  ) -> String {
    var sheet = ".bg{fill:\(ground)}.t,.h{fill:\(text)}.m{fill:\(muted)}"
    sheet += ".x{stroke:\(grid)}.w{stroke:\(text)}.c{stroke:\(claim)}.k{fill:\(label)}"
    sheet += "text.o{stroke:\(ground)}"
    for (index, colour) in series.enumerated() {
      sheet += ".s\(index){stroke:\(colour)}.f\(index){fill:\(colour)}"
    }
    return sheet
  }
}
