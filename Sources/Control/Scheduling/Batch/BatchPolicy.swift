import Quantities

/// A rigid job: it takes so many machines at once, for at most so long as it says.
public struct BatchJob: Hashable, BitwiseCopyable, Sendable {
  /// The job's number; no two jobs of a queue have the same.
  public var id: Int
  /// When it was handed in.
  public var submitted: Instant
  /// How many machines it takes, at least one.
  public var machines: Int
  /// How long it says that it runs.
  public var requested: TimeSpan

  /// A job from its parts.
  public init(id: Int, submitted: Instant, machines: Int, requested: TimeSpan) {
    self.id = id
    self.submitted = submitted
    self.machines = machines
    self.requested = requested
  }
}

/// Which waiting job comes first.
public enum BatchOrder: String, CaseIterable, Sendable {
  /// The one handed in first.
  case firstComeFirstServed = "fcfs"
  /// The one that says it is shortest; of equals the one handed in first.
  case shortestJobFirst = "sjf"
  /// The least log₁₀(requested seconds) · machines + 870 · log₁₀(submission second), with 0
  /// replaced by 0.1: F1 of D. Carastan-Santos and R. Y. de Camargo, SC 2017.
  case f1

  /// The key: the smallest comes first, of equal ones the job handed in first.
  func key(of job: BatchJob) -> Double {
    switch self {
    case .firstComeFirstServed: return job.submitted.seconds
    case .shortestJobFirst: return job.requested.seconds
    case .f1:
      func decade(_ seconds: Double) -> Double {
        naturalLogarithm(seconds > 0 ? seconds : 0.1) / naturalLogarithm(10)
      }
      let size = decade(job.requested.seconds) * Double(job.machines)
      return size + 870 * decade(job.submitted.seconds)
    }
  }
}

/// How a batch queue decides which job starts when.
public enum BatchPolicy: Hashable, Sendable {
  /// The first job in order; nothing overtakes it.
  case strict(BatchOrder)
  /// EASY as its authors describe it (D. A. Lifka, JSSPP 1995; A. Mu'alem and D. G. Feitelson,
  /// *IEEE TPDS* 12, 2001): the oldest job has a reservation, computed anew at every event; another
  /// may start if it ends by then or takes none of the machines that the reservation needs.
  case easy
  /// EASY as RLScheduler (D. Zhang et al., SC 2020) has it: the first job in order is selected once
  /// and for all and its reservation fixed then; another starts if it ends before.
  case selecting(BatchOrder)
  /// EASY as Batsim has it: the oldest job holds a reservation on named machines, fitted anew only
  /// when something completed; another starts only if it fits beside it at once.
  case easyOnMachines
  /// Conservative backfilling as Batsim has it: every waiting job holds a reservation on named
  /// machines; all are fitted anew, in the order of submission, when something completed.
  case conservativeOnMachines

  /// Whether decisions are made after each single event, not once all events of an instant are in.
  public var decidesAfterEveryEvent: Bool {
    switch self {
    case .strict, .selecting: true
    case .easy, .easyOnMachines, .conservativeOnMachines: false
    }
  }
}

/// A job that starts.
public struct BatchStart: Hashable, Sendable {
  /// The job.
  public var job: BatchJob
  /// The machines that it takes.
  public var machines: MachineSet
}
