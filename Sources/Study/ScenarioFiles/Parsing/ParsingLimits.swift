/// How much a file may ask of its reader.
struct ParsingLimits: Sendable {
  /// How deep lists and mappings may be nested.
  var depth = 200
  /// How many values aliases may stand for in one file.
  var aliasedValues = 100_000
  /// The largest file, in bytes.
  var bytes = 2 << 30
}

/// Why a text isn't a manifest, with its place.
struct ParsingError: Error {
  var place: Place
  var code: String
  var message: String
  var expected: String?
  var suggestion: String?
  var notes: [String] = []
  var width = 1
}
