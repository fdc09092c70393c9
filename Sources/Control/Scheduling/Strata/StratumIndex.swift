/// The nodes of one class of Pods in strata: sets of nodes that normalised scores and filters over
/// the whole cluster can't tell apart, each with its best node by what the nodes score alone.
///
/// A stratum is a tuple of components, see ``StratumPlan``. Blocks of 64 places carry a summary of
/// the few strata they hold, so that a decision looks at blocks; a block with too many strata is
/// looked at place by place. Keys are those of ``ScoreIndex``.
struct StratumIndex: Sendable {
  static let width = 64
  /// Strata that a block's summary has room for.
  private static let room = 8
  /// More strata than these are taken for a sign that most are deserted.
  static let mostStrata = 4096

  let plan: StratumPlan
  /// How far the index has followed the cache's list of touched nodes.
  var position = 0

  // By place.
  private var keys: [UInt64]
  private var strata: [Int32]
  // By block: how many strata its summary has, −1 if too many, and the summary.
  private var entries: [Int8]
  private var entryStratum: [Int32]
  private var entryCount: [Int32]
  private var entryBest: [UInt64]
  // By stratum.
  private(set) var components: [Int64] = []
  /// Places with a key.
  private(set) var population: [Int32] = []
  /// Whether the filters over the whole cluster admit it, set by each decision.
  var isAdmitted: [Bool] = []
  /// Feasible nodes kept by the last walk, and the best of their keys.
  private(set) var kept: [Int32] = []
  private(set) var best: [UInt64] = []
  /// The strata that the last walk met.
  private(set) var met: [Int32] = []
  /// Strata by the hash of their components; −1 where none is.
  private var buckets = [Int32](repeating: -1, count: 32)

  init(_ plan: StratumPlan, count: Int) {
    self.plan = plan
    keys = [UInt64](repeating: 0, count: count)
    strata = [Int32](repeating: 0, count: count)
    let blocks = (count + Self.width - 1) / Self.width
    entries = [Int8](repeating: 0, count: blocks)
    entryStratum = [Int32](repeating: 0, count: blocks * Self.room)
    entryCount = [Int32](repeating: 0, count: blocks * Self.room)
    entryBest = [UInt64](repeating: 0, count: blocks * Self.room)
  }

  var strataCount: Int { population.count }

  /// A component of a stratum.
  @inline(__always)
  func component(_ stratum: Int, _ place: Int32) -> Int64 {
    components[stratum * plan.width + Int(place)]
  }

  /// Sets what a place scores alone and what it is like.
  mutating func set(_ place: Int, key: UInt64, components tuple: [Int64]) {
    let before = keys[place]
    let beforeStratum = strata[place]
    let stratum =
      !population.isEmpty && isLike(beforeStratum, tuple) ? beforeStratum : stratum(of: tuple)
    if before == key && beforeStratum == stratum { return }
    keys[place] = key
    strata[place] = stratum
    if before != 0 { population[Int(beforeStratum)] -= 1 }
    if key != 0 { population[Int(stratum)] += 1 }
    let block = place / Self.width
    if entries[block] < 0 { return }
    if before != 0 { take(before, of: beforeStratum, from: block) }
    if key != 0 { put(key, of: stratum, into: block) }
  }

  private mutating func take(_ key: UInt64, of stratum: Int32, from block: Int) {
    let start = block * Self.room
    var entry = start
    while entryStratum[entry] != stratum { entry += 1 }
    entryCount[entry] -= 1
    if entryCount[entry] == 0 {
      entries[block] -= 1
      let last = start + Int(entries[block])
      entryStratum[entry] = entryStratum[last]
      entryCount[entry] = entryCount[last]
      entryBest[entry] = entryBest[last]
    } else if key == entryBest[entry] {
      let first = block * Self.width
      var most: UInt64 = 0
      for place in first..<min(first + Self.width, keys.count) where strata[place] == stratum {
        most = max(most, keys[place])
      }
      entryBest[entry] = most
    }
  }

  private mutating func put(_ key: UInt64, of stratum: Int32, into block: Int) {
    let start = block * Self.room
    let end = start + Int(entries[block])
    for entry in start..<end where entryStratum[entry] == stratum {
      entryCount[entry] += 1
      entryBest[entry] = max(entryBest[entry], key)
      return
    }
    if Int(entries[block]) == Self.room {
      entries[block] = -1
      return
    }
    entries[block] += 1
    entryStratum[end] = stratum
    entryCount[end] = 1
    entryBest[end] = key
  }

  @inline(__always)
  private func isLike(_ stratum: Int32, _ tuple: [Int64]) -> Bool {
    let start = Int(stratum) * plan.width
    for place in 0..<plan.width where components[start + place] != tuple[place] { return false }
    return true
  }

