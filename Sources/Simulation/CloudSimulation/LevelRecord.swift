import Quantities

/// How many Pods of a workload are where, against how many its load asks for.
///
/// A Pod counts from its binding until it ends or is told to stop.
struct LevelRecord: BitwiseCopyable, Sendable {
  /// Pods that the load asks for.
  private(set) var demand = 0
  /// Ready ones.
  private(set) var ready = 0
  /// Those bound to own nodes.
  private(set) var own = 0
  /// Those bound to virtual nodes.
  private(set) var cloud = 0
  /// The most that were bound to own nodes at once.
  private(set) var ownPeak = 0
  private var since = Instant.zero
  private var shortTime: Int64 = 0
  private var shortPods: Int128 = 0

  private mutating func advance(to now: Instant) {
    let span = (now - since).nanoseconds
    if ready < demand {
      shortTime += span
      shortPods += Int128(demand - ready) * Int128(span)
    }
    since = now
  }

  /// The load asks for so many Pods from now on.
  mutating func ask(_ level: Int, at now: Instant) {
    advance(to: now)
    demand = level
  }

  /// A Pod was bound.
  mutating func bind(toOwn isOwn: Bool) {
    if isOwn { own += 1 } else { cloud += 1 }
    ownPeak = max(ownPeak, own)
  }

  /// A Pod is Ready.
  mutating func becomeReady(at now: Instant) {
    advance(to: now)
    ready += 1
  }

  /// A Pod isn't Ready any more.
  mutating func becomeUnready(at now: Instant) {
    advance(to: now)
    ready -= 1
  }

  /// A bound Pod ended or was told to stop.
  mutating func leave(fromOwn isOwn: Bool, wasReady: Bool, at now: Instant) {
    advance(to: now)
    if isOwn { own -= 1 } else { cloud -= 1 }
    if wasReady { ready -= 1 }
  }

  /// What it comes to at the end of a run.
  func measures(at end: Instant) -> LevelMeasures {
    var record = self
    record.advance(to: end)
    var measures = LevelMeasures()
    measures.cloudShare = own + cloud > 0 ? Double(cloud) / Double(own + cloud) : nil
    measures.ownPeak = ownPeak
    measures.shortMinutes = Double(record.shortTime) / 60e9
    measures.shortPodMinutes = Double(record.shortPods) / 60e9
    return measures
  }
}

/// Where a load's Pods ran, and how far they fell short of what it asked for, in one replication.
public struct LevelMeasures: Hashable, Sendable {
  /// The share of its bound Pods on virtual nodes at the end; nil without Pods.
  public var cloudShare: Double?
  /// The most Pods on own nodes at once.
  public var ownPeak = 0
  /// Minutes with fewer ready Pods than asked for.
  public var shortMinutes = 0.0
  /// Pods missing, times the minutes that they were missing.
  public var shortPodMinutes = 0.0
  /// Nothing measured.
  public init() {}
}
