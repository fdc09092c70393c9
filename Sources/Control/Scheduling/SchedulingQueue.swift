import ClusterModel
import Quantities

/// Where a Pod is in the scheduling queue.
enum QueuePlace: UInt8, Sendable {
  /// Not in the queue: bound, assumed, or not this scheduler's.
  case none
  /// A scheduling gate holds it back.
  case gated
  /// It is tried as soon as its turn comes.
  case active
  /// It waits for its backoff to end.
  case backoff
  /// It waits for its backoff after an error; never tried early.
  case errorBackoff
  /// It waits for an event that may help.
  case unschedulable
}

/// What the queue knows of a Pod.
struct QueuedPod: BitwiseCopyable, Sendable {
  var place = QueuePlace.none
  var priority: Int32 = 0
  /// When it last entered the queue or failed.
  var timestamp = Instant.zero
  var created = Instant.zero
  /// Tells entries of the heaps that still count from those that don't.
  var stamp: UInt32 = 0
  /// Attempts that found it unschedulable.
  var attempts: Int32 = 0
  /// Errors in a row.
  var errors: Int32 = 0
  /// The filters that rejected it in its last attempt.
  var rejectors: UInt32 = 0
  /// Its bucket among the unschedulable Pods, and its place there.
  var bucket: Int32 = -1
  var member: Int32 = -1
}

/// A Pod's place in a heap: by second (in the backoff queues), priority, time, creation, slot.
struct QueueKey: BitwiseCopyable, Comparable, Sendable {
  var second: Int64
  var priority: Int32
  var timestamp: Int64
  var created: Int64
  var slot: UInt32
  var stamp: UInt32

  static func < (a: QueueKey, b: QueueKey) -> Bool {
    if a.second != b.second { return a.second < b.second }
    if a.priority != b.priority { return a.priority > b.priority }
    if a.timestamp != b.timestamp { return a.timestamp < b.timestamp }
    if a.created != b.created { return a.created < b.created }
    return a.slot < b.slot
  }
}

/// Queue keys, the first at the top: those that arrive in order in a row, the others in a binary
/// heap.
struct QueueHeap: Sendable {
  private var row: [QueueKey] = []
  /// How many of the row are gone.
  private var gone = 0
  private var keys: [QueueKey] = []

  var first: QueueKey? {
    guard gone < row.count else { return keys.first }
    guard let top = keys.first, top < row[gone] else { return row[gone] }
    return top
  }

  mutating func push(_ key: QueueKey) {
    if gone == row.count {
      row.removeAll(keepingCapacity: true)
      gone = 0
      row.append(key)
    } else if row[row.count - 1] < key {
      if gone > 64, gone * 2 > row.count {
        row.removeFirst(gone)
        gone = 0
      }
      row.append(key)
    } else {
      sink(key)
    }
  }

  private mutating func sink(_ key: QueueKey) {
    var place = keys.count
    keys.append(key)
    while place > 0 {
      let parent = (place - 1) / 2
      if keys[parent] < key { break }
      keys[place] = keys[parent]
      place = parent
    }
    keys[place] = key
  }

  mutating func removeFirst() {
    if gone < row.count, keys.isEmpty || !(keys[0] < row[gone]) {
      gone += 1
      return
    }
    let last = keys.removeLast()
    if keys.isEmpty { return }
    var place = 0
    while true {
      var child = 2 * place + 1
      if child >= keys.count { break }
      if child + 1 < keys.count, keys[child + 1] < keys[child] { child += 1 }
      if last < keys[child] { break }
      keys[place] = keys[child]
      place = child
    }
    keys[place] = last
  }
}

/// Unschedulable Pods that events concern alike.
struct UnschedulableBucket: Sendable {
  var classIndex: Int32
  var rejectors: UInt32
  var pinnedNode: NodeID?
  var members: [UInt32] = []
}

/// The scheduling queue: activeQ, backoffQ and the pool of unschedulable Pods.
struct SchedulingQueue: Sendable {
  let behaviour: BehaviourProfile
  let initialBackoff: TimeSpan
  let maxBackoff: TimeSpan
  private(set) var pods: [QueuedPod] = []
  private var active = QueueHeap()
  private var backoff = QueueHeap()
  private var errorBackoff = QueueHeap()
  private(set) var buckets: [UnschedulableBucket] = []
  /// For name look-up only.
  private var bucketNumbers: [BucketIdentity: Int32] = [:]
  /// Pods that entered the pool, in that order; those that left are skipped.
  private var oldest = QueueHeap()
  /// How many Pods are in the pool.
  private(set) var unschedulableCount = 0
  private(set) var activeCount = 0
  private(set) var backoffCount = 0

