import Statistics

/// A line that GitHub Actions shows beside the file it is about.
///
/// Written after GitHub's documentation of workflow commands: `%` and line ends are escaped
/// everywhere, `:` and `,` in properties too.
public struct GitHubAnnotation: Sendable {
  /// How bad it is.
  public enum Level: String, Sendable { case error, warning, notice }

  /// How bad it is.
  public var level: Level
  /// The heading.
  public var title: String
  /// What is wrong.
  public var message: String
  /// The file it is about.
  public var file: String?
  /// The line in the file, from 1.
  public var line: Int?
  /// The column in the line, from 1.
  public var column: Int?

  /// An annotation from its parts.
  public init(
    level: Level, title: String, message: String, file: String? = nil, line: Int? = nil,
    column: Int? = nil
  ) {
    self.level = level
    self.title = title
    self.message = message
    self.file = file
    self.line = line
    self.column = column
  }

  /// The command, without a line end.
  public func rendered() -> String {
    var properties: [String] = []
    if let file { properties.append("file=\(Self.property(file))") }
    if let line { properties.append("line=\(line)") }
    if let column { properties.append("col=\(column)") }
    properties.append("title=\(Self.property(title))")
    return "::\(level.rawValue) \(properties.joined(separator: ","))::\(Self.data(message))"
  }

  /// Annotations for the claims of a run that don't hold.
  public static func annotations(for summary: RunSummary, file: String?) -> [GitHubAnnotation] {
    summary.claims.filter { $0.verdict != .holds }.map { claim in
      GitHubAnnotation(
        level: claim.verdict == .fails ? .error : .warning,
        title: "\(claim.name) \(ClaimText.verb(claim.verdict))",
        message: JUnitReport.message(claim), file: file)
    }
  }

  private static func data(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "%": result += "%25"
      case "\r": result += "%0D"
      case "\n": result += "%0A"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  private static func property(_ text: String) -> String {
    var result = ""
    for scalar in data(text).unicodeScalars {
      switch scalar {
      case ":": result += "%3A"
      case ",": result += "%2C"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
