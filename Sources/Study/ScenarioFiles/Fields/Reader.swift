import ClusterModel
import Scheduling

/// What a reading of one object leaves behind besides its value.
struct FieldCounts: Hashable, Sendable {
  /// Fields that something is made of.
  var read = 0
  /// Fields that mean nothing to the model.
  var ignored = 0
  /// Fields that matter and aren't modelled, by path inside the object.
  var unsupported: [String] = []
}

/// Reads the fields of one object, collecting everything that is wrong with them.
struct Reader {
  /// The texts that places refer to.
  let sources: Sources
  /// The object, such as `ServerlessPool/cloud`; empty before its name is known.
  let object: String
  /// Whether the object is of a kind of ours, in which an unknown key is an error.
  let isStrict: Bool
  /// What is wrong so far.
  var diagnostics: [Diagnostic] = []
  /// What was read so far.
  var counts = FieldCounts()
  /// Labels of the Pods being read, for keys that the API server merges into selectors; nil: they
  /// are merged already.
  var mergedLabels: Labels?
  /// The scheduler's plugins besides those that it has by itself.
  var plugins = PluginRegistry()

  private var path: [String] = []

  init(_ sources: Sources, object: String, isStrict: Bool) {
    self.sources = sources
    self.object = object
    self.isStrict = isStrict
  }

  /// The path of the field being read.
  var currentPath: String { fieldPath }
  private var fieldPath: String {
    path.reduce("") { $0.isEmpty || $1.hasPrefix("[") ? $0 + $1 : "\($0).\($1)" }
  }

  /// Does something one key deeper.
  mutating func within<Result>(
    _ key: String, _ body: (inout Reader) -> Result
  ) -> Result {
    path.append(key)
    defer { path.removeLast() }
    return body(&self)
  }

  mutating func error(
    at place: Place, _ code: String, _ message: String, expected: String? = nil,
    suggestion: String? = nil, notes: [String] = [], width: Int = 1
  ) {
    report(
      .error, at: place, code, message, expected: expected, suggestion: suggestion, notes: notes,
      width: width)
  }

  mutating func warning(
    at place: Place, _ code: String, _ message: String, suggestion: String? = nil,
    notes: [String] = [], width: Int = 1
  ) {
    report(
      .warning, at: place, code, message, expected: nil, suggestion: suggestion, notes: notes,
      width: width)
  }

  private mutating func report(
    _ severity: Diagnostic.Severity, at place: Place, _ code: String, _ message: String,
    expected: String?, suggestion: String?, notes: [String], width: Int
  ) {
    let path = object.isEmpty ? fieldPath : fieldPath.isEmpty ? object : "\(object):\(fieldPath)"
    diagnostics.append(
      sources.diagnostic(
        severity, at: place, code, message, expected: expected, suggestion: suggestion,
        path: path.isEmpty ? nil : path, notes: notes, width: width))
  }

  /// The text of a scalar; reports anything else.
  mutating func scalar(_ value: ManifestValue, expected: String) -> String? {
    switch value.content {
    case .scalar(let text, _): return text
    case .null:
      error(at: value.place, "wrong-type", "nothing where a value should be", expected: expected)
    case .list:
      error(at: value.place, "wrong-type", "a list where a value should be", expected: expected)
    case .mapping:
      error(at: value.place, "wrong-type", "a mapping where a value should be", expected: expected)
    }
    return nil
  }

  /// The entries of a mapping; reports anything else.
  mutating func entries(_ value: ManifestValue, expected: String) -> [ManifestValue.Entry]? {
    switch value.content {
    case .mapping(let entries): return entries
    case .null: return []
    case .scalar(let text, _):
      error(
        at: value.place, "wrong-type", "\"\(text)\" where a mapping should be", expected: expected,
        width: text.count)
    case .list:
      error(at: value.place, "wrong-type", "a list where a mapping should be", expected: expected)
    }
    return nil
  }

  /// The elements of a list; reports anything else.
  mutating func elements(_ value: ManifestValue, expected: String) -> [ManifestValue]? {
    switch value.content {
    case .list(let elements): return elements
    case .null: return []
    case .scalar(let text, _):
      error(
        at: value.place, "wrong-type", "\"\(text)\" where a list should be", expected: expected,
        suggestion: "[\(text)]", width: text.count)
    case .mapping:
      error(at: value.place, "wrong-type", "a mapping where a list should be", expected: expected)
    }
    return nil
  }
}
