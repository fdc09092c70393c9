import DiscreteEvents
import Probability
import Quantities
import Workloads

extension RequestTraffic {
  // MARK: Arrivals

  /// Puts the next arrival of every load on the agenda.
  mutating func begin() {
    for source in sources.indices { scheduleArrival(source) }
  }

  private mutating func scheduleArrival(_ index: Int) {
    let factor = services[Int(sources[index].service)].factor
    guard let at = sources[index].next(factor: factor, stream: arrivals) else { return }
    agenda.schedule(.arrival(UInt32(index)), at: max(at, agenda.now), priority: .arrivals)
  }

  mutating func arrive(_ index: Int) {
    let service = Int(sources[index].service)
    sources[index].count += 1
    let identity = sources[index].subject &+ sources[index].count &* 0x9E37_79B9_7F4A_7C15
    var record = RequestRecord(
      first: agenda.now, identity: identity, weight: Int64(services[service].idleWeight),
      service: Int32(service), origin: sources[index].origin)
    let server = choose(service, identity, attempt: 0)
    if let server { record.weight = Int64(servers[server].pods) }
    services[service].ledger.arrive(record.weight, at: agenda.now)
    if let budget = services[service].parameters.retryBudget {
      let most = max(Self.leastTokens, budget * 1000)
      services[service].tokens = min(most, services[service].tokens + budget)
    }
    offer(newRecord(record), to: server)
    scheduleArrival(index)
  }

  /// Retries that clients may make at once after a long time without any (C: so that a single lost
  /// request may be tried again under every budget).
  static var leastTokens: Double { 10 }

  /// The server that a try goes to: of any of the Pods with equal chances, as kube-proxy does it.
  private func choose(_ service: Int, _ identity: UInt64, attempt: UInt16) -> Int? {
    let count = services[service].endpoints.count
    guard count > 1 else { return services[service].endpoints.first.map { Int($0) } }
    let part = choice.uniform(for: identity, number: UInt32(attempt))
    return Int(services[service].endpoints[min(count - 1, Int(part * Double(count)))])
  }

  /// A client tries again.
  mutating func dispatch(_ request: UInt32) {
    let record = records[Int(request)]
    offer(
      request, to: choose(Int(record.service), record.identity, attempt: record.attempt))
  }

  /// Hands a try to a server, across links if there are any between.
  private mutating func offer(_ request: UInt32, to server: Int?) {
    guard let server else {
      fail(request, as: .failed)
      return
    }
    let generation = records[Int(request)].generation
    if let route = route(of: request, to: server) {
      send(request, to: server, across: route)
    } else {
      receive(request, on: server)
    }
    let record = records[Int(request)]
    guard record.generation == generation, !record.isFree,
      let timeout = services[Int(record.service)].parameters.timeout
    else { return }
    services[Int(record.service)].timeouts.append(
      (agenda.now + timeout, request, record.generation))
    setTimeout(Int(record.service))
  }

  /// A try has crossed the links to its server.
  mutating func reach(_ request: UInt32) {
    if records[Int(request)].isAbandoned {
      release(request)
    } else {
      receive(request, on: Int(records[Int(request)].server))
    }
  }

  /// A try comes to a server: it begins, waits, or is turned away.
  private mutating func receive(_ request: UInt32, on server: Int) {
    guard servers[server].alive > 0 else {
      fail(request, as: .failed)
      return
    }
    let service = Int(servers[server].service)
    servers[server].tries += 1
    if servers[server].hasPlace {
      servers[server].advance(to: agenda.now)
      begin(request, on: server)
      foresee(server)
    } else {
      if let bound = services[service].parameters.queue, servers[server].waiting >= bound {
        fail(request, as: .dropped)
        return
      }
      records[Int(request)].server = Int32(server)
      records[Int(request)].isQueued = true
      servers[server].enqueue(request)
    }
  }

  // MARK: Service

  private mutating func begin(_ request: UInt32, on server: Int) {
    records[Int(request)].server = Int32(server)
    records[Int(request)].isQueued = false
    let law = services[Int(servers[server].service)].serviceTime
    servers[server].begin(
      request,
      taking: work.drawSpan(
        law, for: records[Int(request)].identity, number: UInt32(records[Int(request)].attempt)))
  }

  private mutating func foresee(_ server: Int) {
    guard let at = servers[server].foresee(), at < .distantFuture else { return }
    agenda.schedule(
      .completion(UInt32(server), servers[server].version), at: at, priority: .completions)
  }

  mutating func complete(_ server: Int, _ version: UInt16) {
    guard servers[server].version == version else { return }
    servers[server].advance(to: agenda.now)
    let request = servers[server].finishFirst()
    while servers[server].hasPlace, let next = servers[server].dequeue() {
      if records[Int(next)].isAbandoned {
        release(next)
      } else {
        servers[server].waiting -= 1
        begin(next, on: server)
      }
    }
    foresee(server)
    guard records[Int(request)].isAbandoned || !isCutOff(request, from: server) else {
      lose(request)
      return
    }
    if !records[Int(request)].isAbandoned { conclude(request, as: .answered) }
    release(request)
  }

