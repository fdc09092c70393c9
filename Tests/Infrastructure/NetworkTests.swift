import Infrastructure
import Probability
import Quantities
import TestSupport
import Testing

@Suite("Links, ways and losses")
struct NetworkTests {
  @Test("TCP's throughput is that of the published cases")
  func transport() {
    // Segment, round trip, loss, packets per acknowledgement; Padhye's full formula.
    let cases: [(Double, Double, Double, Double, Double)] = [
      (1460, 0.1, 0.01, 1, 164_005.06216996978), (1460, 0.02, 0.001, 2, 1_981_354.5731057872),
    ]
    for (segment, roundTrip, loss, acknowledged, expected) in cases {
      let rate = TransportRate.bytesPerSecond(
        roundTrip: roundTrip, loss: loss, segment: segment, perAcknowledgement: acknowledged)
      #expect(abs(rate / expected - 1) < 1e-9)
      expectDetects("no time-outs") {
        let root = (2 * acknowledged * loss / 3).squareRoot()
        #expect(abs(segment / (roundTrip * root) / expected - 1) < 1e-9)
      }
    }
    #expect(TransportRate.bytesPerSecond(roundTrip: 0.1, loss: 0) == .infinity)
  }

  @Test("Traffic of a rate below a fair share takes its rate, above it takes no more than one pull")
  func crossTraffic() {
    // Ten pulls on a line of 1,000 bytes a second.
    for (rate, share) in [(0.0, 100.0), (50, 95), (90, 91), (500, 1000 / 11.0)] {
      var network = FluidNetwork(capacities: [1000])
      let pulls = network.addClass(crossing: [0], ownLimit: 400)
      let traffic = network.addClass(crossing: [0], ownLimit: rate)
      if rate > 0 { network.start(0, inClass: traffic, bytes: .infinity, at: .zero) }
      for pull in 1...10 { network.start(UInt64(pull), inClass: pulls, bytes: 1000, at: .zero) }
      #expect(abs(network.rate(ofClass: pulls) - share) < 1e-9)
      #expect(network.flowCount == 10)
      let end = network.nextCompletion ?? .zero
      #expect(abs(end.seconds - 1000 / share) < 1e-8)
      var done: [FluidNetwork.Key] = []
      network.completions(at: end, into: &done)
      #expect(done.sorted() == Array(1...10))
      #expect(network.nextCompletion == nil)
      #expect(abs(network.delivered - network.received) < 1e-6)
      network.cancel(inClass: traffic, at: end + .seconds(1.0)) { _ in true }
      #expect(abs(network.carried[0] - network.received) < 1e-6)
    }
  }

  @Test("Flows that take another way go on with what they have")
  func rerouting() {
    var network = FluidNetwork(capacities: [10, 100])
    let kind = network.addClass(crossing: [0], ownLimit: .infinity)
    network.start(1, inClass: kind, bytes: 100, at: .zero)
    network.setCapacity(0, of: 0, at: .seconds(4.0))
    #expect(network.nextCompletion == nil)
    network.reroute(kind, crossing: [1], at: .seconds(9.0))
    #expect(network.nextCompletion == .seconds(9.6))
    var done: [FluidNetwork.Key] = []
    network.completions(at: .seconds(9.6), into: &done)
    #expect(done == [1])
    #expect(abs(network.carried[0] - 40) < 1e-9)
    #expect(abs(network.carried[1] - 60) < 1e-9)
  }

  @Test("A way has the fewest links that work, and there may be none")
  func ways() {
    func line(_ a: Int, _ b: Int) -> Line {
      Line(ends: (a, b), resource: 0, capacity: 1, roundTrip: .constant(0.001))
    }
    let topology = Topology(sites: 5, lines: [line(0, 1), line(1, 2), line(2, 3), line(3, 0)])
    #expect(topology.way(from: 0, to: 0, onlyWorking: true) == [])
    #expect(topology.way(from: 0, to: 1, onlyWorking: true) == [0])
    #expect(topology.way(from: 0, to: 2, onlyWorking: true) == [0, 1])
    #expect(topology.way(from: 2, to: 0, onlyWorking: true) == [1, 0])
    #expect(topology.way(from: 3, to: 1, onlyWorking: true) == [2, 1])
    #expect(topology.way(from: 0, to: 4, onlyWorking: true) == nil)
  }
}
