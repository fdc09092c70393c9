import ClusterModel
import Quantities
import TestSupport
import Testing

@testable import Controllers

/// What the node lifecycle controller should do, written down apart from it.
private struct ZoneRules {
  var threshold = 0.55
  var least = 3
  var fullRate = 0.1
  var reducedRate = 0.01
  var largeFrom = 51

  /// The rate at which a zone is emptied.
  func rate(ready: Int, notReady: Int) -> Double {
    if ready == 0 && notReady > 0 { return fullRate }
    let share = Double(notReady) / Double(max(1, ready + notReady))
    guard notReady >= least, share >= threshold else { return fullRate }
    return ready + notReady >= largeFrom ? reducedRate : 0
  }
}

@Suite struct NodeLifecycleTests {
  private func check(_ rules: ZoneRules) {
    let configuration = NodeLifecycleConfiguration()
    for all in [1, 2, 3, 4, 5, 9, 20, 50, 51, 100, 500] {
      for notReady in Set([0, 1, 2, 3, all / 2, all * 11 / 20, all * 11 / 20 + 1, all - 1, all])
        .filter({ (0...all).contains($0) }).sorted()
      {
        let count = ZoneCount(ready: all - notReady, notReady: notReady)
        let state = ZoneState(of: count, threshold: configuration.unhealthyZoneThreshold)
        let rate = state.evictionRate(ofZoneWith: all, configuration)
        #expect(rate == rules.rate(ready: all - notReady, notReady: notReady), "\(count)")
      }
    }
  }

  @Test func `zones are emptied at the rate that the truth table says`() { check(ZoneRules()) }

  @Test func `a flipped rule shows in the truth table`() {
    var mutants = Array(repeating: ZoneRules(), count: 5)
    mutants[0].threshold = 0.5
    mutants[1].least = 2
    mutants[2].largeFrom = 50
    mutants[3].reducedRate = 0.1
    mutants[4].fullRate = 0
    for (number, mutant) in mutants.enumerated() {
      expectDetects("rule \(number) is flipped") { check(mutant) }
    }
  }

  // MARK: Whole courses

  /// Nodes with a lease each and a Pod each, in two zones, under both controllers.
  private func api(
    _ a: Int, _ b: Int, virtual: Bool = false, logCapacity: Int = 1 << 16,
    _ change: (inout NodeLifecycleConfiguration) -> Void = { _ in }
  ) -> MemoryAPI {
    var objects = ClusterObjects()
    for (zone, count) in [("a", a), ("b", b)] {
      for n in 0..<count {
        var node = Node(name: "\(zone)-\(n)", allocatable: Resources(cpu: 1000))
        node.labels["topology.kubernetes.io/zone"] = zone
        if virtual, zone == "a" { node.labels["node.kubernetes.io/instance-type"] = "eklet" }
        objects.nodes.append(node)
        var pod = PodObject(name: "pod-\(zone)-\(n)", template: PodTemplate())
        pod.nodeName = node.name
        pod.phase = .running
        pod.flags = .ready
        objects.pods.append(pod)
      }
    }
    var delays = MemoryAPI.Delays()
    delays.stop = nil
    var api = MemoryAPI(objects, logCapacity: logCapacity, delays: delays)
    api.change { state in
      for slot in 0..<state.nodeSlotCount {
        state.keepLease(of: state.nodeID(slot: slot)!, from: .zero, every: .seconds(10))
      }
    }
    var configuration = NodeLifecycleConfiguration()
    change(&configuration)
    api.join(NodeLifecycleController(configuration: configuration))
    api.join(TaintEvictionController())
    return api
  }

  private func cut(_ api: inout MemoryAPI, _ nodes: Range<Int>, at seconds: Double) {
    api.run(until: .seconds(seconds))
    api.change { state in
      for slot in nodes { state.stopLease(of: state.nodeID(slot: slot)!, at: .seconds(seconds)) }
    }
  }

  private func mend(_ api: inout MemoryAPI, _ nodes: Range<Int>, at seconds: Double) {
    api.run(until: .seconds(seconds))
    api.change { state in
      for slot in nodes {
        let id = state.nodeID(slot: slot)!
        state.resumeLease(of: id)
        state.setReadiness(of: id, .ready)
      }
    }
  }

  private func times(
    _ api: borrowing MemoryAPI, _ isMeant: (ClusterCommand) -> Bool
  ) -> [Double] { api.issued.filter { isMeant($0.command) }.map(\.time.seconds) }

  private func isEviction(_ command: ClusterCommand) -> Bool {
    if case .deletePod = command { true } else { false }
  }
  private func isUnknown(_ command: ClusterCommand) -> Bool {
    if case .setReadiness(_, .unknown) = command { true } else { false }
  }
  private func isEvicting(_ command: ClusterCommand) -> Bool {
    if case .taint(_, let adding, _) = command {
      !adding.isDisjoint(with: .noExecute)
    } else {
      false
    }
  }

  @Test(arguments: [40, 50]) func `a silent node is Unknown a grace period after it was seen`(
    grace: Int
  ) {
    var api = api(3, 3) { $0.gracePeriod = .seconds(grace) }
    cut(&api, 0..<1, at: 62)
    api.run(until: .seconds(600))
    // The lease was renewed at 60, and looked at then.
    let unknown = times(api, isUnknown)
    #expect(unknown == [60 + Double(grace)])
    let taints = times(api, isEvicting)
    #expect(taints == unknown)
    let evictions = times(api, isEviction)
    #expect(evictions == unknown.map { $0 + 300 })
    let pod = api.state.pod(slot: 0)!
    #expect(!pod.isReady && pod.isTerminating)
  }

