/// A stratum's part of a block of places.
struct StratumEntry: BitwiseCopyable, Sendable {
  /// The largest key.
  var best: UInt64 = 0
  /// Places with a key.
  var count: Int32 = 0
  var stratum: Int32 = 0
}

/// A stratum in a decision.
struct StratumStanding: BitwiseCopyable, Sendable {
  /// The largest key of the places kept.
  var best: UInt64 = 0
  /// Places kept.
  var kept: Int32 = 0
  /// Places with a key in the whole cluster.
  var population: Int32 = 0
  /// Whether the filters over the whole cluster admit it.
  var isAdmitted = false
}

/// The nodes of one class of Pods in strata: sets of nodes that normalised scores and filters over
/// the whole cluster can't tell apart, each with its best node by what the nodes score alone.
///
/// A stratum is a tuple of components, see ``StratumPlan``. Blocks of 64 places carry a summary of
/// the few strata they hold, so that a decision looks at blocks; a block with too many strata is
/// looked at place by place. Keys are those of ``ScoreIndex``.
struct StratumIndex: Sendable {
  static let width = 64
  /// Strata that a block's summary has room for.
  static let room = 8
  /// More strata than these are taken for a sign that most are deserted.
  static let mostStrata = 4096

  let plan: StratumPlan
  /// How far the index has followed the cache's list of touched nodes.
  var position = 0

  // By place.
  private(set) var keys: [UInt64]
  private(set) var strata: [Int32]
  // By block: how many strata its summary has, −1 if too many, and the summary.
  private(set) var entryCounts: [Int8]
  private(set) var entries: [StratumEntry]
  // By stratum.
  private(set) var components: [Int64] = []
  var standings: [StratumStanding] = []
  /// The strata that the last walk met.
  var met: [Int32] = []
  /// Strata by the hash of their components; −1 where none is.
  private var buckets = [Int32](repeating: -1, count: 32)

  init(_ plan: StratumPlan, count: Int) {
    self.plan = plan
    keys = [UInt64](repeating: 0, count: count)
    strata = [Int32](repeating: 0, count: count)
    let blocks = (count + Self.width - 1) / Self.width
    entryCounts = [Int8](repeating: 0, count: blocks)
    entries = [StratumEntry](repeating: StratumEntry(), count: blocks * Self.room)
  }

  var strataCount: Int { standings.count }

  /// Sets whether the filters admit a stratum, for the decisions to come.
  mutating func admit(_ stratum: Int, _ isAdmitted: Bool) {
    standings[stratum].isAdmitted = isAdmitted
  }

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
      !standings.isEmpty && isLike(beforeStratum, tuple) ? beforeStratum : stratum(of: tuple)
    if before == key && beforeStratum == stratum { return }
    keys[place] = key
    strata[place] = stratum
    if before != 0 { standings[Int(beforeStratum)].population -= 1 }
    if key != 0 { standings[Int(stratum)].population += 1 }
    let block = place / Self.width
    if entryCounts[block] < 0 { return }
    if before != 0, key != 0, beforeStratum == stratum {
      move(before, to: key, of: stratum, in: block)
      return
    }
    if before != 0 { take(before, of: beforeStratum, from: block) }
    if key != 0 { put(key, of: stratum, into: block) }
  }

  private mutating func move(_ before: UInt64, to key: UInt64, of stratum: Int32, in block: Int) {
    let entry = entry(of: stratum, in: block)
    if key >= entries[entry].best {
      entries[entry].best = key
    } else if before == entries[entry].best {
      entries[entry].best = best(of: stratum, in: block)
    }
  }

  private mutating func take(_ key: UInt64, of stratum: Int32, from block: Int) {
    let entry = entry(of: stratum, in: block)
    entries[entry].count -= 1
    if entries[entry].count == 0 {
      entryCounts[block] -= 1
      entries[entry] = entries[block * Self.room + Int(entryCounts[block])]
    } else if key == entries[entry].best {
      entries[entry].best = best(of: stratum, in: block)
    }
  }

  @inline(__always)
  private func entry(of stratum: Int32, in block: Int) -> Int {
    var entry = block * Self.room
    while entries[entry].stratum != stratum { entry += 1 }
    return entry
  }

  private func best(of stratum: Int32, in block: Int) -> UInt64 {
    let first = block * Self.width
    let end = min(first + Self.width, keys.count)
    return keys.withUnsafeBufferPointer { keys in
      strata.withUnsafeBufferPointer { strata in
        var most: UInt64 = 0
        for place in first..<end {
          let key = strata[place] == stratum ? keys[place] : 0
          most = key > most ? key : most
        }
        return most
      }
    }
  }

  private mutating func put(_ key: UInt64, of stratum: Int32, into block: Int) {
    let start = block * Self.room
    let end = start + Int(entryCounts[block])
    for entry in start..<end where entries[entry].stratum == stratum {
      entries[entry].count += 1
      entries[entry].best = max(entries[entry].best, key)
      return
    }
    if Int(entryCounts[block]) == Self.room {
      entryCounts[block] = -1
      return
    }
    entryCounts[block] += 1
    entries[end] = StratumEntry(best: key, count: 1, stratum: stratum)
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
    let made = Int32(standings.count)
    buckets[bucket] = made
    components += tuple
    standings.append(StratumStanding())
    if standings.count * 2 > buckets.count { rehash() }
    return made
  }

  private mutating func rehash() {
    buckets = [Int32](repeating: -1, count: buckets.count * 2)
    for stratum in standings.indices {
      let start = stratum * plan.width
      var bucket = Self.hash(components[start..<start + plan.width]) & (buckets.count - 1)
      while buckets[bucket] >= 0 { bucket = (bucket + 1) & (buckets.count - 1) }
      buckets[bucket] = Int32(stratum)
    }
  }
}
