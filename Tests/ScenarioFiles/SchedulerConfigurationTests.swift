import CloudSimulation
import ClusterModel
import Quantities
import ScenarioFiles
import Scheduling
import Statistics
import Testing

@Suite("A KubeSchedulerConfiguration as users write it")
struct SchedulerConfigurationTests {
  private func load(
    _ body: String, _ plugins: PluginRegistry = PluginRegistry()
  ) throws -> LoadedScenario {
    let lines = body.split(separator: "\n", omittingEmptySubsequences: false)
    let text = """
      apiVersion: kubescheduler.config.k8s.io/v1
      kind: KubeSchedulerConfiguration
      \(lines.joined(separator: "\n"))
      """
    return try ScenarioLoader.load(text: text, called: "scheduler.yaml", plugins: plugins)
  }

  private struct Either: OutOfTreeFilter, OutOfTreeScore {
    var name: String
    let reasons = ["node(s) were the other"]
    func filter(_ pod: PodView, on node: NodeView) -> FilterAnswer { .fits }
    func score(_ pod: PodView, on node: NodeView) -> Int64 { 50 }
  }

  @Test("Plugins of one's own are named as any others, with weights, in the framework's order")
  func ownPlugins() throws {
    let registry = PluginRegistry(["One", "Two", "Three"].map { Either(name: $0) })
    let body = """
      profiles:
      - plugins:
          multiPoint: {enabled: [{name: Three}, {name: Two, weight: 4}]}
          filter: {enabled: [{name: One}, {name: Two}]}
          score: {disabled: [{name: Three}]}
      - schedulerName: plain
      """
    let profiles = try load(body, registry).scenario.scheduler.profiles
    #expect(profiles[0].outOfTreeFilters.map(\.plugin.name) == ["Two", "Three", "One"])
    #expect(profiles[0].outOfTreeScores == [EnabledScore(Either(name: "Two"), weight: 4)])
    #expect(profiles[1] == SchedulerProfile(schedulerName: "plain"))
    let unknown = #expect(throws: InvalidInput.self) {
      try load("profiles: [{plugins: {filter: {enabled: [{name: Twoo}]}}}]", registry)
    }
    let text = Diagnostic.text(of: unknown?.diagnostics ?? [])
    #expect(text.contains("unknown plugin \"Twoo\""))
    #expect(text.contains("TaintToleration, Three, Two, VolumeBinding"))
  }

  @Test("Profiles, weights, arguments and backoffs reach the scheduler")
  func everything() throws {
    let loaded = try load(
      """
      percentageOfNodesToScore: 30
      podInitialBackoffSeconds: 2
      podMaxBackoffSeconds: 20
      profiles:
      - schedulerName: default-scheduler
        plugins:
          score:
            disabled: [{name: ImageLocality}]
            enabled: [{name: NodeResourcesFit, weight: 5}]
          filter: {disabled: [{name: NodePorts}]}
        pluginConfig:
        - name: NodeResourcesFit
          args:
            scoringStrategy:
              type: RequestedToCapacityRatio
              resources: [{name: cpu, weight: 3}, {name: nvidia.com/gpu}]
              requestedToCapacityRatio:
                shape: [{utilization: 0, score: 0}, {utilization: 100, score: 10}]
        - name: PodTopologySpread
          args:
            defaultingType: List
            defaultConstraints:
            - {maxSkew: 2, topologyKey: rack, whenUnsatisfiable: ScheduleAnyway}
        - {name: InterPodAffinity, args: {hardPodAffinityWeight: 7}}
        - name: NodeResourcesBalancedAllocation
          args: {resources: [{name: cpu, weight: 1}]}
      - schedulerName: second
        percentageOfNodesToScore: 100
      """)
    let scheduler = loaded.scenario.scheduler
    #expect(scheduler.percentageOfNodesToScore == 30)
    #expect(scheduler.initialBackoff == .seconds(2))
    #expect(scheduler.maxBackoff == .seconds(20))
    var first = SchedulerProfile()
    first.weights.imageLocality = 0
    first.weights.nodeResourcesFit = 5
    first.disabledFilters.insert(.nodePorts)
    first.fitScoring = ResourceScoring(
      strategy: .requestedToCapacityRatio,
      resources: [WeightedResource("cpu", weight: 3), WeightedResource("nvidia.com/gpu")],
      shape: [UtilizationPoint(), UtilizationPoint(utilization: 100, score: 10)])
    first.defaultSpread = [
      TopologySpreadConstraint(
        maxSkew: 2, topologyKey: "rack", isRequired: false, labelSelector: nil)
    ]
    first.hardPodAffinityWeight = 7
    first.balancedResources = ["cpu"]
    var second = SchedulerProfile(schedulerName: "second")
    second.percentageOfNodesToScore = 100
    #expect(scheduler.profiles == [first, second])
  }

  @Test("Arguments of the other plugins, workers and what isn't modelled")
  func arguments() throws {
    let loaded = try load(
      """
      parallelism: 4
      clientConnection: {kubeconfig: /etc/scheduler.conf, qps: 100, burst: 200}
      extenders: [{urlPrefix: "http://localhost:9000", filterVerb: filter}]
      profiles:
      - plugins:
          reserve: {enabled: [{name: Open-Gpu-Share}]}
          permit: {disabled: [{name: '*'}]}
        pluginConfig:
        - name: NodeResourcesFit
          args: {ignoredResources: [example.com/a], ignoredResourceGroups: [vendor.io]}
        - name: InterPodAffinity
          args: {ignorePreferredTermsOfExistingPods: true}
        - name: NodeAffinity
          args:
            addedAffinity:
              requiredDuringSchedulingIgnoredDuringExecution:
                nodeSelectorTerms:
                - matchExpressions: [{key: pool, operator: In, values: [own]}]
        - name: DefaultPreemption
          args: {minCandidateNodesPercentage: 20, minCandidateNodesAbsolute: 7}
      """)
    var expected = SchedulerProfile()
    expected.ignoredResources = ["example.com/a"]
    expected.ignoredResourceGroups = ["vendor.io"]
    expected.ignoresPreferredTermsOfExistingPods = true
    expected.addedAffinity.requiredNodeTerms = [
      NodeSelectorTerm(
        matchExpressions: [SelectorRequirement(key: "pool", comparison: .isIn, values: ["own"])])
    ]
    expected.minCandidatePercentage = 20
    expected.minCandidates = 7
    #expect(loaded.scenario.scheduler.profiles == [expected])
    #expect(loaded.scenario.scheduler.parallelism == 4)
    let input = try #require(
      loaded.input.first { $0.kind == "KubeSchedulerConfiguration" })
    #expect(
      input.unsupportedFields.sorted() == [
        "clientConnection.burst", "clientConnection.qps", "extenders",
        "profiles[0].plugins.permit",
      ])
    #expect(loaded.caveats.contains { $0.contains("extenders") && $0.contains("goes without") })
  }

  @Test(
    "TKE's plugins are on under its behaviour and its scheduler's name, and can be switched off")
  func tke() throws {
    #expect(SchedulerParameters().effectiveProfiles == [SchedulerProfile()])
    var parameters = SchedulerParameters()
    parameters.profile = .tke120
    #expect(parameters.effectiveProfiles == [.tke()])
    parameters.localReplicas = .fixed
    #expect(parameters.effectiveProfiles[0].localReplicas == .fixed)
    let loaded = try load(
      """
      profiles:
      - schedulerName: default-scheduler
      - schedulerName: tke-scheduler
        plugins: {filter: {disabled: [{name: FitIPResource}]}}
      """)
    var named = SchedulerProfile.tke(schedulerName: "tke-scheduler")
    named.disabledFilters.insert(.fitIPResource)
    #expect(loaded.scenario.scheduler.effectiveProfiles == [SchedulerProfile(), named])
  }

  @Test("A GPU policy among the score plugins shares the GPUs; its weight is the profile's")
  func gpuPolicies() throws {
    let table: [(plugins: String, policy: GPUPolicy?, weight: Int64)] = [
      ("{}", nil, 1), ("{score: {enabled: [{name: FGDScore, weight: 7}]}}", .fragmentation, 7),
      ("{multiPoint: {enabled: [{name: GpuPackingScore}]}}", .packing, 1),
      ("{filter: {enabled: [{name: Open-Gpu-Share}]}}", .bestFit, 0),
    ]
    for row in table {
      let scheduler = try load("profiles: [{plugins: \(row.plugins)}]").scenario.scheduler
      #expect(scheduler.gpuPolicy == row.policy, "\(row.plugins)")
      #expect(scheduler.profiles[0].gpuWeight == row.weight, "\(row.plugins)")
    }
  }

  @Test("What a point says goes before multiPoint, and enabled before disabled")
  func precedence() throws {
    let table: [(plugins: String, fit: Int64, images: Int64, filtersByFit: Bool)] = [
      ("{}", 1, 1, true),
      ("{multiPoint: {disabled: [{name: '*'}]}}", 0, 0, false),
      (
        "{multiPoint: {disabled: [{name: '*'}], enabled: [{name: NodeResourcesFit, weight: 4}]}}",
        4, 0, true
      ),
      ("{multiPoint: {enabled: [{name: NodeResourcesFit, weight: 4}]}}", 4, 1, true),
      ("{multiPoint: {enabled: [{name: NodeResourcesFit}]}}", 1, 1, true),
      ("{score: {disabled: [{name: '*'}]}}", 0, 0, true),
      (
        "{score: {disabled: [{name: '*'}], enabled: [{name: ImageLocality, weight: 9}]}}", 0, 9,
        true
      ),
      ("{filter: {disabled: [{name: NodeResourcesFit}]}}", 1, 1, false),
      (
        """
        {multiPoint: {enabled: [{name: NodeResourcesFit, weight: 4}]},\
         score: {enabled: [{name: NodeResourcesFit, weight: 2}]}}
        """, 2, 1, true
      ),
    ]
    for row in table {
      let profile = try load("profiles: [{plugins: \(row.plugins)}]").scenario.scheduler.profiles[0]
      #expect(profile.weights.nodeResourcesFit == row.fit, "\(row.plugins)")
      #expect(profile.weights.imageLocality == row.images, "\(row.plugins)")
      #expect(
        !profile.disabledFilters.contains(.nodeResourcesFit) == row.filtersByFit, "\(row.plugins)")
    }
  }

  @Test("Preemption can be switched off at both points")
  func preemption() throws {
    for point in ["multiPoint", "postFilter"] {
      let loaded = try load(
        "profiles: [{plugins: {\(point): {disabled: [{name: DefaultPreemption}]}}}]")
      #expect(!loaded.scenario.scheduler.profiles[0].preempts)
    }
  }

  @Test("Unknown plugins and arguments without sense are errors that say what would be right")
  func errors() {
    let table: [(body: String, parts: [String])] = [
      (
        "profiles: [{plugins: {score: {enabled: [{name: ImageLocalty}]}}}]",
        ["unknown plugin \"ImageLocalty\"", "NodeResourcesBalancedAllocation", "ImageLocality"]
      ),
      (
        "profiles: [{plugins: {score: {enabled: [{name: '*'}]}}}]", ["unknown plugin \"*\""]
      ),
      (
        "profiles: [{pluginConfig: [{name: Coscheduling, args: {}}]}]",
        ["unknown plugin \"Coscheduling\"", "DefaultPreemption"]
      ),
      (
        """
        profiles: [{pluginConfig: [{name: NodeResourcesFit, args: {scoringStrategy:\
         {type: RequestedToCapacityRatio}}}]}]
        """, ["no shape"]
      ),
      (
        """
        profiles: [{pluginConfig: [{name: PodTopologySpread, args: {defaultConstraints:\
         [{maxSkew: 1, topologyKey: z, whenUnsatisfiable: DoNotSchedule}]}}]}]
        """, ["defaulting type is System"]
      ),
      (
        "profiles: [{plugins: {filter: {enabled: [{name: ImageLocality}]}}}]",
        ["plugin \"ImageLocality\" does not extend FilterPlugin plugin"]
      ),
      (
        "podInitialBackoffSeconds: 5\npodMaxBackoffSeconds: 4",
        ["must be greater than or equal to PodInitialBackoffSeconds"]
      ),
      ("podInitialBackoffSeconds: 0", ["podInitialBackoffSeconds"]),
    ]
    for row in table {
      do {
        _ = try load(row.body)
        Issue.record("no error: \(row.body)")
      } catch let error as InvalidInput {
        let text = Diagnostic.text(of: error.diagnostics)
        for part in row.parts { #expect(text.contains(part), "\(text)") }
      } catch {
        Issue.record("\(error)")
      }
    }
  }
}
