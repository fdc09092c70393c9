import Quantities

/// A queue of rigid jobs before a number of equal machines.
///
/// A control module: it is told what arrives, what completes and what time it is, and answers which
/// jobs start on which machines. It never learns how long a job really runs.
public struct BatchQueue: Sendable {
  /// The machines.
  public let machines: Int
  /// How it decides.
  public let policy: BatchPolicy

  /// Jobs that wait, in the order of their submission.
  public private(set) var waiting: [BatchJob] = []
  private var plan: BatchPlan
  /// What runs, in the order of its start.
  private var running: [Running] = []
  private var free: MachineSet
  /// Jobs handed in since the last decision, and whether something completed since.
  private var arrivals: [Int] = []
  private var hasCompletions = false
  /// The job that was selected once and for all, and the time reserved for it.
  private var selected: (id: Int, reservation: Instant)?

  private struct Running: Sendable {
    var job: BatchJob
    var start: Instant
    var machines: MachineSet
    var plannedEnd: Instant { start + job.requested }
  }

  /// A queue before so many machines, all free.
  public init(machines: Int, policy: BatchPolicy) {
    precondition(machines >= 1, "A batch queue has a machine.")
    self.machines = machines
    self.policy = policy
    plan = BatchPlan(machines: machines)
    free = MachineSet(first: machines)
  }

  /// Hands a job in; jobs come in the order of their submission.
  ///
  /// - Precondition: it takes at least one machine and no more than there are.
  public mutating func submit(_ job: BatchJob) {
    precondition(
      (1...machines).contains(job.machines), "A job takes no more machines than there are.")
    waiting.append(job)
    arrivals.append(job.id)
  }

  /// A running job has ended.
  public mutating func complete(_ id: Int) {
    guard let index = running.firstIndex(where: { $0.job.id == id }) else {
      preconditionFailure("Only what runs can complete.")
    }
    free.formUnion(running[index].machines)
    running.remove(at: index)
    plan.remove(id)
    hasCompletions = true
  }

  /// Decides what starts now.
  public mutating func decide(at now: Instant) -> [BatchStart] {
    defer {
      arrivals.removeAll(keepingCapacity: true)
      hasCompletions = false
    }
    switch policy {
    case .strict(let order): return startInOrder(order, at: now, backfilling: false)
    case .selecting(let order): return startInOrder(order, at: now, backfilling: true)
    case .easy: return startWithShadow(at: now)
    case .easyOnMachines, .conservativeOnMachines: return startByPlan(at: now)
    }
  }

  /// Starts a waiting job on machines that are free.
  private mutating func start(
    _ job: BatchJob, on machines: MachineSet, at now: Instant, into starts: inout [BatchStart]
  ) {
    waiting.removeAll { $0.id == job.id }
    free.subtract(machines)
    running.append(Running(job: job, start: now, machines: machines))
    starts.append(BatchStart(job: job, machines: machines))
  }

  // MARK: On a number of machines

  private mutating func startInOrder(
    _ order: BatchOrder, at now: Instant, backfilling: Bool
  ) -> [BatchStart] {
    var starts: [BatchStart] = []
    while let first = select(order, at: now) {
      guard let machines = free.lowest(first.job.machines) else {
        if backfilling { backfill(before: first.reservation, at: now, into: &starts) }
        break
      }
      start(first.job, on: machines, at: now, into: &starts)
      selected = nil
    }
    return starts
  }

  /// The job that is served next: the one selected before, else the first in order.
  private mutating func select(
    _ order: BatchOrder, at now: Instant
  ) -> (job: BatchJob, reservation: Instant)? {
    if let selected, let job = waiting.first(where: { $0.id == selected.id }) {
      return (job, selected.reservation)
    }
    // The first of equal keys is the one handed in first.
    guard let job = waiting.min(by: { order.key(of: $0) < order.key(of: $1) }) else { return nil }
    let reservation = shadow(of: job, at: now).time
    selected = (job.id, reservation)
    return (job, reservation)
  }

  private mutating func backfill(
    before reservation: Instant, at now: Instant, into starts: inout [BatchStart]
  ) {
    for job in waiting where now + job.requested < reservation {
      if let machines = free.lowest(job.machines) {
        start(job, on: machines, at: now, into: &starts)
      }
    }
  }

  /// When a job's machines will be free if everything ends as requested, and how many others then
  /// are.
  private func shadow(of job: BatchJob, at now: Instant) -> (time: Instant, spare: Int) {
    var available = free.count
    var time = now
    let ends = running.sorted { ($0.plannedEnd, $0.start) < ($1.plannedEnd, $1.start) }
    for one in ends where available < job.machines {
      available += one.job.machines
      time = max(now, one.plannedEnd)
    }
    return (time, available - job.machines)
  }

  private mutating func startWithShadow(at now: Instant) -> [BatchStart] {
    var starts: [BatchStart] = []
    while let head = waiting.first, let machines = free.lowest(head.machines) {
      start(head, on: machines, at: now, into: &starts)
    }
    guard let head = waiting.first else { return starts }
    var (reservation, spare) = shadow(of: head, at: now)
    for job in waiting.dropFirst() {
      let endsBefore = now + job.requested <= reservation
      guard endsBefore || job.machines <= spare, let machines = free.lowest(job.machines) else {
        continue
      }
      if !endsBefore { spare -= job.machines }
      start(job, on: machines, at: now, into: &starts)
    }
    return starts
  }

  // MARK: On named machines

  private mutating func startByPlan(at now: Instant) -> [BatchStart] {
    // A reservation whose time has passed was missed, since something ran longer than it said.
    for job in waiting {
      guard let reserved = plan.start(of: job.id), reserved < now else { continue }
      plan.remove(job.id)
      hasCompletions = true
    }
    plan.extendOverdue(at: now)
    var starts: [BatchStart] = []
    let isConservative = policy == .conservativeOnMachines
    // Without a completion nobody can start earlier than planned: only new jobs are tried.
    let candidates = hasCompletions ? waiting : waiting.filter { arrivals.contains($0.id) }
    for job in candidates {
      let holdsReservation = isConservative || waiting.first?.id == job.id
      plan.remove(job.id)
      guard let fit = plan.fit(job, at: now, onlyNow: !holdsReservation) else { continue }
      plan.add(job, at: fit)
      if fit.start == now { start(job, on: fit.machines, at: now, into: &starts) }
    }
    return starts
  }
}
