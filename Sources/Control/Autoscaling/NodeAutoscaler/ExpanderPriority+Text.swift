extension ExpanderPriority {
  /// The namespace of the ConfigMap that the expander `priority` reads.
  public static let configNamespace = "kube-system"
  /// Its name.
  public static let configName = "cluster-autoscaler-priority-expander"
  /// The key of the text in it.
  public static let configKey = "priorities"

  /// The rules that the ConfigMap's text gives: numbers, each with a list of patterns; nil if the
  /// text has another form.
  public static func parse(_ text: String) -> [ExpanderPriority]? {
    var rules: [ExpanderPriority] = []
    for line in text.split(separator: "\n") {
      let bare = trimmed(line.prefix { $0 != "#" })
      if bare.isEmpty { continue }
      if bare.hasPrefix("-") {
        guard !rules.isEmpty else { return nil }
        rules[rules.count - 1].patterns.append(unquoted(trimmed(bare.dropFirst())))
      } else {
        guard bare.hasSuffix(":"), let number = Int(trimmed(bare.dropLast())) else { return nil }
        rules.append(ExpanderPriority(number: number, patterns: []))
      }
    }
    return rules
  }

  private static func trimmed(_ text: Substring) -> Substring {
    var text = text
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return text
  }

  private static func unquoted(_ text: Substring) -> String {
    for mark: Character in ["\"", "'"] where text.count >= 2 {
      if text.first == mark && text.last == mark { return String(text.dropFirst().dropLast()) }
    }
    return String(text)
  }
}
