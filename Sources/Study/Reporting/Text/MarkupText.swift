/// Text from manifests made harmless for where it is shown; names in a dump can hold anything.
enum MarkupText {
  /// Text inside an XML element or attribute; characters that XML forbids become U+FFFD.
  static func xml(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "\t", "\n", "\r": result += "&#\(scalar.value);"
      default: result.unicodeScalars.append(isXMLCharacter(scalar) ? scalar : "\u{FFFD}")
      }
    }
    return result
  }

  private static func isXMLCharacter(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value >= 0x20 && scalar.value != 0xFFFE && scalar.value != 0xFFFF
  }

  /// Text inside a paragraph, heading or table cell of GitHub's Markdown, shown as it is.
  static func markdown(_ text: String) -> String {
    var result = ""
    for scalar in oneLine(text).unicodeScalars {
      switch scalar {
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "&": result += "&amp;"
      case "@": result += "&#64;"
      case "\\", "`", "|", "*", "_", "[", "]", "#", "~", "$", "!":
        result += "\\"
        result.unicodeScalars.append(scalar)
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Text as a code span of Markdown, also inside a table cell.
  static func code(_ text: String) -> String {
    let line = oneLine(text)
    if line.isEmpty { return "" }
    var longest = 0
    var run = 0
    for character in line {
      run = character == "`" ? run + 1 : 0
      longest = max(longest, run)
    }
    let fence = String(repeating: "`", count: longest + 1)
    var body = ""
    for character in line { body += character == "|" ? "\\|" : String(character) }
    let needsSpace = line.hasPrefix("`") || line.hasSuffix("`")
    return needsSpace ? "\(fence) \(body) \(fence)" : fence + body + fence
  }

  /// Text for a terminal: control characters, which could move the cursor or colour the
  /// screen, become U+FFFD.
  static func terminal(_ text: String) -> String {
    oneLine(text)
  }

  /// Line ends and tabs as spaces, other control and direction-changing characters as U+FFFD.
  static func oneLine(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n", "\r", "\t", "\u{2028}", "\u{2029}": result.append(" ")
      default:
        let isHidden =
          scalar.properties.generalCategory == .control
          || (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
        result.append(isHidden ? "\u{FFFD}" : scalar)
      }
    }
    return String(result)
  }
}
