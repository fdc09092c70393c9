import DiscreteEvents
import Probability
import Quantities

/// A queueing station as a model of the event engine.
struct StationModel: ~Copyable, SimulationModel {
  enum Event: BitwiseCopyable, Sendable {
    case arrival
    /// The service of the customer in a slot ended.
    case completion(UInt32)
    /// The next departure of a shared server is due, unless somebody arrived since.
    case sharedCompletion
    case openWindow
    case closeWindow
  }

  private struct Customer: Sendable {
    var number: Int
    var arrived: Instant
    var started: Instant
  }

  let station: QueueingStation
  private let interarrivals: KeyedStream
  private let services: KeyedStream
  private(set) var observer: StationObserver
  private var arrivals = 0
  private var accepted = 0
  private var busy = 0
  /// Customers present first come, first served, by slot, and the slots free for others.
  private var customers: [Customer] = []
  private var freeSlots: [UInt32] = []
  /// Slots of those who wait, in order from `queueHead` on.
  private var queue: [UInt32] = []
  private var queueHead = 0
  private var shared = SharedServer()
  private var departure = LazyTimer()

  init(station: QueueingStation, luck: RandomSource, observer: StationObserver) {
    self.station = station
    self.observer = observer
    interarrivals = luck.stream("interarrival")
    services = luck.stream("service")
  }

  var isFinished: Bool { observer.isComplete }
  private var waiting: Int { queue.count - queueHead }

  /// Schedules the first arrival and the windows.
  mutating func start(on agenda: inout EventList<Event>) {
    agenda.schedule(.openWindow, at: observer.opening, priority: .sampling)
    agenda.schedule(.closeWindow, at: observer.closing, priority: .sampling)
    scheduleArrival(on: &agenda)
  }

  mutating func handle(_ event: Event, on agenda: inout EventList<Event>) {
    switch event {
    case .arrival: arrive(on: &agenda)
    case .completion(let slot): complete(slot, on: &agenda)
    case .sharedCompletion:
      if departure.expired(posting: event, on: &agenda, priority: .completions) {
        completeShared(on: &agenda)
      }
    case .openWindow: observer.open(at: agenda.now)
    case .closeWindow: observer.close(at: agenda.now)
    }
  }

  private func scheduleArrival(on agenda: inout EventList<Event>) {
    let gap = interarrivals.drawSpan(station.interarrival, for: UInt64(arrivals))
    agenda.schedule(.arrival, after: gap, priority: .arrivals)
  }

  private mutating func arrive(on agenda: inout EventList<Event>) {
    let isBlocked = station.capacity.map { busy + waiting >= $0 } ?? false
    observer.arrived(arrivals, isBlocked: isBlocked)
    arrivals += 1
    scheduleArrival(on: &agenda)
    if isBlocked { return }
    let number = accepted
    accepted += 1
    if station.discipline == .processorSharing {
      shared.add(number, needing: serviceTime(number), at: agenda.now)
      postDeparture(on: &agenda)
      observer.changed(present: shared.jobs.count, waiting: 0, at: agenda.now)
      return
    }
    let customer = Customer(number: number, arrived: agenda.now, started: agenda.now)
    let slot = freeSlots.popLast() ?? UInt32(customers.count)
    if slot == customers.count {
      customers.append(customer)
    } else {
      customers[Int(slot)] = customer
    }
    if busy < station.servers {
      busy += 1
      serve(slot, on: &agenda)
    } else {
      queue.append(slot)
    }
    observer.changed(present: busy + waiting, waiting: waiting, at: agenda.now)
  }

  private func serviceTime(_ number: Int) -> TimeSpan {
    services.drawSpan(station.service, for: UInt64(number))
  }

  private mutating func serve(_ slot: UInt32, on agenda: inout EventList<Event>) {
    customers[Int(slot)].started = agenda.now
    agenda.schedule(
      .completion(slot), after: serviceTime(customers[Int(slot)].number), priority: .completions)
  }

  private mutating func complete(_ slot: UInt32, on agenda: inout EventList<Event>) {
    let customer = customers[Int(slot)]
    observer.left(
      customer.number, wait: customer.started - customer.arrived,
      response: agenda.now - customer.arrived)
    freeSlots.append(slot)
    if waiting > 0 {
      let next = queue[queueHead]
      queueHead += 1
      if queueHead > 1024, 2 * queueHead > queue.count {
        queue.removeFirst(queueHead)
        queueHead = 0
      }
      serve(next, on: &agenda)
    } else {
      busy -= 1
    }
    observer.changed(present: busy + waiting, waiting: waiting, at: agenda.now)
  }

  private mutating func completeShared(on agenda: inout EventList<Event>) {
    let job = shared.removeNext(at: agenda.now)
    // Under processor sharing nobody waits; a slow service isn't a wait.
    observer.left(job.number, wait: .zero, response: agenda.now - job.arrived)
    postDeparture(on: &agenda)
    observer.changed(present: shared.jobs.count, waiting: 0, at: agenda.now)
  }

  private mutating func postDeparture(on agenda: inout EventList<Event>) {
    guard let instant = shared.nextDeparture else { return }
    departure.arm(
      at: instant, posting: .sharedCompletion, on: &agenda, priority: .completions)
  }
}
