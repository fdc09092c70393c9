import DiscreteEvents
import Probability
import Quantities
import Statistics

/// How the quantities of a queueing model are estimated by a network of stations.
struct NetworkSimulation: Sendable {
  var network: StationNetwork
  /// Seconds before anything is observed, and seconds observed.
  var warmUp = 0.0
  var span: Double
  /// Independent runs whose values are averaged to one replication.
  var parts = 1
  /// The quantities of one run; `time` is how long it was observed.
  var quantities:
    @Sendable (_ stations: [StationRecord], _ time: Double) -> [(name: String, value: Double)]

  /// The quantities in one replication.
  func values(seed: UInt64, replication: Int) -> [(name: String, value: Double)] {
    var sums: [(name: String, value: Double)] = []
    for part in 0..<parts {
      let found = observe(RandomSource(seed: seed, replication: replication * parts + part))
      if sums.isEmpty {
        sums = found
      } else {
        for index in found.indices { sums[index].value += found[index].value }
      }
    }
    return sums.map { ($0.name, $0.value / Double(parts)) }
  }

  private func observe(_ luck: RandomSource) -> [(name: String, value: Double)] {
    let opening = Instant.zero + .seconds(warmUp)
    var model = NetworkModel(network, luck: luck, opening: opening)
    var agenda = EventList<NetworkModel.Event>()
    model.start(on: &agenda)
    let isOpen = network.end == nil
    run(&model, agenda: &agenda, until: isOpen ? opening + .seconds(span) : .distantFuture)
    model.close(at: agenda.now)
    return quantities(model.records, (agenda.now - opening).seconds)
  }
}
