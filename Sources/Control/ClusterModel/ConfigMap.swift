/// Settings that a component of the cluster reads: texts by key.
public struct ConfigMap: Hashable, Sendable {
  /// Its namespace.
  public var namespace: String
  /// Its name.
  public var name: String
  /// The texts by key.
  public var data: Labels
  /// A ConfigMap from its parts.
  public init(namespace: String, name: String, data: Labels) {
    self.namespace = namespace
    self.name = name
    self.data = data
  }
}

/// What the ConfigMap `kube-system/eks-config` says about bursting, for every workload that doesn't
/// say otherwise.
///
/// > Source: `tke-resilience` (S, model cards §3.5).
public struct EksConfig: Hashable, Sendable {
  /// The ConfigMap's namespace.
  public static let namespace = "kube-system"
  /// The ConfigMap's name.
  public static let name = "eks-config"
  /// The key of the switch, here and in Pods' annotations.
  public static let switchKey = "AUTO_SCALE_EKS"
  /// The key of the number of local replicas, here and in Pods' annotations.
  public static let replicasKey = "LOCAL_REPLICAS"
  /// The key of annotations for Pods on virtual nodes.
  public static let annotationsKey = "pod.annotations"

  /// `AUTO_SCALE_EKS`: on, off, or nil if it isn't there.
  public var autoScale: Bool?
  /// `LOCAL_REPLICAS`: how many Pods of a workload stay on own nodes; nil if it isn't there or is
  /// no number from 0.
  public var localReplicas: Int?
  /// `pod.annotations`: what Pods on virtual nodes are annotated with unless they say otherwise.
  public var podAnnotations = Labels()

  /// Nothing is set.
  public init() {}

  /// What one of the cluster's ConfigMaps says; nothing if it isn't there.
  public init(_ configMaps: [ConfigMap]) {
    guard
      let map = configMaps.first(where: { $0.namespace == Self.namespace && $0.name == Self.name })
    else { return }
    autoScale = Self.switchValue(map.data[Self.switchKey])
    localReplicas = Self.replicas(map.data[Self.replicasKey])
    podAnnotations = Self.annotations(map.data[Self.annotationsKey] ?? "")
  }

  /// A switch as written: `"true"` is on, anything else off, nothing neither.
  public static func switchValue(_ written: String?) -> Bool? { written.map { $0 == "true" } }

  /// A number of replicas as written; nil for nothing, and for what is no number from 0.
  public static func replicas(_ written: String?) -> Int? {
    guard let number = written.flatMap({ Int($0) }), number >= 0 else { return nil }
    return number
  }

  /// Lines of `key: value`; other lines mean nothing.
  private static func annotations(_ text: String) -> Labels {
    var labels = Labels()
    for line in text.split(separator: "\n") {
      guard let colon = line.firstIndex(of: ":") else { continue }
      let key = bare(line[..<colon])
      if !key.isEmpty { labels[key] = bare(line[line.index(after: colon)...]) }
    }
    return labels
  }

  /// A text without blanks and quotation marks around it.
  private static func bare(_ text: Substring) -> String {
    var text = text
    while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
    while let last = text.last, last == " " || last == "\t" || last == "\r" { text.removeLast() }
    for mark: Character in ["\"", "'"] {
      guard text.count >= 2, text.first == mark, text.last == mark else { continue }
      return String(text.dropFirst().dropLast())
    }
    return String(text)
  }
}
