import ClusterModel
import Quantities
import Testing

@testable import Autoscaling

/// Bounds of windows and periods, each with its mutant: the bound moved by a nanosecond flips
/// whether it is included.
@Suite("What an autoscaler remembers")
struct ScalingHistoryTests {
  static let tick = TimeSpan(nanoseconds: 1)

  @Test("Without policies a recommendation as old as the window still counts, an older one doesn't")
  func windowWithoutPolicies() {
    func highest(after age: TimeSpan) -> Int32 {
      var history = ScalingHistory()
      history.seed(9, at: .zero)
      return history.stabilize(3, window: .seconds(300), at: .zero + age)
    }
    #expect(highest(after: .seconds(300)) == 9)
    #expect(highest(after: .seconds(300) + Self.tick) == 3)
  }

  @Test("With policies a recommendation as old as its window is out")
  func windowsWithPolicies() {
    func down(after age: TimeSpan) -> Int32 {
      var history = ScalingHistory()
      history.seed(9, at: .zero)
      return history.stabilize(
        3, current: 9, upWindow: .zero, downWindow: .seconds(60), at: .zero + age)
    }
    #expect(down(after: .seconds(60) - Self.tick) == 9)
    #expect(down(after: .seconds(60)) == 3)
    func up(after age: TimeSpan) -> Int32 {
      var history = ScalingHistory()
      history.seed(4, at: .zero)
      return history.stabilize(
        8, current: 4, upWindow: .seconds(60), downWindow: .zero, at: .zero + age)
    }
    #expect(up(after: .seconds(60) - Self.tick) == 4)
    #expect(up(after: .seconds(60)) == 8)
  }

  @Test("Between the two windows the number stays as it is")
  func staysBetween() {
    var history = ScalingHistory()
    history.seed(4, at: .zero)
    _ = history.stabilize(
      9, current: 6, upWindow: .seconds(60), downWindow: .seconds(60), at: .zero + .seconds(1))
    let stabilized = history.stabilize(
      7, current: 6, upWindow: .seconds(60), downWindow: .seconds(60), at: .zero + .seconds(2))
    #expect(stabilized == 6)
  }

  private func history(
    adding change: Int32, at instant: Instant = .zero
  ) -> ScalingHistory {
    var history = ScalingHistory()
    history.note(
      from: 10, to: 10 + change, under: HorizontalPodAutoscalerBehavior(), at: instant)
    return history
  }

  @Test("A change as old as a policy's period no longer counts against it")
  func periods() {
    let rules = HPAScalingRules(
      stabilizationWindowSeconds: 0,
      policies: [HPAScalingPolicy(.pods, value: 4, periodSeconds: 15)])
    let history = history(adding: 4)
    let within = history.upperLimit(rules, current: 14, at: .zero + .seconds(15) - Self.tick)
    let after = history.upperLimit(rules, current: 14, at: .zero + .seconds(15))
    #expect(within == 14)
    #expect(after == 18)
  }

  @Test("Percentages are rounded up on the way up, and cut off on the way down")
  func rounding() {
    let policy = HPAScalingPolicy(.percent, value: 10, periodSeconds: 15)
    let rules = HPAScalingRules(stabilizationWindowSeconds: 0, policies: [policy])
    let history = ScalingHistory()
    #expect(history.upperLimit(rules, current: 11, at: .zero) == 13)
    #expect(history.lowerLimit(rules, current: 11, at: .zero) == 9)
    // 100 · (1 + 10/100) is a trifle above 110 in binary, and so becomes 111.
    #expect(history.upperLimit(rules, current: 100, at: .zero) == 111)
  }

  @Test("Max takes the largest change, Min the smallest, Disabled none")
  func selection() {
    let policies = [
      HPAScalingPolicy(.pods, value: 4, periodSeconds: 15),
      HPAScalingPolicy(.percent, value: 100, periodSeconds: 15),
    ]
    let history = ScalingHistory()
    func limits(_ select: HPAScalingRules.SelectPolicy) -> [Int32] {
      let rules = HPAScalingRules(
        stabilizationWindowSeconds: 0, selectPolicy: select, policies: policies)
      return [
        history.upperLimit(rules, current: 10, at: .zero),
        history.lowerLimit(rules, current: 10, at: .zero),
      ]
    }
    #expect(limits(.max) == [20, 0])
    #expect(limits(.min) == [14, 6])
    #expect(limits(.disabled) == [10, 10])
  }
}
