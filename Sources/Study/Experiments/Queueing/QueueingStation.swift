import Probability
import Statistics

/// A service station: who arrives, how long each is served, and by what.
///
/// Rates are per second and times in seconds; a model in another unit of time is simulated as if
/// its unit were the second.
public struct QueueingStation: Hashable, Sendable {
  /// How the servers are shared.
  public enum Discipline: Hashable, Sendable {
    /// First come, first served; a customer has a server to itself.
    case firstComeFirstServed
    /// Processor sharing: one server serves all customers present at once, each at an equal part of
    /// its speed.
    case processorSharing
  }

  /// The law of the time between two arrivals.
  public var interarrival: Law
  /// The law of the service time.
  public var service: Law
  /// How many servers there are.
  public var servers: Int
  /// How many places there are, those at the servers included; nil if there is no bound.
  public var capacity: Int?
  /// How the servers are shared; more than one server only first come, first served.
  public var discipline: Discipline

  /// A station; one server, no bound on places and first come, first served unless said otherwise.
  public init(
    interarrival: Law, service: Law, servers: Int = 1, capacity: Int? = nil,
    discipline: Discipline = .firstComeFirstServed
  ) {
    precondition(servers >= 1, "A station has at least one server.")
    precondition(capacity ?? servers >= servers, "A station has a place at every server.")
    precondition(
      discipline == .firstComeFirstServed || (servers == 1 && capacity == nil),
      "Processor sharing is modelled for one server without a bound on places.")
    self.interarrival = interarrival
    self.service = service
    self.servers = servers
    self.capacity = capacity
    self.discipline = discipline
  }

  /// The models that can be simulated, by the names of the validation vectors.
  public static let models = ["M/M/1", "M/M/c", "M/M/c/K", "M/G/1", "M/G/1-PS", "GI/M/1"]

  /// The station of a model, by the names and parameters of the validation vectors.
  ///
  /// - Throws: ``ModelError`` if the model isn't one of ``models``, or a parameter is missing or
  ///   makes no sense.
  public init(model: String, params: ModelParameters) throws(ModelError) {
    func poisson() throws(ModelError) -> Law {
      .exponential(mean: 1 / (try params.positive("arrival_rate")))
    }
    func memoryless() throws(ModelError) -> Law {
      .exponential(mean: 1 / (try params.positive("service_rate")))
    }
    switch model {
    case "M/M/1":
      self.init(interarrival: try poisson(), service: try memoryless())
    case "M/M/c":
      self.init(
        interarrival: try poisson(), service: try memoryless(),
        servers: try params.count("servers", from: 1))
    case "M/M/c/K":
      let servers = try params.count("servers", from: 1)
      self.init(
        interarrival: try poisson(), service: try memoryless(), servers: servers,
        capacity: try params.count("capacity", from: servers))
    case "M/G/1":
      self.init(interarrival: try poisson(), service: try params.law("service"))
    case "M/G/1-PS":
      self.init(
        interarrival: try poisson(), service: try params.law("service"),
        discipline: .processorSharing)
    case "GI/M/1":
      self.init(interarrival: try params.law("interarrival"), service: try memoryless())
    default:
      throw .unknownModel(model)
    }
    guard interarrival.mean > 0 else {
      throw .parameter("interarrival", problem: "must have a mean above 0")
    }
    guard capacity != nil || load < 1 else {
      throw .parameter("arrival_rate", problem: "is a load of \(load), which must be below 1")
    }
  }

  /// The offered load per server.
  public var load: Double { service.mean / (interarrival.mean * Double(servers)) }

  /// How long a run is left to itself before anything is observed, in seconds.
  ///
  /// Twenty relaxation times, so that what the empty start leaves is e⁻²⁰ of it. The relaxation time
  /// is that of M/M/1, 1 / (μ (1 − √ρ)²) (P. M. Morse, *Queues, Inventories and Maintenance*, 1958),
  /// stretched by the mean of the two squared coefficients of variation as in heavy traffic, with the
  /// servers as one fast server; with K places the spectral gap is at least 2μ√ρ(1 − cos(π/(K + 1)));
  /// and never less than one mean service time.
  public var warmUp: Double {
    let mean = service.mean
    let root = load.squareRoot()
    var gap = (1 - root) * (1 - root)
    if let capacity {
      // 1 − cos x ≥ 2 x² / π² on [0, π].
      let waiting = Double(capacity - servers + 2)
      gap += 4 * root / (waiting * waiting)
    }
    let variability = max(1, (squaredVariation(interarrival) + squaredVariation(service)) / 2)
    return 20 * max(mean, mean / Double(servers) * variability / gap)
  }

  private func squaredVariation(_ law: Law) -> Double { law.variance / (law.mean * law.mean) }
}
