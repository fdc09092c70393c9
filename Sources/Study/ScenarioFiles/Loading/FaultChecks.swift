import CloudSimulation
import ClusterModel
import Infrastructure
import Probability
import Quantities

extension Checks {
  /// Whether what shall fail exists, and whether laws and times make sense.
  mutating func checkFaults(_ scenario: Scenario) {
    for (document, plan) in world.all(FaultPlan.self) {
      for (index, fault) in plan.scripted.enumerated() {
        let keys = ["spec", "scripted", "[\(index)]"]
        checkTarget(fault.kind, fault.target, at: keys, in: document, scenario)
        if fault.at >= scenario.duration {
          report(
            .warning, at: keys + ["at"], in: document, "never-happens",
            "the run ends after \(scenario.duration.formatted), before this fails")
        }
      }
      for (index, fault) in plan.random.enumerated() {
        let keys = ["spec", "random", "[\(index)]"]
        checkTarget(fault.kind, fault.target, at: keys, in: document, scenario)
        if let up = fault.up { checkLaw(up, at: keys + ["up"], in: document) }
        checkLaw(fault.down, at: keys + ["down"], in: document)
      }
      for (index, burst) in plan.bursts.enumerated() {
        let keys = ["spec", "bursts", "[\(index)]"]
        if burst.share > 1 {
          report(
            at: keys + ["share"], in: document, "out-of-range", "a share above 1",
            expected: "a number from 0 to 1")
        }
        let labels = scenario.cluster.nodes.map(\.labels) + scenario.nodePools.map(\.labels)
        if !labels.contains(where: { $0[burst.group] != nil }) {
          report(
            .warning, at: keys + ["by"], in: document, "never-happens",
            "no node has the label \"\(burst.group)\"")
        }
        checkLaw(burst.down, at: keys + ["down"], in: document)
      }
      for (index, trace) in plan.traces.enumerated() {
        checkLaw(trace.down, at: ["spec", "traces", "[\(index)]", "down"], in: document)
      }
    }
  }

  /// Whether what a link does over time makes sense.
  mutating func checkLinks() {
    for (document, link) in world.all(Link.self) {
      if let up = link.up { checkLaw(up, at: ["spec", "up"], in: document) }
      checkLaw(link.down, at: ["spec", "down"], in: document)
      if link.overhead >= 1 {
        report(
          at: ["spec", "overhead"], in: document, "out-of-range",
          "the overhead leaves nothing of the link", expected: "a share below 1")
      }
      for (index, traffic) in link.traffic.enumerated() {
        guard let until = traffic.until, until <= traffic.from else { continue }
        report(
          at: ["spec", "traffic", "[\(index)]", "until"], in: document, "wrong-value",
          "the traffic ends before it begins",
          expected: "a time after \(traffic.from.formatted)")
      }
    }
  }

  private mutating func checkLaw(_ law: Law, at keys: [String], in document: Document) {
    guard law.support.lowerBound < 0 || law.mean <= 0 else { return }
    report(
      at: keys, in: document, "out-of-range", "a time that isn't positive on average",
      expected: "a law of positive times")
  }

  private mutating func checkTarget(
    _ kind: FaultKind, _ target: String?, at keys: [String], in document: Document,
    _ scenario: Scenario
  ) {
    func named(_ what: String) -> [(name: String, place: Place)] {
      world.own.filter { $0.kind == what }.map { ($0.name, $0.namePlace) }
    }
    let names: [(name: String, place: Place)]
    let what: String
    switch kind {
    case .node, .kubelet:
      what = kind == .kubelet ? "node, NodePool or ServerlessPool" : "node or NodePool"
      let machines = scenario.nodePools.flatMap { pool in
        (0..<pool.count).lazy.map { (name: "\(pool.name)-\($0)", place: Place.none) }
      }
      names =
        named(NodePool.kind)
        + scenario.cluster.nodes.map { (name: $0.name, place: Place.none) } + machines
        + (kind == .kubelet ? agents(scenario) : [])
    case .zone:
      what = "zone"
      let key = "topology.kubernetes.io/zone"
      let zones =
        scenario.cluster.nodes.compactMap { $0.labels[key] }
        + scenario.nodePools.compactMap { $0.labels[key] }
        + scenario.serverlessPools.flatMap { $0.subnets.map(\.zone) }
      names = Set(zones).sorted().map { (name: $0, place: Place.none) }
    case .link:
      what = "Link"
      let lines = scenario.links.filter { $0.lines > 1 }.flatMap { link in
        (0..<link.lines).map { (name: "\(link.name)/\($0)", place: Place.none) }
      }
      names = named(Link.kind) + lines
    case .cloudAPI, .stock: (what, names) = ("ServerlessPool", named(ServerlessPool.kind))
    case .registry: (what, names) = ("Registry", named(Registry.kind))
    case .apiServer:
      if target != nil {
        report(
          at: keys + ["of"], in: document, "wrong-value", "there is one API server",
          expected: "no \"of\" beside apiServer")
      }
      return
    }
    require(target, among: names, what: what, at: keys + ["of"], in: document)
    func isVirtual(_ name: String) -> Bool { agents(scenario).contains { $0.name == name } }
    if kind == .kubelet, target == nil, names.allSatisfy({ isVirtual($0.name) }) {
      report(
        .warning, at: keys + ["fails"], in: document, "never-happens",
        "the input has no machine whose kubelet could fail")
    }
    if names.isEmpty, target == nil {
      report(
        .warning, at: keys + ["fails"], in: document, "never-happens",
        "the input has no \(what) that could fail")
    }
  }

  /// Where the agents of serverless Pods may fall silent: pools and their virtual nodes.
  private func agents(_ scenario: Scenario) -> [(name: String, place: Place)] {
    scenario.serverlessPools.flatMap { pool in
      [(name: pool.name, place: Place.none)]
        + pool.virtualNodes.map { (name: $0.name, place: Place.none) }
    }
  }
}
