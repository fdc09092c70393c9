/// Every node's standing for one class of Pods whose nodes are judged one by one: the class score
/// cache.
///
/// A key is 0 where the Pod doesn't fit, else the total score plus one above the inverted rank of
/// the name, so that the largest key is the best node by the lowest-name rule. Maxima are kept
/// over blocks of 64 places and over 64 blocks; only nodes that changed are judged again.
struct ScoreIndex: Sendable {
  static let width = 64
  private(set) var keys: [UInt64]
  private var blocks: [UInt64]
  private var feasibleInBlock: [Int32]
  private var spans: [UInt64]
  private(set) var feasible = 0
  /// How far the index has followed the cache's list of touched nodes.
  var position = 0
  /// The structure for which it was built.
  var structureVersion = -1

  init(count: Int) {
    keys = [UInt64](repeating: 0, count: count)
    let blockCount = (count + Self.width - 1) / Self.width
    blocks = [UInt64](repeating: 0, count: blockCount)
    feasibleInBlock = [Int32](repeating: 0, count: blockCount)
    spans = [UInt64](repeating: 0, count: (blockCount + Self.width - 1) / Self.width)
  }

  /// The key of a total score on a node of a rank.
  static func key(total: Int64, rank: UInt32) -> UInt64 {
    UInt64(total + 1) << 32 | UInt64(UInt32.max - rank)
  }
  /// The total score of a key.
  static func total(_ key: UInt64) -> Int64 { Int64(key >> 32) - 1 }

  /// Sets the key of a place.
  mutating func set(_ place: Int, _ key: UInt64) {
    let before = keys[place]
    if before == key { return }
    keys[place] = key
    let block = place / Self.width
    if (before == 0) != (key == 0) {
      let change = key == 0 ? -1 : 1
      feasible += change
      feasibleInBlock[block] += Int32(change)
    }
    let blockBefore = blocks[block]
    if key >= blockBefore {
      blocks[block] = key
    } else if before == blockBefore {
      blocks[block] = Self.maximum(keys, block)
    } else {
      return
    }
    let span = block / Self.width
    if blocks[block] >= spans[span] {
      spans[span] = blocks[block]
    } else if blockBefore == spans[span] {
      spans[span] = Self.maximum(blocks, span)
    }
  }

  private static func maximum(_ values: [UInt64], _ group: Int) -> UInt64 {
    let start = group * width
    let end = min(start + width, values.count)
    return values.withUnsafeBufferPointer { values in
      var (even, odd): (UInt64, UInt64) = (0, 0)
      var place = start
      while place + 1 < end {
        even = max(even, values[place])
        odd = max(odd, values[place + 1])
        place += 2
      }
      if place < end { even = max(even, values[place]) }
      return max(even, odd)
    }
  }

  /// The largest key of all; 0 if the Pod fits nowhere.
  var best: UInt64 { spans.max() ?? 0 }

  /// The best of the first so many feasible places from a start on, around the end.
  ///
  /// - Returns: the largest key, how many feasible places were kept, and how many places were
  ///   examined until one more feasible place was met (or all were).
  func best(from start: Int, sought: Int) -> (key: UInt64, kept: Int, examined: Int) {
    var best: UInt64 = 0
    var kept = 0
    var place = start
    var examined = 0
    while examined < keys.count {
      let remaining = keys.count - examined
      if place % Self.width == 0 {
        let block = place / Self.width
        let length = min(Self.width, keys.count - place)
        let count = Int(feasibleInBlock[block])
        if length <= remaining, kept + count <= sought {
          best = max(best, blocks[block])
          kept += count
          examined += length
          place += length
          if place == keys.count { place = 0 }
          continue
        }
      }
      let key = keys[place]
      if key != 0 {
        if kept == sought { break }
        kept += 1
        best = max(best, key)
      }
      examined += 1
      place += 1
      if place == keys.count { place = 0 }
    }
    return (best, kept, examined)
  }

  /// The places of the first so many feasible ones from a start on.
  func places(from start: Int, kept: Int) -> [Int] {
    var found: [Int] = []
    var place = start
    while found.count < kept {
      if keys[place] != 0 { found.append(place) }
      place = place + 1 == keys.count ? 0 : place + 1
    }
    return found
  }

  /// Those of the first so many feasible places from a start on that score as much as a key, with
  /// their positions among them.
  func ties(from start: Int, kept: Int, best: UInt64) -> [(position: Int, place: Int)] {
    var found: [(position: Int, place: Int)] = []
    var position = 0
    var place = start
    while position < kept {
      if place % Self.width == 0, blocks[place / Self.width] >> 32 < best >> 32 {
        let count = Int(feasibleInBlock[place / Self.width])
        if position + count <= kept {
          position += count
          place = place + Self.width >= keys.count ? 0 : place + Self.width
          continue
        }
      }
      let key = keys[place]
      if key != 0 {
        if key >> 32 == best >> 32 { found.append((position, place)) }
        position += 1
      }
      place = place + 1 == keys.count ? 0 : place + 1
    }
    return found
  }
}
