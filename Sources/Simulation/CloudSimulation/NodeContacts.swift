import ClusterModel
import Infrastructure
import Quantities

/// Which nodes and the API server hear of each other, and what waits until they do.
///
/// Empty, and asked for nothing, where nothing can fail.
struct NodeContacts: Sendable {
  /// Why a node and the API server don't hear of each other.
  struct Silence: OptionSet, BitwiseCopyable, Sendable {
    let rawValue: UInt8
    /// The machine is without power.
    static let crashed = Silence(rawValue: 1)
    /// The kubelet hangs.
    static let hung = Silence(rawValue: 2)
    /// Nothing joins its site to the API server's.
    static let cut = Silence(rawValue: 4)
    /// The cause is over, and the kubelet hasn't renewed its lease yet.
    static let returning = Silence(rawValue: 8)
    /// It had no power at some time of this silence.
    static let lostPower = Silence(rawValue: 16)
    static let causes: Silence = [.crashed, .hung, .cut]
  }
  /// A link: the sites it joins, its number among the network's resources, and what it carries.
  struct Line: Sendable {
    var ends: (Int, Int)?
    var resource: Int
    var capacity: Double
    var isDown = false
  }

  let isTracked: Bool
  var isAPIDown = false
  /// When the API server last went down.
  var apiFailed = Instant.zero
  /// By node slot.
  var silences: [Silence] = []
  var lines: [Line] = []
  /// By registry: how much it sends.
  var egress: [Double] = []
  /// By site: whether it is cut off from the first, where the API server stands.
  private(set) var isSiteCut: [Bool]
  /// By node slot: what waits until the node is heard of again.
  private var waiting: [[CloudEvent]] = []
  /// What waits for the API server.
  private(set) var waitingForAPI: [CloudEvent] = []
  /// Pods to be stopped at providers that refuse calls.
  var waitingForProvider: [PodID] = []
  /// Pods bound to each node: a ring of Pod slots by node slot.
  private var first: [Int32] = []
  private var links: [(next: Int32, previous: Int32, node: Int32)] = []
  /// By Pod slot and step: when the newest timer of the step is due, so that older ones are known.
  private var due: [Instant] = []
  private static var steps: Int { 16 }

  init(isTracked: Bool, sites: Int) {
    self.isTracked = isTracked
    isSiteCut = Array(repeating: false, count: sites)
  }

  // MARK: Occupants

  mutating func bind(_ pod: PodID, to node: NodeID) {
    guard isTracked else { return }
    unbind(pod)
    while first.count <= node.index { first.append(-1) }
    while links.count <= pod.index { links.append((-1, -1, -1)) }
    let head = first[node.index]
    links[pod.index] = (head, -1, Int32(node.index))
    if head >= 0 { links[Int(head)].previous = Int32(pod.index) }
    first[node.index] = Int32(pod.index)
  }

  mutating func unbind(_ pod: PodID) {
    guard isTracked, pod.index < links.count, links[pod.index].node >= 0 else { return }
    let (next, previous, node) = links[pod.index]
    if previous >= 0 { links[Int(previous)].next = next } else { first[Int(node)] = next }
    if next >= 0 { links[Int(next)].previous = previous }
    links[pod.index] = (-1, -1, -1)
  }

  /// The slots of the Pods bound to a node, ascending.
  func occupants(of node: NodeID) -> [Int] {
    guard node.index < first.count else { return [] }
    var slots: [Int] = []
    var slot = first[node.index]
    while slot >= 0 {
      slots.append(Int(slot))
      slot = links[Int(slot)].next
    }
    return slots.sorted()
  }

  // MARK: Timers

  mutating func note(_ timer: PipelineOutbox.Timer) {
    guard isTracked else { return }
    setDue(timer.pod, timer.step, timer.instant)
  }

  private mutating func setDue(_ pod: PodID, _ step: PipelineStep, _ instant: Instant) {
    let index = pod.index * Self.steps + Int(step.rawValue)
    while due.count <= index { due.append(.distantFuture) }
    due[index] = instant
  }

  /// Whether a timer that comes up belongs to the Pod's present start.
  func isCurrent(_ pod: PodID, _ step: PipelineStep, at now: Instant) -> Bool {
    let index = pod.index * Self.steps + Int(step.rawValue)
    return index < due.count && due[index] == now
  }

  /// A Pod's timers mean nothing any more.
  mutating func forgetTimers(of pod: PodID) {
    let start = pod.index * Self.steps
    guard start < due.count else { return }
    for index in start..<min(start + Self.steps, due.count) { due[index] = .distantFuture }
  }

  // MARK: Waiting

  func silence(of node: Int) -> Silence { node < silences.count ? silences[node] : [] }

  mutating func wait(_ event: CloudEvent, forNode slot: Int) {
    while waiting.count <= slot { waiting.append([]) }
    waiting[slot].append(event)
  }

  mutating func waitForAPI(_ event: CloudEvent) { waitingForAPI.append(event) }

  /// Takes what waited for a node, to come up at once.
  mutating func release(node slot: Int, at now: Instant) -> [CloudEvent] {
    guard slot < waiting.count, !waiting[slot].isEmpty else { return [] }
    let events = waiting[slot]
    waiting[slot] = []
    for case .pipeline(let pod, let step) in events { setDue(pod, step, now) }
    return events
  }

  mutating func releaseAPI(at now: Instant) -> [CloudEvent] {
    let events = waitingForAPI
    waitingForAPI = []
    for case .pipeline(let pod, let step) in events { setDue(pod, step, now) }
    return events
  }

  // MARK: Sites

  /// Finds out which sites are cut off: those that links join to the first one when all work, and
  /// don't now. A site that no link ever joined is reached some other way.
  mutating func judgeSites() {
    let reached = reachable { _ in true }
    let present = reachable { !lines[$0].isDown }
    isSiteCut = isSiteCut.indices.map { reached[$0] && !present[$0] }
  }

  private func reachable(_ carries: (Int) -> Bool) -> [Bool] {
    var reached = Array(repeating: false, count: isSiteCut.count)
    if !reached.isEmpty { reached[0] = true }
    var hasGrown = true
    while hasGrown {
      hasGrown = false
      for index in lines.indices where carries(index) {
        guard let (a, b) = lines[index].ends, reached[a] != reached[b] else { continue }
        reached[a] = true
        reached[b] = true
        hasGrown = true
      }
    }
    return reached
  }
}
