import ClusterModel
import Quantities
import TestSupport
import Testing

@testable import Scheduling

@Suite("Laws of GPU sharing on made-up clusters")
struct GPULawTests {
  /// Makes up kinds of Pods.
  private struct World {
    var generator: SeededGenerator
    static let models = ["P100", "T4", "V100"]

    mutating func kind() -> TypicalPod {
      let (gpus, milli) = generator.pick([(0, 0), (1, 250), (1, 460), (1, 1000), (2, 1000)])
      let named = generator.pick(["", "", "T4", "P100|V100"])
      return TypicalPod(
        cpu: Int64(generator.below(9)) * 1000, gpus: gpus, gpuMilli: milli,
        models: gpus == 0 ? "" : named, frequency: 1 / 8)
    }
  }

  /// The fragments of a node by their definition, kind by kind and device by device.
  private static func definition(
    _ kinds: [TypicalPod], cpuLeft: Int64, left: [Int16], model: String
  ) -> Double {
    var sum = 0.0
    for kind in kinds {
      let mayUse = kind.models.isEmpty || kind.models.split(separator: "|").contains(model[...])
      let enough = left.filter { Int($0) >= kind.gpuMilli }.count >= kind.gpus
      let isServed = kind.gpus > 0 && mayUse && enough && cpuLeft >= kind.cpu
      for device in left where !isServed || Int(device) < kind.gpuMilli {
        sum += kind.frequency * Double(device)
      }
    }
    return sum
  }

