import Foundation

/// A program that a test starts and waits for.
public enum Program {
  /// What a program did.
  public struct Result: Sendable {
    /// Its exit status.
    public var status: Int32
    /// What it wrote to its standard output.
    public var output: String
    /// What it wrote to its standard error.
    public var errors: String
  }

  /// The command-line program that was built together with the running tests.
  public static let spillway: String = {
    let tests = URL(filePath: CommandLine.arguments[0])
    return tests.deletingLastPathComponent().appending(path: "spillway")
      .path(percentEncoded: false)
  }()

  /// Runs a program to its end.
  ///
  /// - Parameters:
  ///   - path: the program's file.
  ///   - arguments: what it is called with.
  ///   - environment: its whole environment; nil for that of the tests.
  ///   - folder: where it runs.
  public static func run(
    _ path: String, _ arguments: [String] = [], environment: [String: String]? = nil,
    in folder: String = PackageFolder.path
  ) throws -> Result {
    try withTemporaryFolder { scratch in
      let process = Process()
      process.executableURL = URL(filePath: path)
      process.arguments = arguments
      process.currentDirectoryURL = URL(filePath: folder)
      if let environment { process.environment = environment }
      // Files, unlike pipes, can't fill up while nobody reads.
      let streams = try ["output", "errors"].map { name in
        try Data().write(to: URL(filePath: "\(scratch)/\(name)"))
        return try FileHandle(forWritingTo: URL(filePath: "\(scratch)/\(name)"))
      }
      process.standardInput = FileHandle.nullDevice
      process.standardOutput = streams[0]
      process.standardError = streams[1]
      try process.run()
      process.waitUntilExit()
      for stream in streams { try stream.close() }
      let text = { (name: String) -> String in
        let data = FileManager.default.contents(atPath: "\(scratch)/\(name)") ?? Data()
        return String(decoding: data, as: UTF8.self)
      }
      return Result(
        status: process.terminationStatus, output: text("output"), errors: text("errors"))
    }
  }
}

/// Gives a test an empty folder, which is removed afterwards.
public func withTemporaryFolder<Value>(_ body: (String) throws -> Value) throws -> Value {
  let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder.path(percentEncoded: false))
}
