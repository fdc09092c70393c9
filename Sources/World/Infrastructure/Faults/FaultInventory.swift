import Probability
import Quantities

/// The parts of a world by name, for plans to be brought to.
public struct FaultInventory: Sendable {
  /// A machine or a virtual node.
  public struct Node: Sendable {
    /// Its name.
    public var name: String
    /// The node pool that it is of; nil: of none.
    public var pool: String?
    /// Its zone: the label `topology.kubernetes.io/zone`.
    public var zone: String?
    /// Its slot.
    public var slot: Int
    /// Whether it stands for a serverless pool's subnet.
    public var isVirtual: Bool
    /// What its draws are keyed by.
    public var key: UInt64
    /// The values of the labels that bursts group by, in the order of ``FaultInventory/groups``.
    public var groups: [String?]
    /// A node from its parts.
    public init(
      name: String, pool: String?, zone: String?, slot: Int, isVirtual: Bool, key: UInt64,
      groups: [String?]
    ) {
      self.name = name
      self.pool = pool
      self.zone = zone
      self.slot = slot
      self.isVirtual = isVirtual
      self.key = key
      self.groups = groups
    }
  }

  /// Nodes, in the order of their slots.
  public var nodes: [Node] = []
  /// Links by number: the name, and the numbers of its lines, each of which fails by itself.
  public var links: [(name: String, lines: Range<Int>)] = []
  /// Names of registries, by number.
  public var registries: [String] = []
  /// Serverless pools by number: the name, and the slots of its virtual nodes.
  public var pools: [(name: String, virtualNodes: [Int])] = []
  /// The labels by which bursts group machines.
  public var groups: [String] = []
  /// An empty world.
  public init() {}

  /// The targets of a failure: each with its name, what its draws are keyed by, and its parts.
  ///
  /// - Parameter together: whether a link's lines are one target.
  func targets(
    _ kind: FaultKind, _ name: String?, together: Bool = false
  ) -> [(name: String, parts: [FaultSubject])] {
    func named(_ names: [String], _ part: FaultPart) -> [(name: String, parts: [FaultSubject])] {
      names.enumerated().filter { name == nil || $0.element == name }.map {
        ($0.element, [FaultSubject(part, $0.offset)])
      }
    }
    switch kind {
    case .node, .kubelet:
      let part: FaultPart = kind == .node ? .node : .kubelet
      let agents = kind == .kubelet ? pools.first { $0.name == name }?.virtualNodes ?? [] : []
      return nodes.filter { node in
        node.isVirtual
          ? kind == .kubelet && (node.name == name || agents.contains(node.slot))
          : name == nil || node.name == name || node.pool == name
      }
      .map { ($0.name, [FaultSubject(part, $0.slot)]) }
    case .zone: return zones(name)
    case .link: return lines(name, together: together)
    case .cloudAPI: return named(pools.map(\.name), .cloudAPI)
    case .registry: return named(registries, .registry)
    case .apiServer: return [("", [FaultSubject(.apiServer, 0)])]
    case .stock:
      return pools.filter { name == nil || $0.name == name }.map { pool in
        (pool.name, pool.virtualNodes.map { FaultSubject(.stock, $0) })
      }
    }
  }

  /// A link has its name, and one of several lines the link's name and its number from 0.
  private func lines(
    _ name: String?, together: Bool
  ) -> [(name: String, parts: [FaultSubject])] {
    var result: [(name: String, parts: [FaultSubject])] = []
    for link in links {
      let parts = link.lines.map { FaultSubject(.link, $0) }
      if together || parts.count == 1 {
        if name == nil || name == link.name { result.append((link.name, parts)) }
        if parts.count == 1 { continue }
      }
      for (number, part) in parts.enumerated() {
        let own = "\(link.name)/\(number)"
        guard name == own || !together && (name == nil || name == link.name) else { continue }
        result.append((own, [part]))
      }
    }
    return result
  }

