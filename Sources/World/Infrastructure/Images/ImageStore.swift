import Quantities

/// The layers of one set of images: their numbers and sizes; nil where nobody said what they are.
struct ImageSet: Sendable {
  var layers: [(number: Int, bytes: Double)]?
}

/// The images on one machine's disk.
struct ImageStore: Sendable {
  private struct Held: BitwiseCopyable, Sendable {
    var isHeld = false
    /// Pods on the machine whose images these are.
    var users: Int32 = 0
    var since = Instant.zero
    var lastUsed = Instant.zero
    /// What it takes where its layers aren't known.
    var bytes = 0.0
  }
  private var sets: [Held] = []
  /// By layer: how many of the sets held have it.
  private var uses: [Int32] = []
  /// Bytes on the disk.
  private(set) var bytes = 0.0
  /// Sets that were deleted.
  private(set) var deletions = 0
  private var lastCheck: Int64 = 0

  /// Between two looks at the disk: 5 min; and the age from which on an image may go: 2 min.
  ///
  /// > Source: `ImageGCPeriod` and `imageMinimumGCAge` of the kubelet (M).
  static var period: TimeSpan { .minutes(5) }
  private static var leastAge: TimeSpan { .minutes(2) }

  func holds(_ set: Int) -> Bool { set < sets.count && sets[set].isHeld }

  /// Bytes of a set that aren't there yet.
  func missing(_ layers: [(number: Int, bytes: Double)]) -> Double {
    var sum = 0.0
    for layer in layers where layer.number >= uses.count || uses[layer.number] == 0 {
      sum += layer.bytes
    }
    return sum
  }

  mutating func keep(_ set: Int, _ description: ImageSet, bytes size: Double, at now: Instant) {
    while sets.count <= set { sets.append(Held()) }
    guard !sets[set].isHeld else { return }
    sets[set].isHeld = true
    sets[set].since = now
    sets[set].lastUsed = now
    guard let layers = description.layers else {
      sets[set].bytes = size
      bytes += size
      return
    }
    for layer in layers {
      while uses.count <= layer.number { uses.append(0) }
      if uses[layer.number] == 0 { bytes += layer.bytes }
      uses[layer.number] += 1
    }
  }

  /// A Pod begins or ceases to use a set.
  mutating func use(_ set: Int, begins: Bool, at now: Instant) {
    guard set < sets.count else { return }
    sets[set].users += begins ? 1 : -1
    sets[set].lastUsed = now
  }

  /// What the kubelet's looks since the last call found too much is gone: from above the high
  /// threshold, unused sets, those used longest ago first, until the disk is below the low one.
  ///
  /// Nothing changes between calls, so that only the first of the looks can have found anything.
  mutating func collect(_ disk: ImageDisk, _ descriptions: [ImageSet], at now: Instant) {
    guard let size = disk.size else { return }
    let check = now.nanoseconds / Self.period.nanoseconds
    guard check > lastCheck else { return }
    lastCheck = check
    guard bytes > Double(size) * disk.highThreshold else { return }
    let unused = sets.indices.filter {
      sets[$0].isHeld && sets[$0].users == 0 && now - sets[$0].since >= Self.leastAge
    }.sorted { (sets[$0].lastUsed, $0) < (sets[$1].lastUsed, $1) }
    for set in unused where bytes > Double(size) * disk.lowThreshold {
      delete(set, descriptions[set])
    }
  }

  private mutating func delete(_ set: Int, _ description: ImageSet) {
    deletions += 1
    sets[set].isHeld = false
    guard let layers = description.layers else {
      bytes -= sets[set].bytes
      return
    }
    for layer in layers {
      uses[layer.number] -= 1
      if uses[layer.number] == 0 { bytes -= layer.bytes }
    }
  }
}
