import CloudSimulation
import ClusterModel
import Infrastructure
import Quantities
import Workloads

/// Collects what is wrong between objects that are right by themselves.
struct Checks {
  let world: World
  private(set) var diagnostics: [Diagnostic] = []

  init(_ world: World) { self.world = world }

  mutating func report(
    _ severity: Diagnostic.Severity = .error, at keys: [String], in document: Document,
    _ code: String, _ message: String, expected: String? = nil, suggestion: String? = nil,
    notes: [String] = []
  ) {
    let place = world.place(of: keys, in: document)
    let width = document.tree.value(along: keys)?.text?.count ?? 1
    let path = keys.isEmpty ? document.path() : "\(document.path()):\(ObjectPath.text(keys))"
    diagnostics.append(
      world.sources.diagnostic(
        severity, at: place, code, message, expected: expected, suggestion: suggestion, path: path,
        notes: notes, width: width))
  }

  /// Reports an object where there may be only the one before.
  mutating func reportSecond(_ document: Document, after first: Document, code: String) {
    let isName = document.name == first.name
    let expected = isName ? "a name of its own" : "at most one \(document.kind)"
    diagnostics.append(
      world.sources.diagnostic(
        .error, at: document.namePlace, code,
        "a second \(document.kind)\(isName ? " named" : ",") \"\(document.name)\"",
        expected: expected, path: document.path(),
        notes: ["the first, \"\(first.name)\", is at \(world.sources.describe(first.namePlace))"],
        width: document.name.count))
  }

  /// Reports a name that is none of those that exist.
  mutating func require(
    _ name: String?, among names: [(name: String, place: Place)], what: String,
    at keys: [String], in document: Document
  ) {
    guard let name, !names.contains(where: { $0.name == name }) else { return }
    let listed = names.prefix(12).map { entry in
      entry.place.text < 0 ? entry.name : "\(entry.name) (line \(entry.place.line))"
    }
    report(
      at: keys, in: document, "dangling-reference", "there is no \(what) named \"\(name)\"",
      expected: names.isEmpty
        ? "a \(what) that the input has" : "one of \(listed.joined(separator: ", "))",
      suggestion: nearest(to: name, among: names.map(\.name)))
  }
}

extension World {
  /// Names that are given twice.
  func duplicates() -> [Diagnostic] {
    var checks = Checks(self)
    let scenarios = own.filter { $0.kind == Scenario.kind }
    for other in scenarios.dropFirst() {
      checks.reportSecond(other, after: scenarios[0], code: "two-scenarios")
    }
    for documents in [own, native] {
      var first: [String: Int] = [:]
      for (index, document) in documents.enumerated() {
        let name = document.path(qualified: true)
        guard let before = first[name] else {
          first[name] = index
          continue
        }
        if document.kind == Scenario.kind { continue }
        checks.reportSecond(document, after: documents[before], code: "duplicate-name")
      }
    }
    let sheets = own.filter { $0.kind == PriceSheet.kind }
    for other in sheets.dropFirst() where other.name != sheets[0].name {
      checks.reportSecond(other, after: sheets[0], code: "duplicate-name")
    }
    return checks.diagnostics
  }

  /// What is wrong between objects.
  ///
  /// - Parameters:
  ///   - includesCluster: whether Kubernetes' objects are looked at as well.
  ///   - includesNames: whether every object of the input is there, so that a name that none has is
  ///     wrong whatever else is.
  func checks(
    of scenario: Scenario, includesCluster: Bool, includesNames: Bool
  ) -> [Diagnostic] {
    var checks = Checks(self)
    checks.checkPlaces()
    checks.checkLoads(scenario)
    checks.checkClaims(scenario)
    checks.checkFaults(scenario)
    checks.checkWindows(scenario)
    checks.checkBatchQueues(scenario)
    checks.checkLooks(scenario)
    checks.checkLinks()
    checks.checkMoney(scenario)
    if includesCluster {
      checks.checkLevers()
      checks.checkExperiments(lasting: scenario.duration)
      checks.checkPlans()
      checks.checkSelectors(scenario)
      checks.checkNodes()
      checks.checkLabels()
      checks.checkScheduler()
      checks.checkFit(scenario)
      checks.checkNodeGroups(scenario)
      checks.checkAutoscalers(scenario)
      checks.checkOwnership(scenario)
      checks.checkSelectors()
      checks.checkBursting(scenario)
    } else if includesNames {
      checks.checkNames(scenario)
    }
    return checks.diagnostics
  }
}

