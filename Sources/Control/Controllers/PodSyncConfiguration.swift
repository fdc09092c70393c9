import Quantities

/// How a controller that creates and deletes Pods paces itself.
///
/// What its client may send per second is the API server's business, not in here.
public struct PodSyncConfiguration: Hashable, Sendable {
  /// Whether Pods are created in batches of 1, 2, 4, 8 …, each waiting for the answers to the one
  /// before, so that a quota is hit by few requests rather than thousands. Off, everything missing
  /// is asked for at once. Default true.
  ///
  /// > Source: Kubernetes' `slowStartBatch`, `SlowStartInitialBatchSize` 1 (M).
  public var slowStart: Bool
  /// How many Pods one sync creates or deletes at most. Default 500 (ReplicaSet; DaemonSet 250).
  ///
  /// > Source: Kubernetes' `BurstReplicas` (M).
  public var burstReplicas: Int
  /// The first back-off of a workload whose sync failed; it doubles. Default 5 ms.
  ///
  /// > Source: client-go's default controller rate limiter (S).
  public var initialBackoff: TimeSpan
  /// The longest back-off. Default 1000 s.
  ///
  /// > Source: client-go's default controller rate limiter (S).
  public var maxBackoff: TimeSpan
  /// How many workloads are synced at once. Default 5 (DaemonSet 2).
  ///
  /// > Source: kube-controller-manager's `--concurrent-*-syncs` (M).
  public var concurrentSyncs: Int

  /// Kubernetes' defaults for ReplicaSets.
  public init(
    slowStart: Bool = true, burstReplicas: Int = 500,
    initialBackoff: TimeSpan = .milliseconds(5), maxBackoff: TimeSpan = .seconds(1000),
    concurrentSyncs: Int = 5
  ) {
    precondition(burstReplicas > 0 && concurrentSyncs > 0, "a sync does at least one thing")
    precondition(initialBackoff > .zero && maxBackoff >= initialBackoff, "a back-off takes time")
    self.slowStart = slowStart
    self.burstReplicas = burstReplicas
    self.initialBackoff = initialBackoff
    self.maxBackoff = maxBackoff
    self.concurrentSyncs = concurrentSyncs
  }

  /// How many of so many missing Pods one sync asks for.
  func creations(of missing: Int) -> Int { slowStart ? min(missing, burstReplicas) : missing }
}
