import CloudSimulation
import ClusterModel
import Infrastructure
import Quantities
import Workloads

extension Checks {
  mutating func checkLoads(_ scenario: Scenario) {
    for (document, load) in world.all(LoadProfile.self) {
      let spec = document.tree["spec"]
      let given = LoadProfile.courses.filter { spec?[$0] != nil }
      if given.count != 1 {
        report(
          at: given.count > 1 ? ["spec", given[1]] : ["spec"], in: document,
          given.isEmpty ? "missing-key" : "wrong-value",
          given.isEmpty ? "a load without a course" : "a load with several courses",
          expected: "exactly one of \(LoadProfile.courses.joined(separator: ", "))")
        continue
      }
      if load.drives == .replicas, ["batch", "arrivals"].contains(load.course) {
        report(
          at: ["spec", load.course], in: document, "wrong-value",
          "\(load.course) is a course of Jobs", expected: "drives: jobs")
      }
      if load.drives == .requests, ["batch", "trace"].contains(load.course) {
        report(
          at: ["spec", load.course], in: document, "wrong-value",
          "\(load.course) is a course of Jobs, not of requests", expected: "drives: jobs")
      }
      if load.drives != .requests, load.course == "series" {
        report(
          at: ["spec", load.course], in: document, "wrong-value",
          "series is a course of requests", expected: "drives: requests")
      }
      checkTarget(load, document)
      checkIngress(load, document, scenario)
      let begin: (key: String, at: TimeSpan)? =
        switch load.shape {
        case .step(let step): ("at", step.at)
        case .ramp(let ramp): ("at", ramp.at)
        case .flashCrowd(let crowd): ("at", crowd.at)
        case .arrivals(let arrivals): ("from", arrivals.from)
        case .diurnal, .mmpp, .batch, .series, .trace: nil
        }
      if let begin, begin.at >= scenario.duration {
        report(
          .warning, at: ["spec", load.course, begin.key], in: document, "never-happens",
          "the run ends after \(scenario.duration.formatted), before this load begins")
      }
    }
  }

  /// Requests come in at a site that there is; nothing else comes in anywhere.
  private mutating func checkIngress(
    _ load: LoadProfile, _ document: Document, _ scenario: Scenario
  ) {
    guard let site = load.ingress else { return }
    let names = scenario.allSites.map(\.name)
    if !names.contains(site) {
      report(
        at: ["spec", "ingress"], in: document, "dangling-reference",
        "there is no Site named \"\(site)\"",
        expected: "one of \(names.joined(separator: ", "))",
        suggestion: nearest(to: site, among: names))
    } else if load.drives != .requests {
      report(
        at: ["spec", "ingress"], in: document, "wrong-value",
        "a load that drives \(load.drives.rawValue) comes in nowhere",
        expected: "drives: requests")
    }
  }

  private mutating func checkTarget(_ load: LoadProfile, _ document: Document) {
    guard !load.target.isEmpty else { return }
    if load.drives == .requests, load.target.hasPrefix("Service/") {
      checkService(load.target, document)
      return
    }
    let kinds: [WorkloadKind] =
      load.drives == .jobs
      ? [.job] : [.deployment, .replicaSet, .replicationController, .statefulSet]
    guard let target = workload(load.target, kinds: kinds, at: ["spec", "target"], in: document),
      case .step(let step) = load.shape, load.drives == .replicas
    else { return }
    let written = target.tree.value(at: ["spec", "replicas"])?.text.flatMap(Int.init) ?? 1
    if step.from ?? written == step.to {
      report(
        .warning, at: ["spec", "step", "to"], in: document, "never-happens",
        "the level is \(step.to) before the step as well")
    }
  }

  private mutating func checkService(_ target: String, _ document: Document) {
    let services = world.native.filter { $0.kind == "Service" }
    let named =
      services.map { ("Service/\($0.name)", $0.namePlace) }
      + services.map {
        ("Service/\($0.namespace.isEmpty ? "default" : $0.namespace)/\($0.name)", $0.namePlace)
      }
    require(target, among: named, what: "Service", at: ["spec", "target"], in: document)
  }

