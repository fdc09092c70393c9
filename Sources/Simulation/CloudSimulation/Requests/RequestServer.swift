import Quantities

/// A Pod that serves requests, or several alike of which it stands as one example.
///
/// Requests wait in the order in which they came. Those under way progress at the same speed: one
/// second of service a second, or less if together they would use more CPU than the limit. With one
/// place this is first come, first served; with many, and a limit, it is processor sharing.
struct RequestServer: Sendable {
  /// A request under way.
  struct Serving: BitwiseCopyable, Sendable {
    /// What ``progress`` will be when it is done.
    var finish: Double
    var request: UInt32
  }

  let service: Int32
  /// Where its Pods are, if that matters.
  var site: Int16 = 0
  /// Pods that get requests through it.
  var pods: Int32 = 0
  /// Pods of it that are there; without any, whatever comes is refused.
  var alive: Int32 = 0
  /// Its place among those that get requests; negative: it gets none.
  var place: Int32 = -1
  private let places: Int32
  private let coresPerRequest: Double
  /// Cores that it may use.
  private let limit: Double
  private(set) var serving: [Serving] = []
  private(set) var queue: [UInt32] = []
  private(set) var queueHead = 0
  /// Requests in the queue that somebody still waits for.
  var waiting: Int32 = 0
  /// Nanoseconds of service that each request under way would have got since the beginning.
  private var progress = 0.0
  private var speed = 1.0
  private var updated = Instant.zero
  /// Which foreseen completion is the valid one.
  private(set) var version: UInt16 = 0
  /// Tries that came to one Pod of it.
  var tries: Int64 = 0
  /// CPU that one Pod of it has used, in core nanoseconds.
  private(set) var usedCPU = 0.0
  /// Work that all Pods of it have done since it was last asked for, in nanoseconds of service.
  private var work = 0.0

  init(service: Int32, places: Int, coresPerRequest: Double, limit: Double, at now: Instant) {
    self.service = service
    self.places = Int32(clamping: places)
    self.coresPerRequest = coresPerRequest
    self.limit = limit
    updated = now
  }

  /// Whether a request can be served at once.
  var hasPlace: Bool { serving.count < Int(places) }

  /// Requests in it, those that nobody waits for any more left out of the queue.
  var load: Int { serving.count + Int(waiting) }

  /// Brings progress and use up to an instant.
  mutating func advance(to now: Instant) {
    guard now > updated else { return }
    if !serving.isEmpty {
      let step = Double((now - updated).nanoseconds) * speed
      progress += step
      usedCPU += step * Double(serving.count) * coresPerRequest
      work += step * Double(serving.count) * Double(alive)
    }
    updated = now
  }

  /// The work done since the last call, up to an instant.
  mutating func takeWork(at now: Instant) -> Double {
    advance(to: now)
    defer { work = 0 }
    return work
  }

  /// Begins to serve a request that takes so long by itself. Call ``foresee()`` afterwards.
  mutating func begin(_ request: UInt32, taking service: TimeSpan) {
    var child = serving.count
    let entry = Serving(finish: progress + Double(max(0, service.nanoseconds)), request: request)
    serving.append(entry)
    while child > 0 {
      let parent = (child - 1) / 2
      guard entry.finish < serving[parent].finish else { break }
      serving[child] = serving[parent]
      child = parent
    }
    serving[child] = entry
  }

  /// Takes out the request that is done. Call ``foresee()`` afterwards.
  mutating func finishFirst() -> UInt32 {
    let first = serving[0]
    progress = max(progress, first.finish)
    let last = serving.removeLast()
    if !serving.isEmpty {
      var parent = 0
      while true {
        var child = 2 * parent + 1
        guard child < serving.count else { break }
        if child + 1 < serving.count, serving[child + 1].finish < serving[child].finish {
          child += 1
        }
        guard serving[child].finish < last.finish else { break }
        serving[parent] = serving[child]
        parent = child
      }
      serving[parent] = last
    }
    return first.request
  }

  /// Foresees the next completion; every one foreseen before is void.
  /// - Returns: when; nil if nothing is under way.
  mutating func foresee() -> Instant? {
    version &+= 1
    guard let first = serving.first else {
      progress = 0
      return nil
    }
    let demand = Double(serving.count) * coresPerRequest
    speed = demand > limit ? limit / demand : 1
    let left = max(0, (first.finish - progress) / speed)
    guard left < 9e18 else { return .distantFuture }
    return updated + TimeSpan(nanoseconds: Int64(left.rounded(.up)))
  }

  /// Puts a request at the end of the queue.
  mutating func enqueue(_ request: UInt32) {
    queue.append(request)
    waiting += 1
  }

  /// Takes the next request from the queue, whoever waits for it; nil if there is none.
  mutating func dequeue() -> UInt32? {
    guard queueHead < queue.count else { return nil }
    let request = queue[queueHead]
    queueHead += 1
    if queueHead == queue.count {
      queue.removeAll(keepingCapacity: true)
      queueHead = 0
    } else if queueHead > 256, queueHead * 2 > queue.count {
      queue.removeFirst(queueHead)
      queueHead = 0
    }
    return request
  }

  /// Throws everything out.
  /// - Returns: the requests that were in it.
  mutating func clear() -> [UInt32] {
    let all = serving.map(\.request) + queue[queueHead...]
    serving = []
    queue = []
    queueHead = 0
    waiting = 0
    return all
  }
}
