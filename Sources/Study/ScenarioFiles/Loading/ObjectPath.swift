/// The path of a field, as `--set`, levers and `explain` write it:
/// `Kind/[namespace/]name:spec.field[key]`.
struct ObjectPath: Hashable, Sendable {
  /// The kind; `Scenario` if the path begins with `spec`.
  var kind: String
  /// The namespace, where one is given.
  var namespace: String?
  /// The name; nil: the only object of the kind.
  var name: String?
  /// The keys; `[key]` stands in brackets.
  var keys: [String]

  init?(_ text: String) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let keyText: Substring
    if parts.count == 1 {
      guard text.hasPrefix("spec.") else { return nil }
      kind = "Scenario"
      keyText = parts[0]
    } else {
      let names = parts[0].split(separator: "/", omittingEmptySubsequences: false).map(String.init)
      guard (2...3).contains(names.count), names.allSatisfy({ !$0.isEmpty }) else { return nil }
      kind = names[0]
      name = names[names.count - 1]
      namespace = names.count == 3 ? names[1] : nil
      keyText = parts[1]
    }
    guard let keys = Self.keys(keyText) else { return nil }
    self.keys = keys
  }

  /// Splits at dots and brackets; keys in brackets may have dots.
  private static func keys(_ text: Substring) -> [String]? {
    var keys: [String] = []
    var rest = text
    while let first = rest.first {
      if first == "[" {
        guard let close = rest.firstIndex(of: "]"), rest.index(after: rest.startIndex) < close
        else {
          return nil
        }
        keys.append(String(rest[...close]))
        rest = rest[rest.index(after: close)...]
        guard rest.isEmpty || rest.first == "." || rest.first == "[" else { return nil }
      } else {
        let key = rest.prefix { $0 != "." && $0 != "[" }
        guard !key.isEmpty else { return nil }
        keys.append(String(key))
        rest = rest.dropFirst(key.count)
      }
      if rest.first == "." {
        rest.removeFirst()
        guard !rest.isEmpty, rest.first != "[" else { return nil }
      }
    }
    return keys.isEmpty ? nil : keys
  }

  /// The keys as a path inside an object.
  static func text(_ keys: [String]) -> String {
    keys.reduce("") { $0.isEmpty || $1.hasPrefix("[") ? $0 + $1 : "\($0).\($1)" }
  }
}

/// Why a path means nothing.
struct PathError: Error {
  var message: String
  var expected: String?
  var suggestion: String?
}

extension ManifestValue {
  /// The value at the keys of a path, or nil.
  func value(along keys: some Collection<String>) -> ManifestValue? {
    var value = self
    for key in keys {
      guard let next = value.child(key) else { return nil }
      value = next
    }
    return value
  }

  private func child(_ key: String) -> ManifestValue? {
    guard key.hasPrefix("[") else { return self[key] }
    if case .list(let elements) = content {
      return index(key, in: elements).map { elements[$0] }
    }
    return self[String(key.dropFirst().dropLast())]
  }

  /// The element that a key in brackets means: by its `name` or `key`, else by its number.
  private func index(_ key: String, in elements: [ManifestValue]) -> Int? {
    let inner = String(key.dropFirst().dropLast())
    if let place = elements.firstIndex(where: {
      $0["name"]?.text == inner || $0["key"]?.text == inner
    }) {
      return place
    }
    guard let number = Int(inner), elements.indices.contains(number) else { return nil }
    return number
  }

  /// Puts a value at the keys of a path, making mappings on the way; nil takes away what is there.
  ///
  /// - Returns: whether the keys lead anywhere.
  mutating func set(_ keys: ArraySlice<String>, to value: ManifestValue?, at place: Place) -> Bool {
    guard let key = keys.first else {
      guard let value else { return false }
      self = value
      return true
    }
    if key.hasPrefix("["), case .list(var elements) = content {
      guard let index = index(key, in: elements) else { return false }
      let found = elements[index].set(keys.dropFirst(), to: value, at: place)
      content = .list(elements)
      return found
    }
    switch content {
    case .mapping: break
    case .null: content = .mapping([])
    case .scalar, .list: return false
    }
    let name = key.hasPrefix("[") ? String(key.dropFirst().dropLast()) : key
    if keys.count == 1 {
      self[name] = value
      return true
    }
    var child = self[name] ?? ManifestValue(.null, at: place)
    guard child.set(keys.dropFirst(), to: value, at: place) else { return false }
    self[name] = child
    return true
  }
}
