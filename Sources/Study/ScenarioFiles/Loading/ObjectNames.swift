import Infrastructure

/// What objects may be called.
///
/// > Source: RFC 1123 section 2.1 and RFC 1035 section 2.3.1, as Kubernetes' API server holds objects
/// > to them (S); so are the words in which it refuses a name.
enum ObjectNameRule {
  /// Labels with dots between them: most kinds.
  case subdomain
  /// A single label: namespaces.
  case label
  /// A single label that begins with a letter: Services, for the sake of old resolvers.
  case oldLabel

  /// The rule for a kind's names.
  static func of(kind: String) -> ObjectNameRule {
    switch kind {
    case "Service": .oldLabel
    case "Namespace": .label
    default: .subdomain
    }
  }

  /// Whether the rules bind the names of one of our own kinds: only where objects of the cluster are
  /// named after it.
  static func binds(_ kind: String) -> Bool { kind == NodePool.kind }

  /// A regular expression of ``subdomain``.
  static let pattern = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"

  /// How many bytes a name may have; a CronJob's Jobs add eleven to its own.
  func longest(of kind: String) -> Int {
    if kind == "CronJob" { return 52 }
    return self == .subdomain ? 253 : 63
  }

  /// What names are made of, in a sentence.
  var sentence: String {
    switch self {
    case .subdomain:
      "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or "
        + "'.', and must start and end with an alphanumeric character"
    case .label:
      "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and "
        + "must start and end with an alphanumeric character"
    case .oldLabel:
      "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an "
        + "alphabetic character, and end with an alphanumeric character"
    }
  }

  /// Why a name can't be a kind's, in Kubernetes' words; nil if it can.
  func problem(_ name: String, kind: String) -> String? {
    let longest = longest(of: kind)
    if name.utf8.count > longest { return "must be no more than \(longest) characters" }
    return isMet(by: name) ? nil : sentence
  }

  private func isMet(by name: String) -> Bool {
    // Between two letters or digits stand hyphens, or one dot.
    var before = UInt8(ascii: ".")
    for byte in name.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): break
      case UInt8(ascii: "-"):
        if before == UInt8(ascii: ".") { return false }
      case UInt8(ascii: "."):
        if self != .subdomain || Self.joins(before) { return false }
      default: return false
      }
      before = byte
    }
    let begin = name.utf8.first ?? 0
    return !Self.joins(before) && (self != .oldLabel || begin >= UInt8(ascii: "a"))
  }

  private static func joins(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
  }

  /// The name next to one that can't be; nil if nothing is left of it.
  func suggestion(for name: String, kind: String) -> String? {
    let plain = name.lowercased().map { letter in
      let isKept = letter.isASCII && (letter.isLetter || letter.isNumber)
      return isKept || letter == "." && self == .subdomain ? letter : "-"
    }
    let parts = String(plain).split(separator: ".").map { part in
      part.split(separator: "-").joined(separator: "-")
    }
    let near = String(
      parts.filter { !$0.isEmpty }.joined(separator: ".").prefix(longest(of: kind)))
    return problem(near, kind: kind) == nil ? near : nil
  }
}

extension DocumentReading {
  /// Reports a name that an object of a kind can't have.
  mutating func checkName(_ name: String, of kind: String, at place: Place) {
    let rule = ObjectNameRule.of(kind: kind)
    guard let problem = rule.problem(name, kind: kind) else { return }
    error(
      place, "wrong-name", "\"\(name.prefix(80))\" can't be the name of a \(kind)",
      expected: problem, suggestion: rule.suggestion(for: name, kind: kind), width: name.count)
  }
}
