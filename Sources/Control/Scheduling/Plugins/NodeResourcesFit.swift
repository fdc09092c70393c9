import ClusterModel
import Quantities

/// NodeResourcesFit: whether a Pod's requests fit, and LeastAllocated's score.
enum NodeResourcesFit {
  /// Bits of a verdict's detail; extended resources follow in the order of the class.
  static let tooManyPods: UInt32 = 1
  static let cpu: UInt32 = 2
  static let memory: UInt32 = 4
  static let storage: UInt32 = 8
  static let firstScalar: UInt32 = 4

  /// What doesn't fit, with the amounts of a trial's Pods taken into account.
  @inline(__always)
  static func verdict(_ pod: PodFootprint, on row: NodeRow) -> Verdict {
    var detail: UInt32 = 0
    var unresolvable = false
    if row.podCount + 1 > row.allowedPods { detail |= tooManyPods }
    if pod.cpu > 0 && pod.cpu > row.cpu - row.requestedCPU {
      detail |= cpu
      unresolvable = pod.cpu > row.cpu
    }
    if pod.memory > 0 && pod.memory > row.memory - row.requestedMemory {
      detail |= memory
      unresolvable = unresolvable || pod.memory > row.memory
    }
    if pod.storage > 0 && pod.storage > row.storage - row.requestedStorage {
      detail |= storage
      unresolvable = unresolvable || pod.storage > row.storage
    }
    if detail == 0 { return .fits }
    return Verdict(.nodeResourcesFit, unresolvable: unresolvable, detail: detail)
  }

  /// LeastAllocated over CPU and memory: the mean free share in percent, truncated twice.
  ///
  /// > Source: kube-scheduler v1.36 (S); 64-bit integers, as memory of hundreds of TiB × 100 is
  /// > beyond what a double holds exactly.
  @inline(__always)
  static func leastAllocated(_ pod: PodFootprint, on row: NodeRow) -> Int64 {
    var sum: Int64 = 0
    var counted: Int64 = 0
    if row.cpu != 0 {
      sum += freeShare(row.nonZeroCPU + pod.scoredCPU, of: row.cpu)
      counted += 1
    }
    if row.memory != 0 {
      sum += freeShare(row.nonZeroMemory + pod.scoredMemory, of: row.memory)
      counted += 1
    }
    return counted == 2 ? sum >> 1 : sum
  }

  @inline(__always)
  private static func freeShare(_ requested: Int64, of capacity: Int64) -> Int64 {
    requested > capacity ? 0 : (capacity - requested) * 100 / capacity
  }
}

extension SchedulerCache {
  /// What of a class's extended resources doesn't fit, added to the verdict on the others.
  func addingScalars(
    _ verdict: Verdict, of classIndex: Int, on slot: Int, freed: [Int64]
  ) -> Verdict {
    var detail = verdict.filter == .nodeResourcesFit ? verdict.detail : 0
    var unresolvable = verdict.isUnresolvable
    let before = detail
    let scalars = classes[classIndex].scalars
    for (place, scalar) in scalars.enumerated() where scalar.mustFit {
      let allocatable = scalarAllocatable[Int(scalar.column)][slot]
      var requested = scalarRequested[Int(scalar.column)][slot]
      if !freed.isEmpty { requested -= freed[place] }
      if scalar.amount > allocatable - requested {
        detail |= 1 << (NodeResourcesFit.firstScalar + UInt32(min(place, 27)))
        unresolvable = unresolvable || scalar.amount > allocatable
      }
    }
    if detail == before { return verdict }
    return Verdict(.nodeResourcesFit, unresolvable: unresolvable, detail: detail)
  }
}
