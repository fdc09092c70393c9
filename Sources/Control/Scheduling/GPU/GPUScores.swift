/// The policies' scores, from 0 to 100, as functions of a node's and a Pod's amounts.
///
/// > Source: the simulator published with Weng et al., USENIX ATC 2023 (E).
enum GPUScores {
  /// The largest node that BestFit measures against: CPU in thousandths of a core, and GPU in
  /// thousandths of a device (E).
  static let largestCPU = 128_000.0
  static let largestGPU = 8_000.0

  /// BestFit: 100 where nothing is left, less half of what is left of each resource.
  static func bestFit(cpuLeft: Int64, gpuLeft: Int64) -> Int64 {
    var left = 0.0
    left += Double(cpuLeft) / largestCPU * 0.5
    left += Double(gpuLeft) / largestGPU * 0.5
    return Int64((1 - left) * 100)
  }

  /// Scores spread from 0 to 100 in integers; all 0 where they are equal.
  static func normalise(_ scores: inout [Int64]) {
    guard let most = scores.max(), let least = scores.min() else { return }
    for place in scores.indices {
      scores[place] = most == least ? 0 : (scores[place] - least) * 100 / (most - least)
    }
  }

  /// Fragmentation Gradient Descent: 100 times the logistic function of the fragments that a Pod
  /// removes, in devices.
  static func fragmentation(before: Double, after: Double) -> Int64 {
    Int64(1 / (1 + naturalExponential(-((before - after) / 1000))) * 100)
  }

  /// Fragmentation Gradient Descent on one node, with the device that it chooses for a share.
  /// - Parameters:
  ///   - before: the node's fragments as it is.
  ///   - cpuLeft: CPU left once the Pod is there.
  /// - Returns: the score, and the bits of the devices; of several equally good ones the first.
  static func fragmentation(
    _ request: GPURequest, on devices: GPUDevices, before: Double, cpuLeft: Int64,
    _ measure: FragmentMeasure
  ) -> (score: Int64, devices: UInt16) {
    func score(_ chosen: UInt16) -> Int64 {
      var after = devices
      after.take(request.milli, from: chosen)
      return fragmentation(before: before, after: measure.fragments(cpuLeft: cpuLeft, after))
    }
    if !request.isShare {
      let chosen = devices.leastLeft(request)
      return (score(chosen), chosen)
    }
    var best: (score: Int64, devices: UInt16) = (0, 0)
    var tried: [Int16] = []
    for device in 0..<devices.count where devices.left[device] >= request.milli {
      if tried.contains(devices.left[device]) { continue }
      tried.append(devices.left[device])
      let chosen: UInt16 = 1 << UInt16(device)
      let found = score(chosen)
      if best.devices == 0 || found > best.score { best = (found, chosen) }
    }
    return best
  }
}