  private struct BucketIdentity: Hashable, Sendable {
    var classIndex: Int32
    var rejectors: UInt32
    var pinnedNode: NodeID?
  }

  init(_ configuration: SchedulerConfiguration) {
    behaviour = configuration.behaviour
    initialBackoff = configuration.initialBackoff
    maxBackoff = configuration.maxBackoff
  }

  /// The whole second an instant lies in, rounded down.
  static func second(_ instant: Instant) -> Int64 {
    let (quotient, remainder) = instant.nanoseconds.quotientAndRemainder(
      dividingBy: 1_000_000_000)
    return remainder < 0 ? quotient - 1 : quotient
  }

  private mutating func grow(_ slot: Int) {
    guard slot >= pods.count else { return }
    pods.append(contentsOf: repeatElement(QueuedPod(), count: slot + 1 - pods.count))
  }

  private func key(_ slot: Int, second: Int64 = 0) -> QueueKey {
    let pod = pods[slot]
    return QueueKey(
      second: second, priority: pod.priority, timestamp: pod.timestamp.nanoseconds,
      created: pod.created.nanoseconds, slot: UInt32(slot), stamp: pod.stamp)
  }

  /// Adds a new Pod, or one whose gates were lifted.
  mutating func add(
    _ slot: Int, priority: Int32, created: Instant, gated: Bool, at now: Instant
  ) {
    grow(slot)
    remove(slot)
    let stamp = pods[slot].stamp
    pods[slot] = QueuedPod()
    pods[slot].stamp = stamp
    pods[slot].priority = priority
    pods[slot].created = created
    pods[slot].timestamp = now
    if gated { pods[slot].place = .gated } else { activate(slot) }
  }

  private mutating func activate(_ slot: Int) {
    pods[slot].place = .active
    pods[slot].stamp &+= 1
    activeCount += 1
    active.push(key(slot))
  }

  /// Takes a Pod out of the queue, wherever it is.
  mutating func remove(_ slot: Int) {
    guard slot < pods.count else { return }
    switch pods[slot].place {
    case .none, .gated: break
    case .active: activeCount -= 1
    case .backoff, .errorBackoff: backoffCount -= 1
    case .unschedulable: leaveBucket(slot)
    }
    pods[slot].place = .none
    pods[slot].stamp &+= 1
  }

  private mutating func leaveBucket(_ slot: Int) {
    let bucket = Int(pods[slot].bucket)
    let member = Int(pods[slot].member)
    let last = buckets[bucket].members.removeLast()
    if Int(last) != slot {
      buckets[bucket].members[member] = last
      pods[Int(last)].member = Int32(member)
    }
    unschedulableCount -= 1
  }

  /// Puts a Pod that no node takes into the pool.
  mutating func addUnschedulable(
    _ slot: Int, classIndex: Int32, rejectors: UInt32, pinnedNode: NodeID?, at now: Instant
  ) {
    remove(slot)
    pods[slot].attempts += 1
    pods[slot].errors = 0
    pods[slot].timestamp = now
    pool(slot, classIndex: classIndex, rejectors: rejectors, pinnedNode: pinnedNode)
  }

  private mutating func pool(
    _ slot: Int, classIndex: Int32, rejectors: UInt32, pinnedNode: NodeID?
  ) {
    let identity = BucketIdentity(
      classIndex: classIndex, rejectors: rejectors, pinnedNode: pinnedNode)
    var bucket = bucketNumbers[identity] ?? -1
    if bucket < 0 {
      bucket = Int32(buckets.count)
      bucketNumbers[identity] = bucket
      buckets.append(
        UnschedulableBucket(
          classIndex: classIndex, rejectors: rejectors, pinnedNode: pinnedNode))
    }
    pods[slot].place = .unschedulable
    pods[slot].stamp &+= 1
    pods[slot].rejectors = rejectors
    pods[slot].bucket = bucket
    pods[slot].member = Int32(buckets[Int(bucket)].members.count)
    buckets[Int(bucket)].members.append(UInt32(slot))
    unschedulableCount += 1
    var key = key(slot)
    key.second = pods[slot].timestamp.nanoseconds
    oldest.push(key)
  }

  /// Changes the class of an unschedulable Pod whose template changed.
  mutating func reclassify(_ slot: Int, classIndex: Int32, pinnedNode: NodeID?) {
    guard slot < pods.count, pods[slot].place == .unschedulable else { return }
    leaveBucket(slot)
    pool(slot, classIndex: classIndex, rejectors: pods[slot].rejectors, pinnedNode: pinnedNode)
  }