  @Test("Fragments and the gradient agree with their definition", arguments: [UInt64(1), 2, 3])
  func bruteForce(seed: UInt64) {
    var world = World(generator: SeededGenerator(seed: seed))
    for _ in 0..<200 {
      let kinds = (0..<8).map { _ in world.kind() }
      var table = GPUTable(GPUSharing(.fragmentation))
      let measure = FragmentMeasure(kinds) { table.models($0) }
      let model = world.generator.pick(World.models)
      let left = (0..<1 + world.generator.below(8)).map { _ in
        world.generator.pick([Int16(0), 250, 300, 540, 1000, 1000])
      }
      var devices = GPUDevices(count: left.count, model: table.model(model))
      for (device, milli) in left.enumerated() { devices.left[device] = milli }
      let cpu = Int64(world.generator.below(12)) * 1000
      let before = Self.definition(kinds, cpuLeft: cpu, left: left, model: model)
      #expect(abs(measure.fragments(cpuLeft: cpu, devices) - before) < 1e-9)
      let share = GPURequest(count: 1, milli: world.generator.pick([Int16(250), 460]))
      guard devices.fit(share) else { continue }
      let found = GPUScores.fragmentation(
        share, on: devices, before: measure.fragments(cpuLeft: cpu, devices), cpuLeft: cpu, measure)
      let chosen = found.devices.trailingZeroBitCount
      var least = Double.infinity
      for device in left.indices where left[device] >= share.milli {
        var after = left
        after[device] -= share.milli
        let fragments = Self.definition(kinds, cpuLeft: cpu, left: after, model: model)
        least = min(least, fragments)
        // A point of the score is at least 40 thousandths of a device.
        if device == chosen { #expect(fragments <= before + 1e-9 || found.score <= 50) }
      }
      var after = left
      after[chosen] -= share.milli
      let its = Self.definition(kinds, cpuLeft: cpu, left: after, model: model)
      let best = GPUScores.fragmentation(before: before, after: least)
      #expect(GPUScores.fragmentation(before: before, after: its) >= best - 1)
      #expect(abs(found.score - best) <= 1)
    }
  }

  private static func cluster(seed: UInt64, nodes: Int, pods: Int) -> ClusterState {
    var world = World(generator: SeededGenerator(seed: seed))
    var cluster = ClusterState()
    for number in 0..<nodes {
      var resources = Resources(cpu: 16_000, memory: 64 << 30, pods: 110)
      let gpus = Int64(world.generator.pick([0, 1, 2, 4]))
      resources[scalar: GPUNames.count] = gpus
      resources[scalar: GPUNames.milli] = gpus * 1000
      let model = world.generator.pick(World.models)
      cluster.addNode(
        Node(name: "n\(number)", labels: [GPUNames.model: model], allocatable: resources))
    }
    for number in 0..<pods {
      let kind = world.kind()
      var container = Container(name: "main")
      container.requests = ResourceList(cpuMilli: kind.cpu, memory: 1 << 30)
      var template = PodTemplate(containers: [container])
      template.annotations = [
        GPUNames.count: "\(kind.gpus)", GPUNames.milli: "\(kind.gpuMilli)",
        GPUNames.model: kind.models,
      ]
      cluster.createPod(
        owner: nil, template: cluster.addTemplate(template), ordinal: Int32(number), attempt: 0,
        at: Instant(nanoseconds: Int64(number)), name: "p\(number)")
    }
    return cluster
  }

  private static func decisions(
    seed: UInt64, _ configuration: SchedulerConfiguration, check: Bool = false
  ) -> [ClusterCommand] {
    var cluster = cluster(seed: seed, nodes: 12, pods: 70)
    var scheduler = Scheduler(configuration: configuration)
    var out = CommandBuffer()
    var commands: [ClusterCommand] = []
    for round in 0..<3 {
      out.clear()
      let now = Instant.seconds(Double(round * 400))
      let pass = ControllerPass(
        now: now, position: cluster.logEnd, choices: Choices(key: seed))
      _ = scheduler.reconcile(cluster, in: pass, into: &out)
      for issued in out.commands {
        commands.append(issued.command)
        if case .bind(let pod, let node) = issued.command { cluster.bind(pod, to: node) }
      }
      if check { checkDevices(of: scheduler, in: cluster) }
      for slot in stride(from: round, to: cluster.podSlotCount, by: 5) {
        guard let pod = cluster.pod(slot: slot), pod.node != nil else { continue }
        cluster.deletePod(pod.id)
      }
    }
    return commands
  }

  /// Every bound Pod has its devices, and no device gives more than it has.
  private static func checkDevices(of scheduler: Scheduler, in cluster: borrowing ClusterState) {
    let cache = scheduler.cache
    var taken = [[Int]](repeating: [Int](repeating: 0, count: 16), count: cache.rows.count)
    for slot in cache.pods.indices where cache.pods[slot].exists && cache.pods[slot].node >= 0 {
      let request = cache.footprints[Int(cache.pods[slot].classIndex)].gpu
      if request.count == 0 { continue }
      let held = cache.gpu.held[slot]
      #expect(held.node == cache.pods[slot].node)
      #expect(held.devices.nonzeroBitCount == Int(request.count))
      #expect(cache.gpu.devices[Int(held.node)].model & request.models != 0)
      for device in 0..<16 where held.devices & 1 << UInt16(device) != 0 {
        taken[Int(held.node)][device] += Int(request.milli)
      }
    }
    for slot in cache.rows.indices {
      let devices = cache.gpu.devices[slot]
      for device in 0..<devices.count {
        #expect(Int(devices.left[device]) == 1000 - taken[slot][device])
        #expect(devices.left[device] >= 0)
      }
    }
  }

  @Test(
    "The incremental path decides as the oracle does, and the devices add up",
    arguments: GPUPolicy.allCases, [UInt64(1), 2, 3])
  func scanEquality(policy: GPUPolicy, seed: UInt64) {
    for weights in [ScoreWeights.none, ScoreWeights()] {
      var configuration = SchedulerConfiguration(
        profiles: [SchedulerProfile(weights: weights)], percentageOfNodesToScore: 100,
        tieRule: TieRule.allCases[Int(seed) % 3], gpuSharing: GPUSharing(policy),
        cost: .none)
      let fast = Self.decisions(seed: seed, configuration, check: true)
      configuration.scan = true
      let scan = Self.decisions(seed: seed, configuration)
      #expect(fast == scan)
      #expect(fast.count > 60)
    }
  }

  @Test("Every policy decides differently, and off means that devices don't count")
  func policiesDiffer() {
    var seen: [[ClusterCommand]] = []
    for sharing in [nil] + GPUPolicy.allCases.map({ Optional(GPUSharing($0)) }) {
      let configuration = SchedulerConfiguration(
        profiles: [SchedulerProfile(weights: .none)], percentageOfNodesToScore: 100,
        tieRule: .lowestName, gpuSharing: sharing, cost: .none)
      let found = Self.decisions(seed: 5, configuration)
      #expect(!seen.contains(found))
      seen.append(found)
    }
  }
}
