import DiscreteEvents
import Quantities
import Statistics

/// What one run of a station is observed for, and what was seen.
///
/// Both windows are fixed beforehand, one in time and one in customers, so that every average is
/// unbiased once the station has settled: an average over a random number of customers isn't.
struct StationObserver: Sendable {
  /// Occupancies from 0 to one less than this have a probability of their own.
  static let levels = 8

  /// The first arrival and the first accepted customer that count, and how many of each do.
  let firstNumber: Int
  let observed: Int
  let opening: Instant
  let closing: Instant

  private(set) var waits = IntegerTally()
  private(set) var responses = IntegerTally()
  private(set) var delayed = 0
  private(set) var blocked = 0
  private(set) var acceptedInTime = 0
  private var arrivals = 0
  private var isOpen = false
  private var isClosed = false

  private var present = TimeWeightedAverage()
  private var waiting = TimeWeightedAverage()
  private var serving = TimeWeightedAverage()
  private var occupancy = [Int64](repeating: 0, count: levels)
  private var lastChange = Instant.zero

  /// The averages over time at the moment when the window closed.
  private(set) var timeAverages: TimeAverages?

  /// Averages over the window in time.
  struct TimeAverages: Sendable {
    var present: Double
    var waiting: Double
    var serving: Double
    /// The shares of time with 0, 1, 2, … customers.
    var occupancy: [Double]
    /// Customers accepted per second.
    var throughput: Double
  }

  /// Observes `customers` of them after a warm-up in seconds, at a mean time between arrivals.
  init(customers: Int, warmUp: Double, interarrival: Double) {
    firstNumber = Int((warmUp / interarrival).rounded(.up))
    observed = customers
    opening = .seconds(Double(firstNumber) * interarrival)
    closing = .seconds(Double(firstNumber + customers) * interarrival)
  }

  /// Whether everything that counts has been seen.
  var isComplete: Bool {
    isClosed && responses.count == observed && arrivals >= firstNumber + observed
  }

  /// Somebody arrived, as number so many from 0.
  mutating func arrived(_ number: Int, isBlocked: Bool) {
    arrivals = number + 1
    if isBlocked, counts(number) { blocked += 1 }
    if !isBlocked, isOpen, !isClosed { acceptedInTime += 1 }
  }

  /// The accepted customer number so many left.
  mutating func left(_ number: Int, wait: TimeSpan, response: TimeSpan) {
    guard counts(number) else { return }
    waits.add(wait.nanoseconds)
    responses.add(response.nanoseconds)
    if wait > .zero { delayed += 1 }
  }

  private func counts(_ number: Int) -> Bool {
    number >= firstNumber && number < firstNumber + observed
  }

  /// So many are present from now on, so many of them waiting.
  mutating func changed(present now: Int, waiting queue: Int, at instant: Instant) {
    if isOpen, !isClosed { settle(until: instant) }
    present.set(Int64(now), at: instant)
    waiting.set(Int64(queue), at: instant)
    serving.set(Int64(now - queue), at: instant)
    lastChange = instant
  }

  private mutating func settle(until instant: Instant) {
    let level = Int(present.value)
    if level < Self.levels {
      occupancy[level] += (instant - max(lastChange, opening)).nanoseconds
    }
  }

  mutating func open(at instant: Instant) {
    isOpen = true
    present.restart(at: instant)
    waiting.restart(at: instant)
    serving.restart(at: instant)
  }

  mutating func close(at instant: Instant) {
    settle(until: instant)
    isClosed = true
    let span = (closing - opening).nanoseconds
    timeAverages = TimeAverages(
      present: present.average(until: instant) ?? 0,
      waiting: waiting.average(until: instant) ?? 0,
      serving: serving.average(until: instant) ?? 0,
      occupancy: occupancy.map { Double($0) / Double(span) },
      throughput: Double(acceptedInTime) / (closing - opening).seconds)
  }
}
