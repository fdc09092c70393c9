import Probability

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// M/G/1 by Pollaczek and Khinchine.
///
/// Kleinrock, *Queueing Systems* 1, sections 5.6 to 5.8 (waits by Takács' recurrence, busy period).
struct GeneralService: ClosedForm {
  private let arrivals: Double
  private let service: Law
  private var rho: Double { arrivals * service.mean }

  init(_ parameters: ModelParameters) throws(ModelError) {
    arrivals = try parameters.positive("arrival_rate")
    service = try parameters.law("service")
    try Stability.require(rho)
  }

  /// λ E[S²] / (2 (1 − ρ)).
  static func meanWait(_ arrivals: Double, _ service: Law) -> Double {
    arrivals * service.moment(2) / (2 * (1 - arrivals * service.mean))
  }

  var quantities: [Quantity] {
    let (mean, second) = (service.mean, service.moment(2))
    let idle = 1 - rho
    let wait = Self.meanWait(arrivals, service)
    let excess = arrivals * service.moment(3) / (3 * idle)
    let busy = mean / idle
    return [
      ("utilization", rho), ("ES", mean), ("ES2", second),
      ("scv", mean > 0 ? service.variance / (mean * mean) : 0),
      ("Wq", wait), ("W", wait + mean), ("Lq", arrivals * wait), ("L", arrivals * (wait + mean)),
      ("P_wait", rho), ("EWq2", 2 * wait * wait + excess), ("var_Wq", wait * wait + excess),
      ("busy_period_mean", busy), ("busy_period_var", second / (idle * idle * idle) - busy * busy),
    ]
  }
}

/// M/G/1 with processor sharing, where only the mean of the service counts.
///
/// Kleinrock, *Queueing Systems* 2, section 4.4.
struct ProcessorSharing: ClosedForm {
  private let rho: Double
  private let mean: Double

  init(_ parameters: ModelParameters) throws(ModelError) {
    mean = try parameters.law("service").mean
    rho = try parameters.positive("arrival_rate") * mean
    try Stability.require(rho)
  }

  var quantities: [Quantity] {
    [
      ("utilization", rho), ("W", mean / (1 - rho)), ("L", rho / (1 - rho)),
      ("conditional_slowdown", 1 / (1 - rho)),
      ("P0", probability(of: 0)), ("P3", probability(of: 3)),
    ]
  }

  func quantity(_ request: IndexedName) -> Double? {
    guard case .probability(let n) = request else { return nil }
    return probability(of: n)
  }

  private func probability(of n: Int) -> Double { (1 - rho) * pow(rho, Double(n)) }
}

/// M/G/1 whose classes have priorities, the first the highest.
///
/// Cobham, Operations Research 2 (1954), without preemption; with preemption and resumption
/// Kleinrock, *Queueing Systems* 2, section 3.4.
struct PriorityClasses: ClosedForm {
  private let arrivals: [Double]
  private let services: [Law]
  private let preempts: Bool

  init(_ parameters: ModelParameters) throws(ModelError) {
    arrivals = try parameters.numbers("arrival_rates", exclusive: true)
    services = try parameters.laws("services")
    preempts = try parameters.flag("preemptive_resume")
    guard !arrivals.isEmpty, arrivals.count == services.count else {
      throw .parameter("services", problem: "must be as many as arrival_rates, and at least one")
    }
    try Stability.require(load(through: arrivals.count))
  }

  private func load(through classes: Int) -> Double {
    (0..<classes).reduce(0) { $0 + arrivals[$1] * services[$1].mean }
  }

  /// The mean work found in service, counting the first classes only.
  private func residual(through classes: Int) -> Double {
    (0..<classes).reduce(0) { $0 + arrivals[$1] * services[$1].moment(2) / 2 }
  }

  private func response(_ index: Int) -> Double {
    let (above, within) = (load(through: index), load(through: index + 1))
    let interrupted = preempts ? services[index].mean / (1 - above) : services[index].mean
    let ahead = residual(through: preempts ? index + 1 : services.count)
    return interrupted + ahead / ((1 - above) * (1 - within))
  }

  var quantities: [Quantity] {
    var quantities: [Quantity] = []
    for index in services.indices {
      let response = response(index)
      quantities.append(("W_class\(index + 1)", response))
      quantities.append(("Wq_class\(index + 1)", response - services[index].mean))
    }
    let all = services.indices.reduce(0) { $0 + arrivals[$1] * response($1) }
    quantities.append(("W_all", all / arrivals.reduce(0, +)))
    quantities.append(("utilization", load(through: services.count)))
    return quantities
  }
}

/// M/G/1 whose server takes vacations, one after another while it finds nobody.
///
/// Decomposition: Fuhrmann and Cooper, Operations Research 33 (1985).
struct ServerWithVacations: ClosedForm {
  private let arrivals: Double
  private let service: Law
  private let vacation: Law

  init(_ parameters: ModelParameters) throws(ModelError) {
    arrivals = try parameters.positive("arrival_rate")
    service = try parameters.law("service")
    vacation = try parameters.law("vacation")
    guard vacation.mean > 0 else { throw .parameter("vacation", problem: "must not be zero") }
    try Stability.require(arrivals * service.mean)
  }

  var quantities: [Quantity] {
    let wait =
      GeneralService.meanWait(arrivals, service) + vacation.moment(2) / (2 * vacation.mean)
    let response = wait + service.mean
    return [
      ("utilization", arrivals * service.mean), ("Wq", wait), ("W", response),
      ("L", arrivals * response),
    ]
  }
}
