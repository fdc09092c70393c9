import Foundation

extension Reader {
  /// The numbers in the last column of a CSV file, row by row; its first row may be a header.
  ///
  /// - Parameters:
  ///   - path: the file's path, relative to the text that names it.
  ///   - place: where the path stands, for what is wrong with the file.
  mutating func counts(inFile path: String, at place: Place) -> [Double] {
    let full = sources.path(path, namedAt: place)
    guard let data = FileManager.default.contents(atPath: full) else {
      error(
        at: place, "unreadable-file", "\"\(full)\" can't be read",
        expected: "a path relative to this file", width: path.count)
      return []
    }
    var counts: [Double] = []
    let lines = data.split(omittingEmptySubsequences: false) { $0 == UInt8(ascii: "\n") }
    for (index, line) in lines.enumerated() {
      let text = String(decoding: line, as: UTF8.self).trimmingCharacters(in: .whitespaces)
        .trimmingCharacters(in: ["\r"])
      guard !text.isEmpty else { continue }
      let last = text.split(separator: ",", omittingEmptySubsequences: false).last ?? ""
      let cell = last.trimmingCharacters(in: .whitespaces)
      if let count = Double(cell), count >= 0, count < 1e12 {
        counts.append(count)
      } else if index > 0 {
        error(
          at: place, "wrong-value",
          "line \(index + 1) of \"\(full)\" ends with \"\(cell.prefix(40))\", which is no count",
          expected: "a number from 0 in the last column", width: path.count)
        return []
      }
    }
    if counts.isEmpty {
      error(
        at: place, "empty-file", "there is no count in \"\(full)\"",
        expected: "rows of a CSV file with a count in the last column", width: path.count)
    }
    return counts
  }
}

extension Sources {
  /// A path as seen from the text that names it; overrides name paths as the first text does.
  func path(_ path: String, namedAt place: Place) -> String {
    guard !path.hasPrefix("/"), !texts.isEmpty else { return path }
    let own = place.text >= 0 ? texts[Int(place.text)].name : "--set"
    let name = own == "--set" ? texts[0].name : own
    let folder = (name as NSString).deletingLastPathComponent
    return folder.isEmpty ? path : "\(folder)/\(path)"
  }
}
