import Experiments
import Probability
import Statistics
import TestSupport
import Testing

/// Queueing stations through the event engine against their closed forms.
///
/// A quantity agrees if the known value lies in Student's interval that misses the truth once in a
/// million times: with 30 replications within 6.2 standard errors. The power is worked out at each
/// mutant; all are found with a probability of more than 0.99.
@Suite("Queues through the engine", .serialized)
struct QueueSimulationTests {
  private static let simulated = QueueingVector.all.filter {
    QueueingStation.models.contains($0.model)
  }

  private func expectAgreement(
    _ quantities: [SimulatedQuantity], with vector: QueueingVector, atLeast count: Int
  ) {
    var compared = 0
    for quantity in quantities {
      guard let known = vector.expected[quantity.name] else { continue }
      #expect(
        quantity.agrees(with: known),
        "\(vector.id) \(quantity.name): \(known) against \(quantity.low) to \(quantity.high)")
      compared += 1
    }
    #expect(compared >= count)
    // Only what is too rare to be seen may be left out.
    if let empty = vector.expected["P0"], empty > 1e-6 {
      #expect(quantities.contains { $0.name == "P0" })
    }
  }

  @Test("Every model that can be simulated agrees with its closed form", arguments: simulated)
  func agreement(vector: QueueingVector) throws {
    let quantities = try QueueSimulation.simulate(
      model: vector.model, params: vector.params, seed: 1, replications: 30, customers: 20_000)
    expectAgreement(quantities, with: vector, atLeast: 4)
  }

  @Test("There are vectors for all models")
  func coverage() {
    #expect(Set(Self.simulated.map(\.model)) == Set(QueueingStation.models))
  }

  /// Simulates the station of a vector after a change, and compares with the unchanged vector.
  private func expectDetected(
    _ id: String, _ mutant: Comment, _ change: (inout QueueingStation) -> Void
  ) throws {
    let vector = try QueueingVector.named(id)
    var station = try QueueingStation(model: vector.model, params: vector.params)
    let right = QueueSimulation.simulate(station, model: vector.model, seed: 2)
    expectAgreement(right, with: vector, atLeast: 4)
    change(&station)
    let wrong = QueueSimulation.simulate(station, model: vector.model, seed: 2)
    expectDetects(mutant) { expectAgreement(wrong, with: vector, atLeast: 4) }
  }

  /// ρ = 0.8, 1.2 M customers: the standard error of Wq is √(1976 / 1.2 M) = 0.041. With a service
  /// rate of 0.98, Wq = 0.8163 / 0.18 = 4.535, which is 13 standard errors above 4.
  @Test("M/M/1 with a service rate 2 % lower is noticed")
  func serviceRate() throws {
    try expectDetected("M/M/1-002", "The service rate is 2 % lower.") {
      $0.service = .exponential(mean: 1 / 0.98)
    }
  }

  /// A rate 2 % higher: Wq = 0.7843 / 0.22 = 3.565, at least 10 standard errors below 4.
  @Test("M/M/1 with a service rate 2 % higher is noticed")
  func higherServiceRate() throws {
    try expectDetected("M/M/1-002", "The service rate is 2 % higher.") {
      $0.service = .exponential(mean: 1 / 1.02)
    }
  }

  /// Two servers at ρ = 0.75 against three at 0.5: P(wait) falls from 0.643 to 0.237, with a
  /// standard error far below 0.01.
  @Test("M/M/c with a server too many is noticed")
  func serverTooMany() throws {
    try expectDetected("M/M/c-005", "There is a server more.") { $0.servers += 1 }
  }

  /// At 50 servers and ρ = 0.9, one more takes P(wait) from 0.364 to 0.285. The relaxation time is
  /// 1 / (50 (1 − √0.9)²) = 7.6 s, in which 342 customers arrive. An indicator varies by at most
  /// 0.25, so the standard error is at most about √(0.25 · 2 · 342 / 1.2 M) = 0.012, and 0.004 as
  /// measured: 19 of them.
  @Test("M/M/c with one server in fifty too many is noticed")
  func serverTooManyOfFifty() throws {
    try expectDetected("M/M/c-008", "There is a server more.") { $0.servers += 1 }
  }

  /// One place more at ρ = 1 and 10 places: P(block) falls from 1/11 to 1/12, and W rises from 5.5
  /// to 6. Their standard errors, as measured, are 0.0007 and 0.0165: 10 and 30 of them.
  @Test("M/M/c/K with a place too many is noticed")
  func placeTooMany() throws {
    try expectDetected("M/M/c/K-011", "There is a place more.") { $0.capacity = $0.capacity! + 1 }
  }

  /// Erlang-3 against Erlang-4 service: by Pollaczek and Khinchine Wq falls with 1 + c² from
  /// 1.5556 by 6.25 % to 1.4583; its standard error, as measured, is 0.0095: 10 of them.
  @Test("M/G/1 with the right mean but the wrong variance is noticed")
  func wrongVariance() throws {
    try expectDetected("M/G/1-019", "The service has a smaller variance.") {
      $0.service = .erlang(shape: 4, mean: 1)
    }
  }

  /// First come, first served instead of sharing: at c² = 5.5 W rises from 3.33 to 8.58.
  @Test("Processor sharing taken for first come, first served is noticed")
  func wrongDiscipline() throws {
    try expectDetected("M/G/1-PS-027", "Customers are served one by one.") {
      $0.discipline = .firstComeFirstServed
    }
  }

  /// Poisson instead of regular arrivals: Wq rises from 1.69 to 4.
  @Test("GI/M/1 with the wrong arrivals is noticed")
  func wrongArrivals() throws {
    try expectDetected("GI/M/1-035", "Arrivals come at random.") {
      $0.interarrival = .exponential(mean: 1.25)
    }
  }

  /// The ratio of two standard deviations of 30 and 480 values has a standard deviation of about
  /// 1/√58 + 1/√958 in the worst case, 16 %; at 1/√n it is 1/4, and 1/2 were it 1/n^¼.
  @Test("Intervals narrow as one over the root of n")
  func widths() throws {
    let vector = try QueueingVector.named("M/M/1-001")
    func width(_ n: Int, _ name: String) throws -> Double {
      let found = try QueueSimulation.simulate(
        model: vector.model, params: vector.params, seed: 5, replications: n, customers: 2_000)
      let interval = try #require(found.first { $0.name == name }).interval(confidence: 0.95)
      return interval.high - interval.low
    }
    for name in ["utilization", "L", "Wq"] {
      // Student's quantiles differ as well: 2.045 and 1.965.
      let ratio = try width(480, name) / width(30, name) * (2.045 / 1.965)
      #expect(ratio > 0.25 * 0.6 && ratio < 0.25 * 1.5, "\(name): \(ratio)")
    }
  }

  @Test("Equal seeds give equal results, others don't")
  func seeds() throws {
    let vector = try QueueingVector.named("M/M/1-002")
    func quantities(_ seed: UInt64) throws -> [SimulatedQuantity] {
      try QueueSimulation.simulate(
        model: vector.model, params: vector.params, seed: seed, replications: 2, customers: 500)
    }
    let first = try quantities(7)
    #expect(try quantities(7) == first)
    #expect(try quantities(8) != first)
  }

  @Test("What can't be simulated is refused with the reason")
  func refused() {
    #expect(throws: ModelError.unknownModel("open-jackson")) {
      try QueueSimulation.simulate(model: "open-jackson", params: .object([:]), seed: 1)
    }
    #expect(throws: ModelError.self) {
      let params: ModelParameters = .object([
        "arrival_rate": .number(1), "service_rate": .number(1),
      ])
      return try QueueSimulation.simulate(model: "M/M/1", params: params, seed: 1)
    }
  }
}
