/// An open network of exponential stations with Markovian routing.
///
/// Jackson, Management Science 10 (1963): each station behaves as an M/M/c of its own.
struct OpenNetwork: ClosedForm {
  private let external: [Double]
  private let rates: [Double]
  private let stations: [ManyServers]

  init(_ parameters: ModelParameters) throws(ModelError) {
    external = try parameters.numbers("external_rates")
    let service = try parameters.numbers("service_rates", exclusive: true)
    let servers = try parameters.counts("servers", from: 1)
    let count = external.count
    guard external.contains(where: { $0 > 0 }) else {
      throw .parameter("external_rates", problem: "must have one above 0")
    }
    guard service.count == count, servers.count == count else {
      throw .parameter("service_rates", problem: "and servers must be \(count) in number")
    }
    var routing: [[Double]] = []
    for row in try parameters.list("routing") {
      let chances = try ModelParameters.object(["routing": row]).numbers("routing")
      guard chances.count == count, chances.reduce(0, +) <= 1 + 1e-9 else {
        throw .parameter(
          "routing", problem: "rows must have \(count) chances that sum to at most 1")
      }
      routing.append(chances)
    }
    guard routing.count == count else {
      throw .parameter("routing", problem: "must have \(count) rows")
    }
    rates = try Self.solveTraffic(external, routing)
    var stations: [ManyServers] = []
    for index in 0..<count {
      stations.append(
        try ManyServers(
          servers: servers[index], arrivals: rates[index], service: service[index]))
    }
    self.stations = stations
  }

  /// λ = γ + Rᵀ λ by elimination with pivots.
  private static func solveTraffic(
    _ external: [Double], _ routing: [[Double]]
  ) throws(ModelError) -> [Double] {
    let count = external.count
    var rows = (0..<count).map { i in
      (0..<count).map { j in (i == j ? 1.0 : 0) - routing[j][i] } + [external[i]]
    }
    for column in 0..<count {
      let candidates = column..<count
      let pivot = candidates.max { abs(rows[$0][column]) < abs(rows[$1][column]) } ?? column
      guard abs(rows[pivot][column]) > 1e-12 else {
        throw .parameter("routing", problem: "has customers who never leave")
      }
      rows.swapAt(column, pivot)
      for row in 0..<count where row != column {
        let factor = rows[row][column] / rows[column][column]
        guard factor != 0 else { continue }
        for j in column...count { rows[row][j] -= factor * rows[column][j] }
      }
    }
    return (0..<count).map { rows[$0][count] / rows[$0][$0] }
  }

  var quantities: [Quantity] {
    var quantities: [Quantity] = []
    for (index, station) in stations.enumerated() {
      quantities.append(("lambda\(index + 1)", rates[index]))
      quantities.append(("L\(index + 1)", station.meanNumber))
      quantities.append(("W\(index + 1)", station.meanResponse))
      quantities.append(("utilization\(index + 1)", station.utilization))
    }
    let number = stations.reduce(0) { $0 + $1.meanNumber }
    let entering = external.reduce(0, +)
    quantities.append(("L_total", number))
    quantities.append(("W_total", number / entering))
    quantities.append(("mean_visits", rates.reduce(0, +) / entering))
    return quantities
  }
}

/// A closed network of single-server stations and thinking customers.
///
/// Exact mean value analysis: Reiser and Lavenberg, Journal of the ACM 27 (1980).
struct ClosedNetwork: ClosedForm {
  private let demands: [Double]
  private let thinking: Double
  private let customers: Int

  init(_ parameters: ModelParameters) throws(ModelError) {
    demands = try parameters.numbers("demands")
    thinking = try parameters.number("think_time")
    customers = try parameters.count("customers", from: 1)
    guard demands.reduce(thinking, +) > 0 else {
      throw .parameter("demands", problem: "must not all be zero without think_time")
    }
  }

  var quantities: [Quantity] {
    var queues = [Double](repeating: 0, count: demands.count)
    var (throughput, response) = (0.0, 0.0)
    for population in 1...customers {
      let residences = demands.indices.map { demands[$0] * (1 + queues[$0]) }
      response = residences.reduce(0, +)
      throughput = Double(population) / (thinking + response)
      queues = residences.map { throughput * $0 }
    }
    var quantities: [Quantity] = [("throughput", throughput), ("response", response)]
    for index in demands.indices {
      quantities.append(("Q\(index + 1)", queues[index]))
      quantities.append(("U\(index + 1)", throughput * demands[index]))
    }
    return quantities
  }
}
