import CloudSimulation
import ClusterModel
import Scheduling
import Testing

/// Both published switch tables, cell by cell, by what becomes of seven Pods of which own nodes hold
/// four: the webhooks, the scheduler and its plugin LocalReplicas decide, not the table's function.
@Suite struct SwitchTableTests {
  /// How many of the seven run on own nodes and in the cloud.
  struct Split: Hashable, CustomStringConvertible {
    var own: Int
    var cloud: Int
    var description: String { "\(own) + \(cloud)" }
    /// Those that don't fit wait.
    static let waiting = Split(own: 4, cloud: 0)
    /// Those that don't fit burst.
    static let overflow = Split(own: 4, cloud: 3)
    static let cloudOnly = Split(own: 0, cloud: 7)
    static let keepTwo = Split(own: 2, cloud: 5)
  }

  struct Cell: Sendable, CustomTestStringConvertible {
    var profile: ResilienceProfile
    var cluster: String?
    var pod: String?
    /// Without `LOCAL_REPLICAS`, and with `"2"`.
    var plain: Split
    var kept: Split
    init(
      _ profile: ResilienceProfile, _ cluster: String?, _ pod: String?, _ plain: Split,
      _ kept: Split
    ) {
      (self.profile, self.cluster, self.pod) = (profile, cluster, pod)
      (self.plain, self.kept) = (plain, kept)
    }
    var testDescription: String {
      "\(profile.rawValue), cluster \(cluster ?? "–"), Pod \(pod ?? "–")"
    }
  }

  private func split(_ cell: Cell, replicas: String?) -> Split {
    var scenario = PlainScenario.overflow(7, local: 4)
    scenario.controlPlane.resilience = cell.profile
    scenario.scheduler.profiles = [SchedulerProfile()]
    scenario.scheduler.profiles[0].disabledFilters.remove(.localReplicas)
    if let word = cell.cluster {
      scenario.cluster.configMaps = [
        ConfigMap(
          namespace: EksConfig.namespace, name: EksConfig.name, data: [EksConfig.switchKey: word])
      ]
    }
    var annotations = Labels()
    annotations[EksConfig.switchKey] = cell.pod
    annotations[EksConfig.replicasKey] = replicas
    scenario.cluster.workloads[0].template.annotations = annotations
    var options = ReplicationOptions()
    options.keepsRecords = true
    let result = scenario.simulate(options: options)
    #expect(result.violation == nil)
    let bound = result.placements.filter { $0.end == nil && !($0.node ?? "").isEmpty }
    return Split(
      own: bound.count { $0.site == "idc" }, cloud: bound.count { $0.site == "cloud" })
  }

  static let cells: [Cell] = [
    Cell(.v0, "true", "true", .cloudOnly, .keepTwo),
    Cell(.v0, "true", "false", .overflow, .overflow),
    Cell(.v0, "true", nil, .overflow, .overflow),
    Cell(.v0, "false", "true", .cloudOnly, .keepTwo),
    Cell(.v0, "false", "false", .waiting, .waiting),
    Cell(.v0, "false", nil, .waiting, .waiting),
    Cell(.v0, nil, "true", .cloudOnly, .keepTwo),
    Cell(.v0, nil, "false", .overflow, .overflow),
    Cell(.v0, nil, nil, .overflow, .overflow),
    Cell(.v1, "true", "true", .cloudOnly, .keepTwo),
    Cell(.v1, "true", "false", .waiting, .waiting),
    Cell(.v1, "true", nil, .overflow, .keepTwo),
    Cell(.v1, "false", "true", .cloudOnly, .keepTwo),
    Cell(.v1, "false", "false", .waiting, .waiting),
    Cell(.v1, "false", nil, .waiting, .waiting),
    Cell(.v1, nil, "true", .cloudOnly, .keepTwo),
    Cell(.v1, nil, "false", .waiting, .waiting),
    Cell(.v1, nil, nil, .overflow, .overflow),
  ]

  @Test(arguments: cells) func `a run does in every cell what the version's table says`(cell: Cell)
  {
    #expect(split(cell, replicas: nil) == cell.plain)
    #expect(split(cell, replicas: "2") == cell.kept)
  }
}
