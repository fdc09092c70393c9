import ClusterModel
import Quantities

/// The admission controller of the overflow from own machines to the cloud: a Pod that no node
/// takes, and that may burst, gets the toleration of virtual nodes' taint and is tried again.
///
/// > Source: `tke-resilience`'s eks-admission; the image is closed, its behaviour follows its chart
/// > and documents (S, D; model cards §3.5).
public struct VirtualNodeTolerationController: Controller {
  private enum Stage: UInt8 { case idle, waiting, working }
  private struct Item: BitwiseCopyable, Sendable {
    var generation: UInt16 = 0
    var stage = Stage.idle
    var failures: UInt8 = 0
    var callsLeft: Int16 = 0
  }
  private struct Delayed: BitwiseCopyable, Sendable {
    var due: Instant
    var pod: PodID
  }
  private enum Verdict: UInt8 { case unknown, yes, no }

  private let configuration: VirtualNodeTolerationConfiguration
  private var cursor = -1
  private var items: [Item] = []
  private var arrivals: [PodID] = []
  private var line: [PodID] = []
  private var head = 0
  private var delayed: [Delayed] = []
  private var working = 0
  private var verdicts: [Verdict] = []

  /// A controller that has read nothing yet.
  public init(
    configuration: VirtualNodeTolerationConfiguration = VirtualNodeTolerationConfiguration()
  ) {
    self.configuration = configuration
  }

  /// Reads changes and outcomes up to the pass's position, and issues what follows from them.
  public mutating func reconcile(
    _ cluster: borrowing ClusterState, in pass: ControllerPass, into out: inout CommandBuffer
  ) -> Instant? {
    follow(cluster, in: pass)
    for outcome in pass.outcomes { take(outcome, cluster, at: pass.now, into: &out) }
    lineUp(at: pass.now)
    while working < configuration.workers ?? .max, let id = pop() {
      guard items[id.index].generation == id.generation, items[id.index].stage == .waiting else {
        continue
      }
      guard concerns(id, cluster) else {
        items[id.index].stage = .idle
        continue
      }
      items[id.index].stage = .working
      items[id.index].callsLeft = Int16(clamping: configuration.callsPerPod)
      working += 1
      call(for: id, into: &out)
    }
    return delayed.map(\.due).min()
  }

  // MARK: Which Pods

  private mutating func follow(_ cluster: borrowing ClusterState, in pass: ControllerPass) {
    guard cursor < pass.position else { return }
    if cursor >= 0, let changes = cluster.changes(since: cursor, upTo: pass.position) {
      let mask: ChangeFields = [.pod, .condition]
      for change in changes where change.fields.isSuperset(of: mask) {
        enqueue(change.pod, cluster)
      }
      cursor = pass.position
    } else {
      for slot in 0..<cluster.podSlotCount {
        if let pod = cluster.pod(slot: slot) { enqueue(pod.id, cluster) }
      }
      cursor = cluster.logEnd
    }
  }

  private mutating func enqueue(_ id: PodID, _ cluster: borrowing ClusterState) {
    guard concerns(id, cluster) else { return }
    while items.count <= id.index { items.append(Item()) }
    if items[id.index].generation != id.generation {
      if items[id.index].stage == .working { working -= 1 }
      items[id.index] = Item(generation: id.generation)
    }
    guard items[id.index].stage == .idle else { return }
    items[id.index].stage = .waiting
    arrivals.append(id)
  }

  /// Whether a Pod waits for a node in vain and may go to the cloud.
  private mutating func concerns(_ id: PodID, _ cluster: borrowing ClusterState) -> Bool {
    guard let pod = cluster.pod(id), pod.flags.contains(.unschedulable), pod.isUnbound,
      !pod.isTerminating
    else { return false }
    let index = Int(pod.template.index)
    while verdicts.count <= index { verdicts.append(.unknown) }
    if verdicts[index] == .unknown {
      let refusal = configuration.refusal(
        of: cluster.templates[index], under: cluster.eksConfig)
      verdicts[index] = refusal == nil ? .yes : .no
    }
    guard verdicts[index] == .yes else { return false }
    return pod.owner.flatMap { cluster.workload($0)?.kind } != .daemonSet
  }

  // MARK: The line

  private mutating func lineUp(at now: Instant) {
    if delayed.contains(where: { $0.due <= now }) {
      let due = delayed.filter { $0.due <= now }
      delayed.removeAll { $0.due <= now }
      line.append(contentsOf: due.sorted { $0.due < $1.due }.map(\.pod))
    }
    if arrivals.count > 1 { arrivals.sort { $0.slot < $1.slot } }
    line.append(contentsOf: arrivals)
    arrivals.removeAll(keepingCapacity: true)
  }

  private mutating func pop() -> PodID? {
    guard head < line.count else {
      line.removeAll(keepingCapacity: true)
      head = 0
      return nil
    }
    head += 1
    return line[head - 1]
  }

  // MARK: Calls

  private mutating func call(for id: PodID, into out: inout CommandBuffer) {
    items[id.index].callsLeft -= 1
    out.issue(items[id.index].callsLeft > 0 ? .read(id) : .tolerateVirtualNodes(id))
  }

  private mutating func take(
    _ outcome: CommandOutcome, _ cluster: borrowing ClusterState, at now: Instant,
    into out: inout CommandBuffer
  ) {
    let id: PodID
    switch outcome.command {
    case .read(let pod), .tolerateVirtualNodes(let pod): id = pod
    default: return
    }
    guard id.index < items.count, items[id.index].generation == id.generation,
      items[id.index].stage == .working
    else { return }
    if outcome.result == .accepted, items[id.index].callsLeft > 0, concerns(id, cluster) {
      call(for: id, into: &out)
      return
    }
    working -= 1
    if outcome.result == .conflict || outcome.result == .forbidden {
      items[id.index].stage = .waiting
      delayed.append(Delayed(due: now + backoff(items[id.index].failures), pod: id))
      if items[id.index].failures < .max { items[id.index].failures += 1 }
    } else {
      items[id.index].stage = .idle
      items[id.index].failures = 0
    }
  }

  /// `initialBackoff · 2^failures`, at most `maxBackoff`.
  private func backoff(_ failures: UInt8) -> TimeSpan {
    var delay = configuration.initialBackoff
    for _ in 0..<failures where delay < configuration.maxBackoff {
      delay = min(delay, TimeSpan(nanoseconds: configuration.maxBackoff.nanoseconds / 2)) * 2
    }
    return min(delay, configuration.maxBackoff)
  }
}