  private static func hash(_ tuple: some Sequence<Int64>) -> Int {
    var hash: UInt64 = 0
    for component in tuple {
      hash = (hash ^ UInt64(bitPattern: component)) &* 0x9E37_79B9_7F4A_7C15
      hash ^= hash >> 29
    }
    return Int(truncatingIfNeeded: hash)
  }

  /// The stratum of a tuple, made if it is new.
  private mutating func stratum(of tuple: [Int64]) -> Int32 {
    var bucket = Self.hash(tuple) & (buckets.count - 1)
    while buckets[bucket] >= 0 {
      if isLike(buckets[bucket], tuple) { return buckets[bucket] }
      bucket = (bucket + 1) & (buckets.count - 1)
    }
    let made = Int32(population.count)
    buckets[bucket] = made
    components += tuple
    population.append(0)
    isAdmitted.append(false)
    kept.append(0)
    best.append(0)
    if population.count * 2 > buckets.count { rehash() }
    return made
  }

  private mutating func rehash() {
    buckets = [Int32](repeating: -1, count: buckets.count * 2)
    for stratum in population.indices {
      let start = stratum * plan.width
      var bucket = Self.hash(components[start..<start + plan.width]) & (buckets.count - 1)
      while buckets[bucket] >= 0 { bucket = (bucket + 1) & (buckets.count - 1) }
      buckets[bucket] = Int32(stratum)
    }
  }
}

extension StratumIndex {
  /// Keeps the first so many feasible places from a start on, around the end, and notes each
  /// stratum's best among them.
  ///
  /// - Returns: how many were kept, and how many places were examined until one more feasible
  ///   place was met (or all were).
  mutating func walk(from start: Int, sought: Int) -> (kept: Int, examined: Int) {
    for stratum in met {
      kept[Int(stratum)] = 0
      best[Int(stratum)] = 0
    }
    met.removeAll(keepingCapacity: true)
    var total = 0
    var examined = 0
    var place = start
    while examined < keys.count {
      if place % Self.width == 0, entries[place / Self.width] >= 0 {
        let length = min(Self.width, keys.count - place)
        let count = feasible(in: place / Self.width)
        if length <= keys.count - examined, total + count <= sought {
          if count > 0 { keepBlock(place / Self.width) }
          total += count
          examined += length
          place += length
          if place == keys.count { place = 0 }
          continue
        }
      }
      let key = keys[place]
      if key != 0, isAdmitted[Int(strata[place])] {
        if total == sought { break }
        total += 1
        keep(Int(strata[place]), 1, key)
      }
      examined += 1
      place += 1
      if place == keys.count { place = 0 }
    }
    return (total, examined)
  }

  @inline(__always)
  private func feasible(in block: Int) -> Int {
    let start = block * Self.room
    var count: Int32 = 0
    for entry in start..<start + Int(entries[block]) where isAdmitted[Int(entryStratum[entry])] {
      count += entryCount[entry]
    }
    return Int(count)
  }

  @inline(__always)
  private mutating func keepBlock(_ block: Int) {
    let start = block * Self.room
    for entry in start..<start + Int(entries[block]) {
      let stratum = Int(entryStratum[entry])
      if isAdmitted[stratum] { keep(stratum, entryCount[entry], entryBest[entry]) }
    }
  }

  @inline(__always)
  private mutating func keep(_ stratum: Int, _ count: Int32, _ key: UInt64) {
    if kept[stratum] == 0 { met.append(Int32(stratum)) }
    kept[stratum] += count
    best[stratum] = max(best[stratum], key)
  }

  /// The places of the last walk, of which it kept so many, that score as much as the best of their
  /// stratum, for some strata; each with its position among the places kept.
  func ties(
    from start: Int, kept: Int, isTied: [Bool]
  ) -> [(position: Int, place: Int)] {
    var found: [(position: Int, place: Int)] = []
    var position = 0
    var place = start
    while position < kept {
      let block = place / Self.width
      if place % Self.width == 0, entries[block] >= 0 {
        let count = feasible(in: block)
        if position + count <= kept, !hasTie(in: block, isTied) {
          position += count
          place = place + Self.width >= keys.count ? 0 : place + Self.width
          continue
        }
      }
      let key = keys[place]
      let stratum = Int(strata[place])
      if key != 0, isAdmitted[stratum] {
        if isTied[stratum], key >> 32 == best[stratum] >> 32 { found.append((position, place)) }
        position += 1
      }
      place = place + 1 == keys.count ? 0 : place + 1
    }
    return found
  }

  private func hasTie(in block: Int, _ isTied: [Bool]) -> Bool {
    let start = block * Self.room
    for entry in start..<start + Int(entries[block]) {
      let stratum = Int(entryStratum[entry])
      if isTied[stratum], entryBest[entry] >> 32 == best[stratum] >> 32 { return true }
    }
    return false
  }
}