  /// A claim about requests is about a load that drives them, and only such a claim is.
  private mutating func checkRequests(
    of claim: Claim, _ document: Document, _ loads: [(name: String, load: LoadProfile)]
  ) -> Bool {
    let driving = loads.filter { $0.load.drives == .requests }
    guard claim.metric.isAboutRequests else {
      guard let name = claim.load, driving.contains(where: { $0.name == name }) else {
        return false
      }
      report(
        at: ["spec", "load"], in: document, "wrong-value",
        "\(claim.metric.rawValue) is about Pods, and load \"\(name)\" drives requests",
        expected: "metric: sloMinutes, latencyP50, latencyP95, latencyP99 or errorShare")
      return true
    }
    if let name = claim.load {
      if let load = loads.first(where: { $0.name == name })?.load, load.drives != .requests {
        report(
          at: ["spec", "load"], in: document, "wrong-value",
          "\(claim.metric.rawValue) is about requests, and load \"\(name)\" drives "
            + "\(load.drives.rawValue)", expected: "a load with drives: requests")
      }
    } else if driving.count != 1 {
      report(
        at: ["spec"], in: document, "missing-key",
        driving.isEmpty ? "no load drives requests" : "\(driving.count) loads drive requests",
        expected: driving.isEmpty
          ? "a load with drives: requests"
          : "load: one of \(driving.map(\.name).joined(separator: ", "))")
    }
    return true
  }

  mutating func checkClaims(_ scenario: Scenario) {
    let loads = world.all(LoadProfile.self)
    for (document, claim) in world.all(Claim.self) {
      let bounds = ["above", "below"].filter { document.tree.value(at: ["spec", $0]) != nil }
      if bounds.count != 1 {
        report(
          at: bounds.count > 1 ? ["spec", bounds[1]] : ["spec"], in: document,
          bounds.isEmpty ? "missing-key" : "wrong-value",
          bounds.isEmpty ? "a claim without a threshold" : "a claim with two thresholds",
          expected: "either above or below, such as above: 1000/min")
      }
      let sites = world.all(Site.self).map { ($0.document.name, $0.document.namePlace) }
      for (index, site) in claim.sites.enumerated() {
        require(
          site, among: sites, what: "Site", at: ["spec", "sites", "[\(index)]"], in: document)
      }
      require(
        claim.load, among: loads.map { ($0.document.name, $0.document.namePlace) },
        what: "LoadProfile", at: ["spec", "load"], in: document)
      if let from = claim.from, let to = claim.to, from >= to {
        report(
          at: ["spec", "to"], in: document, "wrong-value", "the window ends before it begins",
          expected: "a time after \(from.formatted)")
      }
      if let from = claim.from, from >= scenario.duration {
        report(
          at: ["spec", "from"], in: document, "wrong-value",
          "the run ends after \(scenario.duration.formatted), before the window begins",
          expected: "a time before it")
      }
      checkBurst(of: claim, document, loads.map { ($0.document.name, $0.object) })
    }
  }

  /// A claim is about the burst of one load; which, it must say unless only one is a step.
  private mutating func checkBurst(
    of claim: Claim, _ document: Document, _ loads: [(name: String, load: LoadProfile)]
  ) {
    if checkBatch(of: claim, document) { return }
    if checkRequests(of: claim, document, loads) { return }
    let steps = loads.filter { $0.load.course == "step" && $0.load.drives != .requests }
    guard let name = claim.load else {
      guard steps.count != 1 else { return }
      let names = loads.map(\.name).joined(separator: ", ")
      report(
        at: ["spec"], in: document, "missing-key",
        steps.isEmpty ? "no load is a step" : "\(steps.count) loads are steps",
        expected: loads.isEmpty ? "a load that the claim is about" : "load: one of \(names)")
      return
    }
    guard let load = loads.first(where: { $0.name == name })?.load, load.course != "step",
      claim.from == nil
    else { return }
    report(
      at: ["spec", "load"], in: document, "missing-key",
      "load \"\(name)\" is no step, so it doesn't say when the burst begins",
      expected: "from: and perhaps to:, the burst's window")
  }

