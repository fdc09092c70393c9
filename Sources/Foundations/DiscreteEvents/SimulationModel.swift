import Quantities

/// A world that events change: a noncopyable struct, so that a run has one future.
public protocol SimulationModel: ~Copyable {
  /// What can happen: a small enum, at most 8 bytes.
  associatedtype Event: BitwiseCopyable & Sendable

  /// Lets an event happen at `agenda.now`, and schedules what follows from it.
  mutating func handle(_ event: Event, on agenda: inout EventList<Event>)

  /// Whether the run ends before the next event; by default never.
  var isFinished: Bool { get }
}

extension SimulationModel where Self: ~Copyable {
  /// A model runs until its events or its time run out.
  @inlinable public var isFinished: Bool { false }
}

/// Lets every event up to and including `horizon` happen.
///
/// Afterwards the clock shows `horizon`, unless the model finished earlier or the horizon is
/// `distantFuture`: then it shows the instant of the last event.
/// - Returns: how many events happened.
@inlinable @discardableResult
public func run<Model: SimulationModel & ~Copyable>(
  _ model: inout Model, agenda: inout EventList<Model.Event>, until horizon: Instant
) -> Int {
  var happened = 0
  while !model.isFinished {
    guard let event = agenda.next(notAfter: horizon) else {
      if horizon < .distantFuture { agenda.advance(to: horizon) }
      break
    }
    model.handle(event, on: &agenda)
    happened += 1
  }
  return happened
}