  private mutating func conclude(_ request: UInt32, as outcome: RequestOutcome) {
    let record = records[Int(request)]
    services[Int(record.service)].ledger.end(
      record.weight, arrivedAt: record.first, as: outcome, at: agenda.now)
  }

  // MARK: Failures

  /// A try has failed and is out of its server: the client tries again or gives up.
  mutating func fail(_ request: UInt32, as outcome: RequestOutcome) {
    if let again = retrial(of: request) {
      let service = Int(records[Int(request)].service)
      let doubled = services[service].parameters.backoff * (1 << min(20, Int(again.attempt) - 1))
      let part = 0.5 + pause.uniform(for: again.identity, number: UInt32(again.attempt))
      let wait = TimeSpan.seconds(doubled.seconds * part)
      services[service].ledger.retry(again.weight, of: again.first)
      agenda.schedule(.retry(newRecord(again)), at: agenda.now + wait, priority: .arrivals)
    } else {
      conclude(request, as: outcome)
    }
    release(request)
  }

  /// The next try of a request, if its client makes one.
  private mutating func retrial(of request: UInt32) -> RequestRecord? {
    var record = records[Int(request)]
    let service = Int(record.service)
    guard Int(record.attempt) < services[service].parameters.retries else { return nil }
    if services[service].parameters.retryBudget != nil {
      guard services[service].tokens >= 1 else { return nil }
      services[service].tokens -= 1
    }
    record.attempt += 1
    record.server = -1
    record.isQueued = false
    record.isLost = false
    return record
  }

  private mutating func setTimeout(_ service: Int) {
    guard !services[service].isTimeoutSet else { return }
    while services[service].timeoutHead < services[service].timeouts.count {
      let next = services[service].timeouts[services[service].timeoutHead]
      if isLive(next) {
        services[service].isTimeoutSet = true
        agenda.schedule(.timeout(UInt32(service)), at: next.at, priority: .completions)
        return
      }
      services[service].timeoutHead += 1
    }
    services[service].timeouts.removeAll(keepingCapacity: true)
    services[service].timeoutHead = 0
  }

  private func isLive(_ timeout: (at: Instant, request: UInt32, generation: UInt32)) -> Bool {
    let record = records[Int(timeout.request)]
    return record.generation == timeout.generation && !record.isAbandoned
  }

  /// Clients give up the tries whose time is over.
  mutating func timeOut(_ service: Int) {
    services[service].isTimeoutSet = false
    while services[service].timeoutHead < services[service].timeouts.count {
      let next = services[service].timeouts[services[service].timeoutHead]
      guard next.at <= agenda.now else { break }
      services[service].timeoutHead += 1
      if isLive(next) { abandon(next.request) }
    }
    if services[service].timeoutHead > 4096,
      services[service].timeoutHead * 2 > services[service].timeouts.count
    {
      services[service].timeouts.removeFirst(services[service].timeoutHead)
      services[service].timeoutHead = 0
    }
    setTimeout(service)
  }

  /// A client gives up a try that its server still has: the server goes on with what it has begun.
  private mutating func abandon(_ request: UInt32) {
    let record = records[Int(request)]
    if record.isQueued { servers[Int(record.server)].waiting -= 1 }
    // The client's side goes on in a record of its own.
    let client = newRecord(record)
    records[Int(request)].isAbandoned = true
    let isLost = records[Int(request)].isLost
    records[Int(client)].isLost = false
    fail(client, as: .failed)
    // No server has it.
    if isLost { release(request) }
  }

  // MARK: The end

  /// Counts what is still open at the end of a run.
  mutating func close(at end: Instant) {
    advance(to: end)
    for record in records where !record.isFree && !record.isAbandoned {
      services[Int(record.service)].ledger.leaveOpen(
        record.weight, arrivedAt: record.first, at: end)
    }
  }
}

extension RequestSource {
  /// The next arrival, where so many simulated requests come for each real one; nil: none before
  /// the horizon.
  ///
  /// Candidates come at the rate's bound and are kept with probability rate / bound.
  ///
  /// > Source: thinning, Lewis and Shedler, Naval Research Logistics Quarterly 26 (1979).
  fileprivate mutating func next(factor: Double, stream: KeyedStream) -> Instant? {
    switch course {
    case .renewal(let gap, let from, let until):
      if number == 0 { clock = from }
      clock = clock + stream.drawSpan(gap, for: subject, number: number)
      number &+= 1
      return clock <= until ? clock : nil
    case .rate(let rate):
      while clock <= horizon {
        let (bound, until) = rate.bound(from: clock)
        guard bound > 0 else {
          clock = until
          continue
        }
        let (first, second) = stream.uniformPair(for: subject, number: number)
        number &+= 1
        let candidate = clock + .seconds(KeyedStream.exponent(first) / (bound * factor))
        guard candidate < until else {
          clock = until
          continue
        }
        clock = candidate
        guard candidate <= horizon else { return nil }
        if second * bound < rate.rate(at: candidate) { return candidate }
      }
      return nil
    }
  }
}
