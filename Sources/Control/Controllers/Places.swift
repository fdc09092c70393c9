/// The places of one workload's Pods: who holds each, and how many held it before.
///
/// A Pod's ordinal is its place. Places are numbered from 0; a replacement takes the place of the
/// Pod it replaces, so that the n-th Pod of a workload means the same under every policy.
struct Places: Sendable {
  /// Ordinals from here on aren't kept: a manifest's Pod may be named `web-2147483647`.
  static let limit: Int32 = 1 << 20
  private static let free: Int32 = -1
  private static let expected: Int32 = -2

  private var holders: [Int32] = []
  private var attempts: [Int32] = []
  /// Every place below is taken.
  private var lowestFree: Int32 = 0

  private mutating func reach(_ ordinal: Int32) -> Bool {
    guard ordinal >= 0, ordinal < Self.limit else { return false }
    while holders.count <= Int(ordinal) {
      holders.append(Self.free)
      attempts.append(0)
    }
    return true
  }

  /// How many Pods held a place so far.
  func attempt(of ordinal: Int32) -> Int32 {
    ordinal >= 0 && Int(ordinal) < attempts.count ? attempts[Int(ordinal)] : 0
  }

  /// Whether nobody holds a place and nobody is expected to.
  func isFree(_ ordinal: Int32) -> Bool {
    ordinal >= 0 && (Int(ordinal) >= holders.count || holders[Int(ordinal)] == Self.free)
  }

  /// Whether a Pod was asked for and hasn't been seen yet.
  func isExpected(_ ordinal: Int32) -> Bool {
    ordinal >= 0 && Int(ordinal) < holders.count && holders[Int(ordinal)] == Self.expected
  }

  /// The slot of the Pod that holds a place, or nil.
  func holder(of ordinal: Int32) -> Int? {
    guard ordinal >= 0, Int(ordinal) < holders.count, holders[Int(ordinal)] >= 0 else { return nil }
    return Int(holders[Int(ordinal)])
  }

  /// One past the highest place that was ever held.
  var count: Int32 { Int32(holders.count) }

  /// Reserves a place for a Pod that is being asked for.
  mutating func expect(_ ordinal: Int32) {
    guard reach(ordinal) else { return }
    holders[Int(ordinal)] = Self.expected
  }

  /// Gives up a reservation; a Pod that came and went unseen has `used` the place.
  /// - Returns: whether there was one.
  mutating func withdraw(_ ordinal: Int32, used attempt: Int32?) -> Bool {
    guard isExpected(ordinal) else { return false }
    if let attempt { attempts[Int(ordinal)] = max(attempts[Int(ordinal)], attempt + 1) }
    holders[Int(ordinal)] = Self.free
    lowestFree = min(lowestFree, ordinal)
    return true
  }

  /// Seats a Pod, unless another one sits there.
  /// - Returns: whether it was expected.
  mutating func occupy(_ ordinal: Int32, attempt: Int32, slot: UInt32) -> Bool {
    guard reach(ordinal) else { return false }
    attempts[Int(ordinal)] = max(attempts[Int(ordinal)], attempt + 1)
    let wasExpected = holders[Int(ordinal)] == Self.expected
    if holders[Int(ordinal)] < 0 { holders[Int(ordinal)] = Int32(slot) }
    return wasExpected
  }

  /// Frees the place of a Pod that no longer counts.
  mutating func vacate(_ ordinal: Int32, slot: UInt32) {
    guard holder(of: ordinal) == Int(slot) else { return }
    holders[Int(ordinal)] = Self.free
    lowestFree = min(lowestFree, ordinal)
  }

  /// The lowest free place at or above another one.
  mutating func nextFree(from ordinal: Int32) -> Int32 {
    var place = max(ordinal, lowestFree)
    while !isFree(place) { place += 1 }
    if ordinal <= lowestFree { lowestFree = place }
    return place
  }
}
