import ClusterModel
import DiscreteEvents
import Infrastructure
import Quantities

extension HybridCloud {
  /// Lets the virtual nodes of a pool say what they have left, and sets the next time.
  ///
  /// Called only where the scheduler looks at it: otherwise nobody would notice.
  mutating func refreshLabels(ofPlace place: Int, on agenda: inout EventList<CloudEvent>) {
    guard let pool = layout.poolOfPlace[place] else { return }
    for slot in layout.spots.indices where Int(layout.spots[slot].place) == place {
      let left = pipeline.leftovers(
        place: place, subnet: Int(layout.spots[slot].number), at: agenda.now)
      guard let id = cluster.nodeID(slot: slot), var node = cluster.node(id), let left else {
        continue
      }
      let before = node.labels
      pool.describe(addresses: left.addresses, isInStock: left.isInStock, on: &node)
      if node.labels != before { cluster.updateNode(id, .labels, to: node) }
    }
    usage.insert(.virtualNodeLabels)
    let next = agenda.now + pool.labelRefresh
    if next <= parameters.horizon { agenda.schedule(.labels(UInt16(place)), at: next) }
  }
}
