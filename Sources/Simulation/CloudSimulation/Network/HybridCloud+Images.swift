import ClusterModel
import DiscreteEvents
import Infrastructure
import Quantities

/// Images that the machines of a site pull ahead.
struct PreheatingOrder: Sendable {
  var at: Instant
  var site: Int
  /// The images, as containers call them.
  var images: [String]
}

extension HybridCloud {
  /// Tells the pipeline of sets of images that it hasn't heard of.
  mutating func describeImages() {
    while pipeline.imageSetCount < layout.imageNames.count {
      pipeline.addImageSet(layout.layers(ofSet: pipeline.imageSetCount))
    }
  }

  /// Notes what sites' machines shall pull ahead.
  mutating func addPreheating(_ sites: [Site]) {
    for (number, site) in sites.enumerated() {
      for order in site.preheating {
        preheating.append(
          PreheatingOrder(at: .zero + order.at, site: number, images: order.images))
      }
    }
  }

  /// Puts what is to be pulled ahead on the agenda.
  mutating func beginPreheating(on agenda: inout EventList<CloudEvent>) {
    for (index, order) in preheating.enumerated() where order.at <= parameters.horizon {
      agenda.schedule(.preheat(UInt16(index)), at: order.at, priority: .arrivals)
    }
  }

  /// The machines of a site begin to pull images, as far as they don't hold them: the sets that the
  /// images named make up.
  mutating func preheat(_ index: Int, on agenda: inout EventList<CloudEvent>) {
    let order = preheating[index]
    usage.insert(.preheating)
    for (set, names) in layout.imageNames.enumerated()
    where names.allSatisfy(order.images.contains) {
      for slot in layout.spots.indices {
        let spot = layout.spots[slot]
        guard Int(spot.site) == order.site, layout.poolOfPlace[Int(spot.place)] == nil,
          cluster.nodeID(slot: slot) != nil
        else { continue }
        pipeline.preheat(
          set, onMachine: slot, place: Int(spot.place), bytes: layout.usualImageBytes,
          at: agenda.now)
      }
    }
    followTransfers(on: &agenda)
  }
}
