import ClusterModel
import Quantities

extension SchedulerCache {
  /// What Pods of a template ask of GPUs; nothing while GPU sharing is off.
  mutating func gpuRequest(of template: PodTemplate) -> GPURequest {
    guard gpu.isOn, let read = GPURequest.read(template.annotations) else { return GPURequest() }
    return GPURequest(
      count: read.count, milli: read.milli, models: gpu.models(read.models))
  }

  /// Takes in a node's devices when it is new or describes itself differently; Pods on it choose
  /// again.
  mutating func observeDevices(_ slot: Int, before: Node?) {
    guard gpu.isOn else { return }
    while gpu.devices.count < rows.count {
      gpu.devices.append(GPUDevices())
      gpu.fragments.append(0)
      gpu.kinds.append(SIMD16())
    }
    let made = nodes[slot].map { gpu.describe($0) } ?? GPUDevices()
    if before.map({ gpu.describe($0) }) != made {
      gpu.devices[slot] = made
      gpu.kinds[slot] = SIMD16()
      var pod = firstPod[slot]
      while pod >= 0 {
        forgetDevices(Int(pod))
        occupyDevices(Int(pod), on: slot)
        pod = pods[Int(pod)].next
      }
    }
    remeasure(slot)
  }

  /// Forgets the devices that a Pod had, so that it chooses anew.
  mutating func forgetDevices(_ pod: Int) {
    if pod < gpu.held.count { gpu.held[pod] = HeldDevices() }
  }

  /// Gives a Pod its devices on the node that it is counted on: those that it had there, else
  /// those that the policy chooses. A Pod that was bound where there are too few gets none.
  mutating func occupyDevices(_ pod: Int, on slot: Int) {
    guard gpu.isOn else { return }
    let request = footprints[Int(pods[pod].classIndex)].gpu
    if request.count > 0 {
      while gpu.held.count <= pod { gpu.held.append(HeldDevices()) }
      if gpu.held[pod].node != Int32(slot) {
        let left = rows[slot].cpu - rows[slot].requestedCPU
        gpu.held[pod] = HeldDevices(
          node: Int32(slot), devices: gpu.choose(request, on: slot, cpuLeft: left))
      }
      gpu.devices[slot].take(request.milli, from: gpu.held[pod].devices)
      gpu.kinds[slot][request.kind] += 1
    }
    remeasure(slot)
  }

  /// Takes a Pod's devices from it.
  mutating func vacateDevices(_ pod: Int, on slot: Int) {
    guard gpu.isOn else { return }
    let request = footprints[Int(pods[pod].classIndex)].gpu
    if request.count > 0, pod < gpu.held.count, gpu.held[pod].node == Int32(slot) {
      gpu.devices[slot].take(request.milli, from: gpu.held[pod].devices, sign: -1)
      gpu.kinds[slot][request.kind] -= 1
    }
    remeasure(slot)
  }

  private mutating func remeasure(_ slot: Int) {
    guard gpu.measures else { return }
    gpu.fragments[slot] = gpu.measure.fragments(
      cpuLeft: rows[slot].cpu - rows[slot].requestedCPU, gpu.devices[slot])
  }

  /// Readies what a policy needs for a Pod's attempt: the kinds of Pods it expects, and the bits of
  /// its random choices.
  mutating func prepareGPU(bits: (ChoicePurpose) -> UInt64) {
    guard let sharing = gpu.sharing else { return }
    if gpu.policy == .random {
      gpu.nodeBits = bits(.gpuNode)
      gpu.deviceBits = bits(.gpuDevice)
    }
    guard gpu.policy == .fragmentation, !gpu.measures else { return }
    let typical = sharing.typicalPods.isEmpty ? typicalPods() : sharing.typicalPods
    var table = gpu
    table.measure = FragmentMeasure(typical) { table.models($0) }
    table.measures = true
    gpu = table
    for slot in rows.indices { remeasure(slot) }
    structureVersion += 1
  }

  /// The kinds of Pods that make up most of those in the cluster.
  private func typicalPods() -> [TypicalPod] {
    var present: [TypicalPod] = []
    for pod in pods where pod.exists {
      let footprint = footprints[Int(pod.classIndex)]
      present.append(
        TypicalPod(
          cpu: footprint.cpu, gpus: Int(footprint.gpu.count), gpuMilli: Int(footprint.gpu.milli),
          models: gpu.names(of: footprint.gpu.models)))
    }
    return TypicalPod.mostFrequent(among: present)
  }

  /// The weight of the policy's score for a class.
  private func gpuWeight(_ classIndex: Int) -> Int64 {
    profiles[Int(classes[classIndex].profile)].gpuWeight
  }

  /// The policy's weighted score of a node where it depends on that node alone.
  @inline(__always)
  func localGPUScore(_ classIndex: Int, on slot: Int) -> Int64 {
    guard gpu.isOn, gpu.policy.scoresLocally else { return 0 }
    return gpuWeight(classIndex) * ownGPUScore(footprints[classIndex], on: slot)
  }

  private func ownGPUScore(_ pod: PodFootprint, on slot: Int) -> Int64 {
    let devices = gpu.devices[slot]
    let left = rows[slot].cpu - rows[slot].requestedCPU
    switch gpu.policy {
    case .random, .bestFit: return 0
    case .fragmentation:
      return GPUScores.fragmentation(
        pod.gpu, on: devices, before: gpu.fragments[slot], cpuLeft: left - pod.cpu, gpu.measure
      ).score
    case .dotProduct:
      return GPUScores.dotProduct(
        cpuLeft: left, cpu: pod.cpu, gpuLeft: devices.idle, gpu: pod.gpu.total)
    case .clustering: return GPUScores.clustering(pod.gpu, on: devices, gpu.kinds[slot])
    case .packing: return GPUScores.packing(pod.gpu, on: devices)
    }
  }

  /// Adds the policy's scores to the total scores of the feasible nodes.
  func addGPUScores(_ classIndex: Int, _ feasible: [Int32], to totals: inout [Int64]) {
    guard gpu.isOn else { return }
    let pod = footprints[classIndex]
    let weight = gpuWeight(classIndex)
    switch gpu.policy {
    case .random:
      var best: (place: Int, lot: UInt64)?
      for (place, node) in feasible.enumerated() {
        let lot = Choices(key: gpu.nodeBits).bits(
          purpose: ChoicePurpose.gpuNode.rawValue, subject: UInt64(nodeOrder.rank[Int(node)]))
        if lot > best?.lot ?? 0 { best = (place, lot) }
      }
      if let best { totals[best.place] += 100 * weight }
    case .bestFit:
      var scores = feasible.map { node in
        let row = rows[Int(node)]
        return GPUScores.bestFit(
          cpuLeft: row.cpu - row.requestedCPU - pod.cpu,
          gpuLeft: gpu.devices[Int(node)].idle - pod.gpu.total)
      }
      GPUScores.normalise(&scores)
      for place in scores.indices { totals[place] += scores[place] * weight }
    case .fragmentation, .dotProduct, .clustering, .packing:
      for (place, node) in feasible.enumerated() {
        totals[place] += weight * ownGPUScore(pod, on: Int(node))
      }
    }
  }

  /// The policy's column beside those of the score plugins; nil where GPUs aren't shared or the
  /// class's profile doesn't weigh the policy.
  func gpuColumn(_ classIndex: Int, _ feasible: [Int32]) -> [Int64]? {
    guard gpu.isOn, gpuWeight(classIndex) != 0 else { return nil }
    var column = [Int64](repeating: 0, count: feasible.count)
    addGPUScores(classIndex, feasible, to: &column)
    return column
  }
}
