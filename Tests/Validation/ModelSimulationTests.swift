import Experiments
import Statistics
import TestSupport
import Testing

/// Networks of stations, links and checkpoints through the engine against their closed forms.
///
/// A quantity agrees if the known value lies in Student's interval that misses the truth once in a
/// million times. Every service that takes 5 % longer must be found in every case: what it moves
/// least, the time to the first failure of both of two units, by 4.7 %, has a standard error of
/// 1 / √(30 · 1,500) = 0.5 %.
@Suite("Models through the engine", .serialized)
struct ModelSimulationTests {
  private static let vectors = QueueingVector.all.filter {
    !QueueingStation.models.contains($0.model) && ModelSimulation.reasonAgainst($0.model) == nil
  }

  private func expectAgreement(
    with vector: QueueingVector, _ mutation: ModelSimulation.Mutation
  ) throws {
    let found = try ModelSimulation(seed: 42, mutation: mutation).quantities(
      of: vector.model, vector.params)
    var compared = 0
    for quantity in found {
      guard let known = vector.expected[quantity.name] else { continue }
      #expect(
        quantity.agrees(with: known),
        "\(vector.id) \(quantity.name): \(known) against \(quantity.low) to \(quantity.high)")
      compared += 1
    }
    #expect(compared > 0)
  }

  @Test("They agree with their closed forms; with longer services none does", arguments: vectors)
  func agreement(vector: QueueingVector) throws {
    try expectAgreement(with: vector, ModelSimulation.Mutation())
    var mutation = ModelSimulation.Mutation()
    mutation.service = 1.05
    expectDetects("Services take 5 % longer.") { try expectAgreement(with: vector, mutation) }
  }

  @Test("What isn't simulated has a reason, all else is")
  func reasons() {
    for name in QueueingModels.names where ModelSimulation.reasonAgainst(name) == nil {
      #expect(
        QueueingStation.models.contains(name) || Self.vectors.contains { $0.model == name },
        "\(name)")
    }
    #expect(ModelSimulation.reasonAgainst("aloha") != nil)
  }

  @Test("Parameters that make no sense are refused, not simulated")
  func refused() {
    let overloaded: ModelParameters = .object([
      "arrival_rate": .number(2), "service_rate": .number(1), "setup_rate": .number(1),
    ])
    #expect(throws: ModelError.self) {
      try ModelSimulation(seed: 1).quantities(of: "M/M/1-setup", overloaded)
    }
    #expect(throws: ModelError.unknownModel("M/D/1-no")) {
      try ModelSimulation(seed: 1).quantities(of: "M/D/1-no", .object([:]))
    }
  }
}
