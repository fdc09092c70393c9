import Foundation
import Probability
import Statistics

extension NetworkModels {
  // MARK: Machines and crews

  /// Machines run at one station and are repaired at another.
  func machineRepair() throws(ModelError) -> NetworkSimulation {
    let machines = try params.count("machines", from: 1)
    let crews = try params.count("crews", from: 1)
    let needed = try params.count("needed", from: 1)
    let failure = try params.positive("failure_rate")
    let repair = try params.positive("repair_rate")
    let places = min(needed, machines)
    return NetworkSimulation(
      network: Self.repaired(
        machines, running: places, failure: failure, crews: crews, repair: repair),
      warmUp: 100 / repair, span: Self.customers / (failure * Double(places))
    ) { stations, time in
      let (up, down) = (stations[0], stations[1])
      let all = down.share(upTo: machines)
      return [
        ("P_all_up", down.share(upTo: 0)),
        ("P_all_down", all - down.share(upTo: machines - 1)),
        ("mean_down", down.presentArea / time), ("mean_running", up.busyArea / time),
        ("fraction_running", up.busyArea / time / Double(places)),
        ("failure_rate", Double(up.departures) / time),
        ("mean_repair_queue", (down.presentArea - down.busyArea) / time),
        ("mean_wait_for_crew", down.meanWait), ("mean_down_time", down.meanStay),
        ("crew_utilization", down.busyArea / time / Double(crews)),
        ("P_full_strength", down.share(upTo: machines - places)),
      ]
    }
  }

  /// Every unit has a crew of its own.
  func redundancy() throws(ModelError) -> NetworkSimulation {
    let units = try params.count("n", from: 1)
    let least = try params.count("k", from: 1)
    let mtbf = try params.positive("mtbf")
    let mttr = try params.positive("mttr")
    return NetworkSimulation(
      network: Self.repaired(
        units, running: units, failure: 1 / mtbf, crews: units, repair: 1 / mttr),
      warmUp: 20 * mttr, span: Self.customers * mtbf / Double(units)
    ) { stations, time in
      let down = stations[1]
      let one = stations[0].presentArea / time / Double(units)
      return [
        ("availability_one", one), ("availability_k_of_n", down.share(upTo: units - least)),
        ("mean_up", one * Double(units)), ("sd_up", down.variance.squareRoot()),
        ("nines_one", -log10(1 - one)),
      ]
    }
  }

  /// Until both of two units are down.
  func firstFailure(crews: Int) throws(ModelError) -> NetworkSimulation {
    var network = Self.repaired(
      2, running: 2, failure: try params.positive("failure_rate"), crews: crews,
      repair: try params.positive("repair_rate"))
    network.end = StationNetwork.End(station: 1, present: 2)
    let name = crews == 0 ? "mttf_no_repair" : "mttf_with_repair"
    return NetworkSimulation(network: network, span: 0, parts: 1_500) { _, time in [(name, time)] }
  }

  private static func repaired(
    _ machines: Int, running: Int, failure: Double, crews: Int, repair: Double
  ) -> StationNetwork {
    var up = StationNetwork.Station(servers: running, service: .exponential(mean: 1 / failure))
    up.routing = [0, 1]
    up.isThinking = true
    var down = StationNetwork.Station(servers: crews, service: .exponential(mean: 1 / repair))
    down.routing = [1]
    return StationNetwork(stations: [up, down], population: machines)
  }

  // MARK: Networks

