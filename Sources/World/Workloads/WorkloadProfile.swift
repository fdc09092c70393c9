import ClusterModel
import Probability
import Quantities

/// What manifests don't say about a workload's Pods.
public struct WorkloadProfile: Hashable, Sendable {
  /// The profile's name.
  public var name: String
  /// The workload it describes, as `Kind/name` or `Kind/namespace/name`; nil: every workload
  /// without a profile of its own.
  public var target: String?
  /// Bytes of all the Pod's images together, compressed. Default median 400 MB, σ 0.6 (A, model
  /// card 3.9: 300–500 MB).
  public var imageBytes: Law = .lognormal(median: 400e6, sigma: 0.6)
  /// From the containers' start until the application can serve, in seconds. Default median 5 s,
  /// σ 0.5 (A, 1–30 s).
  public var startup: Law = .lognormal(median: 5, sigma: 0.5)
  /// How long a Job's Pod works, in seconds. Default 60 s (A).
  public var runTime: Law = .exponential(mean: 60)
  /// CPU used over CPU requested while ready. Default 0.3 (A, typical servers 6–40 %).
  public var cpuUsed: Law = .constant(0.3)
  /// Memory used over memory requested while ready. Default 0.6 (A).
  public var memoryUsed: Law = .constant(0.6)
  /// How long one request takes, in seconds. Default 50 ms (A).
  public var serviceTime: Law = .constant(0.05)
  /// Requests that one Pod serves at once. Default 10 (A).
  public var concurrency: Int = 10
  /// What requests do to it, if a load sends any.
  public var requests = RequestParameters()
  /// How a Job's Pods save their work; nil: they don't, and begin anew.
  public var checkpoint: Checkpointing?
  /// A profile with a name.
  public init(name: String) { self.name = name }
}