  /// Windows of traces are of equal length, and the same for all traces.
  mutating func checkWindows(_ scenario: Scenario) {
    for (document, load) in world.all(LoadProfile.self) {
      guard case .series(let series) = load.shape, series.windows > 1 else { continue }
      let keys = ["spec", "series", "windows"]
      if series.counts.count % series.windows != 0 {
        report(
          at: keys, in: document, "wrong-value",
          "\(series.counts.count) intervals can't be cut into \(series.windows) equal windows",
          expected: "a divisor of \(series.counts.count)")
      } else if series.windows != scenario.windows {
        report(
          at: keys, in: document, "wrong-value",
          "another trace has \(scenario.windows) windows, and replications take them in turn",
          expected: "\(scenario.windows), or 1")
      }
    }
  }

  /// Looks ascend, and are at replications one by one.
  mutating func checkLooks(_ scenario: Scenario) {
    guard !scenario.looks.isEmpty,
      let document = world.own.first(where: { $0.kind == Scenario.kind })
    else { return }
    if let wrong = scenario.looks.indices.dropFirst().first(where: {
      scenario.looks[$0] <= scenario.looks[$0 - 1]
    }) {
      report(
        at: ["spec", "looks", "[\(wrong)]"], in: document, "wrong-value",
        "a look at \(scenario.looks[wrong]) replications after one at \(scenario.looks[wrong - 1])",
        expected: "ascending numbers, such as [59, 143, 300]")
    } else if scenario.windows > 1 {
      report(
        at: ["spec", "looks"], in: document, "wrong-value",
        "looks are at replications one by one, and a trace is cut into \(scenario.windows) windows",
        expected: "replications: a multiple of \(scenario.windows)")
    }
  }

  mutating func checkLevers() {
    guard let index = world.own.firstIndex(where: { $0.kind == Scenario.kind }),
      let scenario = world.ownReads[index].own as? Scenario
    else { return }
    let document = world.own[index]
    for (number, lever) in scenario.levers.enumerated() {
      checkValues(
        lever.values, of: lever.path, at: ["spec", "levers", "[\(number)]"], in: document)
    }
  }

  /// Branches differ by what a run can take over on its way.
  private mutating func checkSwitch(_ path: String, _ number: Int, _ document: Document) {
    guard let parsed = ObjectPath(path) else { return }
    let keys = parsed.keys.dropFirst().joined(separator: ".")
    let fields = Scenario.switchableFields
    let isKnown = fields.contains { kind, field in
      kind == parsed.kind && (keys == field || keys.hasPrefix(field + "."))
    }
    guard !isKnown else { return }
    let known = fields.map { "\($0.kind):spec.\($0.field)" }
    report(
      at: ["spec", "factors", "[\(number)]", "path"], in: document, "wrong-value",
      "\"\(path)\" can't change in the midst of a run",
      expected: "one of \(known.joined(separator: ", ")), or no branchAt")
  }

  mutating func checkExperiments(lasting duration: TimeSpan) {
    for (document, experiment) in world.all(Experiment.self) {
      for (number, factor) in experiment.factors.enumerated() {
        checkValues(
          factor.values, of: factor.path, at: ["spec", "factors", "[\(number)]"], in: document)
        if experiment.branchAt != nil { checkSwitch(factor.path, number, document) }
      }
      if let instant = experiment.branchAt, instant >= duration {
        report(
          at: ["spec", "branchAt"], in: document, "wrong-value",
          "the run ends after \(duration.formatted), before it branches",
          expected: "a time before it")
      }
    }
  }

  /// Tries every value that an object wants to give to a path.
  mutating func checkValues(
    _ values: [String], of path: String, at keys: [String], in document: Document
  ) {
    guard !path.isEmpty else { return }
    for (position, value) in values.enumerated() {
      var copy = world
      guard let problem = copy.set(path, to: value).first(where: { $0.severity == .error })
      else { continue }
      let isPath = problem.code == "unknown-path"
      report(
        at: keys + (isPath ? ["path"] : ["values", "[\(position)]"]), in: document,
        isPath ? "dangling-reference" : problem.code, problem.message,
        expected: problem.expected, suggestion: problem.suggestion)
      if isPath { break }
    }
  }
}
