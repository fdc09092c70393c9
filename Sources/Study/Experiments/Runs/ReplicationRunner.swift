import CloudSimulation

/// Runs replications on several workers at once.
///
/// Each worker builds its model from the scenario inside its own task; results are put together by
/// number, so that they are the same for any number of workers.
public struct ReplicationRunner: Sendable {
  /// How many replications run at the same time, at least 1.
  public var jobs: Int

  /// A runner with so many workers.
  public init(jobs: Int = 1) { self.jobs = max(1, jobs) }

  /// Runs some replications of a scenario.
  ///
  /// - Parameters:
  ///   - options: what each replication keeps.
  ///   - progress: called after each replication with how many have ended.
  /// - Returns: the results in the order of their numbers; not all of them if the task was
  ///   cancelled.
  /// - Throws: ``ModelFault`` for the first replication in which an identity is violated.
  public func run(
    _ scenario: Scenario, replications: Range<Int>,
    options: @escaping @Sendable (Int) -> ReplicationOptions = { _ in ReplicationOptions() },
    progress: (Int) -> Void = { _ in }
  ) async throws(ModelFault) -> [ReplicationResult] {
    var ended = 0
    let results = await map(
      Array(replications),
      after: { _ in
        ended += 1
        progress(ended)
      }
    ) { replication in
      scenario.simulate(replication: replication, options: options(replication))
    }.compactMap { $0 }
    for result in results {
      guard let message = result.violation else { continue }
      throw ModelFault(replication: result.replication, seed: scenario.seed, message: message)
    }
    return results
  }

  /// Does something with every item, on ``jobs`` workers, in order of the items.
  ///
  /// - Parameter after: called with each value when it is there, in no particular order.
  /// - Returns: a value for each item; nil for those not begun because the task was cancelled.
  func map<Item: Sendable, Value: Sendable>(
    _ items: [Item], after: (Value) -> Void = { _ in },
    _ work: @escaping @Sendable (Item) -> Value
  ) async -> [Value?] {
    await withTaskGroup(of: (index: Int, value: Value).self) { group in
      var values = [Value?](repeating: nil, count: items.count)
      var next = 0
      func add(to group: inout TaskGroup<(index: Int, value: Value)>) {
        guard next < items.count, !Task.isCancelled else { return }
        let (index, item) = (next, items[next])
        group.addTask { (index, work(item)) }
        next += 1
      }
      for _ in 0..<jobs { add(to: &group) }
      while let (index, value) = await group.next() {
        values[index] = value
        after(value)
        add(to: &group)
      }
      return values
    }
  }
}
