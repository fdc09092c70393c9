import DiscreteEvents
import Probability
import Quantities

/// A network of stations as a model of the event engine.
struct NetworkModel: ~Copyable, SimulationModel {
  enum Event: BitwiseCopyable, Sendable {
    case arrival(UInt32)
    /// The service of the customer in a slot ended, or its patience, unless its turn has passed.
    case completion(UInt32, turn: UInt16)
    case loss(UInt32, turn: UInt16)
    /// The servers of a station are back.
    case ready(UInt32)
  }

  private struct Customer: Sendable {
    var station = 0
    var priority = 0
    var entered = Instant.zero
    var started = Instant.zero
    var service = TimeSpan.zero
    var remainder = TimeSpan.zero
    /// Counts visits of all customers, so that equal ranks are told apart.
    var visit: UInt64 = 0
    /// Changes whenever what was scheduled for the slot is void.
    var turn: UInt16 = 0
    var rank: Int64 = 0
  }

  let network: StationNetwork
  private(set) var records: [StationRecord]
  private var customers: [Customer] = []
  private var freeSlots: [UInt32] = []
  /// By station: who waits, the next one last; who is served by its only server; and whether the
  /// servers are away.
  private var queues: [[UInt32]]
  private var running: [UInt32?]
  private var isAway: [Bool]
  private var visits: UInt64 = 0
  private var arrivals: [UInt64]
  private var absences: UInt64 = 0
  private let services: KeyedStream
  private let gaps: KeyedStream
  private let sizes: KeyedStream
  private let routes: KeyedStream
  private let patience: KeyedStream
  private let away: KeyedStream

  init(_ network: StationNetwork, luck: RandomSource, opening: Instant) {
    self.network = network
    let classes = 1 + (network.sources.map(\.priority).max() ?? 0)
    let count = network.stations.count
    records = [StationRecord](
      repeating: StationRecord(classes: classes, opening: opening), count: count)
    queues = [[UInt32]](repeating: [], count: count)
    running = [UInt32?](repeating: nil, count: count)
    isAway = network.stations.map { $0.absence != .never }
    arrivals = [UInt64](repeating: 0, count: network.sources.count)
    services = luck.stream("service")
    gaps = luck.stream("interarrival")
    sizes = luck.stream("batch")
    routes = luck.stream("route")
    patience = luck.stream("patience")
    away = luck.stream("absence")
  }

  var isFinished: Bool {
    network.end.map { records[$0.station].present >= $0.present } ?? false
  }

  /// Schedules the first arrivals and absences, and lets those enter who are there already.
  mutating func start(on agenda: inout EventList<Event>) {
    for source in network.sources.indices { scheduleArrival(source, on: &agenda) }
    for station in network.stations.indices {
      if case .vacations = network.stations[station].absence { leave(station, on: &agenda) }
    }
    for _ in 0..<network.population { enter(newSlot(priority: 0), 0, on: &agenda) }
  }

  /// Closes the window.
  mutating func close(at now: Instant) {
    for station in records.indices { records[station].change(at: now) }
  }

  mutating func handle(_ event: Event, on agenda: inout EventList<Event>) {
    switch event {
    case .arrival(let source): arrive(Int(source), on: &agenda)
    case .completion(let slot, let turn):
      if customers[Int(slot)].turn == turn { complete(slot, on: &agenda) }
    case .loss(let slot, let turn):
      if customers[Int(slot)].turn == turn { giveUp(slot, at: agenda.now) }
    case .ready(let station): comeBack(Int(station), on: &agenda)
    }
  }

  // MARK: Coming

  private func subject(_ number: UInt64, _ source: Int) -> UInt64 {
    number * UInt64(network.sources.count) + UInt64(source)
  }

  private func scheduleArrival(_ source: Int, on agenda: inout EventList<Event>) {
    let gap = gaps.drawSpan(
      network.sources[source].interarrival, for: subject(arrivals[source], source))
    agenda.schedule(.arrival(UInt32(source)), after: gap, priority: .arrivals)
  }

  private mutating func arrive(_ index: Int, on agenda: inout EventList<Event>) {
    let source = network.sources[index]
    let count = 1 + Self.choice(source.batch, sizes.uniform(for: subject(arrivals[index], index)))
    arrivals[index] += 1
    scheduleArrival(index, on: &agenda)
    for _ in 0..<count { enter(newSlot(priority: source.priority), source.station, on: &agenda) }
  }

  /// Which of several chances a uniform number falls into; their count beyond all of them.
  private static func choice(_ chances: [Double], _ uniform: Double) -> Int {
    var sum = 0.0
    for (index, chance) in chances.enumerated() {
      sum += chance
      if uniform < sum { return index }
    }
    return chances.count - (abs(sum - 1) < 1e-9 ? 1 : 0)
  }

  private mutating func newSlot(priority: Int) -> UInt32 {
    let slot = freeSlots.popLast() ?? UInt32(customers.count)
    if slot == customers.count { customers.append(Customer()) }
    customers[Int(slot)].priority = priority
    return slot
  }

