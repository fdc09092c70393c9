import Probability
import Statistics

/// The networks of stations that stand for the models of the validation vectors.
struct NetworkModels {
  let params: ModelParameters
  /// About so many customers are observed in a run.
  static let customers = 20_000.0

  init(_ params: ModelParameters) { self.params = params }

  /// The simulations that together give a model's quantities.
  func simulations(of model: String) throws(ModelError) -> [NetworkSimulation] {
    switch model {
    case "M/M/inf": try [manyServers(), growing()]
    case "M/G/1-priority": [try priorities()]
    case "M/M/1-disciplines": try disciplines()
    case "machine-repair": [try machineRepair()]
    case "k-of-n-availability": [try redundancy()]
    case "two-unit-mttf": try [firstFailure(crews: 0), firstFailure(crews: 1)]
    case "open-jackson": [try openNetwork()]
    case "closed-mva": [try closedNetwork()]
    case "M/M/c+M": [try impatience()]
    case "M^X/M/1": [try batches()]
    case "M/M/1-setup": [try setup()]
    case "M/G/1-vacations": [try vacations()]
    case "keep-alive": [try keepAlive()]
    case "M/M/1-transient": [try transient()]
    case "cloud-burst-overflow": [try overflow()]
    default: throw .unknownModel(model)
    }
  }

  func mean(_ rate: String) throws(ModelError) -> Law {
    .exponential(mean: 1 / (try params.positive(rate)))
  }

  func poisson(to station: Int = 0, _ rate: Double) -> StationNetwork.Source {
    StationNetwork.Source(station: station, interarrival: .exponential(mean: 1 / rate))
  }

  /// Twenty relaxation times of one server at a load, as ``QueueingStation/warmUp`` has them.
  private func settling(
    load: Double, mean: Double, variability: Double = 1
  ) throws(ModelError) -> Double {
    guard load < 1 else {
      throw .parameter("arrival_rate", problem: "is a load of \(load), which must be below 1")
    }
    let gap = 1 - load.squareRoot()
    return 20 * mean * max(1, variability) / (gap * gap)
  }

  // MARK: One station

  private func manyServers() throws(ModelError) -> NetworkSimulation {
    let rate = try params.positive("arrival_rate")
    let service = try mean("service_rate")
    let middle = Int((rate * service.mean).rounded(.down))
    let network = StationNetwork(
      stations: [.init(servers: StationNetwork.Station.unlimited, service: service)],
      sources: [poisson(rate)])
    return NetworkSimulation(
      network: network, warmUp: 20 * service.mean, span: Self.customers / rate
    ) { stations, time in
      [
        ("L", stations[0].presentArea / time), ("var_N", stations[0].variance),
        ("P0", stations[0].share(upTo: 0)),
        ("P_at_most_round_L", stations[0].share(upTo: middle)),
      ]
    }
  }

  private func growing() throws(ModelError) -> NetworkSimulation {
    let rate = try params.positive("arrival_rate")
    let network = StationNetwork(
      stations: [
        .init(servers: StationNetwork.Station.unlimited, service: try mean("service_rate"))
      ],
      sources: [poisson(rate)])
    return NetworkSimulation(
      network: network, span: try params.number("t", from: 0), parts: 2_000
    ) { stations, _ in [("mean_N_at_t_from_empty", Double(stations[0].present))] }
  }

  private func transient() throws(ModelError) -> NetworkSimulation {
    let network = StationNetwork(
      stations: [.init(servers: 1, service: try mean("service_rate"))],
      sources: [poisson(try params.positive("arrival_rate"))])
    return NetworkSimulation(
      network: network, span: try params.number("t", from: 0), parts: 3_000
    ) { stations, _ in
      [
        ("mean_N_at_t_from_empty", Double(stations[0].present)),
        ("P_empty_at_t", stations[0].present == 0 ? 1 : 0),
      ]
    }
  }

  private func priorities() throws(ModelError) -> NetworkSimulation {
    let rates = try params.numbers("arrival_rates", from: 0, exclusive: true)
    let services = try params.laws("services")
    guard rates.count == services.count, let first = services.first else {
      throw .parameter("services", problem: "must be as many as arrival_rates")
    }
    var station = StationNetwork.Station(servers: 1, service: first)
    station.services = services
    station.order = .priority
    station.preempts = try params.flag("preemptive_resume")
    let load = zip(rates, services).reduce(0) { $0 + $1.0 * $1.1.mean }
    let total = rates.reduce(0, +)
    let second = zip(rates, services).reduce(0) { sum, one in
      sum + one.0 * (one.1.variance + one.1.mean * one.1.mean) / total
    }
    let mean = load / total
    var network = StationNetwork(stations: [station])
    for (priority, rate) in rates.enumerated() {
      var source = poisson(rate)
      source.priority = priority
      network.sources.append(source)
    }
    return NetworkSimulation(
      network: network,
      warmUp: try settling(load: load, mean: mean, variability: second / (mean * mean) / 2),
      span: 2 * Self.customers / total
    ) { stations, time in
      let record = stations[0]
      var found = [("utilization", record.busyArea / time), ("W_all", record.meanResponse)]
      for priority in record.served.indices {
        let count = Double(record.served[priority])
        found.append(("W_class\(priority + 1)", record.responses[priority] / count))
        found.append(("Wq_class\(priority + 1)", record.waits[priority] / count))
      }
      return found
    }
  }

