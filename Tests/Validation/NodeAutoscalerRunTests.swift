import Autoscaling
import CloudSimulation
import Quantities
import ScenarioFiles
import TestSupport
import Testing

/// What a node autoscaler does in whole runs of scenario files: which pool it chooses, how it shares,
/// what it does about machines that never come, and which nodes it gives back.
@Suite("A node autoscaler in runs")
struct NodeAutoscalerRunTests {
  /// A scenario of pools from zero machines on, and a Deployment that goes from one Pod of one core and
  /// 2 GiB, which an own machine holds, to 21.
  struct Trial {
    var pools: [String]
    var settings = ""
    var load = "step: {at: 1m, from: 1, to: 21}"
    var annotation = ""
    var seed = 1

    private var text: String {
      """
      apiVersion: spillway.sim/v1alpha1
      kind: Scenario
      metadata: {name: trial}
      spec:
        duration: 40m
        seed: \(seed)
        sites: [{name: cloud}]
        nodePools:
        - {name: base, site: cloud, count: 1, allocatable: {cpu: "1", memory: 4Gi, pods: "60"}}
      \(pools.map { "  - {\($0)}" }.joined(separator: "\n"))
        nodeAutoscaler: {\(settings)}
        load: [{name: crowd, target: Deployment/shop, \(load)}]
      ---
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: cluster-autoscaler-priority-expander, namespace: kube-system}
      data:
        priorities: |
          10:
          - .*
          50:
          - named
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: shop}
      spec:
        replicas: 1
        selector: {matchLabels: {app: shop}}
        template:
          metadata: {labels: {app: shop}, annotations: {\(annotation)}}
          spec:
            containers:
            - {name: server, image: "shop:1", resources: {requests: {cpu: "1", memory: 2Gi}}}
      """
    }

    func run() throws -> ReplicationResult {
      var options = ReplicationOptions()
      options.keepsRecords = true
      let result = try ScenarioLoader.load(text: text, called: "trial.yaml").scenario
        .simulate(options: options)
      #expect(result.violation == nil)
      return result
    }

    /// The sizes asked for, as `pool from→to reason`, in order.
    func sizes() throws -> [(at: Double, pool: String, change: Int32, reason: String)] {
      try run().scalings.filter { $0.target.hasPrefix("NodePool/") }.map {
        ($0.at.seconds, String($0.target.dropFirst(9)), $0.to - $0.from, $0.reason)
      }
    }
  }

  /// A pool's fields.
  private static func pool(
    _ name: String, cpu: Int = 8, memory: Int = 32, max: Int, price: Double = 2,
    _ more: String = "", labels: String = ""
  ) -> String {
    "name: \(name), site: cloud, count: 0, labels: {\(labels)}, "
      + "allocatable: {cpu: \"\(cpu)\", memory: \(memory)Gi, pods: \"60\"}, "
      + "autoscaling: {min: 0, max: \(max), registration: 40s, readiness: 10s, "
      + "price: \(price) CNY/h\(more)}"
  }

  // MARK: Expanders

  /// Twenty Pods wait. `tight` wastes nothing and takes 16 on four nodes; `roomy` alone takes all;
  /// `one` takes 15 on a single node; `cheap` takes 18 on two for next to nothing; `named` is what the
  /// ConfigMap prefers.
  private static let choices = [
    pool("tight", cpu: 4, memory: 8, max: 4, price: 9),
    pool("roomy", cpu: 12, memory: 64, max: 2, price: 30),
    pool("cheap", cpu: 9, memory: 64, max: 2, price: 0.5),
    pool("one", cpu: 15, memory: 64, max: 1, price: 40),
    pool("named", cpu: 5, memory: 32, max: 2, price: 20),
  ]

  private static func choice(_ expander: Expander, seed: Int = 1) throws -> String {
    var trial = Trial(pools: choices, settings: "expander: [\(expander.rawValue)]")
    trial.seed = seed
    return try #require(try trial.sizes().first { $0.reason == "TriggeredScaleUp" }).pool
  }

  @Test(
    "Each expander grows the pool that its rule names first",
    arguments: [
      (Expander.leastWaste, "tight"), (.mostPods, "roomy"), (.leastNodes, "one"), (.price, "cheap"),
      (.priority, "named"),
    ])
  func expands(expander: Expander, pool: String) throws {
    #expect(try Self.choice(expander) == pool)
  }

  @Test("Random is a keyed choice: the seed's, and not always the same")
  func drawsPools() throws {
    let seeds = 1...12
    let first = try seeds.map { try Self.choice(.random, seed: $0) }
    #expect(try seeds.map { try Self.choice(.random, seed: $0) } == first)
    // Twelve draws of five that are alike: 5^-11; two pools only: below 10 · (2/5)^12 = 1.7e-4.
    #expect(Set(first).count >= 3)
  }

