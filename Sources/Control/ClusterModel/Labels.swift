/// Keys with values, sorted by key, each key once: an object's labels or annotations.
public struct Labels: Hashable, Sendable, ExpressibleByDictionaryLiteral {
  /// One key with its value.
  public struct Entry: Hashable, Sendable {
    /// The key.
    public var key: String
    /// The value.
    public var value: String
  }

  /// The entries, sorted by key.
  public private(set) var entries: [Entry] = []

  /// No labels.
  public init() {}

  /// Labels from a literal; the last value of a repeated key wins.
  public init(dictionaryLiteral elements: (String, String)...) {
    for (key, value) in elements { self[key] = value }
  }

  /// Whether there are none.
  public var isEmpty: Bool { entries.isEmpty }

  /// The value of a key.
  public subscript(key: String) -> String? {
    get {
      for entry in entries where entry.key == key { return entry.value }
      return nil
    }
    set {
      let place = entries.firstIndex { $0.key >= key } ?? entries.count
      let present = place < entries.count && entries[place].key == key
      switch (present, newValue) {
      case (true, let value?): entries[place].value = value
      case (true, nil): entries.remove(at: place)
      case (false, let value?): entries.insert(Entry(key: key, value: value), at: place)
      case (false, nil): break
      }
    }
  }
}

/// How a requirement compares a label with its values.
public enum SelectorOperator: String, Hashable, Sendable, CaseIterable {
  case isIn = "In"
  case notIn = "NotIn"
  case exists = "Exists"
  case doesNotExist = "DoesNotExist"
  case greaterThan = "Gt"
  case lessThan = "Lt"
}

/// One condition on one label: `key operator values`.
public struct SelectorRequirement: Hashable, Sendable {
  /// The label's key.
  public var key: String
  /// How its value is compared.
  public var comparison: SelectorOperator
  /// What it is compared with; empty for `Exists` and `DoesNotExist`.
  public var values: [String]

  /// A condition from its parts.
  public init(key: String, comparison: SelectorOperator, values: [String] = []) {
    self.key = key
    self.comparison = comparison
    self.values = values
  }

  /// Whether an object's labels meet the condition.
  ///
  /// `NotIn` holds where the key is absent. `Gt` and `Lt` need both sides to be 64-bit integers.
  public func matches(_ labels: Labels) -> Bool { matches(value: labels[key]) }

  /// Whether a value, or its absence, meets the condition.
  public func matches(value: String?) -> Bool {
    switch comparison {
    case .isIn: return value.map(values.contains) ?? false
    case .notIn: return value.map { !values.contains($0) } ?? true
    case .exists: return value != nil
    case .doesNotExist: return value == nil
    case .greaterThan, .lessThan:
      guard let value, let left = Int64(value), values.count == 1, let right = Int64(values[0])
      else { return false }
      return comparison == .greaterThan ? left > right : left < right
    }
  }
}

/// A label selector: every pair and every expression must match. An empty one matches everything.
public struct LabelSelector: Hashable, Sendable {
  /// Labels that must be equal.
  public var matchLabels: Labels
  /// Conditions that must hold.
  public var matchExpressions: [SelectorRequirement]

  /// A selector from its parts.
  public init(matchLabels: Labels = [:], matchExpressions: [SelectorRequirement] = []) {
    self.matchLabels = matchLabels
    self.matchExpressions = matchExpressions
  }

  /// Whether the selector has no conditions and so matches everything.
  public var isEmpty: Bool { matchLabels.isEmpty && matchExpressions.isEmpty }

  /// Whether an object's labels meet every condition.
  public func matches(_ labels: Labels) -> Bool {
    for entry in matchLabels.entries where labels[entry.key] != entry.value { return false }
    for requirement in matchExpressions where !requirement.matches(labels) { return false }
    return true
  }
}
