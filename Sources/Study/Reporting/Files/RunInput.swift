import Foundation

/// What a run read: enough to read the same again.
public struct RunInput: Hashable, Sendable, Decodable {
  /// The folder in which the program was called.
  public var directory: String
  /// The files and folders as named.
  public var files: [String]
  /// What was set, each as `PATH=VALUE`.
  public var settings: [String]

  /// What was read, from its parts.
  public init(directory: String, files: [String], settings: [String]) {
    self.directory = directory
    self.files = files
    self.settings = settings
  }

  /// The files, relative ones from the folder in which the program was called.
  public var paths: [String] {
    files.map { $0.hasPrefix("/") ? $0 : "\(directory)/\($0)" }
  }
}

/// What a finished run's folder says about how to repeat it.
public struct RecordedRun: Hashable, Sendable, Decodable {
  /// The digest of what was read.
  public var digest: String
  /// The seed.
  public var seed: UInt64
  /// Spillway's version.
  public var version: String
  /// What was read.
  public var input: RunInput

  /// Reads a folder's `manifest.json`; nil if the folder is no run's.
  public init?(folder: String) {
    guard let data = FileManager.default.contents(atPath: "\(folder)/manifest.json"),
      RunManifest.isManifest(String(decoding: data, as: UTF8.self)),
      let read = try? JSONDecoder().decode(RecordedRun.self, from: data)
    else { return nil }
    self = read
  }
}