  /// Puts a Pod whose binding failed into the backoff queue for errors.
  mutating func addAfterError(_ slot: Int, at now: Instant) {
    grow(slot)
    remove(slot)
    pods[slot].errors += 1
    pods[slot].timestamp = now
    pods[slot].place = .errorBackoff
    backoffCount += 1
    errorBackoff.push(key(slot, second: backoffSecond(slot)))
  }

  /// The whole second in which a Pod's backoff ends: 1 s doubling with each attempt up to 10 s,
  /// truncated (S).
  private func backoffSecond(_ slot: Int) -> Int64 {
    let count = pods[slot].errors > 0 ? pods[slot].errors : pods[slot].attempts
    if count == 0 { return .min }
    var span = initialBackoff
    for _ in 1..<max(count, 1) where span < maxBackoff { span = span + span }
    return Self.second(pods[slot].timestamp + min(span, maxBackoff))
  }

  /// Moves a Pod on because of an event: to the backoff queue while its backoff lasts, else to the
  /// active one.
  mutating func wake(_ slot: Int, at now: Instant) {
    let second = backoffSecond(slot)
    remove(slot)
    if second >= Self.second(now) {
      pods[slot].place = .backoff
      backoffCount += 1
      backoff.push(key(slot, second: second))
    } else {
      activate(slot)
    }
  }

  private static func isCurrent(
    _ key: QueueKey, _ pods: [QueuedPod], in place: QueuePlace
  ) -> Bool {
    pods[Int(key.slot)].stamp == key.stamp && pods[Int(key.slot)].place == place
  }

  /// Moves on the Pods whose time has come: ended backoffs at each whole second, and every 30 s
  /// the Pods that were unschedulable for too long.
  mutating func flush(at now: Instant, mayWake: (Int) -> Bool) {
    let second = Self.second(now)
    while let key = Self.first(&backoff, pods, .backoff), key.second < second {
      backoff.removeFirst()
      backoffCount -= 1
      activate(Int(key.slot))
    }
    while let key = Self.first(&errorBackoff, pods, .errorBackoff), key.second < second {
      errorBackoff.removeFirst()
      backoffCount -= 1
      activate(Int(key.slot))
    }
    var held: [QueueKey] = []
    while let key = Self.first(&oldest, pods, .unschedulable), flushInstant(of: key) <= now {
      oldest.removeFirst()
      if mayWake(Int(key.slot)) { wake(Int(key.slot), at: now) } else { held.append(key) }
    }
    for key in held { oldest.push(key) }
  }

  /// The first of the flush's instants (multiples of 30 s) at which a Pod has waited too long.
  private func flushInstant(of key: QueueKey) -> Instant {
    let due = Instant(nanoseconds: key.second) + behaviour.maxUnschedulable
    let period: Int64 = 30_000_000_000
    let rest = due.nanoseconds % period
    return Instant(nanoseconds: due.nanoseconds - rest + period)
  }

  /// The first key of a heap that still counts.
  private static func first(
    _ heap: inout QueueHeap, _ pods: [QueuedPod], _ place: QueuePlace
  ) -> QueueKey? {
    while let key = heap.first {
      if isCurrent(key, pods, in: place) { return key }
      heap.removeFirst()
    }
    return nil
  }

  /// The next Pod to try; the head of the backoff queue if nothing else waits and the behaviour
  /// allows it.
  mutating func pop() -> Int? {
    while let key = active.first {
      active.removeFirst()
      if Self.isCurrent(key, pods, in: .active) {
        activeCount -= 1
        pods[Int(key.slot)].place = .none
        return Int(key.slot)
      }
    }
    guard behaviour.popsFromBackoff, backoffCount > 0 else { return nil }
    while let key = backoff.first {
      backoff.removeFirst()
      if Self.isCurrent(key, pods, in: .backoff) {
        backoffCount -= 1
        pods[Int(key.slot)].place = .none
        return Int(key.slot)
      }
    }
    return nil
  }

  /// When the queue has something to do next: now if a Pod can be popped, else a flush.
  mutating func nextInstant(after now: Instant) -> Instant? {
    if activeCount > 0 { return now }
    var next: Instant?
    func consider(_ instant: Instant) { next = min(next ?? instant, instant) }
    if let key = Self.first(&backoff, pods, .backoff) {
      if behaviour.popsFromBackoff { return now }
      consider(Instant(nanoseconds: (key.second + 1) * 1_000_000_000))
    }
    if let key = Self.first(&errorBackoff, pods, .errorBackoff) {
      consider(Instant(nanoseconds: (key.second + 1) * 1_000_000_000))
    }
    if let key = Self.first(&oldest, pods, .unschedulable) { consider(flushInstant(of: key)) }
    return next
  }
}
