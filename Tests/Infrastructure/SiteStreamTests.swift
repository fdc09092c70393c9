import Probability
import Quantities
import TestSupport
import Testing

@testable import Infrastructure

@Suite("Small messages share the links with everything else")
struct SiteStreamTests {
  private static let capacity = 1e7
  private static let kinds: [LinkUse] = [.requests, .leases, .watches, .creates]

  /// Two sites, a registry at the first, and a line of 10 MB/s between.
  private func pipeline() -> StartPipeline {
    var pipeline = StartPipeline(
      luck: RandomSource(seed: 1), writeLatency: .constant(0), profiles: [],
      capacities: [.infinity, Self.capacity],
      topology: Topology(
        sites: 2,
        lines: [
          Line(ends: (0, 1), resource: 1, capacity: Self.capacity, roundTrip: .constant(0.01))
        ]))
    _ = pipeline.addMachines(
      MachineParameters(), from: ImageSource(registry: 0, registrySite: 0, site: 1))
    return pipeline
  }

  /// How long ten pulls of 30 MB take together while messages of a rate come, in seconds.
  private func pulls(
    _ pipeline: inout StartPipeline, stream: Int?, rate: Double, from begin: Int = 5
  ) -> Double {
    let kind = pipeline.places[0].routes.pulls
    var ended: [FluidNetwork.Key] = []
    for second in 0..<200 {
      let now = Instant.zero + .seconds(second)
      if let stream {
        pipeline.offer(rate, toStream: stream)
        pipeline.settleStreams(at: now)
      }
      if second == begin {
        for key in 0..<10 {
          pipeline.network.start(UInt64(key), inClass: kind, bytes: 3e7, at: now)
        }
      }
      while let next = pipeline.network.nextCompletion, next < now + .seconds(1) {
        pipeline.network.completions(at: next, into: &ended)
        if ended.count == 10 { return (next - Instant.zero).seconds - Double(begin) }
      }
    }
    return .infinity
  }

  @Test(
    "A rate on a full line lengthens pulls as max-min predicts, whatever it is", arguments: kinds)
  func contention(use: LinkUse) throws {
    var calm = pipeline()
    #expect(abs(pulls(&calm, stream: nil, rate: 0) - 30) < 0.01)
    for (rate, connections, factor) in [(2e6, 50, 10 / 8.0), (5e6, 100, 2.0), (9e6, 10, 2.0)] {
      // Ten connections get as much as ten pulls at most, whatever they want.
      var busy = pipeline()
      let number = busy.openStream(use, from: 0, to: 1, connections: connections)
      let stream = try #require(number)
      let time = pulls(&busy, stream: stream, rate: rate)
      #expect(abs(time / 30 / factor - 1) < 0.01)
      expectDetects("messages take nothing") { #expect(abs(30 / 30 / factor - 1) < 0.01) }
    }
  }

  @Test("What is sent is carried, waits or is given up, and is counted by kind and direction")
  func conservation() throws {
    var pipeline = pipeline()
    let number = pipeline.openStream(
      .requests, from: 1, to: 0, connections: 10, along: 0.25, patience: .seconds(3))
    let stream = try #require(number)
    _ = pulls(&pipeline, stream: stream, rate: 9e6)
    let balance = pipeline.streamBalance
    #expect(balance.sent > 1e8 && balance.dropped > 1e6 && balance.waiting > 1e6)
    let sum = balance.carried + balance.waiting + balance.dropped
    #expect(abs(balance.sent / sum - 1) < 1e-9)
    let now = pipeline.network.clock
    let bytes = pipeline.linkBytes(by: now)
    #expect(abs(bytes.bytes(ofLink: 0, .images) / 3e8 - 1) < 1e-9)
    #expect(abs(bytes.bytes(ofLink: 0, .requests) / balance.carried - 1) < 1e-9)
    // A quarter goes from the second site to the first, the rest comes back with the images.
    #expect(
      abs(bytes.bytes(ofLink: 0, forward: false) / (balance.carried / 4) - 1) < 1e-9)
    let all = bytes.bytes(ofLink: 0, forward: false) + bytes.bytes(ofLink: 0, forward: true)
    #expect(abs(all / pipeline.network.carried[1] - 1) < 1e-9)
    // Whoever waits, waits no longer than the patience.
    #expect(pipeline.state(ofStream: stream).wait <= 3.0001)
    #expect(pipeline.state(ofStream: stream).wait > 2)
  }

  @Test("A stream of nothing changes no transfer")
  func nothing() {
    var calm = pipeline()
    var idle = pipeline()
    let stream = idle.openStream(.watches, from: 0, to: 1, connections: 1000)
    let time = pulls(&idle, stream: stream, rate: 0)
    #expect(time == pulls(&calm, stream: nil, rate: 0))
    #expect(idle.network.changes == calm.network.changes)
    expectDetects("a byte a second is nothing") {
      var other = pipeline()
      let stream = other.openStream(.watches, from: 0, to: 1, connections: 1)
      _ = pulls(&other, stream: stream, rate: 1)
      #expect(other.network.changes == calm.network.changes)
    }
  }

  @Test("Sites that no link need be crossed between have no stream; a failed line stops one")
  func ways() throws {
    var pipeline = pipeline()
    #expect(pipeline.openStream(.leases, from: 1, to: 1, connections: 1) == nil)
    let number = pipeline.openStream(.leases, from: 1, to: 0, connections: 1)
    let stream = try #require(number)
    #expect(!pipeline.state(ofStream: stream).isDown)
    pipeline.failLine(ofLink: 0, fails: true, at: .zero)
    #expect(pipeline.state(ofStream: stream).isDown)
    pipeline.failLine(ofLink: 0, fails: false, at: .zero)
    pipeline.setOutage(ofLink: 0, begins: true, at: .zero)
    #expect(pipeline.state(ofStream: stream).isDown)
  }
}
