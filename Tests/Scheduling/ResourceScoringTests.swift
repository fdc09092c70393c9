import TestSupport
import Testing

@testable import Scheduling

@Suite("Scoring strategies")
struct ResourceScoringTests {
  @Test("A resource's score by strategy and use")
  func strategies() {
    let shape = [
      UtilizationPoint(utilization: 0, score: 0), UtilizationPoint(utilization: 50, score: 10),
      UtilizationPoint(utilization: 100, score: 1),
    ]
    let least = ResourceScoring(strategy: .leastAllocated)
    let most = ResourceScoring(strategy: .mostAllocated)
    let ratio = ResourceScoring(strategy: .requestedToCapacityRatio, shape: shape)
    let table: [(requested: Int64, capacity: Int64, least: Int64, most: Int64, ratio: Int64)] = [
      (0, 300, 100, 0, 0), (100, 300, 66, 33, 66), (150, 300, 50, 50, 100),
      (200, 300, 33, 66, 72), (300, 300, 0, 100, 10), (301, 300, 0, 100, 10),
    ]
    for row in table {
      #expect(least.score(requested: row.requested, of: row.capacity) == row.least)
      #expect(most.score(requested: row.requested, of: row.capacity) == row.most)
      #expect(ratio.score(requested: row.requested, of: row.capacity) == row.ratio)
    }
    expectDetects("rounded instead of truncated") {
      #expect(least.score(requested: 100, of: 300) == 67)
    }
  }

  @Test("Before the first corner and behind the last the shape is flat")
  func flatEnds() {
    let ratio = ResourceScoring(
      strategy: .requestedToCapacityRatio,
      shape: [
        UtilizationPoint(utilization: 20, score: 3), UtilizationPoint(utilization: 40, score: 7),
      ])
    let table: [(Int64, Int64)] = [(0, 30), (20, 30), (30, 50), (40, 70), (90, 70)]
    for (use, score) in table { #expect(ratio.score(requested: use, of: 100) == score) }
  }

  @Test("Means go by weight; ratios are rounded and leave out resources that score nothing")
  func means() {
    let scores: [(score: Int64, weight: Int64)] = [(0, 1), (50, 2), (67, 1)]
    #expect(ResourceScoring().mean(scores) == 167 / 4)
    #expect(ResourceScoring(strategy: .requestedToCapacityRatio).mean(scores) == 56)
    #expect(ResourceScoring().mean([]) == 0)
    #expect(ResourceScoring(strategy: .requestedToCapacityRatio).mean([(0, 5)]) == 0)
  }

  @Test("Balance over one, two and three resources")
  func balance() {
    #expect(BalancedAllocation.balance([0.7]) == 100)
    #expect(BalancedAllocation.balance([0.25, 0.75]) == 75)
    #expect(BalancedAllocation.balance([0, 0, 0.75]) == 64)
  }
}
