/// M/M/c/K: at most K customers in total, the others are turned away.
struct FiniteQueue: ClosedForm {
  private let servers: Int
  private let capacity: Int
  private let arrivals: Double
  private let service: Double
  private let chain: BirthDeathChain

  init(_ parameters: ModelParameters) throws(ModelError) {
    let servers = try parameters.count("servers", from: 1)
    let arrivals = try parameters.positive("arrival_rate")
    let service = try parameters.positive("service_rate")
    capacity = try parameters.count("capacity", from: servers)
    chain = BirthDeathChain(
      last: capacity, birth: { _ in arrivals }, death: { Double(min($0, servers)) * service })
    (self.servers, self.arrivals, self.service) = (servers, arrivals, service)
  }

  var quantities: [Quantity] {
    let lost = chain.probabilities[capacity]
    let throughput = arrivals * chain.probability(0..<capacity)
    let number = chain.mean { Double($0) }
    let queue = chain.mean { Double(max($0 - servers, 0)) }
    return [
      ("P0", chain.probabilities[0]), ("P_block", lost), ("throughput", throughput),
      ("L", number), ("Lq", queue), ("W", number / throughput), ("Wq", queue / throughput),
      ("utilization", throughput / (Double(servers) * service)),
      (
        "P_wait_accepted",
        chain.probability(servers..<capacity) / chain.probability(0..<capacity)
      ),
    ]
  }

  func quantity(_ request: IndexedName) -> Double? {
    guard case .probability(let n) = request else { return nil }
    return n <= capacity ? chain.probabilities[n] : 0
  }
}

/// M/M/c+M (Erlang A): those who wait leave after an exponential patience.
///
/// Palm (1957); Mandelbaum and Zeltyn, "Service engineering in action: the Palm/Erlang-A queue"
/// (2007). Settles at any load.
struct ImpatientCustomers: ClosedForm {
  private let servers: Int
  private let arrivals: Double
  private let service: Double
  private let patience: Double
  private let chain: BirthDeathChain

  init(_ parameters: ModelParameters) throws(ModelError) {
    let servers = try parameters.count("servers", from: 1)
    let arrivals = try parameters.positive("arrival_rate")
    let service = try parameters.positive("service_rate")
    let patience = try parameters.positive("abandonment_rate")
    let excess = max(arrivals - Double(servers) * service, 0) / patience
    guard excess <= Double(ModelParameters.mostStates) else {
      throw .parameter("abandonment_rate", problem: "is too small: about \(excess) would wait")
    }
    chain = BirthDeathChain(
      birth: { _ in arrivals },
      death: { Double(min($0, servers)) * service + Double(max($0 - servers, 0)) * patience })
    (self.servers, self.arrivals, self.service) = (servers, arrivals, service)
    self.patience = patience
  }

  var quantities: [Quantity] {
    let queue = chain.mean { Double(max($0 - servers, 0)) }
    let abandoned = patience * queue / arrivals
    let busy = chain.mean { Double(min($0, servers)) }
    return [
      ("P_wait", chain.probability(servers..<chain.probabilities.count)),
      ("Lq", queue), ("P_abandon", abandoned), ("Wq", queue / arrivals),
      ("throughput", busy * service), ("utilization", busy / Double(servers)),
    ]
  }

  func quantity(_ request: IndexedName) -> Double? {
    guard case .probability(let n) = request else { return nil }
    return n < chain.probabilities.count ? chain.probabilities[n] : 0
  }
}

/// The pool on the premises has no queue; what finds it full runs in an unlimited cloud.
///
/// Erlang B; the variance of the overflow in an infinite group is Wilkinson's ("Theories for toll
/// traffic engineering in the U.S.A.", Bell System Technical Journal 35, 1956; Riordan's formula)
/// and needs equal service rates.
struct BurstOverflow: ClosedForm {
  private let servers: Int
  private let arrivals: Double
  private let local: Double
  private let remote: Double

  init(_ parameters: ModelParameters) throws(ModelError) {
    servers = try parameters.count("idc_servers", from: 1)
    arrivals = try parameters.positive("arrival_rate")
    local = try parameters.positive("idc_service_rate")
    remote = try parameters.positive("cloud_service_rate")
  }

  var quantities: [Quantity] {
    let load = arrivals / local
    let overflow = Erlang(servers: servers, load: load).blocked
    let carried = arrivals * (1 - overflow)
    let cloud = arrivals * overflow / remote
    var quantities: [Quantity] = [
      ("P_burst", overflow), ("burst_rate", arrivals * overflow), ("mean_in_cloud", cloud),
      ("idc_throughput", carried), ("idc_utilization", carried / (Double(servers) * local)),
    ]
    if local == remote {
      let peakedness = 1 - cloud + load / (Double(servers) + 1 - load + cloud)
      quantities += [("var_in_cloud", cloud * peakedness), ("peakedness", peakedness)]
    }
    return quantities
  }
}