  private mutating func enter(_ slot: UInt32, _ index: Int, on agenda: inout EventList<Event>) {
    let station = network.stations[index]
    let isFull = records[index].busy >= station.servers
    if isFull, let overflow = station.overflow {
      records[index].overflowed(at: agenda.now)
      return enter(slot, overflow, on: &agenda)
    }
    var customer = customers[Int(slot)]
    customer.station = index
    customer.entered = agenda.now
    customer.visit = visits
    customer.service = services.drawSpan(
      station.services[min(customer.priority, station.services.count - 1)], for: visits)
    customer.remainder = customer.service
    visits += 1
    switch station.order {
    case .arrival: customer.rank = 0
    case .priority: customer.rank = Int64(customer.priority)
    case .size, .remainder: customer.rank = customer.service.nanoseconds
    case .reversed: customer.rank = -Int64(customer.visit)
    }
    customers[Int(slot)] = customer
    records[index].arrived(isDelayed: isFull || isAway[index], at: agenda.now)
    records[index].change(present: 1, at: agenda.now)
    if isAway[index] {
      enqueue(slot, on: &agenda)
      if case .setup = station.absence, records[index].present == 1 { leave(index, on: &agenda) }
    } else if !isFull {
      serve(slot, on: &agenda)
    } else if station.preempts, let other = running[index], precedes(slot, other, at: agenda.now) {
      interrupt(other, at: agenda.now)
      enqueue(other, on: &agenda)
      serve(slot, on: &agenda)
    } else {
      enqueue(slot, on: &agenda)
    }
  }

  // MARK: Waiting and being served

  /// Whether a customer is served before one who is being served.
  private func precedes(_ slot: UInt32, _ other: UInt32, at now: Instant) -> Bool {
    let rival = customers[Int(other)]
    guard network.stations[rival.station].order == .remainder else {
      return customers[Int(slot)].rank < rival.rank
    }
    return customers[Int(slot)].remainder < rival.remainder - (now - rival.started)
  }

  private mutating func interrupt(_ slot: UInt32, at now: Instant) {
    let station = customers[Int(slot)].station
    customers[Int(slot)].turn &+= 1
    customers[Int(slot)].remainder =
      customers[Int(slot)].remainder - (now - customers[Int(slot)].started)
    if network.stations[station].order == .remainder {
      customers[Int(slot)].rank = customers[Int(slot)].remainder.nanoseconds
    }
    running[station] = nil
    records[station].change(busy: -1, at: now)
  }

  private mutating func enqueue(_ slot: UInt32, on agenda: inout EventList<Event>) {
    let customer = customers[Int(slot)]
    func comesAfter(_ other: UInt32) -> Bool {
      let other = customers[Int(other)]
      return (other.rank, other.visit) < (customer.rank, customer.visit)
    }
    var low = 0
    var high = queues[customer.station].count
    while low < high {
      let middle = (low + high) / 2
      if comesAfter(queues[customer.station][middle]) { high = middle } else { low = middle + 1 }
    }
    queues[customer.station].insert(slot, at: low)
    if let law = network.stations[customer.station].patience {
      agenda.schedule(
        .loss(slot, turn: customer.turn), after: patience.drawSpan(law, for: customer.visit))
    }
  }

  private mutating func serve(_ slot: UInt32, on agenda: inout EventList<Event>) {
    customers[Int(slot)].turn &+= 1
    customers[Int(slot)].started = agenda.now
    let customer = customers[Int(slot)]
    if network.stations[customer.station].servers == 1 { running[customer.station] = slot }
    records[customer.station].change(busy: 1, at: agenda.now)
    agenda.schedule(
      .completion(slot, turn: customer.turn), after: customer.remainder, priority: .completions)
  }

  private mutating func complete(_ slot: UInt32, on agenda: inout EventList<Event>) {
    customers[Int(slot)].turn &+= 1
    let customer = customers[Int(slot)]
    let index = customer.station
    running[index] = nil
    records[index].change(present: -1, busy: -1, at: agenda.now)
    records[index].left(
      priority: customer.priority, response: agenda.now - customer.entered,
      service: customer.service, at: agenda.now)
    if let next = queues[index].popLast() {
      serve(next, on: &agenda)
    } else if records[index].present == 0 {
      switch network.stations[index].absence {
      case .never: break
      case .setup: isAway[index] = true
      case .vacations: leave(index, on: &agenda)
      }
    }
    let routing = network.stations[index].routing
    let next = routing.isEmpty ? 0 : Self.choice(routing, routes.uniform(for: customer.visit))
    if next < routing.count { enter(slot, next, on: &agenda) } else { freeSlots.append(slot) }
  }

  private mutating func giveUp(_ slot: UInt32, at now: Instant) {
    customers[Int(slot)].turn &+= 1
    let station = customers[Int(slot)].station
    queues[station].removeAll { $0 == slot }
    records[station].change(present: -1, at: now)
    records[station].abandoned(at: now)
    freeSlots.append(slot)
  }

  // MARK: Absences

  private mutating func leave(_ index: Int, on agenda: inout EventList<Event>) {
    let span: TimeSpan
    switch network.stations[index].absence {
    case .never: return
    case .setup(let law), .vacations(let law): span = away.drawSpan(law, for: absences)
    }
    absences += 1
    isAway[index] = true
    agenda.schedule(.ready(UInt32(index)), after: span)
  }

  private mutating func comeBack(_ index: Int, on agenda: inout EventList<Event>) {
    guard let next = queues[index].popLast() else { return leave(index, on: &agenda) }
    isAway[index] = false
    serve(next, on: &agenda)
    while records[index].busy < network.stations[index].servers, let next = queues[index].popLast()
    {
      serve(next, on: &agenda)
    }
  }
}