  private func disciplines() throws(ModelError) -> [NetworkSimulation] {
    let rate = try params.positive("arrival_rate")
    let service = try mean("service_rate")
    let warmUp = try settling(load: rate * service.mean, mean: service.mean)
    let all: [(name: String, order: StationNetwork.Order, preempts: Bool)] = [
      ("W_FCFS", .arrival, false), ("W_LCFS_preemptive", .reversed, true),
      ("W_SJF_nonpreemptive", .size, false), ("W_SRPT", .remainder, true),
    ]
    return all.map { name, order, preempts in
      var station = StationNetwork.Station(servers: 1, service: service)
      station.order = order
      station.preempts = preempts
      return NetworkSimulation(
        network: StationNetwork(stations: [station], sources: [poisson(rate)]), warmUp: warmUp,
        span: 2 * Self.customers / rate
      ) { stations, time in
        let response = (name, stations[0].meanResponse)
        return order == .arrival
          ? [("utilization", stations[0].busyArea / time), response] : [response]
      }
    }
  }

  private func impatience() throws(ModelError) -> NetworkSimulation {
    let rate = try params.positive("arrival_rate")
    let servers = try params.count("servers", from: 1)
    let service = try mean("service_rate")
    let patience = try mean("abandonment_rate")
    var station = StationNetwork.Station(servers: servers, service: service)
    station.patience = patience
    return NetworkSimulation(
      network: StationNetwork(stations: [station], sources: [poisson(rate)]),
      warmUp: 20 * max(service.mean, patience.mean), span: Self.customers / rate
    ) { stations, time in
      let record = stations[0]
      let arrivals = Double(record.arrivals)
      return [
        ("P_wait", Double(record.delayed) / arrivals),
        ("P_abandon", Double(record.abandoned) / arrivals),
        ("Lq", (record.presentArea - record.busyArea) / time), ("Wq", record.meanWait),
        ("throughput", Double(record.departures) / time),
        ("utilization", record.busyArea / time / Double(servers)),
      ]
    }
  }

  private func batches() throws(ModelError) -> NetworkSimulation {
    let rate = try params.positive("batch_arrival_rate")
    let service = try mean("service_rate")
    var source = poisson(rate)
    source.batch = try params.numbers("batch_size_probabilities")
    let size = source.batch.enumerated().reduce(0) { $0 + Double($1.offset + 1) * $1.element }
    return NetworkSimulation(
      network: StationNetwork(
        stations: [.init(servers: 1, service: service)], sources: [source]),
      warmUp: try settling(
        load: rate * size * service.mean, mean: service.mean,
        variability: Double(source.batch.count)),
      span: 2 * Self.customers / (rate * size), quantities: Self.single)
  }

  private func setup() throws(ModelError) -> NetworkSimulation {
    let rate = try params.positive("arrival_rate")
    let service = try mean("service_rate")
    let setup = try mean("setup_rate")
    var station = StationNetwork.Station(servers: 1, service: service)
    station.absence = .setup(setup)
    return NetworkSimulation(
      network: StationNetwork(stations: [station], sources: [poisson(rate)]),
      warmUp: try settling(load: rate * service.mean, mean: service.mean) + 20 * setup.mean,
      span: 2 * Self.customers / rate
    ) { stations, time in
      let off = stations[0].share(upTo: 0)
      let busy = stations[0].busyArea / time
      return Self.single(stations, time) + [
        ("P_busy", busy), ("P_off", off), ("P_setup", 1 - busy - off),
      ]
    }
  }

  private func vacations() throws(ModelError) -> NetworkSimulation {
    let rate = try params.positive("arrival_rate")
    let service = try params.law("service")
    let vacation = try params.law("vacation")
    var station = StationNetwork.Station(servers: 1, service: service)
    station.absence = .vacations(vacation)
    let variability = (1 + service.variance / (service.mean * service.mean)) / 2
    return NetworkSimulation(
      network: StationNetwork(stations: [station], sources: [poisson(rate)]),
      warmUp: try settling(
        load: rate * service.mean, mean: service.mean, variability: variability)
        + 20 * vacation.mean,
      span: 2 * Self.customers / rate, quantities: Self.single)
  }

  /// What models of one server have in common.
  private static func single(
    _ stations: [StationRecord], _ time: Double
  ) -> [(name: String, value: Double)] {
    let record = stations[0]
    return [
      ("utilization", record.busyArea / time), ("L", record.presentArea / time),
      ("Lq", (record.presentArea - record.busyArea) / time), ("W", record.meanStay),
      ("Wq", record.meanWait),
    ]
  }

  /// An instance that is kept is a customer who stays for the timeout after a call: a call is cold
  /// if it finds nobody.
  private func keepAlive() throws(ModelError) -> NetworkSimulation {
    let rate = try params.positive("arrival_rate")
    let timeout = try params.positive("idle_timeout")
    return NetworkSimulation(
      network: StationNetwork(
        stations: [
          .init(servers: StationNetwork.Station.unlimited, service: .constant(timeout))
        ],
        sources: [poisson(rate)]),
      warmUp: 2 * timeout, span: Self.customers / rate
    ) { stations, time in
      let record = stations[0]
      let warm = 1 - record.share(upTo: 0)
      return [
        ("P_cold", Double(record.firsts) / Double(record.arrivals)),
        ("cold_starts_per_time", Double(record.firsts) / time), ("mean_warm_fraction", warm),
        ("mean_warm_period", warm * time / Double(record.firsts)),
      ]
    }
  }
}
