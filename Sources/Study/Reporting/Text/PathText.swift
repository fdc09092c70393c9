/// Short names for parameter paths such as `ServerlessPool/cloud:spec.quota.podsPerCluster`.
enum PathText {
  /// The part behind `spec.`, or the path itself where it has none.
  static func field(_ path: String) -> String {
    guard let colon = path.firstIndex(of: ":") else { return path }
    let tail = path[path.index(after: colon)...]
    guard tail.hasPrefix("spec."), tail.count > 5 else { return String(tail) }
    return String(tail.dropFirst(5))
  }

  /// The last step of the path, with its key if it has one.
  static func leaf(_ path: String) -> String {
    let field = field(path)
    var depth = 0
    var start = field.startIndex
    for index in field.indices {
      switch field[index] {
      case "[": depth += 1
      case "]": depth -= 1
      case "." where depth == 0: start = field.index(after: index)
      default: break
      }
    }
    return String(field[start...])
  }

  /// The field of a limit, with its object's name where the field alone says little:
  /// `quota.podsPerCluster 100`, but `replicaset qps 20`.
  static func limit(_ path: String) -> String {
    parts(path).map(oneLimit).joined(separator: ", ")
  }

  /// Limits that bind together stand behind one another; a comma inside a value parts nothing.
  private static func parts(_ text: String) -> [String] {
    var parts: [String] = []
    for piece in text.split(separator: ",", omittingEmptySubsequences: false) {
      let isPath = piece.contains(":spec.")
      let trimmed = piece.drop { $0 == " " }
      if isPath || parts.isEmpty {
        parts.append(String(trimmed))
      } else {
        parts[parts.count - 1] += "," + piece
      }
    }
    return parts
  }

  private static func oneLimit(_ path: String) -> String {
    let field = field(path)
    let name = field.prefix { $0 != " " }
    guard !name.contains("."), let colon = path.firstIndex(of: ":"),
      let slash = path[..<colon].lastIndex(of: "/")
    else { return field }
    return "\(path[path.index(after: slash)..<colon]) \(field)"
  }

  /// The shortest of leaf, field and whole path that no other of the paths shares.
  static func label(_ path: String, among paths: [String]) -> String {
    let others = paths.filter { $0 != path }
    if !others.contains(where: { leaf($0) == leaf(path) }) { return leaf(path) }
    if !others.contains(where: { field($0) == field(path) }) { return field(path) }
    return path
  }
}
