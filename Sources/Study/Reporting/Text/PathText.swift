/// Short names for parameter paths such as `ServerlessPool/cloud:spec.quota.podsPerCluster`.
enum PathText {
  /// The part behind `spec.`, or the path itself where it has none.
  static func field(_ path: String) -> String {
    guard let colon = path.firstIndex(of: ":") else { return path }
    let tail = path[path.index(after: colon)...]
    guard tail.hasPrefix("spec."), tail.count > 5 else { return String(tail) }
    return String(tail.dropFirst(5))
  }

  /// The last step of the path, with its key if it has one; with the step before where the last one
  /// is as short as `qps` or `burst` and so says little.
  static func leaf(_ path: String) -> String {
    let field = field(path)
    var depth = 0
    var starts = [field.startIndex]
    for index in field.indices {
      switch field[index] {
      case "[": depth += 1
      case "]": depth -= 1
      case "." where depth == 0: starts.append(field.index(after: index))
      default: break
      }
    }
    let last = field[starts[starts.count - 1]...]
    guard last.count < 6, starts.count > 1 else { return String(last) }
    return String(field[starts[starts.count - 2]...])
  }

  /// The field of a limit, with its object's name where the field alone says little:
  /// `quota.podsPerCluster 100`, but `replicaset qps 20`.
  static func limit(_ path: String) -> String {
    // Several that bind together stand in one text; a comma may also stand in a value.
    var limits: [String] = []
    for part in path.split(separator: ", ", omittingEmptySubsequences: false) {
      if limits.isEmpty || part.contains(":spec.") {
        limits.append(String(part))
      } else {
        limits[limits.count - 1] += ", \(part)"
      }
    }
    return limits.map(oneLimit).joined(separator: " and ")
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
