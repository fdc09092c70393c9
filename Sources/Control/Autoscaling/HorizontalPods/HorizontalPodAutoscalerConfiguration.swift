import Quantities

/// How a ``HorizontalPodAutoscalerController`` works: the flags of kube-controller-manager.
public struct HorizontalPodAutoscalerConfiguration: Hashable, Sendable {
  /// From the end of an autoscaler's sync to its next. Default 15 s.
  ///
  /// > Source: `--horizontal-pod-autoscaler-sync-period` (S, semantics of v1.36).
  public var syncPeriod: TimeSpan
  /// How far the usage ratio may be off 1 without any action. Default 0.1.
  ///
  /// > Source: `--horizontal-pod-autoscaler-tolerance` (S, semantics of v1.36).
  public var tolerance: Double
  /// For how long earlier recommendations restrain scaling down. Default 5 min.
  ///
  /// > Source: `--horizontal-pod-autoscaler-downscale-stabilization` (S, semantics of v1.36).
  public var downscaleStabilization: TimeSpan
  /// For how long after its start a Pod's CPU counts only while it is ready. Default 5 min.
  ///
  /// > Source: `--horizontal-pod-autoscaler-cpu-initialization-period` (S, semantics of v1.36).
  public var cpuInitializationPeriod: TimeSpan
  /// A Pod that became unready sooner after its start was never ready. Default 30 s.
  ///
  /// > Source: `--horizontal-pod-autoscaler-initial-readiness-delay` (S, semantics of v1.36).
  public var initialReadinessDelay: TimeSpan
  /// How many autoscalers are worked on at once; nil: no limit. Default 5.
  ///
  /// > Source: `--concurrent-horizontal-pod-autoscaler-syncs` (S).
  public var concurrentSyncs: Int?
  /// When autoscalers that exist at the start are looked at first. Default: all a period later.
  public var firstSync: FirstSync

  /// When autoscalers that exist at the start are looked at first.
  public enum FirstSync: String, Hashable, Sendable, CaseIterable {
    /// After a period, as by a controller that has just started (S: the queue's rate limiter).
    case together
    /// At an instant of the first period, chosen for each: as by one that has run for long (A).
    case spread
  }

  /// The flags' defaults.
  public init(
    syncPeriod: TimeSpan = .seconds(15), tolerance: Double = 0.1,
    downscaleStabilization: TimeSpan = .minutes(5), cpuInitializationPeriod: TimeSpan = .minutes(5),
    initialReadinessDelay: TimeSpan = .seconds(30), concurrentSyncs: Int? = 5,
    firstSync: FirstSync = .together
  ) {
    precondition(syncPeriod > .zero, "a sync period takes time")
    precondition(concurrentSyncs ?? 1 > 0, "an autoscaler needs a worker")
    self.syncPeriod = syncPeriod
    self.tolerance = tolerance
    self.downscaleStabilization = downscaleStabilization
    self.cpuInitializationPeriod = cpuInitializationPeriod
    self.initialReadinessDelay = initialReadinessDelay
    self.concurrentSyncs = concurrentSyncs
    self.firstSync = firstSync
  }
}
