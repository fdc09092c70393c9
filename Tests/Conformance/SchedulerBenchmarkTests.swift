import Experiments
import Testing

@Suite("The scheduler's benchmark")
struct SchedulerBenchmarkTests {
  @Test(
    "The oracle comes to the same digest for every shape, share and seed",
    arguments: SchedulerBenchmark.Shape.allCases, [0, 100])
  func oracle(shape: SchedulerBenchmark.Shape, percentage: Int) {
    for seed: UInt64 in 1...2 {
      var benchmark = SchedulerBenchmark(
        nodes: 150, pods: 300, shape: shape, classes: 5, percentage: percentage, seed: seed)
      let fast = benchmark.run()
      benchmark.scan = true
      #expect(benchmark.run() == fast)
      #expect(fast.bound == 300)
    }
  }

  @Test("Pods beyond the nodes' room fail, and the digest tells decisions apart")
  func overflow() {
    let outcome = SchedulerBenchmark(nodes: 2, pods: 200).run()
    #expect(outcome.bound == 160)
    #expect(outcome.failed == 40)
    #expect(outcome.digest != SchedulerBenchmark(nodes: 3, pods: 200).run().digest)
  }
}
