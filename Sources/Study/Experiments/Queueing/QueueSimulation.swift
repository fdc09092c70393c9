import DiscreteEvents
import Probability
import Quantities
import Statistics

/// A quantity of a model as a simulation estimated it.
public struct SimulatedQuantity: Hashable, Sendable {
  /// The quantity's name, as in the closed forms.
  public let name: String
  /// Its values in the replications.
  public let replications: Tally

  /// How many replications gave a value.
  public var n: Int { replications.count }
  /// The mean over the replications.
  public var estimate: Double { replications.mean ?? .nan }
  /// The lower limit of the 99 % interval.
  public var low: Double { interval(confidence: 0.99).low }
  /// The upper limit of the 99 % interval.
  public var high: Double { interval(confidence: 0.99).high }

  /// Student's interval over the replications; its limits are infinite below two of them.
  public func interval(confidence: Double) -> ConfidenceInterval {
    ConfidenceInterval.mean(of: replications, confidence: confidence)
      ?? ConfidenceInterval(estimate: estimate, low: -.infinity, high: .infinity)
  }

  /// Whether a known value is compatible with the estimate: it lies in the interval that misses the
  /// truth with the probability `falseAlarm`.
  ///
  /// Many quantities are compared at once, so the 99 % interval would miss some that are right.
  /// Where all replications agree, rounding alone may set them apart, by 10⁻⁸ of the value.
  public func agrees(with known: Double, falseAlarm: Double = 1e-6) -> Bool {
    let interval = interval(confidence: 1 - falseAlarm)
    let rounding = 1e-8 * known.magnitude
    return interval.low - rounding <= known && known <= interval.high + rounding
  }
}

/// Queueing stations simulated by the event engine, against which closed forms are held.
public enum QueueSimulation {
  /// Estimates a model's quantities.
  ///
  /// Every replication starts empty, is left to itself for ``QueueingStation/warmUp``, and is then
  /// observed for so many customers (and the time in which so many arrive on average).
  /// - Parameters:
  ///   - model: One of ``QueueingStation/models``.
  ///   - params: Its parameters, by the names of the validation vectors.
  ///   - seed: The seed; equal seeds give equal results.
  ///   - replications: How many independent runs, at least one.
  ///   - customers: How many customers are observed in each, at least one.
  /// - Throws: ``ModelError`` if the model can't be simulated or a parameter makes no sense.
  public static func simulate(
    model: String, params: ModelParameters, seed: UInt64, replications: Int = 30,
    customers: Int = 40_000
  ) throws(ModelError) -> [SimulatedQuantity] {
    let station = try QueueingStation(model: model, params: params)
    return simulate(
      station, model: model, seed: seed, replications: replications, customers: customers)
  }

  /// Estimates the quantities that a model has, for a station that may be another.
  ///
  /// Once the task is cancelled, of the replications before.
  ///
  /// - Parameter warmUp: what a run is left to itself for, in seconds; nil: as the station needs.
  public static func simulate(
    _ station: QueueingStation, model: String, seed: UInt64, replications: Int = 30,
    customers: Int = 40_000, warmUp: Double? = nil
  ) -> [SimulatedQuantity] {
    precondition(replications >= 1 && customers >= 1, "A simulation has something to observe.")
    var tallies: [(name: String, tally: Tally)] = []
    // Two at least, so that there is an interval.
    for replication in 0..<replications where replication < 2 || !Task.isCancelled {
      let observer = observe(
        station, luck: RandomSource(seed: seed, replication: replication), customers: customers,
        warmUp: warmUp ?? station.warmUp)
      let values = quantities(of: observer, station, model)
      if tallies.isEmpty { tallies = values.map { ($0.name, Tally()) } }
      for (index, quantity) in values.enumerated() { tallies[index].tally.add(quantity.value) }
    }
    return tallies.compactMap { name, tally in
      let isNeverSeen = occupancies.contains(name) && tally.maximum == 0
      return isNeverSeen ? nil : SimulatedQuantity(name: name, replications: tally)
    }
  }

  /// Probabilities of a number of customers present: of one that no replication saw, nothing is
  /// known but that it is rare, so it is left out.
  private static let occupancies = ["P0", "P3", "P5"]

  /// One run of a station.
  static func observe(
    _ station: QueueingStation, luck: RandomSource, customers: Int, warmUp: Double
  ) -> StationObserver {
    let observer = StationObserver(
      customers: customers, warmUp: warmUp, interarrival: station.interarrival.mean)
    var model = StationModel(station: station, luck: luck, observer: observer)
    var agenda = EventList<StationModel.Event>()
    model.start(on: &agenda)
    run(&model, agenda: &agenda, until: .distantFuture)
    return model.observer
  }

  /// The model's quantities in one run, under the names of its closed form.
  private static func quantities(
    of observer: StationObserver, _ station: QueueingStation, _ model: String
  ) -> [(name: String, value: Double)] {
    guard let time = observer.timeAverages else { return [] }
    let observed = Double(observer.observed)
    let wait = (observer.waits.mean ?? 0) / 1e9
    let response = (observer.responses.mean ?? 0) / 1e9
    let delayed = Double(observer.delayed) / observed
    let common = [
      ("utilization", time.serving / Double(station.servers)),
      ("L", time.present), ("Lq", time.waiting), ("W", response), ("Wq", wait),
    ]
    switch model {
    case "M/M/1":
      return common + [
        ("P_wait", delayed), ("P0", time.occupancy[0]), ("P5", time.occupancy[5]),
      ]
    case "M/M/c": return common + [("erlang_C", delayed), ("P0", time.occupancy[0])]
    case "M/M/c/K":
      return common + [
        ("P_wait_accepted", delayed), ("P0", time.occupancy[0]),
        ("P_block", Double(observer.blocked) / observed), ("throughput", time.throughput),
      ]
    case "M/G/1-PS":
      return [
        ("utilization", 1 - time.occupancy[0]), ("L", time.present), ("W", response),
        ("P0", time.occupancy[0]), ("P3", time.occupancy[3]),
      ]
    case "M/G/1":
      // E[Wq²] from the exact sums: variance with n in the denominator plus the mean squared.
      let variance = (observer.waits.variance ?? 0) / 1e18 * (observed - 1) / observed
      return common + [("P_wait", delayed), ("EWq2", variance + wait * wait)]
    default: return common + [("P_wait", delayed)]
    }
  }
}
