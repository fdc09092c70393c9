import DiscreteEvents
import Quantities
import Statistics

/// The plainest M/M/c station: what an event costs with nothing else around it.
struct BenchmarkStation: ~Copyable, SimulationModel {
  enum Event: BitwiseCopyable, Sendable {
    case arrival
    case departure(server: UInt32)
  }

  private(set) var arrivals = 0
  private(set) var departures = 0
  private(set) var response = Tally()
  private(set) var present = TimeWeightedAverage()
  private(set) var digest = BenchmarkDigest()
  private let customers: Int
  private let interarrival: Double
  private var luck: BenchmarkLuck
  private var idle: [UInt32]
  /// When the customer at each server arrived.
  private var served: [Instant]
  /// When those who wait arrived: a ring whose size is a power of two.
  private var waiting = [Instant](repeating: .zero, count: 64)
  private var firstWaiting = 0
  private var waitingCount = 0

  init(servers: Int, customers: Int, seed: UInt64) {
    self.customers = customers
    interarrival = 1 / (0.8 * Double(servers))
    luck = BenchmarkLuck(seed: seed)
    idle = (0..<UInt32(servers)).reversed()
    served = [Instant](repeating: .zero, count: servers)
  }

  var isFinished: Bool { departures == customers }

  mutating func handle(_ event: Event, on agenda: inout EventList<Event>) {
    switch event {
    case .arrival:
      digest.mix(agenda.now, .max)
      arrivals += 1
      present.add(1, at: agenda.now)
      agenda.schedule(
        .arrival, after: luck.exponential(mean: interarrival), priority: .arrivals)
      if let server = idle.popLast() {
        serve(agenda.now, at: server, on: &agenda)
      } else {
        enqueue(agenda.now)
      }
    case .departure(let server):
      digest.mix(agenda.now, UInt64(server))
      departures += 1
      present.add(-1, at: agenda.now)
      response.add((agenda.now - served[Int(server)]).seconds)
      if waitingCount > 0 {
        serve(dequeue(), at: server, on: &agenda)
      } else {
        idle.append(server)
      }
    }
  }

  private mutating func serve(
    _ arrived: Instant, at server: UInt32, on agenda: inout EventList<Event>
  ) {
    served[Int(server)] = arrived
    agenda.schedule(
      .departure(server: server), after: luck.exponential(mean: 1), priority: .completions)
  }

  private mutating func enqueue(_ arrived: Instant) {
    if waitingCount == waiting.count {
      waiting = Array(waiting[firstWaiting...] + waiting[..<firstWaiting])
      waiting.append(contentsOf: [Instant](repeating: .zero, count: waitingCount))
      firstWaiting = 0
    }
    waiting[(firstWaiting + waitingCount) & (waiting.count - 1)] = arrived
    waitingCount += 1
  }

  private mutating func dequeue() -> Instant {
    let arrived = waiting[firstWaiting]
    firstWaiting = (firstWaiting + 1) & (waiting.count - 1)
    waitingCount -= 1
    return arrived
  }
}
