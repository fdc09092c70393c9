import Quantities
import Scheduling
import Testing

@Suite("Laws of the scheduler on made-up clusters with every feature")
struct SchedulerLawTests {
  private static let seeds: [UInt64] = Array(1...12)

  private func configuration(
    _ seed: UInt64, scan: Bool = false, percentage: Int = 100
  ) -> SchedulerConfiguration {
    let rules = TieRule.allCases
    return SchedulerConfiguration(
      behaviour: seed % 4 == 3 ? .tke120 : .v136, percentageOfNodesToScore: percentage,
      tieRule: rules[Int(seed) % rules.count], cost: .none, scan: scan)
  }

  @Test("The incremental path asks for what the oracle asks for", arguments: seeds)
  func scanEquality(seed: UInt64) {
    let fast = SchedulerRun(
      seed: seed, nodes: 14, pods: 60, configuration: configuration(seed))
    let scan = SchedulerRun(
      seed: seed, nodes: 14, pods: 60, configuration: configuration(seed, scan: true))
    #expect(fast.commands == scan.commands)
    #expect(fast.messages == scan.messages)
    #expect(fast.commands.count > 30)
  }

  @Test("With the adaptive share and a rotating start too", arguments: [UInt64(21), 22, 23])
  func scanEqualityInWindows(seed: UInt64) {
    let fast = SchedulerRun(
      seed: seed, nodes: 230, pods: 150, configuration: configuration(seed, percentage: 30),
      passes: 4)
    let scan = SchedulerRun(
      seed: seed, nodes: 230, pods: 150,
      configuration: configuration(seed, scan: true, percentage: 30), passes: 4)
    #expect(fast.commands == scan.commands)
    #expect(fast.messages == scan.messages)
  }

  @Test("A change log of length 1 leads to the same commands", arguments: seeds)
  func shortLog(seed: UInt64) {
    let long = SchedulerRun(
      seed: seed, nodes: 14, pods: 60, configuration: configuration(seed))
    let short = SchedulerRun(
      seed: seed, nodes: 14, pods: 60, configuration: configuration(seed), logCapacity: 1)
    #expect(long.commands == short.commands)
    #expect(long.messages == short.messages)
  }
}
