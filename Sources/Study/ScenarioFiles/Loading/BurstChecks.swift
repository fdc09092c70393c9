import Autoscaling
import CloudSimulation
import ClusterModel
import Infrastructure
import Quantities
import Workloads

extension Checks {
  /// What is wrong with bursting between objects that are right by themselves.
  mutating func checkBursting(_ scenario: Scenario) {
    for (document, read) in zip(world.native, world.nativeReads) {
      switch read.native {
      case .workload(let kind, let workload):
        checkSwitches(
          workload.templateMetadata.annotations, of: workload.template, kind, scenario, document)
      case .cronScaler(let scaler): checkTimetable(scaler, scenario, document)
      case .cronJob(let job) where job.timeZone.map { FixedZones.seconds($0) == nil } ?? false:
        report(
          .warning, at: ["spec", "timeZone"], in: document, "wrong-value",
          "\"\(job.timeZone ?? "")\" has summer time or isn't known: the schedule was taken to be on "
            + "the scenario's clock",
          expected: "a zone without summer time, such as Etc/UTC, Asia/Shanghai or Etc/GMT-8")
      case .cronJob where scenario.startAt == nil && !scenario.isBareDump:
        report(
          .warning, at: ["spec", "schedule"], in: document, "missing-key",
          "a timetable in a scenario without a date and time: the run begins on January 1st, 0:00",
          expected: "start: {at: …} in the Scenario, such as 2026-11-10T00:00:00+08:00")
      case .configMap(let map)
      where map.metadata.namespace == EksConfig.namespace && map.metadata.name == EksConfig.name:
        checkNumber(map.data[EksConfig.replicasKey], ["data", EksConfig.replicasKey], document)
        checkSwitch(map.data[EksConfig.switchKey], ["data", EksConfig.switchKey], document)
        checkCommonAnnotations(map, document)
      default: break
      }
    }
    checkScalers()
    checkSecurityGroups(scenario)
    checkScenarioPolicy(scenario)
    for (document, pool) in world.all(ServerlessPool.self) {
      checkOutages(pool.outages, document)
    }
    for (document, link) in world.all(Link.self) { checkOutages(link.outages, document) }
  }

  /// Names of workloads, loads and policies that nothing has: they are as wrong where fields of these
  /// objects are, too, so that one look shows both.
  mutating func checkNames(_ scenario: Scenario) {
    checkTargets(scenario)
    checkProfileTargets()
    checkScalerTargets()
    checkScenarioPolicy(scenario)
    for (document, read) in zip(world.native, world.nativeReads) {
      switch read.native {
      case .cronScaler(let scaler): checkTarget(of: scaler, document)
      case .workload(_, let workload):
        guard let name = workload.templateMetadata.annotations[BurstConfiguration.policyKey]
        else { continue }
        checkPolicy(
          name, at: Self.annotationKeys + [BurstConfiguration.policyKey], scenario, document)
      default: break
      }
    }
  }

  private mutating func checkScenarioPolicy(_ scenario: Scenario) {
    for (document, read) in world.all(Scenario.self) {
      checkPolicy(
        read.burst.policy.rawValue, at: ["spec", "burst", "policy"], scenario, document)
    }
  }

  /// Whether there is a policy of a name, and whether one of somebody's own keeps the laws.
  mutating func checkPolicy(
    _ word: String, at keys: [String], _ scenario: Scenario, _ document: Document
  ) {
    let name = BurstPolicyName(rawValue: word)
    guard let policy = world.policies[name] else {
      let words = world.policies.names.map(\.rawValue)
      report(
        at: keys, in: document, "wrong-value", "unknown policy \"\(word)\"",
        expected: "one of \(words.joined(separator: ", "))",
        suggestion: nearest(to: word, among: words))
      return
    }
    guard BurstPolicies.builtIn[name] == nil else { return }
    let zones = scenario.serverlessPools.flatMap(\.subnets).map(\.zone)
    for fault in BurstPolicyLaws.faults(of: policy, zones: zones) {
      report(
        at: keys, in: document, "broken-law", "policy \"\(word)\" breaks \(fault)",
        expected: "a policy that keeps every law of BurstPolicyLaws")
    }
  }

  private mutating func checkOutages(_ outages: [Outage], _ document: Document) {
    for (index, outage) in outages.enumerated() where outage.from >= outage.to {
      report(
        at: ["spec", "outages", "[\(index)]", "to"], in: document, "wrong-value",
        "the outage ends before it begins", expected: "a time after \(outage.from.formatted)")
    }
  }

  mutating func checkNumber(_ text: String?, _ keys: [String], _ document: Document) {
    guard let text, EksConfig.replicas(text) == nil else { return }
    report(
      at: keys, in: document, "wrong-value",
      "\"\(text)\" is no number of replicas, so that none stays on own nodes",
      expected: "a whole number from 0, in quotation marks")
  }

  // MARK: Scalers

  private mutating func checkTimetable(
    _ scaler: CronScaler.Reading, _ scenario: Scenario, _ document: Document
  ) {
    checkTarget(of: scaler, document)
    guard scenario.startAt == nil else { return }
    report(
      at: ["spec", "crons"], in: document, "missing-key",
      "a timetable in a scenario without a date and time",
      expected: "start: {at: …} in the Scenario, such as 2026-11-10T00:00:00+08:00")
  }

  private mutating func checkTarget(of scaler: CronScaler.Reading, _ document: Document) {
    guard !scaler.kind.isEmpty, !scaler.name.isEmpty else { return }
    _ = workload(
      "\(scaler.kind)/\(scaler.object.namespace)/\(scaler.name)", kinds: Self.scalable,
      at: ["spec", "scaleTarget", "name"], in: document)
  }

  private mutating func checkScalerTargets() {
    let loads = world.all(LoadProfile.self).map { ($0.document.name, $0.document.namePlace) }
    for (document, scaler) in world.all(PredictiveScaler.self) {
      if !scaler.target.isEmpty {
        _ = workload(scaler.target, kinds: Self.scalable, at: ["spec", "target"], in: document)
      }
      require(
        scaler.metric.selector?.matchLabels["load"], among: loads, what: "LoadProfile",
        at: ["spec", "load"], in: document)
    }
  }

  private mutating func checkScalers() {
    checkScalerTargets()
    for (document, scaler) in world.all(PredictiveScaler.self) {
      if scaler.minReplicas > scaler.maxReplicas {
        report(
          at: ["spec", "maxReplicas"], in: document, "wrong-value",
          "at most \(scaler.maxReplicas) Pods, and at least \(scaler.minReplicas)",
          expected: "a number from \(scaler.minReplicas)")
      }
      if scaler.season < scaler.interval {
        report(
          at: ["spec", "season"], in: document, "wrong-value",
          "a season shorter than the interval at which it is looked at",
          expected: "a duration from \(scaler.interval.formatted)")
      }
    }
  }

  private static let scalable: [WorkloadKind] = [
    .deployment, .replicaSet, .replicationController, .statefulSet,
  ]
}
