import ClusterModel
import Quantities

extension NodeLifecycleController {
  // MARK: Taints

  private mutating func change(
    _ slot: Int, adding: NodeHealthTaints, removing: NodeHealthTaints, into out: inout CommandBuffer
  ) {
    let present = records[slot]!.taints
    let after = present.subtracting(removing).union(adding)
    guard after != present else { return }
    records[slot]!.taints = after
    out.issue(.taint(records[slot]!.id, adding: adding, removing: removing))
  }

  mutating func markNoSchedule(
    _ slot: Int, _ readiness: NodeReadiness, into out: inout CommandBuffer
  ) {
    let adding: NodeHealthTaints =
      switch readiness {
      case .ready: []
      case .notReady: .notReadyNoSchedule
      case .unknown: .unreachableNoSchedule
      }
    change(slot, adding: adding, removing: .noSchedule.subtracting(adding), into: &out)
  }

  /// Queues a node for its taint, exchanges one that no longer fits, or takes it away.
  mutating func markForEviction(_ slot: Int, into out: inout CommandBuffer) {
    let record = records[slot]!
    guard !record.isExempt else { return }
    let (fitting, other): (NodeHealthTaints, NodeHealthTaints)
    switch record.readiness {
    case .ready:
      records[slot]!.isQueued = false
      change(slot, adding: [], removing: .noExecute, into: &out)
      return
    case .notReady: (fitting, other) = (.notReadyNoExecute, .unreachableNoExecute)
    case .unknown: (fitting, other) = (.unreachableNoExecute, .notReadyNoExecute)
    }
    if record.taints.contains(other) {
      change(slot, adding: fitting, removing: other, into: &out)
    } else if !record.taints.contains(fitting), !record.isQueued {
      records[slot]!.isQueued = true
      zones[Int(record.zone)].queue.append(record.id)
    }
  }

  /// Taints queued nodes as far as their zones' limits let it.
  /// - Returns: when the next one may go.
  mutating func taintQueued(
    _ cluster: borrowing ClusterState, at now: Instant, into out: inout CommandBuffer
  ) -> Instant? {
    var next: Instant?
    for zone in zones.indices {
      while zones[zone].head < zones[zone].queue.count {
        let id = zones[zone].queue[zones[zone].head]
        guard let record = records[id.index], record.id == id, record.isQueued else {
          zones[zone].head += 1
          continue
        }
        guard zones[zone].limiter.take(at: now) else { break }
        zones[zone].head += 1
        records[id.index]!.isQueued = false
        guard record.readiness != .ready else { continue }
        let taint: NodeHealthTaints =
          record.readiness == .unknown ? .unreachableNoExecute : .notReadyNoExecute
        change(id.index, adding: taint, removing: .noExecute.subtracting(taint), into: &out)
      }
      if zones[zone].head == zones[zone].queue.count {
        zones[zone].queue.removeAll(keepingCapacity: true)
        zones[zone].head = 0
      } else if zones[zone].limiter.next < .distantFuture {
        let due = evictionPass(from: zones[zone].limiter.next)
        next = min(next ?? due, due)
      }
    }
    return next
  }

  /// The first pass over the queues at or after an instant.
  private func evictionPass(from instant: Instant) -> Instant {
    let period = max(1, configuration.evictionPeriod.nanoseconds)
    return Instant(nanoseconds: (instant.nanoseconds + period - 1) / period * period)
  }

  // MARK: Zones

  /// Sets the zones' rates by how badly they are hit.
  mutating func judgeZones(
    _ cluster: borrowing ClusterState, at now: Instant, into out: inout CommandBuffer
  ) {
    let populated = zones.indices.filter { zones[$0].count != ZoneCount() }
    let states = zones.map {
      ZoneState(of: $0.count, threshold: configuration.unhealthyZoneThreshold)
    }
    let areAllDown =
      !populated.isEmpty && populated.allSatisfy { states[$0] == .fullDisruption }
    let wereAllDown =
      !populated.isEmpty && populated.allSatisfy { zones[$0].state == .fullDisruption }
    if areAllDown && wereAllDown { return }
    if areAllDown {
      stopEvictions(at: now, into: &out)
      return
    }
    if wereAllDown { startAnew(cluster, at: now) }
    for zone in populated where wereAllDown || zones[zone].state != states[zone] {
      let count = zones[zone].count
      let rate = states[zone].evictionRate(
        ofZoneWith: count.ready + count.notReady, configuration)
      zones[zone].limiter.swap(to: rate, at: now)
      zones[zone].state = states[zone]
    }
  }

  /// No node anywhere is healthy: taints that evict go, and none comes.
  private mutating func stopEvictions(at now: Instant, into out: inout CommandBuffer) {
    for zone in zones.indices {
      zones[zone].state = .fullDisruption
      zones[zone].limiter.swap(to: 0, at: now)
      zones[zone].queue.removeAll(keepingCapacity: true)
      zones[zone].head = 0
    }
    for slot in records.indices {
      guard let record = records[slot], !record.isExempt else { continue }
      records[slot]!.isQueued = false
      change(slot, adding: [], removing: .noExecute, into: &out)
      if record.readiness != .ready {
        records[slot]!.isQueued = true
        zones[Int(record.zone)].queue.append(record.id)
      }
    }
  }

  /// Something is healthy again: what was seen of leases before says nothing.
  private mutating func startAnew(_ cluster: borrowing ClusterState, at now: Instant) {
    for slot in watched where records[Int(slot)]?.probe != nil {
      records[Int(slot)]!.probe = now
      let due = look(from: now + configuration.gracePeriod)
      nextLook = min(nextLook ?? due, due)
    }
  }
}
