import ClusterModel
import Quantities
import TestSupport
import Testing

@testable import Scheduling

@Suite("GPU sharing: devices, requests and policies")
struct GPUTests {
  /// Devices with so much left of each.
  private static func devices(_ left: [Int16], model: UInt64 = 1) -> GPUDevices {
    var devices = GPUDevices(count: left.count, model: model)
    for (device, milli) in left.enumerated() { devices.left[device] = milli }
    return devices
  }

  @Test(
    "A request fits where enough devices have enough left of a model that will do",
    arguments: [
      (0, 0, UInt64.max, [Int16](), true), (1, 500, .max, [], false),
      (1, 500, .max, [499], false), (1, 500, .max, [500], true), (1, 500, .max, [0, 500], true),
      (1, 1000, .max, [999, 999], false), (1, 1000, .max, [999, 1000], true),
      (2, 1000, .max, [1000, 500, 999], false), (2, 1000, .max, [1000, 500, 1000], true),
      (2, 300, .max, [600], false), (2, 300, .max, [300, 0, 300], true),
      (1, 500, 0b10, [1000], false), (1, 500, 0b11, [1000], true),
    ])
  func fit(count: Int16, milli: Int16, models: UInt64, left: [Int16], fits: Bool) {
    let request = GPURequest(count: count, milli: milli, models: models)
    #expect(Self.devices(left).fit(request) == fits)
  }

  @Test("Shares go to the device with the least left, whole devices to the first free ones")
  func leastLeft() {
    let devices = Self.devices([1000, 400, 600, 400, 1000])
    #expect(devices.leastLeft(GPURequest(count: 1, milli: 300)) == 0b00010)
    #expect(devices.leastLeft(GPURequest(count: 1, milli: 500)) == 0b00100)
    #expect(devices.leastLeft(GPURequest(count: 1, milli: 1000)) == 0b00001)
    #expect(devices.leastLeft(GPURequest(count: 2, milli: 1000)) == 0b10001)
    #expect(devices.leastLeft(GPURequest(count: 3, milli: 1000)) == 0)
  }

  @Test("Annotations without a positive share ask for nothing; one device is the default")
  func annotations() {
    #expect(GPURequest.read([:]) == nil)
    #expect(GPURequest.read([GPUNames.milli: "0", GPUNames.count: "1"]) == nil)
    #expect(GPURequest.read([GPUNames.milli: "half"]) == nil)
    #expect(GPURequest.read([GPUNames.milli: "1000", GPUNames.count: "0"]) == nil)
    #expect(GPURequest.read([GPUNames.milli: "500"])! == (1, 500, ""))
    let all: Labels = [GPUNames.milli: "1000", GPUNames.count: "8", GPUNames.model: "T4|P100"]
    #expect(GPURequest.read(all)! == (8, 1000, "T4|P100"))
  }

  @Test("BestFit's score is 100 less half of what is left of each resource, truncated")
  func bestFit() {
    #expect(GPUScores.bestFit(cpuLeft: 0, gpuLeft: 0) == 100)
    #expect(GPUScores.bestFit(cpuLeft: 128_000, gpuLeft: 8000) == 0)
    #expect(GPUScores.bestFit(cpuLeft: 64_000, gpuLeft: 2000) == 62)
    #expect(GPUScores.bestFit(cpuLeft: 1, gpuLeft: 0) == 99)
    var scores: [Int64] = [62, 70, 65]
    GPUScores.normalise(&scores)
    #expect(scores == [0, 100, 37])
    scores = [50, 50]
    GPUScores.normalise(&scores)
    #expect(scores == [0, 0])
  }

  @Test("DotProd's score is 100 less the mean product of what is left and what is asked")
  func dotProduct() {
    #expect(GPUScores.dotProduct(cpuLeft: 128_000, cpu: 128_000, gpuLeft: 8000, gpu: 8000) == 0)
    #expect(GPUScores.dotProduct(cpuLeft: 64_000, cpu: 64_000, gpuLeft: 8000, gpu: 0) == 87)
    #expect(GPUScores.dotProduct(cpuLeft: 0, cpu: 0, gpuLeft: 4000, gpu: 4000) == 87)
    #expect(GPUScores.dotProduct(cpuLeft: 1, cpu: 1, gpuLeft: 0, gpu: 0) == 99)
  }

  @Test("GpuClustering: 75, 50, 25 or 0 by who runs there, up to 25 by how full it is")
  func clustering() {
    let share = GPURequest(count: 1, milli: 500)
    let pair = GPURequest(count: 2, milli: 1000)
    let devices = Self.devices([1000, 1000, 500, 0])
    var kinds = SIMD16<Int16>()
    let fullness: Int64 = 25 * 5500 / 8000
    #expect(fullness == 17)
    #expect(GPUScores.clustering(share, on: devices, kinds) == fullness + 25)
    kinds[0] = 2
    #expect(GPUScores.clustering(share, on: devices, kinds) == fullness + 75)
    #expect(GPUScores.clustering(pair, on: devices, kinds) == fullness)
    kinds[2] = 1
    #expect(GPUScores.clustering(pair, on: devices, kinds) == fullness + 50)
    #expect(GPUScores.clustering(GPURequest(), on: devices, kinds) == 0)
  }

