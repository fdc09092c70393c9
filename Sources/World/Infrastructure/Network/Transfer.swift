import ClusterModel

/// Whose a transfer is, and what for.
enum Transfer: Hashable {
  /// A Pod's images, or a report about it on its way to the API server: the step that follows.
  case pod(PodID, PipelineStep)
  /// Traffic of others across a link, by number.
  case traffic(Int)
  /// A set of images that a machine pulls ahead.
  case preheat(slot: Int, set: Int)
  /// What a swarm's seed fetches, by the swarm's number.
  case seed(Int)

  /// The number by which the network knows it.
  var key: FluidNetwork.Key {
    switch self {
    case .pod(let pod, let step):
      UInt64(pod.slot) | UInt64(pod.generation) << 32 | UInt64(step.rawValue) << 48
    case .traffic(let number): UInt64(number) | 1 << 56
    case .preheat(let slot, let set): UInt64(slot) | UInt64(set) << 32 | 2 << 56
    case .seed(let number): UInt64(number) | 3 << 56
    }
  }

  init(_ key: FluidNetwork.Key) {
    switch key >> 56 {
    case 1: self = .traffic(Int(key & 0xFFFF_FFFF))
    case 2: self = .preheat(slot: Int(key & 0xFFFF_FFFF), set: Int(key >> 32 & 0xFF_FFFF))
    case 3: self = .seed(Int(key & 0xFFFF_FFFF))
    default:
      self = .pod(
        PodID(
          slot: UInt32(truncatingIfNeeded: key), generation: UInt16(truncatingIfNeeded: key >> 32)),
        PipelineStep(rawValue: UInt8(truncatingIfNeeded: key >> 48)) ?? .imaged)
    }
  }
}
