#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Stations that send at random on one channel.
///
/// Abramson (1970) and Roberts (1975); Kleinrock, *Queueing Systems* 2, section 5.11.
struct RandomAccess: ClosedForm {
  private let offered: Double
  private let stations: Int
  private let chance: Double

  init(_ parameters: ModelParameters) throws(ModelError) {
    offered = try parameters.number("offered_load")
    stations = try parameters.count("stations", from: 1)
    chance = try parameters.number("p")
    guard chance <= 1 else { throw .parameter("p", problem: "must be at most 1, not \(chance)") }
  }

  var quantities: [Quantity] {
    let others = exp(Double(stations - 1) * log1p(-chance))
    return [
      ("slotted_throughput", offered * exp(-offered)),
      ("pure_throughput", offered * exp(-2 * offered)),
      (
        "finite_slotted_throughput",
        stations == 1 ? chance : Double(stations) * chance * others
      ),
      ("max_slotted", exp(-1)), ("max_pure", exp(-1) / 2),
    ]
  }
}

/// The throughput of one TCP connection that loses packets at random, in bytes per second.
///
/// The square-root law of Mathis et al., Computer Communication Review 27 (1997), and the full
/// formula of Padhye, Firoiu, Towsley, Kurose, SIGCOMM'98, equation 31 without a limit by the
/// receiver's window, with a time-out of four round trips.
struct TransportThroughput: ClosedForm {
  private let segment: Double
  private let roundTrip: Double
  private let loss: Double
  private let perAcknowledgement: Double

  init(_ parameters: ModelParameters) throws(ModelError) {
    segment = try parameters.positive("mss_bytes")
    roundTrip = try parameters.positive("rtt_s")
    loss = try parameters.positive("loss")
    perAcknowledgement = try parameters.positive("b")
    guard loss <= 1 else { throw .parameter("loss", problem: "must be at most 1, not \(loss)") }
  }

  var quantities: [Quantity] {
    let root = (2 * perAcknowledgement * loss / 3).squareRoot()
    let timeouts = min(1, 3 * (3 * perAcknowledgement * loss / 8).squareRoot())
    let waiting = 4 * roundTrip * timeouts * loss * (1 + 32 * loss * loss)
    return [
      ("mathis_bytes_per_s", segment / (roundTrip * root)),
      ("pftk_bytes_per_s", segment / (roundTrip * root + waiting)),
    ]
  }
}

/// Max-min fair shares of links among flows, by progressive filling.
///
/// Bertsekas and Gallager, *Data Networks*, 2nd ed., section 6.5.2: all rates grow together; where
/// a link is full, its flows stop.
struct FairShares: ClosedForm {
  private let rates: [Double]

  init(_ parameters: ModelParameters) throws(ModelError) {
    let capacities = try parameters.numbers("capacities")
    var flows: [[Int]] = []
    for flow in try parameters.list("flow_links") {
      let links = try ModelParameters.object(["flow_links": flow]).counts("flow_links", from: 0)
      guard !links.isEmpty, links.allSatisfy({ $0 < capacities.count }) else {
        throw .parameter("flow_links", problem: "must name links, counted from 0, for every flow")
      }
      flows.append(links)
    }
    rates = Self.fill(capacities, flows)
  }

  private static func fill(_ capacities: [Double], _ flows: [[Int]]) -> [Double] {
    var rates = [Double](repeating: 0, count: flows.count)
    var growing = [Bool](repeating: true, count: flows.count)
    while growing.contains(true) {
      // The level at which a link is full, given what its stopped flows take.
      let levels = capacities.indices.map { link -> Double in
        var (left, count) = (capacities[link], 0)
        for flow in flows.indices where flows[flow].contains(link) {
          if growing[flow] { count += 1 } else { left -= rates[flow] }
        }
        return count > 0 ? max(left, 0) / Double(count) : .infinity
      }
      let level = levels.min() ?? 0
      for flow in flows.indices where growing[flow] {
        rates[flow] = level
        if flows[flow].contains(where: { levels[$0] == level }) { growing[flow] = false }
      }
    }
    return rates
  }

  var quantities: [Quantity] {
    rates.enumerated().map { ("rate\($0.offset + 1)", $0.element) }
  }
}
