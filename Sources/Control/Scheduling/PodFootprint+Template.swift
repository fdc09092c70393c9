import ClusterModel
import Quantities

extension PodFootprint {
  /// CPU that LeastAllocated assumes of a container that requests none: 100 thousandths (S).
  static let defaultCPU: Int128 = 100 * 1_000_000
  /// Memory that LeastAllocated assumes of a container that requests none: 200 MiB (S).
  static let defaultMemory: Int128 = 200 * 1024 * 1024 * 1_000_000_000

  /// What Pods of a template take.
  init(_ template: PodTemplate) {
    let real = template.requests
    cpu = real.cpu
    memory = real.memory
    storage = real.ephemeralStorage
    priority = template.priority
    hasScalars = !real.scalars.isEmpty
    hasPorts = !template.hostPorts.isEmpty
    let incoming = template.withDefaults(cpu: true, memory: true, podLevel: false).requests
    scoredCPU = incoming.cpu
    scoredMemory = incoming.memory
    let levels = template.podRequests?.entries.filter { PodTemplate.isPodLevel($0.name) } ?? []
    var running = incoming
    if !levels.isEmpty {
      running =
        template.withDefaults(
          cpu: !template.namesResource("cpu"), memory: !template.namesResource("memory"),
          podLevel: true
        ).requests
    }
    nonZeroCPU = running.cpu
    nonZeroMemory = running.memory
  }
}

extension PodTemplate {
  /// Host ports of app containers and sidecars; ordinary init containers don't count.
  var hostPorts: [HostPort] {
    containers.flatMap(\.hostPorts) + initContainers.filter(\.isSidecar).flatMap(\.hostPorts)
  }

  /// Whether the Pod's aggregate request names a resource at all.
  fileprivate func namesResource(_ name: String) -> Bool {
    containers.contains { $0.requests[name] != nil }
      || initContainers.contains { $0.requests[name] != nil }
      || podRequests?[name] != nil || overhead[name] != nil
  }

  /// The template with the scheduler's defaults for containers that don't name CPU or memory.
  fileprivate func withDefaults(cpu: Bool, memory: Bool, podLevel: Bool) -> PodTemplate {
    var template = self
    if !podLevel { template.podRequests = nil }
    func fill(_ container: inout Container) {
      if cpu, container.requests["cpu"] == nil {
        container.requests["cpu"] = PodFootprint.defaultCPU
      }
      if memory, container.requests["memory"] == nil {
        container.requests["memory"] = PodFootprint.defaultMemory
      }
    }
    for place in template.containers.indices { fill(&template.containers[place]) }
    for place in template.initContainers.indices { fill(&template.initContainers[place]) }
    return template
  }
}
