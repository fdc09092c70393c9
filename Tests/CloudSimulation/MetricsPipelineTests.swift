import ClusterModel
import Probability
import Quantities
import Testing

@testable import CloudSimulation

@Suite("From what Pods use to what is served")
struct MetricsPipelineTests {
  private static let pod = PodID(slot: 0, generation: 1)

  private func pipeline(_ change: (inout MetricsParameters) -> Void = { _ in }) -> MetricsPipeline {
    var parameters = MetricsParameters()
    change(&parameters)
    return MetricsPipeline(parameters, isActive: true, luck: RandomSource(seed: 1))
  }

  @Test("Nothing is served of a new Pod until it was asked about twice")
  func twice() {
    var pipeline = pipeline()
    pipeline.track(Self.pod, group: 0)
    pipeline.scrape()
    #expect(pipeline.nextAnswers().isEmpty)
    pipeline.note(1e9, of: Self.pod, at: .seconds(10))
    pipeline.scrape()
    #expect(pipeline.nextAnswers().isEmpty)
    // The kubelet hasn't looked since: the same answer again is no second one.
    pipeline.scrape()
    #expect(pipeline.nextAnswers().isEmpty)
    pipeline.note(5e9, of: Self.pod, at: .seconds(20))
    pipeline.scrape()
    let samples = pipeline.nextAnswers()
    #expect(samples.count == 1)
    #expect(samples.first?.cpu == 0.4)
    #expect(samples.first?.window == .seconds(10))
    #expect(samples.first?.timestamp == .seconds(20))
  }

  @Test("An old answer is served again while no newer one comes")
  func again() {
    var pipeline = pipeline()
    pipeline.track(Self.pod, group: 0)
    for step in 1...2 {
      pipeline.note(Double(step) * 3e9, of: Self.pod, at: .seconds(Double(step) * 10))
      pipeline.scrape()
      _ = pipeline.nextAnswers()
    }
    pipeline.scrape()
    let samples = pipeline.nextAnswers()
    #expect(samples.first?.timestamp == .seconds(20))
    #expect(samples.first?.cpu == 0.3)
  }

  @Test("A Pod's successor in its slot starts without a sample")
  func successor() {
    var pipeline = pipeline()
    pipeline.track(Self.pod, group: 0)
    pipeline.note(1, of: Self.pod, at: .seconds(10))
    pipeline.scrape()
    pipeline.keep([], inGroup: 0)
    let next = PodID(slot: 0, generation: 2)
    pipeline.track(next, group: 0)
    pipeline.note(2, of: next, at: .seconds(20))
    pipeline.scrape()
    _ = pipeline.nextAnswers()
    #expect(pipeline.nextAnswers().isEmpty)
  }
}
