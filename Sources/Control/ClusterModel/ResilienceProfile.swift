/// Which Pods may go to the cloud, and how many of a workload stay: the switch table of
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

  /// How many Pods of its workload a Pod's annotations and the cluster keep on own nodes: nil: the
  /// plugin LocalReplicas does nothing; 0: virtual nodes only; else so many stay, the others go.
  ///
  /// The published plugin looks at the Pod alone: at `true` without a number from 1 it filters every
  /// own node, and without `true` it does nothing. That is what holds under v0.0.1. The table of
  /// v1.0.0 promises the number's effect also where the cluster says `true` and the Pod nothing, and
  /// lets the cluster give the number; under v1.0.0 the table holds, although the plugin's source
  /// wouldn't do so by itself. Where neither gives a number and the Pod doesn't say `true`, nothing is
  /// kept.
  ///
  /// > Source: TKE's patch 0008 for v1.21 and the chart's README of v1.0.0 (S, model cards §3.5).
  /// - Parameters:
  ///   - cluster: what `eks-config` says.
  ///   - annotations: the Pod's.
  public func localReplicas(cluster: EksConfig, pod annotations: Labels) -> Int? {
    let own = EksConfig.replicas(annotations[EksConfig.replicasKey])
    let given = own ?? (self == .v1 ? cluster.localReplicas : nil)
    switch EksConfig.switchValue(annotations[EksConfig.switchKey]) {
    case true?: return given ?? 0
    case false?: return nil
    case nil:
      guard self == .v1, cluster.autoScale == true, let given, given > 0 else { return nil }
      return given
    }
  }
}
