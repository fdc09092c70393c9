import TestSupport
import Testing

@testable import Scheduling

@Suite("Nodes in columns")
struct NodeColumnsTests {
  /// A node that is empty, partly taken, full to the last unit, or over-committed.
  private static func row(_ generator: inout SeededGenerator) -> NodeRow {
    var row = NodeRow()
    row.isPresent = true
    row.cpu = Int64(generator.pick([1, 3, 100, 1000, 7001, 64_000, 1 << 40]))
    row.memory = generator.pick([1, 1 << 20, 999_999_937, 32 << 30, 262_144 << 20, (1 << 42) - 1])
    row.storage = Int64(generator.below(3)) << 30
    row.allowedPods = Int64(generator.below(4))
    row.podCount = Int64(generator.below(4))
    row.requestedCPU = share(of: row.cpu, &generator)
    row.requestedMemory = share(of: row.memory, &generator)
    row.requestedStorage = share(of: row.storage, &generator)
    row.nonZeroCPU = max(row.requestedCPU, generator.pick([0, share(of: row.cpu, &generator)]))
    row.nonZeroMemory = row.requestedMemory
    row.rebalance()
    return row
  }

  private static func share(of whole: Int64, _ generator: inout SeededGenerator) -> Int64 {
    let percent = Int64(generator.below(101))
    return generator.pick([
      0, whole, whole / 2, whole - whole / 300, whole * percent / 100, whole / 100 * percent,
      min(whole + 1, (1 << 42) - 1),
    ])
  }

  private static func pod(_ generator: inout SeededGenerator) -> PodFootprint {
    var pod = PodFootprint()
    pod.cpu = Int64(generator.pick([0, 1, 50, 333, 1000, 6000]))
    pod.memory = Int64(generator.pick([0, 1, 1 << 18, 333_333_333, 12_288 << 20]))
    pod.storage = Int64(generator.below(2)) << 29
    pod.scoredCPU = generator.pick([pod.cpu, 100])
    pod.scoredMemory = generator.pick([pod.memory, 200 << 20])
    pod.mustFit = generator.below(5) != 0
    return pod
  }

  private static func total(
    _ pod: PodFootprint, on row: NodeRow, _ weights: ScoreWeights
  ) -> Int64 {
    if pod.mustFit, !NodeResourcesFit.verdict(pod, on: row).isFit { return -1 }
    var total = 100 * weights.taintToleration
    total += weights.nodeResourcesFit * NodeResourcesFit.leastAllocated(pod, on: row)
    if BalancedAllocation.applies(to: pod) {
      total += weights.balancedAllocation * BalancedAllocation.score(pod, on: row)
    }
    return total
  }

  @Test("A sweep gives every node what the integer rules give it", arguments: [UInt64(1), 2, 3])
  func exactness(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let rows = (0..<700).map { _ in Self.row(&generator) }
    var columns = NodeColumns(count: rows.count)
    for (place, row) in rows.enumerated() { columns.set(place, row, rank: UInt32(place)) }
    #expect(columns.isExact)
    var totals = [Double](repeating: 0, count: rows.count)
    for _ in 0..<40 {
      let pod = Self.pod(&generator)
      var weights = ScoreWeights()
      weights.nodeResourcesFit = Int64(generator.below(4))
      columns.sweep(0..<rows.count, for: SweepRequest(pod, weights), into: &totals)
      let wrong = rows.indices.filter {
        (totals[$0] < 0 ? -1 : Int64(totals[$0])) != Self.total(pod, on: rows[$0], weights)
      }
      #expect(wrong.isEmpty, "\(wrong.first.map { "\(rows[$0]) for \(pod)" } ?? "")")
    }
  }

  @Test("Nodes beyond the range in which doubles are exact aren't swept")
  func range() {
    var row = NodeRow()
    row.cpu = 8000
    row.memory = 1 << 42
    var columns = NodeColumns(count: 1)
    columns.set(0, row, rank: 0)
    #expect(!columns.isExact)
  }

  @Test("The best of a window is the first by name, or all that tie with their positions")
  func best() {
    let totals = [3.9, -1, 5.5, 5.7, -1, 5.2, 9.9]
    var byName = SweepBest(sought: 4, keepsTies: false)
    byName.look(at: 0..<3, totals)
    byName.look(at: 3..<7, totals)
    #expect(byName.place == 3 && byName.kept == 4 && byName.examined == 6 && byName.isDone)
    var ties = SweepBest(sought: 4, keepsTies: true)
    ties.look(at: 0..<7, totals)
    #expect(ties.ties.map(\.place) == [2, 3, 5] && ties.ties.map(\.position) == [1, 2, 3])
  }
}