  @Test("GpuPacking: devices in use, then free ones of nodes in use, then idle nodes")
  func packing() {
    let share = GPURequest(count: 1, milli: 300)
    let whole = GPURequest(count: 1, milli: 1000)
    #expect(GPUScores.packing(share, on: Self.devices([1000, 1000])) == 31)
    #expect(GPUScores.packing(share, on: Self.devices([1000, 500])) == 95)
    #expect(GPUScores.packing(share, on: Self.devices([1000, 200])) == 49)
    #expect(GPUScores.packing(whole, on: Self.devices([1000, 500])) == 49)
    let twelve = GPURequest(count: 12, milli: 1000)
    let many = Self.devices([Int16](repeating: 1000, count: 15) + [0])
    #expect(GPUScores.packing(twelve, on: many) == 38)
    #expect(GPUScores.packing(GPURequest(), on: Self.devices([1000])) == 0)
  }

  @Test("Typical Pods are the most frequent kinds, until they cover the share")
  func typicalPods() {
    let share = TypicalPod(cpu: 1000, gpus: 1, gpuMilli: 500)
    let whole = TypicalPod(cpu: 2000, gpus: 1, gpuMilli: 1000)
    let rare = TypicalPod(cpu: 8000, gpus: 8, gpuMilli: 1000)
    let pods = [TypicalPod](repeating: share, count: 3) + [rare] + [whole, whole, whole, whole]
    let found = TypicalPod.mostFrequent(among: pods, covering: 0.85)
    #expect(found.map(\.gpuMilli) == [1000, 500])
    #expect(abs(found[0].frequency - 4.0 / 7) < 1e-15)
    #expect(abs(found[1].frequency - 3.0 / 7) < 1e-15)
    let tied = TypicalPod.mostFrequent(among: [share, rare, whole])
    #expect(tied.map(\.cpu) == [8000, 2000, 1000])
  }

  @Test("Random takes the node with the largest lot, a lot for each node's place by name")
  func random() {
    let nodes = ["c", "a", "b"].map { Sample.node($0) }
    var desk = Desk(
      Sample.cluster(nodes, [Sample.pod("p", cpu: 1)]),
      SchedulerConfiguration(
        profiles: [SchedulerProfile(weights: .none)], percentageOfNodesToScore: 100,
        tieRule: .lowestName, gpuSharing: GPUSharing(.random), cost: .none))
    for key in UInt64(1)...6 {
      let choices = Choices(key: key)
      let found = desk.scheduler.decide(
        desk.pod(0), in: desk.cluster, at: .seconds(1), choices: choices)
      let identity = PodIdentity(desk.pod(0), in: desk.cluster)
      let draw = Choices(
        key: choices.bits(
          purpose: ChoicePurpose.gpuNode.rawValue, subject: identity.subject,
          number: identity.attempt))
      let lots = (0..<3).map {
        draw.bits(purpose: ChoicePurpose.gpuNode.rawValue, subject: UInt64($0))
      }
      // By name a comes first, then b, then c: their slots are 1, 2 and 0.
      let expected = [1, 2, 0][lots.firstIndex(of: lots.max()!)!]
      #expect(found.node?.index == expected)
    }
  }

  @Test("Fragments of hand-made nodes")
  func fragments() {
    let pods = [
      TypicalPod(cpu: 1000, gpus: 1, gpuMilli: 500, frequency: 0.5),
      TypicalPod(cpu: 4000, gpus: 2, gpuMilli: 1000, frequency: 0.25),
      TypicalPod(cpu: 1000, gpus: 0, gpuMilli: 0, frequency: 0.25),
    ]
    let measure = FragmentMeasure(pods) { _ in .max }
    // 1300 idle: 300 lost to the first kind, all to the others.
    let partly = Self.devices([1000, 300])
    #expect(measure.fragments(cpuLeft: 8000, partly) == 0.5 * 300 + 0.25 * 1300 + 0.25 * 1300)
    // Whole devices: only the kind without GPU can't use them.
    let idle = Self.devices([1000, 1000])
    #expect(measure.fragments(cpuLeft: 8000, idle) == 500)
    // Too little CPU for the second kind: all is lost to it.
    #expect(measure.fragments(cpuLeft: 2000, idle) == 1000)
    #expect(measure.fragments(cpuLeft: 0, idle) == 2000)
    #expect(measure.fragments(cpuLeft: 8000, Self.devices([0, 0])) == 0)
    #expect(measure.fragments(cpuLeft: 8000, GPUDevices()) == 0)
  }

  @Test("Fragmentation Gradient Descent fills the device whose rest nobody could use")
  func gradient() {
    let measure = FragmentMeasure([TypicalPod(cpu: 0, gpus: 1, gpuMilli: 500)]) { _ in .max }
    let devices = Self.devices([1000, 300, 600])
    let before = measure.fragments(cpuLeft: 0, devices)
    #expect(before == 300)
    // On 1000: 700 stay usable. On 300: the fragment is gone. On 600: another 300 are lost.
    let found = GPUScores.fragmentation(
      GPURequest(count: 1, milli: 300), on: devices, before: before, cpuLeft: 0, measure)
    #expect(found.devices == 0b010)
    #expect(found.score == 57)  // 100 / (1 + exp(-0.3)) = 57.44
    let worse = GPUScores.fragmentation(before: 300, after: 600)
    #expect(worse == 42)  // 100 / (1 + exp(0.3)) = 42.56
    #expect(GPUScores.fragmentation(before: 7, after: 7) == 50)
  }
}
