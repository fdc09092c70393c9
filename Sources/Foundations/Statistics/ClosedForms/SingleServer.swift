#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// M/M/1: Poisson arrivals, one exponential server.
///
/// Kleinrock, *Queueing Systems* 1, section 3.2. The two asymptotic variance constants of output
/// analysis: Daley, "The serial correlation coefficients of waiting times in a stationary single
/// server queue", J. Austral. Math. Soc. 8 (1968), for the waits; Whitt, "Planning queueing
/// simulations", Management Science 35 (1989), for the number present.
struct SingleServer: ClosedForm {
  private let arrivals: Double
  private let service: Double
  private var rho: Double { arrivals / service }
  private var slack: Double { service - arrivals }

  init(_ parameters: ModelParameters) throws(ModelError) {
    arrivals = try parameters.positive("arrival_rate")
    service = try parameters.positive("service_rate")
    try Stability.require(arrivals / service)
  }

  var quantities: [Quantity] {
    let idle = slack / service
    let idle4 = idle * idle * idle * idle
    return [
      ("utilization", rho),
      ("L", arrivals / slack), ("Lq", rho * arrivals / slack),
      ("W", 1 / slack), ("Wq", rho / slack),
      ("P_wait", rho), ("P0", idle), ("P5", probability(of: 5)),
      ("var_N", rho / (idle * idle)), ("var_W", 1 / (slack * slack)),
      ("var_Wq", rho * (2 - rho) / (slack * slack)),
      ("W_p50", response(0.5)), ("W_p95", response(0.95)), ("W_p99", response(0.99)),
      ("Wq_p95", wait(0.95)), ("Wq_p99", wait(0.99)),
      (
        "tavc_Wq_sequence",
        rho * (2 + rho * (5 + rho * (-4 + rho))) / (service * service * idle4)
      ),
      ("tavc_N_time", 2 * rho * (1 + rho) / (service * idle4)),
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

  private func probability(of n: Int) -> Double { slack / service * pow(rho, Double(n)) }
  private func response(_ share: Double) -> Double { -log1p(-share) / slack }
  private func wait(_ share: Double) -> Double { max(0, log(rho / (1 - share)) / slack) }
}

/// The condition that a queue settles.
enum Stability {
  /// Throws unless the offered load per server is below 1.
  static func require(_ load: Double) throws(ModelError) {
    guard load < 1 else {
      throw .parameter("arrival_rate", problem: "is a load of \(load), which must be below 1")
    }
  }
}
