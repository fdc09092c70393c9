import ClusterModel
import Quantities

/// A value as a metrics API serves it: how something was, not how it is.
public struct BurstReading: Hashable, BitwiseCopyable, Sendable {
  /// The value.
  public var value: Double
  /// When it was measured; of a sum over Pods, when the oldest of its samples was.
  public var measuredAt: Instant
  /// A value with the instant at which it was measured.
  public init(_ value: Double, measuredAt: Instant) {
    self.value = value
    self.measuredAt = measuredAt
  }
  /// How old it is.
  public func age(at now: Instant) -> TimeSpan { now - measuredAt }
}

/// What `metrics.k8s.io` and `custom.metrics.k8s.io` serve of a workload at present: the numbers that
/// a HorizontalPodAutoscaler would read at the same instant, as late as those. A value of which
/// nothing is served, because nothing was scraped yet or nothing can be, is absent.
public struct BurstMetrics: Hashable, Sendable {
  /// The CPU that the workload's Pods use of what they request, 0 to 1 or more: summed over Pods
  /// with a sample, those of earlier revisions included.
  public var cpuUtilization: BurstReading?
  /// Requests per second that come to the workload or to Services before it, retries included.
  public var requestRate: BurstReading?
  /// The 95th percentile of the seconds from a request's first try to its answer, over the
  /// monitoring's window; of several Services the longest.
  public var latency: BurstReading?
  /// Nothing served.
  public init() {}
}

/// Where the series about a workload's requests are found.
public struct RequestSeries: Hashable, Sendable {
  /// The workload's kind.
  public var kind: WorkloadKind
  /// Its namespace.
  public var namespace: String
  /// Its name.
  public var name: String
  /// What the series describe: the workload, or a Service before it.
  public var object: DescribedObject
  /// Series from their parts.
  public init(kind: WorkloadKind, namespace: String, name: String, object: DescribedObject) {
    self.kind = kind
    self.namespace = namespace
    self.name = name
    self.object = object
  }
}

/// Adds up what is served of workloads, once for all of them whenever something new is served.
struct BurstMetricsReader: Sendable {
  private struct Tally: BitwiseCopyable, Sendable {
    var generation: UInt16
    /// Billionths of a core.
    var used: Int64 = 0
    var requested: Int64 = 0
    var oldest = Instant.distantFuture
  }
  private var revision = -1
  /// By slot of the workload at the top of the owners.
  private var tallies: [Tally?] = []

  /// What is served of a workload.
  /// - Parameter pods: every Pod with its workload, asked for only where something new is served.
  mutating func metrics(
    of workload: WorkloadID, _ configuration: BurstConfiguration,
    _ cluster: borrowing ClusterState, pods: () -> [PodID]
  ) -> BurstMetrics {
    let root = cluster.rootWorkload(of: workload)
    if revision != cluster.metrics.revision {
      revision = cluster.metrics.revision
      gather(pods(), cluster)
    }
    var metrics = BurstMetrics()
    if cluster.metrics.resourceFailure == nil, root.index < tallies.count,
      let tally = tallies[root.index],
      tally.generation == root.generation, tally.requested > 0
    {
      metrics.cpuUtilization = BurstReading(
        Double(tally.used) / Double(tally.requested), measuredAt: tally.oldest)
    }
    guard let record = cluster.workload(root) else { return metrics }
    for series in configuration.requestSeries
    where series.kind == record.kind && series.name == record.name
      && series.namespace == record.namespace
    {
      metrics.requestRate = Self.join(
        metrics.requestRate, Self.value(of: configuration.rateMetric, series.object, cluster)
      ) { $0 + $1 }
      metrics.latency = Self.join(
        metrics.latency, Self.value(of: configuration.latencyMetric, series.object, cluster)
      ) { max($0, $1) }
    }
    return metrics
  }

  private mutating func gather(_ pods: [PodID], _ cluster: borrowing ClusterState) {
    tallies.removeAll(keepingCapacity: true)
    for id in pods {
      guard let pod = cluster.pod(id), let owner = pod.owner,
        let sample = cluster.metrics.sample(of: id)
      else { continue }
      let requested = cluster.footprints[Int(pod.template.index)].cpu
      guard requested > 0 else { continue }
      let root = cluster.rootWorkload(of: owner)
      while tallies.count <= root.index { tallies.append(nil) }
      var tally = tallies[root.index] ?? Tally(generation: root.generation)
      for place in sample.places { tally.used += cluster.metrics.usages[place].cpuNano ?? 0 }
      tally.requested += requested * 1_000_000
      tally.oldest = min(tally.oldest, sample.timestamp)
      tallies[root.index] = tally
    }
  }

  private static func value(
    of metric: MetricIdentifier, _ object: DescribedObject, _ cluster: borrowing ClusterState
  ) -> BurstReading? {
    guard cluster.metrics.customFailure(of: metric) == nil,
      let number = cluster.metrics.customNumber(of: metric),
      let value = cluster.metrics.value(ofCustom: number, for: object)
    else { return nil }
    return BurstReading(Double(value.milli) / 1000, measuredAt: value.timestamp)
  }

  private static func join(
    _ first: BurstReading?, _ second: BurstReading?, _ how: (Double, Double) -> Double
  ) -> BurstReading? {
    guard let first, let second else { return first ?? second }
    return BurstReading(
      how(first.value, second.value), measuredAt: min(first.measuredAt, second.measuredAt))
  }
}
