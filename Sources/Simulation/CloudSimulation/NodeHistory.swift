import ClusterModel
import Quantities
import Statistics

/// How full and how well the own nodes were, sampled in blocks of neighbours so that a report on
/// thousands of nodes stays small.
struct NodeHistory: Sendable {
  /// Blocks that the nodes of the start are divided into.
  static let blocksWanted = 40
  /// Buckets of the time series from one sample to the next: about 60 samples in all.
  static let everyBuckets = 3

  /// By block, in the order in which their first nodes were seen.
  private(set) var blocks: [WorldHistory.NodeBlock] = []
  /// By block: its place and slots.
  private var keys: [Int] = []
  private var latest = 0
  private var samples = 0
  private var width = 0

  /// What one node shows at a sample.
  struct Reading {
    let slot: Int
    let place: Int
    let site: String
    let name: String
    let isReady: Bool
    let allocatable: Int64
    let requested: Int64
  }

  /// Takes in a sample of all own nodes, ascending by slot.
  mutating func take(_ readings: [Reading], slots: Int) {
    if width == 0 { width = max(1, (slots + Self.blocksWanted - 1) / Self.blocksWanted) }
    var sums: [(present: Int, ready: Int, allocatable: Int64, requested: Int64)] = Array(
      repeating: (0, 0, 0, 0), count: blocks.count)
    for reading in readings {
      let index = block(of: reading)
      if index == sums.count { sums.append((0, 0, 0, 0)) }
      sums[index].present += 1
      sums[index].ready += reading.isReady ? 1 : 0
      sums[index].allocatable += reading.allocatable
      sums[index].requested += reading.requested
    }
    for (index, sum) in sums.enumerated() {
      blocks[index].present.append(sum.present)
      blocks[index].ready.append(sum.ready)
      blocks[index].requested.append(
        sum.allocatable > 0 ? Double(sum.requested) / Double(sum.allocatable) : 0)
    }
    samples += 1
  }

  private mutating func block(of reading: Reading) -> Int {
    let key = reading.place << 32 | reading.slot / width
    // Nodes come by slot, so that the next one is mostly of the same block.
    if latest >= keys.count || keys[latest] != key {
      latest = keys.firstIndex(of: key) ?? keys.count
    }
    if latest < keys.count {
      let index = latest
      let first = blocks[index].name.prefix { $0 != "…" }
      if samples == 0, first != reading.name { blocks[index].name = "\(first)…\(reading.name)" }
      return index
    }
    var block = WorldHistory.NodeBlock(name: reading.name, site: reading.site)
    // Nodes that came later didn't exist at the samples before.
    block.present = Array(repeating: 0, count: samples)
    block.ready = block.present
    block.requested = Array(repeating: 0, count: samples)
    keys.append(key)
    blocks.append(block)
    return blocks.count - 1
  }
}

extension HybridCloud {
  /// Notes how full and how well the own nodes are.
  mutating func sampleNodes() {
    var requested = [Int64](repeating: 0, count: cluster.nodeSlotCount)
    for slot in 0..<cluster.podSlotCount {
      guard let pod = cluster.pod(slot: slot), !pod.phase.isFinished, let node = pod.node,
        node.index < requested.count
      else { continue }
      requested[node.index] += cluster.footprints[Int(pod.template.index)].cpu
    }
    var readings: [NodeHistory.Reading] = []
    for slot in 0..<cluster.nodeSlotCount {
      let place = Int(layout.spots[slot].place)
      guard layout.poolOfPlace[place] == nil, let id = cluster.nodeID(slot: slot),
        let node = cluster.node(id)
      else { continue }
      readings.append(
        NodeHistory.Reading(
          slot: slot, place: place, site: layout.siteNames[Int(layout.spots[slot].site)],
          name: node.name, isReady: node.isReady, allocatable: node.allocatable.cpu,
          requested: requested[slot]))
    }
    recorder.nodeHistory.take(readings, slots: cluster.nodeSlotCount)
  }
}
