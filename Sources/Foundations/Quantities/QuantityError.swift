/// Why a text isn't the amount it should be, in words for the author of the text.
///
/// The parts are those of a diagnostic: a reader of files adds only the place.
public struct QuantityError: Error, Hashable, Sendable {
  /// What kind of mistake it is.
  public enum Reason: Hashable, Sendable {
    /// There is no text.
    case empty
    /// The text doesn't have the form of such an amount.
    case malformed
    /// The number is there, its unit is missing.
    case missingUnit
    /// The number is there, the unit behind it is none of those accepted.
    case unknownUnit
    /// The amount is beyond what can be represented.
    case outOfRange
    /// The amount has more decimals than can be represented, and rounding it would be wrong.
    case tooPrecise
    /// The amount is below zero where only amounts from zero are meaningful.
    case negative
  }

  /// What kind of mistake it is.
  public var reason: Reason
  /// The text as it stood.
  public var text: String
  /// What is wrong, as a clause that names the text.
  public var message: String
  /// What would have been accepted, with examples.
  public var expected: String
  /// The likeliest correction of the text, where there is one.
  public var suggestion: String?

  /// An explanation of what is wrong with a text.
  public init(
    _ reason: Reason, text: String, message: String, expected: String, suggestion: String? = nil
  ) {
    self.reason = reason
    self.text = text
    self.message = message
    self.expected = expected
    self.suggestion = suggestion
  }
}

extension QuantityError: CustomStringConvertible {
  /// The whole explanation on one line.
  public var description: String {
    let hint = suggestion.map { "; did you mean \($0)?" } ?? ""
    return "\(message): expected \(expected)\(hint)"
  }
}

/// What a kind of amount is called and what it looks like: the constant parts of its errors.
struct Grammar {
  /// The kind with its article, such as "a duration".
  var name: String
  /// What is accepted, with examples.
  var expected: String

  func error(
    _ reason: QuantityError.Reason, _ text: String, suggestion: String? = nil
  ) -> QuantityError {
    let quoted = "\"\(text)\""
    let message =
      switch reason {
      case .empty: "nothing where \(name) should be"
      case .malformed: "\(quoted) is not \(name)"
      case .missingUnit: "\(quoted) has no unit"
      case .unknownUnit: "\(quoted) has a unit that \(name) can't have"
      case .outOfRange: "\(quoted) is out of range"
      case .tooPrecise: "\(quoted) has too many decimals"
      case .negative: "\(quoted) is negative"
      }
    return QuantityError(
      reason, text: text, message: message, expected: expected, suggestion: suggestion)
  }
}
