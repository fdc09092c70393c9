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
    /// Where the amount per device stands among the distinct ones.
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
  private var kinds: [Kind] = []
  private var amounts: [Int16] = []

  /// A measure over kinds of Pods, with the bits of the models that each may use.
  init(_ pods: [TypicalPod], models: (String) -> UInt64) {
    for pod in pods {
      let milli = Int16(clamping: pod.gpus > 0 ? pod.gpuMilli : 0)
      var amount = amounts.firstIndex(of: milli) ?? amounts.count
      if amount == amounts.count { amounts.append(milli) }
      if milli == 0 { amount = -1 }
      kinds.append(
        Kind(
          cpu: pod.cpu, frequency: pod.frequency, models: models(pod.models),
          count: Int16(clamping: pod.gpus), amount: Int16(amount)))
    }
  }

  /// Thousandths of a device that are expected to be fragments on a node with so much CPU left.
  func fragments(cpuLeft: Int64, _ devices: GPUDevices) -> Double {
    if devices.count == 0 { return 0 }
    let idle = devices.idle
    var reasons = Reasons()
    withUnsafeTemporaryAllocation(of: (enough: Int16, below: Int64).self, capacity: amounts.count) {
      table in
      for (place, milli) in amounts.enumerated() {
        table.initializeElement(
          at: place,
          to: (Int16(devices.count(withAtLeast: milli)), devices.idle(below: milli)))
      }
      for kind in kinds {
        let hasCPU = cpuLeft >= kind.cpu
        let all = kind.frequency * Double(idle)
        if kind.amount < 0 {
          if hasCPU { reasons.needsNoGPU += all } else { reasons.needsNoGPUAndLacksCPU += all }
        } else if kind.models & devices.model == 0 {
          reasons.hasNoAccess += all
        } else if table[Int(kind.amount)].enough < kind.count {
          if hasCPU { reasons.lacksGPU += all } else { reasons.lacksBoth += all }
        } else if hasCPU {
          reasons.lacksGPU += kind.frequency * Double(table[Int(kind.amount)].below)
        } else {
          reasons.lacksCPU += all
        }
      }
    }
    return reasons.sum
  }
}
