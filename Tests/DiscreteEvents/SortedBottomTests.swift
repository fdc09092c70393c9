import Testing

@testable import DiscreteEvents

@Suite("Sorted bottom")
struct SortedBottomTests {
  private func filled(_ count: Int) -> SortedBottom<Int> {
    var bottom = SortedBottom<Int>()
    for index in 0..<count { bottom.append(entry(10 * index)) }
    return bottom
  }

  private func entry(_ time: Int) -> EventEntry<Int> {
    EventEntry(time: Int64(time), order: 0, event: time)
  }

  @Test("An insertion that would move too many entries is refused, near both ends none is")
  func reach() {
    for (count, time, isTaken) in [
      (1_000, 5_005, false), (1_000, 325, false), (1_000, 315, true), (1_000, 9_675, true),
      (1_000, 9_665, false), (1_000, -5, true), (1_000, 10_005, true), (64, 315, true),
      (64, 325, true),
    ] {
      var bottom = filled(count)
      let inserted = bottom.insert(entry(time))
      #expect(inserted == isTaken, "\(time) among \(count)")
      let length = bottom.count
      #expect(length == (isTaken ? count + 1 : count))
    }
  }

  @Test("Insertions at the front find room again and again")
  func front() {
    var bottom = filled(40)
    for time in 1...500 {
      let inserted = bottom.insert(entry(-time))
      #expect(inserted)
    }
    var taken: [Int] = []
    while !bottom.isEmpty { taken.append(bottom.removeFirst().event) }
    #expect(taken == (-500...(-1)).map { $0 } + (0..<40).map { 10 * $0 })
  }
}
