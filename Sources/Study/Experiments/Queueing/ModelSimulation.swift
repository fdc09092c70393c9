import Infrastructure
import Probability
import Quantities
import Statistics

/// The models of the validation vectors as the engine simulates them.
///
/// Single stations run as ``QueueingStation``, everything between which customers move as a network
/// of stations, links as ``FluidNetwork`` and checkpoints as Jobs' ``Workloads/Checkpointing``: what
/// runs in scenarios, too.
public struct ModelSimulation: Sendable {
  /// Factors that make a simulation wrong on purpose.
  public struct Mutation: Hashable, Sendable {
    /// Services, repairs, transfers and work take so many times as long.
    public var service = 1.0
    /// So many times as long passes between two arrivals, or failures of what checkpoints guard.
    public var interarrival = 1.0
    /// Nothing is wrong.
    public init() {}
  }

  /// The seed.
  public var seed: UInt64
  /// How many independent replications; at least two for an interval.
  public var replications: Int
  /// What is wrong.
  public var mutation: Mutation

  /// A simulation; by default of 30 replications with nothing wrong.
  public init(seed: UInt64, replications: Int = 30, mutation: Mutation = Mutation()) {
    self.seed = seed
    self.replications = replications
    self.mutation = mutation
  }

  /// Why a model isn't simulated; nil if it is.
  public static func reasonAgainst(_ model: String) -> String? {
    switch model {
    case "aloha": "nothing in Spillway contends for a shared medium"
    case "tcp-throughput":
      "no packets are simulated: flows have this closed form as their limit"
    default: nil
    }
  }

  /// Estimates a model's quantities; once the task is cancelled, of the replications before.
  ///
  /// - Throws: ``ModelError`` if the model isn't simulated or a parameter makes no sense.
  public func quantities(
    of model: String, _ params: ModelParameters
  ) throws(ModelError) -> [SimulatedQuantity] {
    if QueueingStation.models.contains(model) {
      let right = try QueueingStation(model: model, params: params)
      var station = right
      station.service = right.service.scaled(by: mutation.service)
      station.interarrival = right.interarrival.scaled(by: mutation.interarrival)
      return QueueSimulation.simulate(
        station, model: model, seed: seed, replications: replications, warmUp: right.warmUp)
    }
    if model == "max-min-fair" { return try rates(params) }
    if model == "checkpoint-restart" {
      return try CheckpointedWork(params, mutation).quantities(
        seed: seed, replications: replications)
    }
    var found: [SimulatedQuantity] = []
    for simulation in try NetworkModels(params).simulations(of: model) {
      var simulation = simulation
      simulation.network = simulation.network.scaled(
        service: mutation.service, interarrival: mutation.interarrival)
      found += estimate { simulation.values(seed: seed, replication: $0) }
    }
    if model == "M/M/1-disciplines" { found.append(try sharedResponse(params)) }
    return found
  }

  /// The mean response of a server that all customers share.
  private func sharedResponse(_ params: ModelParameters) throws(ModelError) -> SimulatedQuantity {
    let right = try QueueingStation(model: "M/M/1", params: params)
    let station = QueueingStation(
      interarrival: right.interarrival.scaled(by: mutation.interarrival),
      service: right.service.scaled(by: mutation.service), discipline: .processorSharing)
    let found = QueueSimulation.simulate(
      station, model: "M/G/1-PS", seed: seed, replications: replications, warmUp: right.warmUp)
    let response = found.first { $0.name == "W" }?.replications ?? Tally()
    return SimulatedQuantity(name: "W_PS", replications: response)
  }

  private func estimate(
    _ replicate: (Int) -> [(name: String, value: Double)]
  ) -> [SimulatedQuantity] {
    var names: [String] = []
    var values: [[Double]] = []
    for replication in 0..<replications where replication < 2 || !Task.isCancelled {
      for (index, quantity) in replicate(replication).enumerated() {
        if index == names.count {
          names.append(quantity.name)
          values.append([])
        }
        values[index].append(quantity.value)
      }
    }
    return zip(names, values).compactMap { name, values in
      // Of a share that most replications saw as none or all, nothing is known but that it is.
      let isShare = name.hasPrefix("P_") || name.hasPrefix("P0") || name.hasPrefix("availability_k")
      let extreme = values.count { $0 == 0 || $0 == 1 }
      guard !isShare || 2 * extreme < values.count else { return nil }
      return SimulatedQuantity(name: name, replications: Tally(values))
    }
  }

  /// The rates that flows of a network settle at.
  private func rates(_ params: ModelParameters) throws(ModelError) -> [SimulatedQuantity] {
    let capacities = try params.numbers("capacities", from: 0, exclusive: true)
    var network = FluidNetwork(capacities: capacities.map { $0 / mutation.service })
    var flows = 0
    for links in try params.list("flow_links") {
      guard case .array(let numbers) = links else {
        throw .parameter("flow_links", problem: "must be a list of lists")
      }
      var crossed: [Int] = []
      for number in numbers {
        let link = try number.checkedCount("flow_links", from: 0)
        guard link < capacities.count else {
          throw .parameter("flow_links", problem: "names link \(link) of \(capacities.count)")
        }
        crossed.append(link)
      }
      let index = network.addClass(crossing: crossed, ownLimit: .infinity)
      network.start(UInt64(index), inClass: index, bytes: 1e15, at: .zero)
      flows += 1
    }
    return (0..<flows).map { flow in
      let rate = network.rate(ofClass: flow)
      // Without chance every replication is the same.
      return SimulatedQuantity(
        name: "rate\(flow + 1)",
        replications: Tally([Double](repeating: rate, count: replications)))
    }
  }
}
