/// A named result of a model.
typealias Quantity = (name: String, value: Double)

/// A model whose results are known in closed form.
protocol ClosedForm: Sendable {
  /// Reads the model's parameters.
  init(_ parameters: ModelParameters) throws(ModelError)
  /// What the model answers unasked.
  var quantities: [Quantity] { get }
  /// What it answers when asked by a name that holds a number, such as `P17` or `W_p90`.
  func quantity(_ request: IndexedName) -> Double?
}

extension ClosedForm {
  func quantity(_ request: IndexedName) -> Double? { nil }
}

/// Queueing, reliability and network models in closed form, by the names and parameters of the
/// validation vectors.
public enum QueueingModels {
  /// The models' names.
  public static var names: [String] { models.map(\.name) }

  /// Every quantity that a model answers unasked.
  ///
  /// - Throws: ``ModelError`` if there is no such model, or a parameter is missing or makes no
  ///   sense, such as a load that never lets the queue settle.
  public static func evaluate(
    model: String, params: ModelParameters
  ) throws(ModelError) -> [(name: String, value: Double)] {
    try form(model, params).quantities
  }

  /// One quantity of a model; also a probability `P<n>` or a quantile `<name>_p<percent>` that
  /// isn't among those answered unasked.
  ///
  /// - Throws: ``ModelError`` as above, and if the model has no such quantity.
  public static func evaluate(
    model: String, params: ModelParameters, quantity name: String
  ) throws(ModelError) -> Double {
    let form = try form(model, params)
    if let quantity = form.quantities.first(where: { $0.name == name }) { return quantity.value }
    guard let request = IndexedName(name), let value = form.quantity(request) else {
      throw .unknownQuantity(name)
    }
    return value
  }

  private static func form(
    _ model: String, _ params: ModelParameters
  ) throws(ModelError) -> any ClosedForm {
    guard let entry = models.first(where: { $0.name == model }) else {
      throw .unknownModel(model)
    }
    return try entry.type.init(params)
  }

  private static let models: [(name: String, type: any ClosedForm.Type)] = [
    ("M/M/1", SingleServer.self),
    ("M/M/c", ManyServers.self),
    ("M/M/c/K", FiniteQueue.self),
    ("M/M/inf", InfiniteServers.self),
    ("M/M/c+M", ImpatientCustomers.self),
    ("M/M/1-transient", TransientQueue.self),
    ("M/M/1-setup", ServerWithSetup.self),
    ("M/M/1-disciplines", Disciplines.self),
    ("M^X/M/1", BatchArrivals.self),
    ("M/G/1", GeneralService.self),
    ("M/G/1-PS", ProcessorSharing.self),
    ("M/G/1-priority", PriorityClasses.self),
    ("M/G/1-vacations", ServerWithVacations.self),
    ("GI/M/1", GeneralArrivals.self),
    ("open-jackson", OpenNetwork.self),
    ("closed-mva", ClosedNetwork.self),
    ("machine-repair", MachineRepair.self),
    ("k-of-n-availability", Redundancy.self),
    ("two-unit-mttf", MirroredPair.self),
    ("checkpoint-restart", Checkpointing.self),
    ("keep-alive", KeepAlive.self),
    ("cloud-burst-overflow", BurstOverflow.self),
    ("aloha", RandomAccess.self),
    ("tcp-throughput", TransportThroughput.self),
    ("max-min-fair", FairShares.self),
  ]
}
