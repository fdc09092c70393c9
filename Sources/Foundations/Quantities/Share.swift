/// A part of a whole, from nothing to all of it, such as `95%` or `0.95`.
public struct Share: Hashable, Comparable, BitwiseCopyable, Sendable {
  /// The part, from 0 to 1.
  public let fraction: Double

  /// A part of a whole.
  ///
  /// - Precondition: it is from 0 to 1.
  public init(_ fraction: Double) {
    precondition((0...1).contains(fraction), "a share must be from 0 to 1")
    self.fraction = fraction
  }

  /// Whether `a` is the smaller part.
  public static func < (a: Share, b: Share) -> Bool { a.fraction < b.fraction }
}

extension Share {
  static let grammar = Grammar(
    name: "a share", expected: "a number from 0 to 1 or a percentage, such as 0.95 or 95%")

  /// Reads a number from 0 to 1, or a percentage from 0% to 100%.
  ///
  /// - Throws: a ``QuantityError`` for anything else.
  public static func parse(_ text: String) throws(QuantityError) -> Share {
    guard !text.isEmpty else { throw grammar.error(.empty, text) }
    var rest = Substring(text).utf8
    guard var number = Numeral(consuming: &rest) else { throw grammar.error(.malformed, text) }
    let isPercentage = rest.elementsEqual("%".utf8)
    guard isPercentage || rest.isEmpty else { throw grammar.error(.unknownUnit, text) }
    guard !number.isNegative || number.isZero else { throw grammar.error(.negative, text) }
    // Moving the point keeps 95% and 0.95 the same number to the last bit.
    if isPercentage { number.exponent -= 2 }
    let fraction = number.double
    guard fraction <= 1 else {
      throw grammar.error(.outOfRange, text, suggestion: isPercentage ? nil : "\(text)%")
    }
    return Share(fraction)
  }
}

extension Share: CustomStringConvertible {
  /// The share as ``parse(_:)`` reads it back.
  public var description: String { shortText(fraction) }
}