  @Test func `a lease renewed in time costs nothing`() {
    var api = api(3, 3)
    cut(&api, 0..<1, at: 62)
    mend(&api, 0..<1, at: 109)
    api.run(until: .seconds(600))
    #expect(api.issued.isEmpty)
  }

  @Test func `a node that is back before its Pods' patience ends keeps them`() {
    var api = api(3, 3)
    cut(&api, 0..<1, at: 62)
    mend(&api, 0..<1, at: 400)
    api.run(until: .seconds(900))
    let evictions = times(api, isEviction)
    #expect(evictions.isEmpty)
    let taints = api.state.node(api.state.nodeID(slot: 0)!)!.taints
    #expect(taints.isEmpty)
  }

  @Test func `nodes of a dead zone are emptied one every ten seconds`() {
    var api = api(6, 3)
    cut(&api, 0..<6, at: 62)
    api.run(until: .seconds(900))
    let taints = times(api, isEvicting)
    #expect(taints == [110, 120, 130, 140, 150, 160])
    let evictions = times(api, isEviction)
    #expect(evictions == taints.map { $0 + 300 })
  }

  @Test func `a small zone that is mostly down isn't emptied`() {
    var api = api(6, 3)
    cut(&api, 0..<4, at: 62)
    api.run(until: .seconds(900))
    let unknown = times(api, isUnknown).count
    #expect(unknown == 4)
    let taints = times(api, isEvicting)
    #expect(taints.isEmpty)
  }

  @Test func `a large zone that is mostly down is emptied at a tenth of the rate`() {
    var api = api(60, 3)
    cut(&api, 0..<40, at: 62)
    api.run(until: .seconds(330))
    let taints = times(api, isEvicting)
    #expect(taints == [110, 210, 310])
  }

  @Test func `while no node anywhere is healthy, nobody is evicted`() {
    var api = api(3, 3)
    cut(&api, 0..<6, at: 62)
    api.run(until: .seconds(2000))
    let evictions = times(api, isEviction)
    #expect(evictions.isEmpty)
    // One zone comes back: the other is then emptied, after a pause of the new limiter.
    mend(&api, 3..<6, at: 2000)
    api.run(until: .seconds(2400))
    let taints = times(api, isEvicting)
    #expect(taints == [2010, 2020, 2030])
  }

  @Test(arguments: [true, false]) func `virtual nodes are exempt, if they are`(exempt: Bool) {
    var api = api(3, 3, virtual: true) { $0.exemptsVirtualNodes = exempt }
    cut(&api, 0..<1, at: 62)
    api.run(until: .seconds(600))
    let pod = api.state.pod(slot: 0)!
    #expect(pod.isReady == exempt && pod.isTerminating != exempt)
    // It takes no new Pods either way.
    let taints = NodeHealthTaints(among: api.state.node(api.state.nodeID(slot: 0)!)!.taints)
    #expect(taints.contains(.unreachableNoSchedule))
  }

  @Test func `a log of one change leads to the same decisions`() {
    func decisions(_ capacity: Int) -> [MemoryAPI.Entry] {
      var api = api(60, 3, logCapacity: capacity)
      cut(&api, 0..<7, at: 62)
      mend(&api, 2..<4, at: 130)
      cut(&api, 60..<61, at: 171)
      api.run(until: .seconds(900))
      return api.issued
    }
    #expect(decisions(1) == decisions(1 << 16))
    #expect(decisions(1).count > 20)
  }

  // MARK: Patience

  @Test func `patience is the least of what is tolerated`() {
    let unreachable = Taint(key: NodeHealthTaints.unreachableKey, effect: .noExecute)
    let other = Taint(key: "other", effect: .noExecute)
    func bears(_ key: String, _ seconds: Int64?) -> Toleration {
      Toleration(key: key, comparison: .exists, effect: .noExecute, seconds: seconds)
    }
    typealias Case = ([Toleration], [Taint], Int64?, TaintEvictionController.Patience)
    let cases: [Case] = [
      ([], [unreachable], 300, .until(.seconds(300))),
      ([], [unreachable], nil, .none),
      ([], [other], 300, .none),
      ([bears(unreachable.key, 20)], [unreachable], 300, .until(.seconds(20))),
      ([bears(unreachable.key, nil)], [unreachable], 300, .forever),
      ([bears(unreachable.key, 0)], [unreachable], 300, .none),
      ([bears("", nil)], [unreachable, other], 300, .forever),
      ([bears("other", 60)], [unreachable, other], 300, .until(.seconds(60))),
      ([bears("other", 600)], [unreachable, other], 300, .until(.seconds(300))),
      ([], [], 300, .forever),
    ]
    for (number, (tolerations, taints, seconds, expected)) in cases.enumerated() {
      let patience = TaintEvictionController.patience(
        of: tolerations, with: taints, byDefault: seconds)
      #expect(patience == expected, "case \(number)")
    }
  }

  @Test func `Pods of a node that is gone are collected after their quarantine`() {
    var api = api(2, 1)
    api.join(PodGarbageCollector())
    api.run(until: .seconds(100))
    api.change { $0.removeNode($0.nodeID(slot: 1)!) }
    api.run(until: .seconds(300))
    let deletions = times(api, isEviction)
    // Looks are at 120, 140, …; the first one 40 s after the node went.
    #expect(deletions == [140])
    let left = api.state.livePodCount
    #expect(left == 2)
  }
}
