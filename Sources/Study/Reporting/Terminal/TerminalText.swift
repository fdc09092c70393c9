/// Text measured and laid out in a terminal's columns.
enum TerminalText {
  /// How a cell is aligned.
  enum Alignment { case left, right }

  /// The columns that a text takes: two for East Asian wide characters and emoji, none for
  /// combining marks.
  static func width(_ text: String) -> Int {
    text.reduce(0) { $0 + width(of: $1) }
  }

  private static func width(of character: Character) -> Int {
    guard let first = character.unicodeScalars.first else { return 0 }
    switch first.value {
    case 0x300...0x36F, 0x200B...0x200F, 0xFE00...0xFE0F: return 0
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
      0xA000...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
      0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF,
      0x20000...0x3FFFD:
      return 2
    default: return 1
    }
  }

  /// A text cut to so many columns, with an ellipsis where something was cut off.
  static func cut(_ text: String, to limit: Int) -> String {
    guard width(text) > limit else { return text }
    var result = ""
    var used = 0
    for character in text {
      let next = width(of: character)
      if used + next > limit - 1 { break }
      result.append(character)
      used += next
    }
    return limit > 0 ? result + "…" : ""
  }

  /// A text filled with spaces to so many columns, or cut to them.
  static func fit(_ text: String, to columns: Int, _ alignment: Alignment) -> String {
    let text = cut(text, to: columns)
    let fill = String(repeating: " ", count: max(0, columns - width(text)))
    return alignment == .left ? text + fill : fill + text
  }

  /// A text broken at spaces into lines of at most so many columns; lines after the first begin
  /// with so many spaces.
  static func wrapped(_ text: String, to columns: Int, indent: Int) -> [String] {
    let lead = String(repeating: " ", count: indent)
    var lines: [String] = []
    var line = String(text.prefix { $0 == " " })
    var isFresh = true
    let words = text.dropFirst(line.count)
    for word in words.split(separator: " ", omittingEmptySubsequences: false).map(String.init) {
      if isFresh {
        line += word
        isFresh = false
      } else if width(line) + 1 + width(word) <= max(columns, indent + 20) {
        line += " " + word
      } else {
        lines.append(line)
        line = lead + word
      }
    }
    return lines + [line]
  }
}

/// Colours of a terminal, or none.
struct TerminalStyle {
  /// Whether escape sequences are written.
  let isColoured: Bool

  /// Text in green.
  func good(_ text: String) -> String { escape("32", text) }
  /// Text in red.
  func bad(_ text: String) -> String { escape("31", text) }
  /// Text in yellow.
  func doubtful(_ text: String) -> String { escape("33", text) }
  /// Text in bold.
  func strong(_ text: String) -> String { escape("1", text) }
  /// Text set back.
  func faint(_ text: String) -> String { escape("2", text) }

  private func escape(_ code: String, _ text: String) -> String {
    isColoured ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}

/// A curve in one line of text.
public enum Sparkline {
  private static let levels: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

  /// Values as bars of eight heights from zero to their highest, at most so many: each bar shows
  /// the highest of its share of the values, so that no spike vanishes.
  public static func render(_ values: [Double], width: Int) -> String {
    let bars = min(width, values.count)
    guard bars > 0 else { return "" }
    let highest = values.max() ?? 0
    var text = ""
    for bar in 0..<bars {
      let share = values[(bar * values.count / bars)..<((bar + 1) * values.count / bars)]
      let value = share.max() ?? 0
      let level = highest > 0 && value > 0 ? (value / highest * 7).rounded() : 0
      text.append(levels[level.isFinite ? Int(level) : 0])
    }
    return text
  }
}
