import Quantities

/// How many Pods of a workload are where, against how many its load asks for, within the windows
/// that claims are about.
///
/// A Pod counts from its binding until it ends or is told to stop.
struct LevelRecord: Sendable {
  /// What happened within one half-open window `[from, to)`.
  private struct Window {
    let from: Instant
    let to: Instant
    var shortTime: Int64 = 0
    var shortPods: Int128 = 0
    var sparePods: Int128 = 0
    var ownPeak = 0
    var own = 0
    var cloud = 0
  }

  /// Pods that the load asks for.
  private(set) var demand = 0
  /// Ready ones.
  private(set) var ready = 0
  /// Those bound to own nodes.
  private(set) var own = 0
  /// Those bound to virtual nodes.
  private(set) var cloud = 0
  private var since = Instant.zero
  private var windows: [Window]
  /// What holds whoever serves the workload; nil: nobody asks.
  var limits: ServingLimits?
  private var total = Service()

  /// Pods times nanoseconds since time zero.
  struct Service: Sendable {
    /// Asked for, ready, and more than own nodes hold.
    var beyondOwn: Int128 = 0
    /// Asked for and more than fit anywhere.
    var unavoidable: Int128 = 0
    /// Asked for and not ready.
    var missed: Int128 = 0
  }

  /// No Pods, looked at within windows.
  init(windows: [BurstWindow]) {
    self.windows = windows.map { Window(from: $0.from, to: $0.to) }
  }

  private mutating func advance(to now: Instant) {
    defer { since = now }
    guard now > since else { return }
    if let limits {
      let span = Int128((now - since).nanoseconds)
      total.beyondOwn += Int128(max(0, min(demand, ready) - limits.own)) * span
      total.unavoidable += Int128(max(0, demand - limits.all)) * span
      total.missed += Int128(max(0, demand - ready)) * span
    }
    for index in windows.indices {
      let begin = max(since, windows[index].from)
      let end = min(now, windows[index].to)
      guard end > begin else { continue }
      let span = (end - begin).nanoseconds
      if ready < demand {
        windows[index].shortTime += span
        windows[index].shortPods += Int128(demand - ready) * Int128(span)
      }
      windows[index].sparePods += Int128(max(0, ready - demand)) * Int128(span)
      windows[index].ownPeak = max(windows[index].ownPeak, own)
      windows[index].own = own
      windows[index].cloud = cloud
    }
  }

  /// The load asks for so many Pods from now on.
  mutating func ask(_ level: Int, at now: Instant) {
    advance(to: now)
    demand = level
  }

  /// A Pod was bound.
  mutating func bind(toOwn isOwn: Bool, at now: Instant) {
    advance(to: now)
    if isOwn { own += 1 } else { cloud += 1 }
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

  /// What was served from time zero on, at the end of a run.
  func service(at end: Instant) -> Service {
    var record = self
    record.advance(to: end)
    return record.total
  }

  /// What it comes to within a window, by its number, at the end of a run.
  func measures(ofWindow index: Int, at end: Instant) -> LevelMeasures {
    var record = self
    record.advance(to: end)
    let window = record.windows[index]
    var measures = LevelMeasures()
    let bound = window.own + window.cloud
    measures.cloudShare = bound > 0 ? Double(window.cloud) / Double(bound) : nil
    measures.ownPeak = window.ownPeak
    measures.shortMinutes = Double(window.shortTime) / 60e9
    measures.shortPodMinutes = Double(window.shortPods) / 60e9
    measures.sparePodMinutes = Double(window.sparePods) / 60e9
    return measures
  }
}

/// Where a load's Pods ran, and how far they fell short of what it asked for, within a claim's window
/// of one replication.
public struct LevelMeasures: Hashable, Sendable {
  /// The share of its bound Pods on virtual nodes at the window's end; nil without Pods.
  public var cloudShare: Double?
  /// The most Pods on own nodes at once.
  public var ownPeak = 0
  /// Minutes with fewer ready Pods than asked for.
  public var shortMinutes = 0.0
  /// Pods missing, times the minutes that they were missing.
  public var shortPodMinutes = 0.0
  /// Ready Pods beyond those asked for, times the minutes that they were kept.
  public var sparePodMinutes = 0.0
  /// Nothing measured.
  public init() {}
}
