import Foundation

/// The package under test, as files.
public enum PackageFolder {
  /// The package's folder, without a slash at the end.
  public static let path: String = {
    let file = URL(filePath: #filePath)
    return file.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .path(percentEncoded: false).trimmingSuffix("/")
  }()

  /// The path of something in the package.
  public static func path(_ relative: String) -> String { "\(path)/\(relative)" }
}

/// The folder of published traces, manifests and reference results beside the package.
///
/// A clone without it must pass as well: a test that needs it carries
/// `.enabled(if: SharedFolder.has("golden/hpa"))`, and something in the package proves the same in
/// compact form.
public enum SharedFolder {
  /// Whether the folder, or something in it, exists.
  public static func has(_ relative: String = "") -> Bool {
    FileManager.default.fileExists(atPath: path(relative))
  }

  /// The path of something in the folder.
  public static func path(_ relative: String) -> String {
    let folder = URL(filePath: PackageFolder.path).deletingLastPathComponent()
    return folder.appending(path: "shared").appending(path: relative).path(percentEncoded: false)
  }
}

extension String {
  fileprivate func trimmingSuffix(_ suffix: String) -> String {
    hasSuffix(suffix) ? String(dropLast(suffix.count)) : self
  }
}