  private func zones(_ name: String?) -> [(name: String, parts: [FaultSubject])] {
    var result: [(name: String, parts: [FaultSubject])] = []
    for node in nodes {
      guard let zone = node.zone, name == nil || zone == name else { continue }
      let part = FaultSubject(node.isVirtual ? .stock : .node, node.slot)
      if let index = result.firstIndex(where: { $0.name == zone }) {
        result[index].parts.append(part)
      } else {
        result.append((zone, [part]))
      }
    }
    return result
  }
}

extension FaultSchedule {
  /// Adds what a plan has fail in a world.
  public mutating func add(_ plan: FaultPlan, to inventory: FaultInventory, luck: RandomSource) {
    let root = Subject("FaultPlan").child(plan.name)
    for fault in plan.scripted {
      let start = Instant.zero + fault.at
      let parts = inventory.targets(fault.kind, fault.target, together: true).flatMap(\.parts)
      add(parts, from: start, until: fault.lasting.map { start + $0 })
    }
    for (number, fault) in plan.random.enumerated() {
      guard let up = fault.up else { continue }
      let laws = addLaws(Laws(up: up, down: fault.down))
      let key = root.child(fault.kind.rawValue).child(number)
      for target in inventory.targets(fault.kind, fault.target) {
        addProcess(target.parts, laws: laws, subject: key.child(target.name).raw)
      }
    }
    for burst in plan.bursts { add(burst, root: root, to: inventory) }
    for trace in plan.traces { add(trace, root: root, to: inventory, luck: luck) }
  }

  private mutating func add(_ burst: FaultBurst, root: Subject, to inventory: FaultInventory) {
    guard let interval = burst.meanInterval, burst.share > 0,
      let column = inventory.groups.firstIndex(of: burst.group)
    else { return }
    var laws = Laws(up: .exponential(mean: interval.seconds), down: burst.down)
    laws.share = burst.share
    laws.window = burst.window
    laws.isBurst = true
    let index = addLaws(laws)
    let members = inventory.nodes.filter { !$0.isVirtual && $0.groups[column] != nil }
      .sorted { ($0.groups[column]!, $0.slot) < ($1.groups[column]!, $1.slot) }
    let key = root.child("burst").child(burst.group)
    var first = 0
    while first < members.count {
      let value = members[first].groups[column]!
      let end = members[first...].firstIndex { $0.groups[column] != value } ?? members.count
      let group = members[first..<end]
      addProcess(
        group.map { FaultSubject(.node, $0.slot) },
        keys: group.map { Subject(raw: $0.key).child(burst.group).raw }, laws: index,
        subject: key.child(value).raw)
      first = end
    }
  }

  /// A trace's machine is the scenario's of that name; if none has its name, the n-th machine of the
  /// trace is the scenario's n-th, counted round and round.
  private mutating func add(
    _ trace: FaultTrace, root: Subject, to inventory: FaultInventory, luck: RandomSource
  ) {
    let machines = inventory.nodes.filter { !$0.isVirtual }
    guard !machines.isEmpty else { return }
    var slots: [String: Int] = [:]  // name look-up
    for machine in machines { slots[machine.name] = machine.slot }
    let hasNames = trace.machines.contains { slots[$0] != nil }
    let repairs = luck.stream("fault/traced")
    let key = root.child("trace").child(trace.file)
    for (number, fault) in trace.faults.enumerated() {
      let name = trace.machines[Int(fault.machine)]
      guard
        let slot = hasNames ? slots[name] : machines[Int(fault.machine) % machines.count].slot
      else { continue }
      let start = Instant.zero + .seconds(fault.at.seconds * trace.timeScale)
      let span =
        fault.lasting.map { TimeSpan.seconds($0.seconds * trace.timeScale) }
        ?? repairs.drawSpan(trace.down, for: key.child(name).raw, number: UInt32(number))
      add([FaultSubject(.node, slot)], from: start, until: start + span)
    }
  }
}