  // MARK: Balancing

  private func grown(balances: Bool) throws -> [String: Int32] {
    let trial = Trial(
      pools: ["a", "b"].map {
        Self.pool($0, cpu: 5, max: 8, labels: "topology.kubernetes.io/zone: \($0)")
      }, settings: "balanceSimilarNodeGroups: \(balances), scaleDown: false")
    var sizes: [String: Int32] = [:]  // name look-up
    for change in try trial.sizes() { sizes[change.pool, default: 0] += change.change }
    return sizes
  }

  @Test("Twenty Pods on nodes of five: two and two if groups alike are balanced, else four of one")
  func balances() throws {
    #expect(try grown(balances: true) == ["a": 2, "b": 2])
    let uneven = try grown(balances: false)
    #expect(uneven.count == 1 && uneven.values.first == 4)
  }

  // MARK: Machines that don't come

  @Test(
    "Machines that never register are given up after the provision time, and the next pool grows")
  func timesOut() throws {
    let trial = Trial(
      pools: [
        Self.pool("named", max: 4, ", failureShare: 1"), Self.pool("other", max: 4),
      ], settings: "expander: [priority], maxNodeProvisionTime: 4m, scaleDown: false")
    let sizes = try trial.sizes()
    let asked = try #require(sizes.first { $0.reason == "TriggeredScaleUp" })
    #expect(asked.pool == "named" && asked.change == 3)
    let givenUp = sizes.filter { $0.reason == "ScaleUpTimedOut" }
    #expect(givenUp.count { $0.pool == "named" } >= 3)
    let wait = try #require(givenUp.first).at - asked.at
    // A loop starts every 10 s.
    #expect((240...260).contains(wait), "\(wait) s")
    let next = try #require(sizes.first { $0.reason == "TriggeredScaleUp" && $0.pool == "other" })
    #expect(next.change == 3 && next.at >= asked.at + 240 && next.at <= asked.at + 280)
  }

  @Test("After a failure a group rests, twice as long after the next")
  func rests() throws {
    let trial = Trial(
      pools: [Self.pool("named", max: 4, ", failureShare: 1")],
      settings: "maxNodeProvisionTime: 1m, initialBackoff: 3m, maxBackoff: 30m, scaleDown: false")
    let asked = try trial.sizes().filter { $0.reason == "TriggeredScaleUp" }.map(\.at)
    #expect(asked.count >= 3)
    let gaps = zip(asked, asked.dropFirst()).map { $1 - $0 }
    // A minute until it is given up, the rest, and at most two loops.
    #expect((240...270).contains(gaps[0]), "\(gaps)")
    #expect((420...450).contains(gaps[1]), "\(gaps)")
  }

  // MARK: Giving nodes back

  /// Nodes left after a crowd of twenty has gone, of which so many Pods stay on four nodes of five; and
  /// how many nodes were given back.
  private func nodes(
    from: Int, annotation: String = "", threshold: Double = 0.5
  ) throws -> (left: Int32, givenBack: Int) {
    var trial = Trial(
      pools: [Self.pool("a", cpu: 5, max: 8)],
      settings: "scaleDownDelayAfterAdd: 2m, scaleDownUnneededTime: 3m, "
        + "scaleDownUtilizationThreshold: \(threshold)")
    trial.annotation = annotation
    trial.load = "flashCrowd: {at: 1m, from: \(from), peak: 21, rise: 1s, hold: 8m, decay: 1s}"
    let sizes = try trial.sizes()
    let givenBack = sizes.filter { $0.reason == "ScaleDown" }
    // The crowd leaves at 542 s; a node that nobody needs waits three minutes.
    #expect(givenBack.allSatisfy { $0.at >= 542 + 180 })
    return (sizes.reduce(0) { $0 + $1.change }, givenBack.count)
  }

  @Test("Nodes that stand empty are given back after their time")
  func givesBack() throws {
    let empty = try nodes(from: 1)
    #expect(empty.left == 0 && empty.givenBack == 4)
  }

  @Test("Nodes with few Pods are drained, unless a Pod mustn't be moved or too much is in use")
  func drains() throws {
    let moved = try nodes(from: 5)
    #expect(moved.left == 1 && moved.givenBack == 3)
    let pinned = "cluster-autoscaler.kubernetes.io/safe-to-evict: \"false\""
    #expect(try nodes(from: 5, annotation: pinned).left > 1)
    #expect(try nodes(from: 5, threshold: 0.1).left > 1)
  }
}
