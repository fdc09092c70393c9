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

  /// DotProd: 100 less the mean, over CPU and GPU, of what is left times what is asked, each as a
  /// share of the largest node's.
  static func dotProduct(cpuLeft: Int64, cpu: Int64, gpuLeft: Int64, gpu: Int64) -> Int64 {
    var product = 0.0
    product += Double(cpuLeft) / largestCPU * (Double(cpu) / largestCPU)
    product += Double(gpuLeft) / largestGPU * (Double(gpu) / largestGPU)
    return Int64((1 - product / 2) * 100)
  }

  /// GpuClustering: up to 25 for how full the devices are, and 75 where only Pods of the same kind
  /// run, 50 where some do, 25 where none runs; 0 for Pods that ask for no device.
  static func clustering(
    _ request: GPURequest, on devices: GPUDevices, _ kinds: SIMD16<Int16>
  ) -> Int64 {
    if request.count == 0 { return 0 }
    let largest = Int64(largestGPU)
    let fullness = 25 * (largest - devices.idle) / largest
    var present = 0
    for kind in 0..<16 where kinds[kind] > 0 { present += 1 }
    if kinds[request.kind] > 0 { return fullness + (present == 1 ? 75 : 50) }
    return fullness + (present == 0 ? 25 : 0)
  }

  /// GpuPacking: 33 less the devices on an idle node; else 50 less the free devices that the Pod
  /// would take, from 33 up; else 100 less a tenth of what is left, in percent, on the devices that
  /// it would take, from 50 up; 0 for Pods that ask for no device.
  static func packing(_ request: GPURequest, on devices: GPUDevices) -> Int64 {
    if request.count == 0 { return 0 }
    let free = devices.freeCount
    if free == devices.count { return max(33 - Int64(free), Int64(free)) }
    let chosen = devices.leastLeft(request)
    var taken: Int64 = 0
    var percentLeft: Int64 = 0
    for device in 0..<devices.count where chosen & 1 << UInt16(device) != 0 {
      if devices.left[device] == 1000 { taken += 1 }
      percentLeft += Int64(devices.left[device]) * 100 / 1000
    }
    return taken > 0 ? max(50 - taken, 33) : max(100 - percentLeft / 10, 50)
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
