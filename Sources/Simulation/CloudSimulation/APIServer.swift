import ClusterModel
import Infrastructure
import Probability
import Quantities

/// The clients of the simulated API server that are control loops.
enum Client: UInt8, CaseIterable, Comparable, BitwiseCopyable, Sendable {
  case deployment, replicaSet, statefulSet, daemonSet, job, scheduler, admission, burst
  case cron, predictive
  case horizontalPodAutoscaler, nodeAutoscaler, nodeLifecycle, taintEviction, podGarbage
  /// Whether the client has nothing to do while nothing can fail.
  var mindsFailures: Bool { self >= .nodeLifecycle }
  var index: Int { Int(rawValue) }
  static func < (a: Client, b: Client) -> Bool { a.rawValue < b.rawValue }
  /// Whether changes wait until the loop's own clock wakes it.
  var readsOnItsOwnTime: Bool { self == .horizontalPodAutoscaler }
}

/// How far a client's watch has come: positions in the change log with the instants from which on
/// the client knows them.
struct WatchQueue: Sendable {
  private var marks: [(visible: Instant, position: Int)] = []
  private var head = 0
  /// The client reads no change from here on.
  private(set) var position = 0

  init(position: Int) { self.position = position }

  /// Notes that everything up to a position becomes visible at an instant, or with what comes
  /// before if that is later: a watch delivers in order.
  /// - Returns: the instant.
  mutating func append(position: Int, visible: Instant) -> Instant {
    var instant = visible
    if head < marks.count {
      instant = max(instant, marks[marks.count - 1].visible)
      if marks[marks.count - 1].visible == instant {
        marks[marks.count - 1].position = position
        return instant
      }
    }
    marks.append((instant, position))
    return instant
  }

  /// Moves to what is visible by now.
  mutating func advance(to now: Instant) {
    while head < marks.count, marks[head].visible <= now {
      position = marks[head].position
      head += 1
    }
    if head == marks.count {
      marks.removeAll(keepingCapacity: true)
      head = 0
    } else if head > 512 && head * 2 > marks.count {
      marks.removeFirst(head)
      head = 0
    }
  }

  /// When the next change becomes visible.
  var next: Instant? { head < marks.count ? marks[head].visible : nil }
}

/// What a client's library does to the events it records before they cost a call.
///
/// Per object a burst of 25 events passes and then one per 300 s; alike ones are merged before,
/// but every update of a merged one is a call too.
///
/// > Source: client-go's event correlator (E, model card 1.1).
struct EventCorrelator: Sendable {
  private static let burst = 25
  private static let refill = Rate(perSecond: 1.0 / 300)
  private var workloads: [(generation: UInt16, bucket: TokenBucket)?] = []
  private var pods: [(generation: UInt16, bucket: TokenBucket)?] = []
  private var autoscalers: [(generation: UInt16, bucket: TokenBucket)?] = []

  /// Whether an event becomes a call.
  mutating func passes(_ subject: EventRecord.Subject, at now: Instant) -> Bool {
    switch subject {
    case .pod(let id): Self.admits(Int(id.slot), id.generation, in: &pods, at: now)
    case .workload(let id): Self.admits(Int(id.slot), id.generation, in: &workloads, at: now)
    case .autoscaler(let id):
      Self.admits(Int(id.slot), id.generation, in: &autoscalers, at: now)
    }
  }

  private static func admits(
    _ slot: Int, _ generation: UInt16,
    in filters: inout [(generation: UInt16, bucket: TokenBucket)?],
    at now: Instant
  ) -> Bool {
    while filters.count <= slot { filters.append(nil) }
    if filters[slot]?.generation != generation {
      filters[slot] = (generation, TokenBucket(rate: refill, burst: burst))
    }
    // A filter doesn't wait: an event passes if a token is there now, and is dropped otherwise.
    var bucket = filters[slot]!.bucket
    guard bucket.take(at: now) <= now else { return false }
    filters[slot]!.bucket = bucket
    return true
  }
}

/// One control loop's side of the API: its limits, its watch, and the answers it hasn't read yet.
struct ClientState: Sendable {
  let client: Client
  var bucket: TokenBucket
  /// The scheduler records its events through a second client, so that they don't delay bindings.
  var eventBucket: TokenBucket?
  var watch: WatchQueue
  var correlator = EventCorrelator()
  var buffer = CommandBuffer()
  /// Whether the buffer holds what the last pass wrote.
  var hasWritten = false
  var outcomes: [CommandOutcome] = []
  /// Until when its last pass keeps it busy.
  var busyUntil = Instant.zero
  /// The earliest wake on the agenda.
  var posted = Instant.distantFuture
  /// Whether the loop runs at all: the toleration controller comes with serverless pools.
  let isActive: Bool

  init(
    _ client: Client, _ limits: ClientLimits, separateEvents: Bool, isActive: Bool, position: Int
  ) {
    self.client = client
    self.isActive = isActive
    bucket = TokenBucket(rate: limits.qps, burst: limits.burst)
    eventBucket = separateEvents ? bucket : nil
    watch = WatchQueue(position: position)
  }
}

/// A write between its client and the store.
struct PendingWrite: BitwiseCopyable, Sendable {
  var client: Client
  var issued: IssuedCommand
  /// When it left its client.
  var sent = Instant.zero
  var state: CallState = [.underWay]
}

/// How far a call is, and what its author hears of it.
struct CallState: OptionSet, BitwiseCopyable, Sendable {
  let rawValue: UInt8
  /// It hasn't reached the store, and will.
  static let underWay = CallState(rawValue: 1)
  /// Its author's patience is on the agenda.
  static let isTimed = CallState(rawValue: 2)
  /// Its author hears no answer.
  static let isUnanswered = CallState(rawValue: 4)
  /// It never takes effect.
  static let isLost = CallState(rawValue: 8)
}

/// Writes under way, by slot.
struct PendingWrites: Sendable {
  private var slots: [PendingWrite] = []
  private var free: [UInt32] = []
  /// By slot: the status of an autoscaler that the write carries.
  private var statuses: [HorizontalPodAutoscalerStatus?] = []
  /// How many are under way.
  var count: Int { slots.count - free.count }

  mutating func insert(_ write: PendingWrite) -> UInt32 {
    if let slot = free.popLast() {
      slots[Int(slot)] = write
      return slot
    }
    slots.append(write)
    return UInt32(slots.count - 1)
  }

  /// Lets a write carry an autoscaler's status.
  mutating func carry(_ status: HorizontalPodAutoscalerStatus, by slot: UInt32) {
    while statuses.count <= Int(slot) { statuses.append(nil) }
    statuses[Int(slot)] = status
  }

  /// The status that a write carries; it carries it no longer.
  mutating func takeStatus(of slot: UInt32) -> HorizontalPodAutoscalerStatus? {
    guard Int(slot) < statuses.count else { return nil }
    defer { statuses[Int(slot)] = nil }
    return statuses[Int(slot)]
  }

  /// A write under way.
  subscript(slot: UInt32) -> PendingWrite {
    get { slots[Int(slot)] }
    set { slots[Int(slot)] = newValue }
  }

  /// Lets a write go, unless something about it is still on the agenda.
  mutating func release(_ slot: UInt32) {
    if slots[Int(slot)].state.isDisjoint(with: [.underWay, .isTimed]) { free.append(slot) }
  }
}
