import Quantities

/// A limit on rate: `burst` calls at once after a pause, then one every `1/rate`.
///
/// Callers are served in the order in which they ask. The n-th of n calls asked at once is let
/// through after max(0, n − burst)/rate.
///
/// > Source: the generic cell rate algorithm (ITU-T I.371), equivalent to client-go's token bucket.
public struct TokenBucket: BitwiseCopyable, Sendable {
  // In 2⁻⁴⁰ ns, so that even a million intervals of a third of a second add up to the nanosecond.
  private static var fraction: Int { 40 }
  private static var longest: Int128 { Int128(Int64.max) << fraction }

  private let interval: Int128
  private let tolerance: Int128
  private var theoretical = Int128.min

  /// A full bucket; at a rate of zero it lets `burst` calls through and no more.
  /// - Precondition: `burst` is at least 1.
  public init(rate: Rate, burst: Int) {
    precondition(burst >= 1, "a token bucket lets at least one call through")
    let nanoseconds = 1e9 / rate.perSecond
    if nanoseconds < 9e18 {
      interval = Int128((nanoseconds * 0x1p40).rounded())
    } else {
      interval = Self.longest
    }
    let (product, overflow) = interval.multipliedReportingOverflow(by: Int128(burst - 1))
    tolerance = overflow ? Int128.max >> 1 : min(product, Int128.max >> 1)
  }

  /// The same bucket under another limit: what was taken from it stays taken.
  public func limited(to rate: Rate, burst: Int) -> TokenBucket {
    var bucket = TokenBucket(rate: rate, burst: burst)
    bucket.theoretical = theoretical
    return bucket
  }

  /// Whether it lets everything through at once.
  public var isUnlimited: Bool { interval == 0 }

  /// Asks for one call.
  /// - Returns: the instant at which it is let through, to the nearest nanosecond and never before
  ///   `now`.
  public mutating func take(at now: Instant) -> Instant {
    guard interval > 0 else { return now }
    let time = Int128(now.nanoseconds) << Self.fraction
    let arrival = max(theoretical, time)
    theoretical = min(arrival, Int128.max >> 2) + interval
    let grant = arrival - tolerance
    guard grant > time else { return now }
    let half = Int128(1) << (Self.fraction - 1)
    return Instant(nanoseconds: Int64(clamping: (grant + half) >> Self.fraction))
  }
}

/// A number of workers that take jobs in the order in which they come.
public struct WorkerPool<Job: BitwiseCopyable & Sendable>: Sendable {
  /// How many there are; nil: as many as needed.
  public let size: Int?
  /// How many are busy.
  public private(set) var busy = 0
  private var waiting: [Job] = []
  private var head = 0

  /// Idle workers.
  public init(size: Int?) { self.size = size }

  /// Jobs that wait for a worker.
  public var waitingCount: Int { waiting.count - head }

  /// Brings a job.
  /// - Returns: whether a worker takes it at once; otherwise it waits.
  public mutating func offer(_ job: Job) -> Bool {
    if let size, busy >= size {
      waiting.append(job)
      return false
    }
    busy += 1
    return true
  }

  /// A worker is done.
  /// - Returns: the job it takes next, if one waits.
  public mutating func release() -> Job? {
    guard head < waiting.count else {
      busy -= 1
      return nil
    }
    let job = waiting[head]
    head += 1
    if head > 512 && head * 2 > waiting.count {
      waiting.removeFirst(head)
      head = 0
    }
    return job
  }
}
