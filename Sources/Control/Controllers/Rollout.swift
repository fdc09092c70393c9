import ClusterModel
import Quantities

/// A Deployment with its ReplicaSets, as far as its next step depends on them.
///
/// > Source: Kubernetes' Deployment controller, `rolling.go`, `recreate.go`, `sync.go` and
/// > `deployment_util.go` (M). Where Kubernetes updates one ReplicaSet twice in a sync, the last
/// > number is sent alone.
struct Rollout {
  /// One of the ReplicaSets.
  struct Revision {
    var slot: Int
    var replicas: Int32
    var available: Int32
    var created: Instant
    /// Whether it has Pods that haven't ended, those told to stop among them.
    var hasPods: Bool
  }

  /// What to do next.
  struct Step: Equatable {
    /// ReplicaSets to scale, by slot.
    var scales: [Scale] = []
    /// The size with which to create the ReplicaSet of the present template.
    var creates: Int32?
  }
  struct Scale: Equatable {
    var slot: Int
    var replicas: Int32
  }

  let desired: Int32
  let maxSurge: Int32
  let maxUnavailable: Int32
  let recreates: Bool
  /// Every ReplicaSet, oldest first.
  var revisions: [Revision]
  /// The index of the present template's.
  let present: Int?

  init(desired: Int32, strategy: RolloutStrategy, revisions: [Revision], present: Int?) {
    self.desired = desired
    self.revisions = revisions
    self.present = present
    recreates = strategy.recreates
    let surge = strategy.maxSurge.resolved(of: desired, roundingUp: true)
    let unavailable = strategy.maxUnavailable.resolved(of: desired, roundingUp: false)
    maxSurge = strategy.recreates ? 0 : max(0, surge)
    maxUnavailable = surge <= 0 && unavailable <= 0 ? 1 : max(0, min(unavailable, desired))
  }

  /// The next step, given the size for which the ReplicaSets were last scaled.
  func step(scaledFor former: Int32?, atMost formerMaximum: Int32?) -> Step {
    let active = revisions.count { $0.replicas > 0 }
    if let former, former != desired, active == 1 || (active > 1 && !recreates) {
      return resize(atMost: formerMaximum ?? former)
    }
    return recreates ? recreate() : roll()
  }

  private var total: Int32 { revisions.reduce(0) { $0 + $1.replicas } }

  private func changes(from before: [Revision], to after: [Revision]) -> Step {
    var step = Step()
    for (old, new) in zip(before, after) where old.replicas != new.replicas {
      step.scales.append(Scale(slot: new.slot, replicas: new.replicas))
    }
    return step
  }

  // MARK: Rolling

  private func roll() -> Step {
    guard let present else { return Step(creates: presentSize(of: 0)) }
    let size = presentSize(of: revisions[present].replicas)
    if size != revisions[present].replicas {
      return Step(scales: [Scale(slot: revisions[present].slot, replicas: size)])
    }
    return shrinkOld()
  }

  /// How large the present template's ReplicaSet may be now.
  private func presentSize(of replicas: Int32) -> Int32 {
    if replicas >= desired { return desired }
    let room = desired + maxSurge - total
    return room <= 0 ? replicas : replicas + min(room, desired - replicas)
  }

  private func shrinkOld() -> Step {
    guard let present else { return Step() }
    var after = revisions
    let old = after.indices.filter { $0 != present && after[$0].replicas > 0 }
    if old.isEmpty { return Step() }
    let minAvailable = desired - maxUnavailable
    let unready = after[present].replicas - after[present].available
    var budget = total - minAvailable - unready
    if budget <= 0 { return Step() }
    for index in old where budget > 0 && after[index].replicas > after[index].available {
      let count = min(budget, after[index].replicas - after[index].available)
      after[index].replicas -= count
      budget -= count
    }
    var surplus = after.reduce(0) { $0 + $1.available } - minAvailable
    for index in old where surplus > 0 && after[index].replicas > 0 {
      let count = min(surplus, after[index].replicas)
      after[index].replicas -= count
      surplus -= count
    }
    return changes(from: revisions, to: after)
  }

  // MARK: Recreating

  private func recreate() -> Step {
    let old = revisions.indices.filter { $0 != present }
    let running = old.filter { revisions[$0].replicas > 0 }
    if !running.isEmpty {
      return Step(scales: running.map { Scale(slot: revisions[$0].slot, replicas: 0) })
    }
    if old.contains(where: { revisions[$0].hasPods }) { return Step() }
    guard let present else { return Step(creates: desired) }
    if revisions[present].replicas == desired { return Step() }
    return Step(scales: [Scale(slot: revisions[present].slot, replicas: desired)])
  }

  // MARK: Resizing

  /// Follows a change of the number wanted: one ReplicaSet takes it whole, several in proportion.
  private func resize(atMost formerMaximum: Int32) -> Step {
    var after = revisions
    let active = revisions.indices.filter { revisions[$0].replicas > 0 }
    if active.count == 1 {
      after[active[0]].replicas = desired
      return changes(from: revisions, to: after)
    }
    let allowed = desired > 0 ? desired + maxSurge : 0
    let difference = allowed - total
    let order = active.sorted { a, b in
      if revisions[a].replicas != revisions[b].replicas {
        return revisions[a].replicas > revisions[b].replicas
      }
      return difference > 0 ? a > b : a < b
    }
    var done: Int32 = 0
    for index in order where difference != 0 {
      let share = proportion(of: revisions[index].replicas, ofMaximum: formerMaximum)
      let rest = difference - done
      let part = difference > 0 ? min(share, rest) : max(share, rest)
      after[index].replicas += part
      done += part
    }
    if let largest = order.first {
      after[largest].replicas = max(0, after[largest].replicas + difference - done)
    }
    for index in order { after[index].replicas = max(0, after[index].replicas) }
    return changes(from: revisions, to: after)
  }

  private func proportion(of replicas: Int32, ofMaximum former: Int32) -> Int32 {
    if desired == 0 || former <= 0 { return -replicas }
    let scaled = Double(replicas) * Double(desired + maxSurge) / Double(former)
    return Int32(clamping: Int64(scaled.rounded())) - replicas
  }
}
