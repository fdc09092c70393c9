/// How much of a node's idle GPU the Pods that are likely to come can't use.
///
/// > Source: Weng et al., USENIX ATC 2023, §3 (E): for a kind of Pod that asks for no GPU, may not
/// > use the model, or doesn't fit, everything idle on the node is a fragment; otherwise what is
/// > left on devices that have less than it asks of one. The measure is the mean over the kinds.
/// > The additions keep to the order of the published simulator (by reason, then over the
/// > reasons), because its scores are integer parts of values that often lie on an integer.
struct FragmentMeasure: Sendable {
  private struct Kind: BitwiseCopyable, Sendable {
    var cpu: Int64
    var frequency: Double
    var models: UInt64
    var count: Int16
    /// Where the amount per device stands among the distinct ones; −1 for none.
    var amount: Int16
  }
  /// Why idle GPU is a fragment for a kind of Pod, in the order in which they are added up.
  private struct Reasons {
    var lacksBoth = 0.0
    var lacksGPU = 0.0
    var lacksCPU = 0.0
    var needsNoGPU = 0.0
    var needsNoGPUAndLacksCPU = 0.0
    var hasNoAccess = 0.0
    var sum: Double {
      lacksBoth + lacksGPU + lacksCPU + needsNoGPU + needsNoGPUAndLacksCPU + hasNoAccess
    }
  }
  /// Devices with the same standing towards every amount: how many, and what is left of them.
  private struct Rank: BitwiseCopyable {
    var devices: Int16 = 0
    var idle: Int64 = 0
  }
  private var kinds: [Kind] = []
  /// How many of the amounts asked of a device, in rising order, are within what is left of it.
  private var rank: [UInt16]
  private let rankCount: Int

  /// A measure over kinds of Pods, with the bits of the models that each may use.
  init(_ pods: [TypicalPod], models: (String) -> UInt64) {
    var amounts: [Int] = []
    for pod in pods where pod.gpus > 0 && pod.gpuMilli > 0 && !amounts.contains(pod.gpuMilli) {
      amounts.append(pod.gpuMilli)
    }
    amounts.sort()
    rankCount = amounts.count + 1
    rank = (0...1000).map { left in UInt16(amounts.count { $0 <= left }) }
    for pod in pods {
      let amount = pod.gpus > 0 ? amounts.firstIndex(of: pod.gpuMilli) : nil
      kinds.append(
        Kind(
          cpu: pod.cpu, frequency: pod.frequency, models: models(pod.models),
          count: Int16(clamping: pod.gpus), amount: Int16(amount ?? -1)))
    }
  }

  /// Thousandths of a device that are expected to be fragments on a node with so much CPU left.
  func fragments(cpuLeft: Int64, _ devices: GPUDevices) -> Double {
    let idle = devices.idle
    if idle == 0 { return 0 }
    var reasons = Reasons()
    withUnsafeTemporaryAllocation(of: Rank.self, capacity: rankCount) { ranks in
      ranks.initialize(repeating: Rank())
      for device in 0..<devices.count {
        let left = devices.left[device]
        let place = Int(rank[Int(left)])
        ranks[place].devices += 1
        ranks[place].idle += Int64(left)
      }
      // From here on a rank holds the devices that have the amount, and the rest of the others.
      var enough = Int16(devices.count)
      var below: Int64 = 0
      for place in 0..<rankCount {
        enough -= ranks[place].devices
        below += ranks[place].idle
        ranks[place] = Rank(devices: enough, idle: below)
      }
      for kind in kinds {
        let hasCPU = cpuLeft >= kind.cpu
        let all = kind.frequency * Double(idle)
        if kind.amount < 0 {
          if hasCPU { reasons.needsNoGPU += all } else { reasons.needsNoGPUAndLacksCPU += all }
        } else if kind.models & devices.model == 0 {
          reasons.hasNoAccess += all
        } else if ranks[Int(kind.amount)].devices < kind.count {
          if hasCPU { reasons.lacksGPU += all } else { reasons.lacksBoth += all }
        } else if hasCPU {
          reasons.lacksGPU += kind.frequency * Double(ranks[Int(kind.amount)].idle)
        } else {
          reasons.lacksCPU += all
        }
      }
    }
    return reasons.sum
  }
}