  func openNetwork() throws(ModelError) -> NetworkSimulation {
    let external = try params.numbers("external_rates")
    let rates = try params.numbers("service_rates", from: 0, exclusive: true)
    let servers = try params.counts("servers", from: 1)
    let rows = try params.list("routing")
    guard rates.count == external.count, servers.count == rates.count, rows.count == rates.count
    else { throw .parameter("routing", problem: "must have a row for each station") }
    var network = StationNetwork(stations: [])
    for index in rates.indices {
      var station = StationNetwork.Station(
        servers: servers[index], service: .exponential(mean: 1 / rates[index]))
      guard case .array(let chances) = rows[index], chances.count == rates.count else {
        throw .parameter("routing", problem: "must have a column for each station")
      }
      for chance in chances {
        station.routing.append(
          try chance.checkedNumber("routing", from: 0, exclusive: false))
      }
      network.stations.append(station)
      if external[index] > 0 {
        network.sources.append(poisson(to: index, external[index]))
      }
    }
    let total = external.reduce(0, +)
    guard total > 0 else { throw .parameter("external_rates", problem: "must not all be 0") }
    return NetworkSimulation(
      network: network, warmUp: 400 / (rates.min() ?? 1), span: Self.customers / total
    ) { stations, time in
      var found: [(name: String, value: Double)] = []
      for (index, record) in stations.enumerated() {
        found += [
          ("lambda\(index + 1)", Double(record.arrivals) / time),
          ("L\(index + 1)", record.presentArea / time), ("W\(index + 1)", record.meanStay),
          ("utilization\(index + 1)", record.busyArea / time / Double(servers[index])),
        ]
      }
      let present = stations.reduce(0) { $0 + $1.presentArea } / time
      let visits = stations.reduce(0) { $0 + Double($1.arrivals) } / time
      return found + [
        ("L_total", present), ("W_total", present / total), ("mean_visits", visits / total),
      ]
    }
  }

  func closedNetwork() throws(ModelError) -> NetworkSimulation {
    let demands = try params.numbers("demands", from: 0, exclusive: true)
    let customers = try params.count("customers", from: 1)
    let think = try params.number("think_time")
    let count = demands.count + 1
    var thinking = StationNetwork.Station(
      servers: StationNetwork.Station.unlimited,
      service: think > 0 ? .exponential(mean: think) : .constant(0))
    thinking.isThinking = true
    var network = StationNetwork(stations: [thinking], population: customers)
    network.stations += demands.map { .init(servers: 1, service: .exponential(mean: $0)) }
    for index in 0..<count {
      network.stations[index].routing = (0..<count).map { $0 == (index + 1) % count ? 1 : 0 }
    }
    let cycle = max(
      (think + demands.reduce(0, +)) / Double(customers), demands.max() ?? 0)
    return NetworkSimulation(
      network: network, warmUp: 20 * (think + Double(customers) * (demands.max() ?? 0)),
      span: Self.customers * cycle
    ) { stations, time in
      let throughput = Double(stations[count - 1].departures) / time
      let present = stations.dropFirst().reduce(0) { $0 + $1.presentArea } / time
      var found = [("throughput", throughput), ("response", present / throughput)]
      for index in 1..<count {
        found.append(("Q\(index)", stations[index].presentArea / time))
        found.append(("U\(index)", stations[index].busyArea / time))
      }
      return found
    }
  }

  /// Calls that find the machines of one's own busy run in the cloud.
  func overflow() throws(ModelError) -> NetworkSimulation {
    let rate = try params.positive("arrival_rate")
    let servers = try params.count("idc_servers", from: 1)
    let cloud = try mean("cloud_service_rate")
    var own = StationNetwork.Station(servers: servers, service: try mean("idc_service_rate"))
    own.overflow = 1
    let network = StationNetwork(
      stations: [own, .init(servers: StationNetwork.Station.unlimited, service: cloud)],
      sources: [poisson(rate)])
    return NetworkSimulation(
      network: network, warmUp: 20 * (cloud.mean + own.services[0].mean),
      span: 2 * Self.customers / rate
    ) { stations, time in
      let burst = Double(stations[0].overflowed)
      let inCloud = stations[1].presentArea / time
      return [
        ("P_burst", burst / (burst + Double(stations[0].arrivals))), ("burst_rate", burst / time),
        ("mean_in_cloud", inCloud), ("idc_throughput", Double(stations[0].departures) / time),
        ("idc_utilization", stations[0].busyArea / time / Double(servers)),
        ("var_in_cloud", stations[1].variance), ("peakedness", stations[1].variance / inCloud),
      ]
    }
  }
}