// MARK: - References

extension Checks {
  private func names<Kind: ScenarioKind>(_ kind: Kind.Type) -> [(name: String, place: Place)] {
    world.own.filter { $0.kind == Kind.kind }.map { ($0.name, $0.namePlace) }
  }

  mutating func checkPlaces() {
    let sites = names(Site.self)
    for (document, pool) in world.all(NodePool.self) {
      require(pool.site, among: sites, what: "Site", at: ["spec", "site"], in: document)
    }
    for (document, pool) in world.all(ServerlessPool.self) {
      require(pool.site, among: sites, what: "Site", at: ["spec", "site"], in: document)
      require(
        pool.images.registry, among: names(Registry.self), what: "Registry",
        at: ["spec", "images", "registry"], in: document)
    }
    for (document, registry) in world.all(Registry.self) where !registry.site.isEmpty {
      require(registry.site, among: sites, what: "Site", at: ["spec", "site"], in: document)
    }
    for (document, link) in world.all(Link.self) {
      guard document.tree.value(at: ["spec", "between"]) != nil else { continue }
      for (index, end) in link.between.enumerated() {
        require(
          end, among: sites, what: "Site", at: ["spec", "between", "[\(index)]"], in: document)
      }
      if link.between.count != 2 || link.between[0] == link.between[1] {
        report(
          at: ["spec", "between"], in: document, "wrong-value", "a link joins two sites",
          expected: "two different sites")
      }
    }
  }

  /// The workload that a `Kind/[namespace/]name` names; reports anything else.
  mutating func workload(
    _ target: String, kinds: [WorkloadKind], at keys: [String], in document: Document
  ) -> Document? {
    let parts = target.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    let known = world.native.filter { document in kinds.contains { $0.rawValue == document.kind } }
    guard (2...3).contains(parts.count), parts.allSatisfy({ !$0.isEmpty }) else {
      let like = known.first { $0.name == target || $0.name == parts.last }
      report(
        at: keys, in: document, "wrong-value", "\"\(target)\" names no workload",
        expected: "Kind/name or Kind/namespace/name, such as Deployment/checkout",
        suggestion: like?.path())
      return nil
    }
    guard let kind = kinds.first(where: { $0.rawValue == parts[0] }) else {
      report(
        at: keys, in: document, "wrong-value", "\"\(parts[0])\" can't be meant here",
        expected: "one of \(kinds.map(\.rawValue).joined(separator: ", "))",
        suggestion: nearest(to: parts[0], among: kinds.map(\.rawValue)))
      return nil
    }
    let named = known.filter {
      $0.kind == kind.rawValue && $0.name == parts[parts.count - 1]
        && (parts.count == 2 || $0.namespace == parts[1])
    }
    if named.count == 1 { return named[0] }
    let listed = (named.isEmpty ? known : named).map { $0.path(qualified: !named.isEmpty) }
    report(
      at: keys, in: document, "dangling-reference",
      named.isEmpty ? "there is no \(target)" : "\(target) is in several namespaces",
      expected: listed.isEmpty
        ? "a workload that the input has" : "one of \(listed.prefix(12).joined(separator: ", "))",
      suggestion: named.isEmpty ? nearest(to: target, among: listed) : nil)
    return nil
  }

  /// Profiles of workloads that nobody has.
  mutating func checkProfileTargets() {
    for (document, profile) in world.all(WorkloadProfile.self) {
      guard let target = profile.target else { continue }
      _ = workload(target, kinds: WorkloadKind.allCases, at: ["spec", "target"], in: document)
    }
  }

  mutating func checkSelectors(_ scenario: Scenario) {
    checkProfileTargets()
    var claimed: [String: String] = [:]
    for (document, site) in world.all(Site.self) {
      guard let selector = site.nodes else { continue }
      let nodes = scenario.cluster.nodes.filter { selector.matches($0.labels) }
      let pools = scenario.nodePools.filter { $0.site == site.name }
      if nodes.isEmpty, pools.isEmpty {
        report(
          .warning, at: ["spec", "nodes"], in: document, "empty-site",
          "no node of the input has these labels")
      }
      for node in nodes {
        if let other = claimed[node.name] {
          report(
            at: ["spec", "nodes"], in: document, "wrong-value",
            "node \"\(node.name)\" stands in site \"\(other)\" already",
            expected: "labels that tell sites apart")
          break
        }
        claimed[node.name] = site.name
      }
    }
  }
}
