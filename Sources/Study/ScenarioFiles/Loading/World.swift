import Autoscaling
import CloudSimulation
import ClusterModel
import Infrastructure
import Scheduling
import Workloads

/// All objects of the input with what they were read into; overrides change objects one by one.
struct World: Sendable {
  var sources: Sources
  /// Objects of our kinds, in the order of the input; implied ones last.
  var own: [Document] = []
  /// Objects of Kubernetes' kinds, in the order of the input.
  var native: [Document] = []
  /// What the former were read into.
  var ownReads: [ReadDocument] = []
  /// What the latter were read into.
  var nativeReads: [ReadDocument] = []
  /// The cluster of the latter, until one of them changes.
  var cluster: ClusterObjects?
  /// How many objects there are of kinds that nothing is known about.
  let otherKinds: [(kind: String, count: Int)]
  /// The burst policies that can be chosen.
  var policies = BurstPolicies.builtIn
  /// The scheduler's plugins besides those that it has by itself.
  let plugins: PluginRegistry
  /// Whether there was no `Scenario`.
  private(set) var isBareDump = false

  init(
    sources: Sources, documents: [Document], otherKinds: [(kind: String, count: Int)],
    plugins: PluginRegistry = PluginRegistry()
  ) {
    self.sources = sources
    self.plugins = plugins
    self.otherKinds = otherKinds
    for document in documents {
      if document.isOwn { own.append(document) } else { native.append(document) }
    }
  }

  /// Adds the objects that a scenario has even if no file mentions them, so that their defaults
  /// have paths.
  mutating func addImplied(named name: String) {
    isBareDump = !own.contains { $0.kind == Scenario.kind }
    if isBareDump { addImplied(Scenario.kind, name) }
    let pools = own.filter { $0.kind == ServerlessPool.kind }
    if !own.contains(where: { $0.kind == Site.kind }) { addImplied(Site.kind, "idc") }
    for pool in pools where pool.tree.value(at: ["spec", "site"]) == nil {
      if !own.contains(where: { $0.kind == Site.kind && $0.name == pool.name }) {
        addImplied(Site.kind, pool.name)
      }
    }
    let isCovered = own.contains {
      $0.kind == WorkloadProfile.kind && $0.tree.value(at: ["spec", "target"]) == nil
    }
    if !isCovered { addImplied(WorkloadProfile.kind, "default") }
    if !own.contains(where: { $0.kind == PriceSheet.kind }) {
      addImplied(PriceSheet.kind, PriceSheet().name)
    }
  }

  private mutating func addImplied(_ kind: String, _ name: String) {
    var document = Document(
      kind: kind, name: name, isOwn: true, tree: ManifestValue(.mapping([]), at: .none),
      place: .none, namePlace: .none)
    document.isImplied = true
    own.append(document)
  }

  /// Reads every object.
  ///
  /// - Returns: what is wrong with them.
  mutating func readAll() -> [Diagnostic] {
    ownReads = own.map { $0.read(sources, plugins) }
    nativeReads = native.map { $0.read(sources, plugins) }
    return ownReads.flatMap(\.diagnostics) + nativeReads.flatMap(\.diagnostics)
  }

  /// The scenario that the objects make.
  mutating func scenario() -> Scenario {
    var scenario = Scenario(name: "scenario")
    if let index = own.firstIndex(where: { $0.kind == Scenario.kind }),
      let read = ownReads[index].own as? Scenario
    {
      scenario = read
      scenario.deckClaim = own[index].annotations["spillway.sim/deck-claim"]
      scenario.question = sources.firstComment(of: own[index].place)
    }
    scenario.isBareDump = isBareDump
    scenario.burst.policies = policies
    scenario.sites = []
    for (document, read) in zip(own, ownReads) where document.kind != Scenario.kind {
      if let object = read.own { Self.add(object, to: &scenario) }
    }
    if cluster == nil {
      let start = scenario.startAt.flatMap(timestamp)
      cluster = ClusterAssembly(start: start).cluster(of: nativeReads.compactMap(\.native))
    }
    scenario.cluster = cluster ?? ClusterObjects()
    scenario.clockOrigin = scenario.startAt.flatMap(clockSeconds) ?? 0
    scenario.shiftClocks()
    for read in nativeReads {
      if case .scheduler(let reading) = read.native { scenario.scheduler.adopt(reading, plugins) }
    }
    scenario.nodeAutoscaler.priorities = expanderPriorities(scenario.cluster) ?? []
    return scenario
  }

  /// What the expander `priority` goes by; nil if its ConfigMap isn't there or has another form.
  private func expanderPriorities(_ cluster: ClusterObjects) -> [ExpanderPriority]? {
    let map = cluster.configMaps.first {
      $0.namespace == ExpanderPriority.configNamespace && $0.name == ExpanderPriority.configName
    }
    return map?.data[ExpanderPriority.configKey].flatMap { ExpanderPriority.parse($0) }
  }

  private static func add<Kind: ScenarioKind>(_ object: Kind, to scenario: inout Scenario) {
    Kind.add(object, to: &scenario)
  }

  /// The place of a value, or of the nearest thing around it.
  func place(of keys: [String], in document: Document) -> Place {
    var value = document.tree
    var place = document.place
    for key in keys {
      guard let next = value.value(along: [key]) else { break }
      value = next
      place = next.place
    }
    return place
  }

  /// The objects of a kind of ours, each with its document.
  func all<Kind: ScenarioKind>(_ kind: Kind.Type) -> [(document: Document, object: Kind)] {
    zip(own, ownReads).compactMap { document, read in
      guard document.kind == Kind.kind, let object = read.own as? Kind else { return nil }
      return (document, object)
    }
  }
}

extension Sources {
  /// The first comment of a text, its lines joined: the question that a scenario answers.
  fileprivate func firstComment(of place: Place) -> String {
    guard place.text >= 0 else { return "" }
    let text = texts[Int(place.text)]
    guard !text.countsBytes else { return "" }
    var lines: [String] = []
    for line in text.bytes.prefix(65_536).split(separator: UInt8(ascii: "\n")) {
      let content = String(decoding: line, as: UTF8.self).drop { $0 == " " }
      let isComment = content.hasPrefix("#") && !content.contains("yaml-language-server:")
      if isComment {
        lines.append(String(content.drop { $0 == "#" || $0 == " " }))
      } else if !lines.isEmpty {
        break
      }
    }
    return lines.joined(separator: " ")
  }
}
