import ClusterModel
import Quantities

/// What is remembered about one place of a workload: the n-th Pod that it asked for.
struct PlaceRecord: BitwiseCopyable, Sendable {
  /// When it was asked for; nil: before time zero, or never.
  var asked: Instant?
  /// When a Pod of the place was first Ready since.
  var ready: Instant?
  /// The site its Pod is bound to; negative while it is bound nowhere.
  var site: Int16 = -1
  /// Whether the workload wants it filled.
  var isWanted = false
  /// Whether only a scaler has asked for it, ahead of the load.
  var isSpare = false
  /// When it was last asked for, again after a loss.
  var due: Instant = .zero
  /// The Pod that holds it: the newest if there are several.
  var holder: PodID?
  /// Work of its Pods that is saved.
  var saved = TimeSpan.zero
  /// Whether it is asked for and no Pod of it has been ready yet.
  var isWaiting: Bool { isWanted && asked != nil && ready == nil }
}

/// A workload at the top of its chain of owners, with its places.
///
/// A level says how many Pods are wanted. Where it rises, the lowest places that aren't wanted are
/// asked for; where it falls, places are given up that nobody holds yet, the highest first, and then
/// those of the Pods that the controller stops.
struct RootRecord: Sendable {
  /// Places from here on aren't kept: a manifest's Pod may be named `web-2147483647`.
  static var limit: Int { 1 << 20 }

  let key: String
  private(set) var places: [PlaceRecord] = []
  /// Places as they were before they were asked for anew.
  private(set) var past: [(ordinal: Int, place: PlaceRecord)] = []
  /// The load that brought it about, if it is a Job's copy; negative otherwise.
  var load: Int32 = -1
  /// When a Pod of it last ended well.
  var lastSuccess = Instant.zero
  /// How long each Pod of a Job works, where a trace says so.
  var work: TimeSpan?
  /// How many Pods are wanted.
  private(set) var level = 0
  /// How many places are wanted: more than the level while surplus Pods are still to be stopped.
  private(set) var wanted = 0
  /// Places that are asked for and have had no ready Pod yet.
  private(set) var waiting: Int32 = 0
  private var lowest = 0

  init(key: String) { self.key = key }

  private mutating func reach(_ ordinal: Int32) -> Int? {
    guard ordinal >= 0, ordinal < Self.limit else { return nil }
    while places.count <= Int(ordinal) { places.append(PlaceRecord()) }
    return Int(ordinal)
  }

  private mutating func change(_ index: Int, _ body: (inout PlaceRecord) -> Void) {
    let before = places[index]
    body(&places[index])
    let after = places[index]
    if before.isWaiting != after.isWaiting { waiting += after.isWaiting ? 1 : -1 }
    if before.isWanted != after.isWanted {
      wanted += after.isWanted ? 1 : -1
      if !after.isWanted { lowest = min(lowest, index) }
    }
  }

  /// Wants so many Pods from now on.
  ///
  /// - Parameter asked: of how many the load asks for, where a scaler wants more; nil: all. A place
  ///   that a scaler had filled counts as asked for when the load asks for it, and as ready at once
  ///   if its Pod is.
  mutating func setLevel(_ level: Int, asked: Int? = nil, at now: Instant) {
    fill(to: level, at: now)
    guard let asked else { return }
    var own = 0
    for index in places.indices where places[index].isWanted {
      own += 1
      if own <= asked, places[index].isSpare {
        change(index) {
          $0.isSpare = false
          $0.asked = now
          $0.ready = $0.ready.map { max($0, now) }
        }
      } else if own > asked {
        change(index) { $0.isSpare = true }
      }
    }
  }

  private mutating func fill(to level: Int, at now: Instant) {
    self.level = level
    while wanted < min(level, Self.limit) {
      while lowest < places.count, places[lowest].isWanted { lowest += 1 }
      guard let index = reach(Int32(lowest)) else { break }
      ask(index, at: now)
    }
    var index = places.count - 1
    while wanted > level, index >= 0 {
      if places[index].isWanted, places[index].holder == nil {
        change(index) { $0.isWanted = false }
      }
      index -= 1
    }
  }

  private mutating func ask(_ index: Int, at now: Instant) {
    if places[index].asked != nil || places[index].ready != nil {
      past.append((index, places[index]))
    }
    change(index) { $0 = PlaceRecord(asked: now, isWanted: true, due: now) }
  }

  /// A Pod came into being for a place.
  /// - Returns: since when it was due.
  mutating func hold(_ ordinal: Int32, _ pod: PodID, at now: Instant) -> Instant {
    guard let index = reach(ordinal) else { return now }
    change(index) { place in
      if place.asked == nil && place.ready == nil {
        place.asked = now
        place.due = now
      }
      place.isWanted = true
      place.holder = pod
      place.site = -1
    }
    return places[index].due
  }

  /// A Pod that was running before time zero holds a place: nobody asked for it since.
  mutating func adopt(_ ordinal: Int32) {
    guard let index = reach(ordinal) else { return }
    change(index) { place in
      place.asked = nil
      place.ready = .zero
    }
  }

  /// A place's Pod was bound to a node of a site.
  mutating func bind(_ ordinal: Int32, _ pod: PodID, toSite site: Int16) {
    guard let index = reach(ordinal), places[index].holder == pod else { return }
    places[index].site = site
  }

  /// How much of a place's work is saved.
  func saved(_ ordinal: Int32) -> TimeSpan {
    Int(ordinal) < places.count && ordinal >= 0 ? places[Int(ordinal)].saved : .zero
  }

  /// Saves more of a place's work.
  mutating func save(_ work: TimeSpan, for ordinal: Int32) {
    guard let index = reach(ordinal) else { return }
    places[index].saved += work
  }

  /// A place's Pod is Ready.
  mutating func becomeReady(_ ordinal: Int32, at now: Instant) {
    guard let index = reach(ordinal), places[index].ready == nil else { return }
    change(index) { $0.ready = now }
  }

  /// A place's Pod was told to stop: the place is given up if there are too many, else due again.
  mutating func stop(_ ordinal: Int32, _ pod: PodID, at now: Instant) {
    guard let index = reach(ordinal), places[index].holder == pod else { return }
    let isSurplus = wanted > level
    change(index) { place in
      place.due = now
      if isSurplus { place.isWanted = false }
    }
  }

  /// A place's Pod is gone.
  ///
  /// - Parameter isFree: whether only now another one may take its place.
  mutating func lose(_ ordinal: Int32, _ pod: PodID, isFree: Bool, at now: Instant) {
    guard let index = reach(ordinal), places[index].holder == pod else { return }
    if isFree { stop(ordinal, pod, at: now) }
    places[index].holder = nil
    if places[index].isWanted { places[index].site = -1 }
  }

  /// The places that were asked for in a window, each once, as of the first time.
  func places(askedFrom from: Instant, to: Instant) -> [PlaceRecord] {
    func isMeant(_ place: PlaceRecord) -> Bool {
      !place.isSpare && place.asked.map { $0 >= from && $0 < to } ?? false
    }
    var isCounted = [Bool](repeating: false, count: past.isEmpty ? 0 : places.count)
    var found: [PlaceRecord] = []
    for (ordinal, place) in past where isMeant(place) && !isCounted[ordinal] {
      isCounted[ordinal] = true
      found.append(place)
    }
    for (ordinal, place) in places.enumerated() where isMeant(place) {
      if past.isEmpty || !isCounted[ordinal] { found.append(place) }
    }
    return found
  }
}
