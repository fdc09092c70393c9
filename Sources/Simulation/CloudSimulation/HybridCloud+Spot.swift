import ClusterModel
import DiscreteEvents
import Infrastructure
import Probability
import Quantities

extension HybridCloud {
  /// Puts the scripted announcements of every pool on the agenda.
  mutating func scheduleReclaims(on agenda: inout EventList<CloudEvent>) {
    for (place, pool) in layout.poolOfPlace.enumerated() {
      for (number, reclaim) in (pool?.spot.reclaims ?? []).enumerated() {
        let at = Instant.zero + reclaim.at
        guard at <= parameters.horizon else { continue }
        agenda.schedule(.reclaim(place: UInt16(place), number: UInt16(number)), at: at)
      }
    }
  }

  /// A provider announces which spot Pods it takes back, and does so when the notice is over.
  mutating func reclaim(
    _ number: Int, at place: Int, on agenda: inout EventList<CloudEvent>
  ) {
    guard let script = layout.poolOfPlace[place]?.spot.reclaims[number] else { return }
    for slot in 0..<cluster.podSlotCount {
      guard let pod = cluster.pod(slot: slot), !pod.phase.isFinished,
        pipeline.place(of: pod.id) == place, let spot = pipeline.spotCapacity(of: pod.id),
        script.zone ?? spot.zone == spot.zone, script.type ?? spot.type == spot.type
      else { continue }
      let luck = luck.spot.uniform(for: runs[slot].subject, number: UInt32(number))
      guard luck < script.share else { continue }
      announce(pod.id, notice: script.notice, on: &agenda)
    }
  }

  /// A spot Pod whose lifetime is a matter of chance has started.
  mutating func foresee(endOf id: PodID, on agenda: inout EventList<CloudEvent>) {
    guard pipeline.spotCapacity(of: id) != nil, let place = pipeline.place(of: id),
      let law = layout.poolOfPlace[place]?.spot.lifetime
    else { return }
    let span = luck.lifetime.drawSpan(
      law, for: runs[id.index].subject, number: runs[id.index].number)
    agenda.schedule(.announce(id), at: agenda.now + span)
  }

  /// A spot Pod's own time is over.
  mutating func announce(_ id: PodID, on agenda: inout EventList<CloudEvent>) {
    guard let pod = cluster.pod(id), !pod.phase.isFinished, let place = pipeline.place(of: id),
      let spot = layout.poolOfPlace[place]?.spot
    else { return }
    announce(id, notice: spot.lifetimeNotice, on: &agenda)
  }

  private mutating func announce(
    _ id: PodID, notice: TimeSpan, on agenda: inout EventList<CloudEvent>
  ) {
    reclaims += 1
    runs[id.index].announced = agenda.now
    cluster.setCondition(id, .reclaimed, true)
    agenda.schedule(.takeBack(id), at: agenda.now + notice)
  }

  /// A provider takes a spot Pod back that is still there.
  mutating func takeBack(_ id: PodID, on agenda: inout EventList<CloudEvent>) {
    guard let pod = cluster.pod(id), !pod.phase.isFinished else { return }
    runs[id.index].wasEvicted = true
    delete(pod, atOnce: true, on: &agenda)
  }
}
