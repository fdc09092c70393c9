import Quantities
import Statistics

/// What became of requests in one replication.
public struct RequestResult: Hashable, Sendable {
  /// All of them.
  public var arrived: Int64 = 0
  /// Answered within the deadline.
  public var served: Int64 = 0
  /// Answered after it.
  public var late: Int64 = 0
  /// Given up after timeouts, or because no Pod was there.
  public var failed: Int64 = 0
  /// Turned away because too many waited.
  public var dropped: Int64 = 0
  /// Neither at the end of the run.
  public var open: Int64 = 0
  /// Those among the open ones whose deadline had passed.
  public var openLate: Int64 = 0
  /// Tries beyond the first.
  public var retries: Int64 = 0
  /// Minutes in which more than the budgeted share of the requests that arrived in them was late,
  /// failed or dropped.
  public var sloMinutes = 0
  /// Nanoseconds from the first try to the answer, of those answered.
  public var latencies = LogarithmicHistogram()
  /// No requests.
  public init() {}

  /// The quantile of seconds from the first try to the answer; nil without an answer.
  public func latency(_ p: Double) -> Double? { latencies.quantile(p).map { $0 / 1e9 } }

  /// The share that failed or was dropped; nil without requests.
  public var errorShare: Double? {
    arrived > 0 ? Double(failed + dropped) / Double(arrived) : nil
  }

  /// Adds the requests of another service.
  mutating func add(_ other: RequestResult) {
    arrived += other.arrived
    served += other.served
    late += other.late
    failed += other.failed
    dropped += other.dropped
    open += other.open
    openLate += other.openLate
    retries += other.retries
    sloMinutes += other.sloMinutes
    latencies.add(other.latencies)
  }
}

/// A service's curves over time in one replication, by bucket.
public struct RequestCurves: Hashable, Sendable {
  /// The service: the target of its loads.
  public var service: String
  /// Requests that arrived, per second.
  public var rate: [Double] = []
  /// Requests inside at the bucket's end.
  public var backlog: [Double] = []
  /// Mean seconds from the first try to the answer of those answered in the bucket; nil if none was.
  public var latency: [Double?] = []
  /// Pods that got requests at the bucket's end.
  public var pods: [Double] = []
  /// Curves without a point.
  public init(service: String) { self.service = service }
}
