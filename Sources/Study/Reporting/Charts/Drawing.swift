/// An SVG drawing under construction: shapes in the order they are painted.
///
/// All colours come from classes, so that one style sheet serves light and dark.
struct Drawing {
  /// The drawing's width in its own units.
  let width: Int
  /// What the drawing shows, for people who can't see it and as the browser's label.
  let label: String
  private let name: String
  private var body = ""

  /// An empty drawing; its name tells its parts from those of other drawings on one page.
  init(name: String, width: Int, label: String) {
    self.name = name
    self.width = width
    self.label = label
  }

  /// How a text lies relative to its position.
  enum Anchor: String { case start, middle, end }

  /// Adds a shape, with a title that browsers show beside the pointer.
  mutating func shape(_ element: String, title: String? = nil) {
    if let title {
      let name = element.prefix { $0 != " " }
      body += "<\(element)><title>\(MarkupText.xml(title))</title></\(name)>\n"
    } else {
      body += "<\(element)/>\n"
    }
  }

  /// Adds a line of text.
  mutating func text(
    _ text: String, x: Double, y: Double, class style: String = "t", anchor: Anchor = .start
  ) {
    let place = anchor == .start ? "" : " text-anchor=\"\(anchor.rawValue)\""
    body += "<text x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" class=\"\(style)\"\(place)>"
    body += "\(MarkupText.xml(MarkupText.oneLine(text)))</text>\n"
  }

  /// Adds a straight line.
  mutating func line(
    from start: (x: Double, y: Double), to end: (x: Double, y: Double), class style: String,
    title: String? = nil
  ) {
    shape(
      "path class=\"\(style)\" d=\"M\(Self.number(start.x)) \(Self.number(start.y))"
        + "L\(Self.number(end.x)) \(Self.number(end.y))\"", title: title)
  }

  /// Adds a rectangle; one thinner than a hair is drawn as wide as one, so that it can be seen.
  mutating func bar(
    x: Double, y: Double, width: Double, height: Double, class style: String, title: String? = nil
  ) {
    shape(
      "rect class=\"\(style)\" x=\"\(Self.number(x))\" y=\"\(Self.number(y))\""
        + " width=\"\(Self.number(max(width, 1)))\" height=\"\(Self.number(height))\"",
      title: title)
  }

  /// Begins a group that is cut off outside a rectangle.
  mutating func beginClip(x: Double, y: Double, width: Double, height: Double) {
    body += "<clipPath id=\"\(name)-plot\"><rect x=\"\(Self.number(x))\" y=\"\(Self.number(y))\""
    body += " width=\"\(Self.number(width))\" height=\"\(Self.number(height))\"/></clipPath>\n"
    body += "<g clip-path=\"url(#\(name)-plot)\">\n"
  }

  /// Ends the group that is cut off.
  mutating func endClip() { body += "</g>\n" }

  /// The drawing as a file of its own.
  func document(height: Int) -> String {
    let name = MarkupText.xml(MarkupText.oneLine(label))
    return """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" \
      viewBox="0 0 \(width) \(height)" role="img" aria-label="\(name)">
      <title>\(name)</title>
      <style>\(ChartStyle.sheet)</style>
      <rect class="bg" width="\(width)" height="\(height)"/>
      \(body)</svg>

      """
  }

  /// The drawing as a part of a page, which has the style sheet already.
  func inline(height: Int) -> String {
    let name = MarkupText.xml(MarkupText.oneLine(label))
    return
      "<svg viewBox=\"0 0 \(width) \(height)\" role=\"img\" aria-label=\"\(name)\">\n\(body)</svg>"
  }

  /// A coordinate to a tenth of a unit: finer isn't visible.
  static func number(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    let whole = tenths / 10
    let rest = abs(tenths % 10)
    if rest == 0 { return String(whole) }
    return (tenths < 0 && whole == 0 ? "-" : "") + "\(whole).\(rest)"
  }

  /// About how wide a text is at the charts' size of letters, on the generous side.
  static func textWidth(_ text: String) -> Double { Double(text.count) * 7 }
}
