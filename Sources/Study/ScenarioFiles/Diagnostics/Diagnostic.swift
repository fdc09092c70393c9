/// What is wrong with the input, or worth knowing about it, and where.
public struct Diagnostic: Sendable {
  /// How bad it is.
  public enum Severity: String, Hashable, Sendable {
    /// Nothing runs.
    case error
    /// It runs all the same.
    case warning
  }

  /// The file's path as it was given; `--set` for an override.
  public var file: String
  /// The line, counted from 1; 0 if the file as a whole is meant.
  public var line: Int
  /// The column in Unicode scalars, counted from 1; 0 if the file as a whole is meant.
  public var column: Int
  /// How bad it is.
  public var severity: Severity
  /// What kind of mistake it is, such as `unknown-key`; stable.
  public var code: String
  /// What is wrong, as a clause.
  public var message: String
  /// What would have been accepted.
  public var expected: String?
  /// The likeliest correction.
  public var suggestion: String?
  /// The path of the field, such as `ServerlessPool/cloud:spec.createRate`.
  public var path: String?
  /// Further facts, a line each, such as the other place of a duplicate.
  public var notes: [String] = []
  /// The line's text; nil if the file as a whole is meant.
  var sourceLine: String?
  /// How many columns the caret marks.
  var width = 1

  /// A diagnostic about a file as a whole.
  init(
    file: String, severity: Severity = .error, code: String, message: String,
    expected: String? = nil, suggestion: String? = nil
  ) {
    self.file = file
    line = 0
    column = 0
    self.severity = severity
    self.code = code
    self.message = message
    self.expected = expected
    self.suggestion = suggestion
  }
}

/// Input that can't be used, with everything that is wrong with it.
public struct InvalidInput: Error, Sendable {
  /// What is wrong, in the order of the input; at least one error.
  public var diagnostics: [Diagnostic]
  /// Whether a file is missing or can't be read (exit 66) rather than wrong (exit 65).
  public var isMissingInput: Bool { diagnostics.contains { $0.code == "unreadable-file" } }
}

extension InvalidInput {
  /// One error that was found, perhaps changed.
  public init(_ diagnostic: Diagnostic) { diagnostics = [diagnostic] }

  /// One error at a place in a file; line 0 for the file as a whole.
  ///
  /// - Parameters:
  ///   - code: what kind of mistake it is; `unreadable-file` where the file is missing.
  ///   - message: what is wrong, as a clause.
  ///   - expected: what would have been accepted.
  ///   - excerpt: the line's text, if it is at hand.
  ///   - note: a further fact.
  public init(
    file: String, line: Int, column: Int, code: String, message: String, expected: String? = nil,
    excerpt: String? = nil, width: Int = 1, note: String? = nil
  ) {
    var diagnostic = Diagnostic(file: file, code: code, message: message, expected: expected)
    diagnostic.line = line
    diagnostic.column = column
    diagnostic.sourceLine = excerpt
    diagnostic.width = width
    diagnostic.notes = note.map { [$0] } ?? []
    diagnostics = [diagnostic]
  }
}

extension InvalidInput: CustomStringConvertible {
  /// Everything that is wrong, for people.
  public var description: String { Diagnostic.text(of: diagnostics) }
}
