import Quantities

/// The identity of a HorizontalPodAutoscaler while it exists.
public struct HorizontalPodAutoscalerID: Hashable, BitwiseCopyable, Sendable {
  /// The place in every column of autoscalers.
  public let slot: UInt32
  /// Tells successive autoscalers in one slot apart.
  public let generation: UInt16
  /// An identity from its parts.
  @inlinable public init(slot: UInt32, generation: UInt16) {
    self.slot = slot
    self.generation = generation
  }
  /// The slot as an array index.
  @inlinable public var index: Int { Int(slot) }
}

extension Change {
  /// The autoscaler that changed; only where `fields` contains `.autoscaler`.
  @inlinable public var autoscaler: HorizontalPodAutoscalerID {
    HorizontalPodAutoscalerID(slot: slot, generation: generation)
  }
}

extension ClusterState {
  /// How many slots of autoscalers there are; some may be empty.
  public var autoscalerSlotCount: Int { autoscalerRecords.count }

  /// The autoscaler in a slot, or nil if the slot is empty.
  public func autoscaler(slot: Int) -> HorizontalPodAutoscaler? { autoscalerRecords[slot] }

  /// An autoscaler, or nil if it is gone.
  public func autoscaler(_ id: HorizontalPodAutoscalerID) -> HorizontalPodAutoscaler? {
    guard id.index < autoscalerRecords.count,
      autoscalerSlots.generations[id.index] == id.generation
    else { return nil }
    return autoscalerRecords[id.index]
  }

  /// Whether an autoscaler exists; asking copies nothing.
  public func hasAutoscaler(_ id: HorizontalPodAutoscalerID) -> Bool {
    guard id.index < autoscalerRecords.count,
      autoscalerSlots.generations[id.index] == id.generation,
      case .some = autoscalerRecords[id.index]
    else { return false }
    return true
  }

  /// The autoscaler of a workload, or nil if none scales it.
  public func autoscaler(of id: WorkloadID) -> HorizontalPodAutoscaler? {
    guard let workload = workload(id) else { return nil }
    for case let record? in autoscalerRecords
    where record.spec.target.kind == workload.kind.rawValue
      && record.spec.target.name == workload.name && record.namespace == workload.namespace
    {
      return record
    }
    return nil
  }

  /// Adds an autoscaler.
  @discardableResult
  public mutating func addAutoscaler(
    _ object: HorizontalPodAutoscalerObject
  ) -> HorizontalPodAutoscalerID {
    let (slot, generation) = autoscalerSlots.allocate()
    let id = HorizontalPodAutoscalerID(slot: slot, generation: generation)
    let record = HorizontalPodAutoscaler(
      id: id, namespace: object.namespace, name: object.name, spec: object.spec,
      status: HorizontalPodAutoscalerStatus(), version: 1)
    if id.index == autoscalerRecords.count {
      autoscalerRecords.append(record)
    } else {
      autoscalerRecords[id.index] = record
    }
    log.append(Change(slot: slot, generation: generation, fields: [.autoscaler, .created]))
    return id
  }

  /// Replaces what an autoscaler's user asks for.
  public mutating func setSpec(
    _ id: HorizontalPodAutoscalerID, to spec: HorizontalPodAutoscalerSpec
  ) {
    guard let record = autoscaler(id), record.spec != spec else { return }
    autoscalerRecords[id.index]!.spec = spec
    autoscalerRecords[id.index]!.version &+= 1
    log.append(Change(slot: id.slot, generation: id.generation, fields: [.autoscaler, .spec]))
  }

  /// Records what an autoscaler's controller found and did.
  public mutating func setStatus(
    _ id: HorizontalPodAutoscalerID, to status: HorizontalPodAutoscalerStatus
  ) {
    guard let record = autoscaler(id), record.status != status else { return }
    autoscalerRecords[id.index]!.status = status
    autoscalerRecords[id.index]!.version &+= 1
    log.append(
      Change(slot: id.slot, generation: id.generation, fields: [.autoscaler, .condition]))
  }

  /// Removes an autoscaler; its target stays as it is.
  public mutating func removeAutoscaler(_ id: HorizontalPodAutoscalerID) {
    guard autoscaler(id) != nil else { return }
    autoscalerRecords[id.index] = nil
    log.append(Change(slot: id.slot, generation: id.generation, fields: [.autoscaler, .deleted]))
    autoscalerSlots.release(id.slot)
  }

  /// Records the number of Pods that a workload's status gives (`status.replicas`), where it isn't
  /// the API server's own count.
  public mutating func setStatusReplicas(_ id: WorkloadID, _ replicas: Int32) {
    guard workload(id) != nil else { return }
    workloadRecords[id.index]!.status.replicas = replicas
  }
}
