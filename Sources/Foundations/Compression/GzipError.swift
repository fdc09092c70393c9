/// Why compressed bytes can't be unpacked, with the place in them.
public struct GzipError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong.
  public enum Kind: Hashable, Sendable {
    /// The bytes end before the data does.
    case truncated
    /// The bytes aren't gzip, or not what was packed.
    case corrupt
  }

  /// What is wrong.
  public var kind: Kind
  /// What is wrong, as a clause.
  public var description: String
  /// How many compressed bytes were read when it was found.
  public var offset: Int

  init(_ kind: Kind, _ description: String, at offset: Int) {
    self.kind = kind
    self.description = description
    self.offset = offset
  }
}
