import Quantities

/// What requests do to a Pod that serves them, and what clients do if it doesn't.
public struct RequestParameters: Hashable, Sendable {
  /// CPU time of one request. It is used evenly while the request is served: a Pod with several
  /// under way and a limit on its CPU serves all of them more slowly. Default 20 ms (A).
  public var cpu: TimeSpan = .milliseconds(20)
  /// Requests that may wait in one Pod; nil: no bound. Whoever comes then is turned away.
  public var queue: Int?
  /// How long a client waits for an answer; nil: for ever. Default 30 s (A).
  ///
  /// A request that waits in a Pod's queue is then forgotten; one that is being served is served to
  /// its end, for nobody.
  public var timeout: TimeSpan? = .seconds(30)
  /// How often a client tries again after a timeout or a refusal. Default 0 (A).
  public var retries: Int = 0
  /// How long a client waits before it tries again the first time, half more or less by chance;
  /// twice as long each further time. Default 100 ms (A).
  public var backoff: TimeSpan = .milliseconds(100)
  /// Retries per request that all clients together allow themselves in the long run; nil: no limit.
  /// Default 0.2 (A).
  public var retryBudget: Double? = 0.2
  /// From the first try until the answer: what takes longer is late. Default 1 s (A).
  public var deadline: TimeSpan = .seconds(1)
  /// The share of a minute's requests that may be late, failed or dropped. Default 0.01 (A).
  public var budget: Double = 0.01
  /// Bytes of a request with its headers, where it crosses a link. Default 1 KiB (A, 512–8,192).
  public var requestSize: Int = 1024
  /// Bytes of its answer with its headers, where it crosses a link. Default 16 KiB (A, 2–256 KiB).
  public var answerSize: Int = 16_384
  /// Over how many connections its requests cross the links to a site, each of which gets no more of
  /// a full one than any other transfer. Default 100 (A, 10–1,000).
  public var connections: Int = 100
  /// The defaults above.
  public init() {}
}
