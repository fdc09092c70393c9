import DiscreteEvents
import Probability
import Quantities
import Statistics
import Workloads

/// Work that is saved now and then, on a machine that fails, as the engine plays it with Jobs'
/// ``Workloads/Checkpointing``.
///
/// The closed form counts a part of an interval as that part of a whole one; a run therefore does as
/// many whole intervals as the work has, and its time is taken in proportion.
struct CheckpointedWork {
  private let params: ModelParameters
  private let mutation: ModelSimulation.Mutation
  private let mtbf: Double
  private let work: Double
  private var habits = Checkpointing()
  /// Independent runs whose times are averaged to one replication.
  private static let parts = 40

  init(_ params: ModelParameters, _ mutation: ModelSimulation.Mutation) throws(ModelError) {
    self.params = params
    self.mutation = mutation
    mtbf = try params.positive("mtbf")
    // Work that takes longer is more of it.
    work = try params.positive("work") * mutation.service
    habits.cost = .seconds(try params.positive("checkpoint_cost"))
    habits.restart = .seconds(try params.number("restart_cost"))
  }

  /// The time that the work takes at the intervals of Young and Daly, and at the best one.
  func quantities(seed: UInt64, replications: Int) throws(ModelError) -> [SimulatedQuantity] {
    var found: [SimulatedQuantity] = []
    for (name, interval) in [
      ("expected_time_at_young", "young_interval"), ("expected_time_at_daly", "daly_interval"),
      ("expected_time_at_optimum", "exact_optimal_interval"),
    ] {
      let seconds = try QueueingModels.evaluate(
        model: "checkpoint-restart", params: params, quantity: interval)
      var habits = habits
      habits.every = .seconds(seconds)
      let intervals = max(1, Int(work / seconds))
      let share = work / (seconds * Double(intervals))
      var times = Tally()
      for replication in 0..<replications where replication < 2 || !Task.isCancelled {
        var sum = 0.0
        for part in 0..<Self.parts {
          let luck = RandomSource(seed: seed, replication: replication * Self.parts + part)
          sum += Self.time(
            of: habits.every * intervals, habits, .exponential(mean: mtbf * mutation.interarrival),
            luck)
        }
        times.add(sum / Double(Self.parts) * share)
      }
      found.append(SimulatedQuantity(name: name, replications: times))
    }
    return found
  }

  private static func time(
    of work: TimeSpan, _ habits: Checkpointing, _ failures: Law, _ luck: RandomSource
  ) -> Double {
    var model = Model(left: work, habits: habits, failures: failures, luck: luck)
    var agenda = EventList<Model.Event>()
    model.begin(on: &agenda)
    run(&model, agenda: &agenda, until: .distantFuture)
    return agenda.now.seconds
  }

  /// One machine: it runs from the last checkpoint until it fails or is done.
  private struct Model: ~Copyable, SimulationModel {
    enum Event: BitwiseCopyable, Sendable { case failure, completion }
    var left: TimeSpan
    let habits: Checkpointing
    let failures: Law
    private let times: KeyedStream
    private var attempt: UInt64 = 0
    private var resumed = Instant.zero
    private(set) var isFinished = false

    init(left: TimeSpan, habits: Checkpointing, failures: Law, luck: RandomSource) {
      self.left = left
      self.habits = habits
      self.failures = failures
      times = luck.stream("failure")
    }

    mutating func begin(on agenda: inout EventList<Event>) {
      resumed = agenda.now + (attempt == 0 ? .zero : habits.restart)
      let failure = agenda.now + times.drawSpan(failures, for: attempt)
      let end = resumed + habits.running(left)
      attempt += 1
      if failure < end {
        agenda.schedule(.failure, at: failure)
      } else {
        agenda.schedule(.completion, at: end, priority: .completions)
      }
    }

    mutating func handle(_ event: Event, on agenda: inout EventList<Event>) {
      switch event {
      case .completion: isFinished = true
      case .failure:
        if agenda.now > resumed {
          left = left - habits.progress(after: agenda.now - resumed, of: left).saved
        }
        begin(on: &agenda)
      }
    }
  }
}
