import Quantities

/// What was seen at one station in a window of time.
struct StationRecord: Sendable {
  /// Customers there, and servers at work.
  private(set) var present = 0
  private(set) var busy = 0
  /// Integrals over the window, in customer seconds.
  private(set) var presentArea = 0.0
  private(set) var busyArea = 0.0
  /// Seconds with 0, 1, 2, … customers.
  private(set) var levels: [Double] = []
  /// Customers who came, found all servers busy, found nobody, went elsewhere for want of a server.
  private(set) var arrivals = 0
  private(set) var delayed = 0
  private(set) var firsts = 0
  private(set) var overflowed = 0
  /// Customers who were served, or gave up.
  private(set) var departures = 0
  private(set) var abandoned = 0
  /// By class: customers served, and the seconds they were there and weren't served.
  private(set) var served: [Int]
  private(set) var responses: [Double]
  private(set) var waits: [Double]
  private var since = Instant.zero
  private let opening: Instant

  init(classes: Int, opening: Instant) {
    self.opening = opening
    served = [Int](repeating: 0, count: classes)
    responses = [Double](repeating: 0, count: classes)
    waits = responses
  }

  /// Settles the integrals, and notes what holds from now on.
  mutating func change(present: Int = 0, busy: Int = 0, at now: Instant) {
    let span = (now - max(since, opening)).seconds
    if now > opening, span > 0 {
      presentArea += span * Double(self.present)
      busyArea += span * Double(self.busy)
      while levels.count <= self.present { levels.append(0) }
      levels[self.present] += span
    }
    since = now
    self.present += present
    self.busy += busy
  }

  mutating func arrived(isDelayed: Bool, at now: Instant) {
    guard now >= opening else { return }
    arrivals += 1
    if isDelayed { delayed += 1 }
    if present == 0 { firsts += 1 }
  }

  mutating func overflowed(at now: Instant) {
    if now >= opening { overflowed += 1 }
  }

  mutating func left(priority: Int, response: TimeSpan, service: TimeSpan, at now: Instant) {
    guard now >= opening else { return }
    departures += 1
    served[priority] += 1
    responses[priority] += response.seconds
    waits[priority] += (response - service).seconds
  }

  mutating func abandoned(at now: Instant) {
    if now >= opening { abandoned += 1 }
  }

  // MARK: What it tells

  var meanResponse: Double { responses.reduce(0, +) / Double(served.reduce(0, +)) }
  var meanWait: Double { (presentArea - busyArea) / Double(arrivals) }
  var meanStay: Double { presentArea / Double(arrivals) }

  /// The share of time with at most so many customers.
  func share(upTo most: Int) -> Double {
    levels.prefix(max(0, most + 1)).reduce(0, +) / levels.reduce(0, +)
  }

  /// The variance over time of the number of customers.
  var variance: Double {
    let whole = levels.reduce(0, +)
    let mean = presentArea / whole
    return levels.enumerated().reduce(0) { sum, level in
      sum + level.element * (Double(level.offset) - mean) * (Double(level.offset) - mean)
    } / whole
  }
}
