import ClusterModel
import Quantities
import TestSupport
import Testing

@testable import Scheduling

@Suite("Scores")
struct ScoreTests {
  @Test("LeastAllocated truncates each share, then their mean")
  func leastAllocated() {
    var row = NodeRow()
    row.cpu = 1000
    row.memory = 3
    row.nonZeroCPU = 101
    var pod = PodFootprint()
    #expect(NodeResourcesFit.leastAllocated(pod, on: row) == (89 + 100) / 2)
    pod.scoredMemory = 1
    #expect(NodeResourcesFit.leastAllocated(pod, on: row) == (89 + 66) / 2)
    expectDetects("rounded instead of truncated") {
      #expect(Int64((Double(89.9 + 66.7) / 2).rounded()) == (89 + 66) / 2)
    }
    row.nonZeroCPU = 2001
    #expect(NodeResourcesFit.leastAllocated(pod, on: row) == 66 / 2)
    row.memory = 0
    row.nonZeroCPU = 500
    #expect(NodeResourcesFit.leastAllocated(pod, on: row) == 50)
    row.cpu = 400 << 40
    row.nonZeroCPU = 1
    #expect(NodeResourcesFit.leastAllocated(pod, on: row) == 99)
  }

  @Test("BalancedAllocation compares before with after")
  func balanced() {
    var row = NodeRow()
    row.cpu = 1000
    row.memory = 1000
    var pod = PodFootprint()
    pod.cpu = 500
    pod.memory = 500
    #expect(BalancedAllocation.score(pod, on: row) == 75)
    pod.memory = 0
    #expect(BalancedAllocation.score(pod, on: row) == 50 + (50 + 75 - 100) / 2)
    row.requestedMemory = 500
    row.rebalance()
    #expect(BalancedAllocation.score(pod, on: row) == 50 + (50 + 100 - 75) / 2)
    #expect(!BalancedAllocation.applies(to: PodFootprint()))
  }

  @Test("InterPodAffinity divides before it multiplies: 29 of 100 gives 28")
  func interPod() {
    #expect(InterPodAffinity.score(29, least: 0, most: 100) == 28)
    #expect(InterPodAffinity.score(-5, least: -10, most: 0) == 50)
    #expect(InterPodAffinity.score(7, least: 7, most: 7) == 0)
    expectDetects("multiplied before dividing") {
      #expect(Int64(100.0 * 29.0 / 100.0) == InterPodAffinity.score(29, least: 0, most: 100))
    }
  }

  @Test("Taints and preferences are normalised to the most")
  func normalised() {
    #expect(TaintTolerationFilter.score(1, most: 3) == 67)
    #expect(TaintTolerationFilter.score(0, most: 0) == 100)
    #expect(NodeAffinityFilter.score(1, most: 3) == 33)
    #expect(NodeAffinityFilter.score(0, most: 0) == 0)
  }

  @Test("Image names get :latest unless they have a tag or digest")
  func imageNames() {
    #expect(ImageLocalityScore.normalised("nginx") == "nginx:latest")
    #expect(ImageLocalityScore.normalised("nginx:1") == "nginx:1")
    #expect(ImageLocalityScore.normalised("host:5000/nginx") == "host:5000/nginx:latest")
    #expect(ImageLocalityScore.normalised("a/b@sha256:00") == "a/b@sha256:00")
  }

  @Test("Images count from 23 MiB to 1000 MiB per container, by the share of nodes that have them")
  func images() {
    var node = Node(name: "n")
    node.images = [NodeImage(names: ["a:1"], size: 1000 << 20)]
    let set = ImageSet(names: ["a:1"], containers: 1)
    func score(_ size: Int64, _ nodes: Int) -> Int64 {
      ImageLocalityScore.score(set, on: node, of: 10) { _ in (size, nodes) }
    }
    #expect(ImageLocalityScore.share(of: 49, on: 1, of: 49) == 0, "1/49 × 49 is below 1")
    #expect(score(2000 << 20, 10) == 100)
    #expect(score(230 << 20, 1) == 0)
    #expect(score(1000 << 20, 5) == 100 * (500 - 23) / (1000 - 23))
  }

  @Test("The root of Go's heap isn't simply the first of the best")
  func heapOrder() {
    #expect(HeapOrder.root([5, 5, 9, 9]) == 3)
    #expect(HeapOrder.root([9, 9, 9]) == 0)
    #expect(HeapOrder.root([1, 2]) == 1)
    #expect(HeapOrder.root([4]) == 0)
  }

  @Test("Nodes are taken from zone after zone")
  func nodeOrder() {
    var order = NodeOrder()
    let zones = ["a", "a", "b", "", "a"]
    for (slot, zone) in zones.enumerated() { order.add(slot, zone: zone) }
    order.refresh(slotCount: 5) { ["e", "d", "c", "b", "a"][$0] }
    #expect(order.slots == [0, 2, 3, 1, 4])
    #expect(order.byRank == [4, 3, 2, 1, 0])
    order.remove(2)
    order.add(0, zone: "z")
    order.refresh(slotCount: 5) { "\($0)" }
    #expect(order.slots == [1, 3, 0, 4])
  }

  @Test("The score index finds what a walk over its keys finds")
  func scoreIndex() {
    var generator = SeededGenerator(seed: 5)
    for count in [1, 63, 64, 65, 200, 5000] {
      var index = ScoreIndex(count: count)
      for _ in 0..<400 {
        let key = generator.below(3) == 0 ? 0 : UInt64(generator.below(50) + 1)
        index.set(generator.below(count), key)
        let start = generator.below(count)
        let sought = 1 + generator.below(count)
        let window = index.best(from: start, sought: sought)
        let walk = Self.walk(index.keys, from: start, sought: sought)
        #expect(window.key == walk.key)
        #expect(window.kept == walk.kept)
        #expect(window.examined == walk.examined)
        #expect(index.best == index.keys.max())
      }
    }
  }

  private static func walk(
    _ keys: [UInt64], from start: Int, sought: Int
  ) -> (key: UInt64, kept: Int, examined: Int) {
    var result: (key: UInt64, kept: Int, examined: Int) = (0, 0, 0)
    for step in keys.indices {
      let key = keys[(start + step) % keys.count]
      if key != 0 {
        if result.kept == sought { break }
        result.kept += 1
        result.key = max(result.key, key)
      }
      result.examined += 1
    }
    return result
  }
}
