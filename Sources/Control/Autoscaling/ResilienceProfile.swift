/// Which Pods may go to the cloud when the own machines are full: the switch table of
/// `tke-resilience`, of which two versions are in use.
///
/// > Source: the chart's READMEs of release v1.0.0 and before, and document 457/42975 (S, D; model
/// > cards §3.5). They differ where the Pod says `false` and the cluster doesn't.
public enum ResilienceProfile: String, Hashable, Sendable, CaseIterable {
  /// A Pod's `false` yields to the cluster's `true`, and to no word from the cluster.
  case v0 = "v0.0.1"
  /// A Pod's own word wins.
  case v1 = "v1.0.0"

  /// Whether a Pod may go to the cloud.
  /// - Parameters:
  ///   - cluster: `AUTO_SCALE_EKS` in the ConfigMap `eks-config`; nil if it isn't there.
  ///   - pod: the Pod's annotation of that name; nil if it has none.
  public func allowsBurst(cluster: Bool?, pod: Bool?) -> Bool {
    switch (cluster, pod) {
    case (_, true?): return true
    case (false?, _): return false
    case (_, nil): return true
    case (_, false?): return self == .v0
    }
  }

  /// A switch as written: `"true"` is on, anything else off, nothing neither.
  public static func parse(_ written: String?) -> Bool? { written.map { $0 == "true" } }
}
