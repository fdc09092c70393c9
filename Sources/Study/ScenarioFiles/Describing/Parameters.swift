import CloudSimulation
import ClusterModel
import Infrastructure
import Workloads

extension LoadedScenario {
  /// Every limit and every graded default of the scenario's objects, in the order of the input.
  ///
  /// The grade says how well such a value is known at all, whoever wrote it down.
  public var parameters: [Parameter] {
    let targets = world.all(WorkloadProfile.self).compactMap(\.object.target)
    return zip(world.own, world.ownReads).flatMap { document, read -> [Parameter] in
      // A profile that no Pod has moves nothing.
      if let profile = read.own as? WorkloadProfile, users(of: profile, targets).isEmpty {
        return []
      }
      return read.own.map { parameters(of: $0, document) } ?? []
    }
  }

  /// The annotation by which an object says how well what it writes is known.
  public static let gradeKey = "spillway.sim/grade"
  /// Its value for what was fitted to measurements: no assumption, and nothing to be swept.
  public static let measured = "measured"

  private func parameters<Kind: ScenarioKind>(
    of object: Kind, _ document: Document
  ) -> [Parameter] {
    var result: [Parameter] = []
    for field in Kind.fields.fields {
      // Machines that a site hasn't don't start anything.
      if field.name == "machine", let site = object as? Site, !hasMachines(site) { continue }
      append(field, of: object, keys: ["spec", field.name], document, to: &result)
    }
    return result
  }

  private func append<Kind: ScenarioKind>(
    _ field: Field<Kind>, of object: Kind, keys: [String], _ document: Document,
    to result: inout [Parameter]
  ) {
    guard field.isPresent(object), field.note.alias == nil else { return }
    for child in field.children {
      append(child, of: object, keys: keys + [child.name], document, to: &result)
    }
    let note = field.note
    guard field.children.isEmpty, !note.grade.isEmpty || note.limit != nil,
      let value = field.text(object)
    else { return }
    let isGiven = isGiven(keys, in: document, Kind.self)
    let isMeasured = isGiven && document.annotations[Self.gradeKey] == Self.measured
    var source = note.source
    if isGiven { source = world.sources.describe(world.place(of: keys, in: document)) }
    let unlimited = note.limit == nil ? nil : field.unlimited(object)
    var range: (low: String, high: String)?
    if !isMeasured, let ends = note.range, let low = field.rangeEnd(object, ends.low),
      let high = field.rangeEnd(object, ends.high)
    {
      range = (low, high)
    }
    result.append(
      Parameter(
        path: "\(document.path()):\(ObjectPath.text(keys))", value: value, unit: field.shape.unit,
        grade: isMeasured ? Self.measured : note.grade, source: source, range: range,
        limit: note.limit,
        unlimited: unlimited == value ? nil : unlimited, usage: note.usage, isDefault: !isGiven))
  }

  /// Whether a field is written in a file or set by an override, itself or by its short form.
  private func isGiven<Kind: ScenarioKind>(
    _ keys: [String], in document: Document, _ kind: Kind.Type
  ) -> Bool {
    if document.tree.value(at: keys) != nil { return true }
    guard let short = Kind.shortKeys(of: keys) else { return false }
    return document.tree.value(at: short) != nil
  }

  private func hasMachines(_ site: Site) -> Bool {
    if let selector = site.nodes {
      if scenario.cluster.nodes.contains(where: { selector.matches($0.labels) }) { return true }
    } else if scenario.sites.first(where: { $0.nodes == nil }) == site,
      scenario.cluster.nodes.contains(where: { !$0.isVirtual })
    {
      return true
    }
    let isFirst = scenario.sites.first?.name == site.name
    return scenario.nodePools.contains { $0.site == site.name || $0.site == nil && isFirst }
  }

  /// The value between two of a parameter's, as a file would write it, for a search.
  ///
  /// Whole numbers are rounded; laws keep their form and get the mean in between.
  /// - Parameters:
  ///   - path: the parameter's path.
  ///   - low: one value, as a file would write it.
  ///   - high: the other.
  ///   - fraction: how far from the one to the other, from 0 to 1.
  /// - Returns: nil if there is nothing between the two, as between words or towards infinity.
  public func interpolate(
    _ path: String, from low: String, to high: String, fraction: Double
  ) -> String? {
    guard let path = ObjectPath(path), case .success(let found) = world.find(path), found.isOwn,
      let kind = ScenarioKinds.named(path.kind), let spec = kind.specOutlines.first,
      case .success(let keys) = World.canonical(path.keys, in: [spec])
    else { return nil }
    return Self.blend(kind, keys.dropFirst(), low, high, fraction)
  }

  private static func blend<Kind: ScenarioKind>(
    _ kind: Kind.Type, _ keys: ArraySlice<String>, _ from: String, _ to: String, _ fraction: Double
  ) -> String? {
    var fields = Kind.fields.fields
    var field: Field<Kind>?
    for key in keys {
      field = fields.first { $0.name == key }
      fields = field?.children ?? []
    }
    return field?.blend(from, to, fraction)
  }

  // MARK: What is missing

  /// What no file says about the Pods of this scenario, with the values taken instead: a line for
  /// every profile that workloads use without having given it.
  public var missing: [String] {
    let profiles = world.all(WorkloadProfile.self)
    let targets = profiles.compactMap(\.object.target)
    return profiles.compactMap { document, profile in
      let users = users(of: profile, targets)
      guard !users.isEmpty else { return nil }
      let absent = WorkloadProfile.fields.fields.filter { field in
        !field.note.grade.isEmpty && document.tree.value(at: ["spec", field.name]) == nil
      }
      guard !absent.isEmpty else { return nil }
      let values = absent.map { "\($0.name) \($0.text(profile) ?? "")" }.joined(separator: ", ")
      let listed = users.prefix(3).joined(separator: ", ")
      let more = users.count > 3 ? " and \(users.count - 3) more" : ""
      return "not given for \(listed)\(more), so taken from \(document.path()): \(values)"
    }
  }

  /// The workloads that a profile describes.
  private func users(of profile: WorkloadProfile, _ targets: [String]) -> [String] {
    func names(_ workload: WorkloadObject) -> [String] {
      let kind = workload.kind.rawValue
      return ["\(kind)/\(workload.name)", "\(kind)/\(workload.namespace)/\(workload.name)"]
    }
    let workloads = scenario.cluster.workloads.filter { $0.owner == nil }
    if let target = profile.target {
      return workloads.filter { names($0).contains(target) }.map { names($0)[0] }
    }
    var users = workloads.filter { workload in
      !names(workload).contains(where: targets.contains)
    }.map { names($0)[0] }
    let bare = scenario.cluster.pods.count { $0.owner == nil }
    if bare > 0 { users.append("\(bare) Pods of their own") }
    return users
  }
}
