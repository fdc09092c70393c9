#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Output that couldn't be created or written.
public struct OutputError: Error, CustomStringConvertible, Sendable {
  /// What went wrong, and so the exit status.
  public enum Kind: Sendable {
    /// The output can't be created (exit status 73).
    case cannotCreate
    /// Writing failed on the way (exit status 74).
    case cannotWrite
  }

  /// What went wrong.
  public let kind: Kind
  /// The file or folder.
  public let path: String
  /// The reason, such as `No space left on device`.
  public let reason: String

  /// An error from its parts.
  public init(_ kind: Kind, path: String, reason: String) {
    self.kind = kind
    self.path = path
    self.reason = reason
  }

  /// An error of the system, by the number that its call left.
  init(_ kind: Kind, path: String, code: Int32) {
    self.init(kind, path: path, reason: String(cString: strerror(code)))
  }

  /// The status to exit with.
  public var exitStatus: Int32 { kind == .cannotCreate ? 73 : 74 }

  /// A line for people that names the path.
  public var description: String {
    let action = kind == .cannotCreate ? "can't create" : "can't write"
    return "\(action) \(MarkupText.terminal(path)): \(MarkupText.terminal(reason))"
  }
}
