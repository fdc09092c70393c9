#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Erlang's two formulas for `servers` servers offered `load` erlangs.
struct Erlang {
  /// The share of blocked calls where nobody waits (Erlang B).
  let blocked: Double
  /// The share of waiting calls where nobody is blocked (Erlang C); meaningful below saturation.
  let waiting: Double

  /// By the recursion B(n) = a B(n−1) / (n + a B(n−1)), which is stable for any number of servers.
  init(servers: Int, load: Double) {
    var b = 1.0
    for n in stride(from: 1, through: servers, by: 1) { b = load * b / (Double(n) + load * b) }
    blocked = b
    waiting = b / (1 - load / Double(servers) * (1 - b))
  }
}

/// M/M/c: Poisson arrivals, c exponential servers.
///
/// Kleinrock, *Queueing Systems* 1, section 3.5; the response time is the convolution of the wait
/// and the service.
struct ManyServers: ClosedForm {
  private let servers: Int
  private let arrivals: Double
  private let service: Double
  private let erlang: Erlang
  private let slack: Double

  init(_ parameters: ModelParameters) throws(ModelError) {
    try self.init(
      servers: try parameters.count("servers", from: 1),
      arrivals: try parameters.positive("arrival_rate"),
      service: try parameters.positive("service_rate"))
  }

  init(servers: Int, arrivals: Double, service: Double) throws(ModelError) {
    self.servers = servers
    self.arrivals = arrivals
    self.service = service
    erlang = Erlang(servers: servers, load: arrivals / service)
    slack = Double(servers) * service - arrivals
    try Stability.require(utilization)
  }

  var utilization: Double { arrivals / (Double(servers) * service) }
  var meanWait: Double { erlang.waiting / slack }
  var meanResponse: Double { meanWait + 1 / service }
  var meanNumber: Double { arrivals * meanResponse }

  var quantities: [Quantity] {
    [
      ("utilization", utilization),
      ("erlang_C", erlang.waiting), ("erlang_B", erlang.blocked), ("P0", probability(of: 0)),
      ("Wq", meanWait), ("W", meanResponse), ("Lq", arrivals * meanWait), ("L", meanNumber),
      ("Wq_p95", wait(0.95)), ("Wq_p99", wait(0.99)),
      ("W_p95", response(0.95)), ("W_p99", response(0.99)),
      ("var_Wq", erlang.waiting * (2 - erlang.waiting) / (slack * slack)),
    ]
  }

  func quantity(_ request: IndexedName) -> Double? {
    switch request {
    case .probability(let n): probability(of: n)
    case .quantile("W", let share): response(share)
    case .quantile("Wq", let share): wait(share)
    case .quantile: nil
    }
  }

  /// Below c the chain of M/M/c/c, scaled by the probability that nobody waits; above, geometric.
  private func probability(of n: Int) -> Double {
    let (load, servers) = (arrivals / service, servers)
    let loss = BirthDeathChain(last: servers, birth: { _ in load }, death: { Double($0) })
    if n >= servers {
      return erlang.waiting * (1 - utilization) * pow(utilization, Double(n - servers))
    }
    return (1 - erlang.waiting) * loss.probabilities[n] / (1 - loss.probabilities[servers])
  }

  private func wait(_ share: Double) -> Double {
    max(0, log(erlang.waiting / (1 - share)) / slack)
  }

  private func response(_ share: Double) -> Double {
    Roots.fall(of: responseTail, to: 1 - share, near: meanResponse)
  }

  /// P(W > t). With δ = cμ − λ, the sum of the wait and the service has the tail
  /// (δ e^(−μt) − μ e^(−δt)) / (δ − μ) = e^(−μt) (1 + μ (1 − e^(−(δ−μ)t)) / (δ − μ)).
  private func responseTail(_ t: Double) -> Double {
    let difference = slack - service
    let ratio = difference == 0 ? t : -expm1(-difference * t) / difference
    return exp(-service * t) * (1 + erlang.waiting * service * ratio)
  }
}

/// Roots of monotone functions.
enum Roots {
  /// Where a falling function of t ≥ 0 reaches a level, to neighbouring numbers.
  static func fall(of function: (Double) -> Double, to level: Double, near guess: Double) -> Double
  {
    var (low, high) = (0.0, guess)
    while function(high) > level { (low, high) = (high, high * 2) }
    while high > low {
      let middle = low + (high - low) / 2
      guard middle > low, middle < high else { break }
      if function(middle) > level { low = middle } else { high = middle }
    }
    return high
  }
}

/// M/M/∞: everybody is served at once.
///
/// The number present is Poisson whatever the service law; from empty, Poisson at every time.
struct InfiniteServers: ClosedForm {
  private let load: Double
  private let elapsed: Double
  private let service: Double

  init(_ parameters: ModelParameters) throws(ModelError) {
    service = try parameters.positive("service_rate")
    load = try parameters.positive("arrival_rate") / service
    elapsed = try parameters.number("t")
    guard load <= Double(ModelParameters.mostStates) else {
      throw .parameter("arrival_rate", problem: "is too large: \(load) customers on average")
    }
  }

  var quantities: [Quantity] {
    // Parameters are decimals: 0.3 / 0.1 is meant to be 3, not a little less.
    let whole = abs(load - load.rounded()) < 1e-12 * load ? load.rounded() : load.rounded(.down)
    return [
      ("L", load), ("var_N", load), ("P0", exp(-load)),
      ("P_at_most_round_L", number.probability(0..<(Int(whole) + 1))),
      ("mean_N_at_t_from_empty", -load * expm1(-service * elapsed)),
      ("N_p99", quantile(0.99)),
    ]
  }

  func quantity(_ request: IndexedName) -> Double? {
    switch request {
    case .probability(let n): n < number.probabilities.count ? number.probabilities[n] : 0
    case .quantile("N", let share): quantile(share)
    case .quantile: nil
    }
  }

  private var number: BirthDeathChain {
    BirthDeathChain(birth: { [load] _ in load }, death: { Double($0) })
  }

  private func quantile(_ share: Double) -> Double {
    var sum = 0.0
    let probabilities = number.probabilities
    let index = probabilities.firstIndex { p in
      sum += p
      return sum >= share
    }
    return Double(index ?? probabilities.count - 1)
  }
}
