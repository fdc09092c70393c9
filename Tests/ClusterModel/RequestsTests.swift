import ClusterModel
import Quantities
import Testing

@Suite struct RequestsTests {
  private func container(_ milli: Int64?, _ memory: Int64? = nil, sidecar: Bool = false)
    -> Container
  {
    Container(requests: ResourceList(cpuMilli: milli, memory: memory), isSidecar: sidecar)
  }

  private func cpu(_ containers: [Container], initial: [Container] = []) -> Int64 {
    var template = PodTemplate(containers: containers)
    template.initContainers = initial
    return template.requests.cpu
  }

  @Test func `containers add up, init containers count one at a time`() {
    #expect(cpu([container(100), container(200), container(nil)]) == 300)
    #expect(cpu([container(100)], initial: [container(250), container(400)]) == 400)
    #expect(cpu([container(500)], initial: [container(250), container(400)]) == 500)
  }

  @Test func `a sidecar counts from its turn on`() {
    let sidecar = container(100, sidecar: true)
    #expect(cpu([container(100)], initial: [sidecar]) == 200)
    #expect(cpu([container(100)], initial: [sidecar, container(400)]) == 500)
    #expect(cpu([container(100)], initial: [container(400), sidecar]) == 400)
    #expect(cpu([container(350)], initial: [container(400), sidecar]) == 450)
  }

  @Test func `requests of the Pod replace what they name, and overhead comes on top`() {
    var template = PodTemplate(containers: [container(100, 1000)])
    template.containers[0].requests["nvidia.com/gpu"] = 2_000_000_000
    var podRequests = ResourceList(cpuMilli: 700, memory: nil)
    podRequests["nvidia.com/gpu"] = 9_000_000_000
    template.podRequests = podRequests
    template.overhead = ResourceList(cpuMilli: 50, memory: 24)
    let requests = template.requests
    #expect(requests.cpu == 750)
    #expect(requests.memory == 1024)
    #expect(requests[scalar: "nvidia.com/gpu"] == 2)
  }

  @Test func `the sum is rounded up, not its parts`() {
    var half = Container()
    half.requests["cpu"] = 500_000
    half.requests["memory"] = 400_000_000
    #expect(PodTemplate(containers: [half]).requests.cpu == 1)
    let three = PodTemplate(containers: [half, half, half]).requests
    #expect(three.cpu == 2)
    #expect(three.memory == 2)
  }

  @Test func `amounts beyond 64 bits stop at the largest`() {
    var list = ResourceList()
    list["memory"] = Int128(Int64.max) * 2_000_000_000
    #expect(list.rounded().memory == .max)
  }

  @Test func `a list keeps its names sorted, and a named zero is named`() {
    var list = ResourceList()
    for name in ["pods", "cpu", "memory"] { list[name] = 0 }
    #expect(list.entries.map(\.name) == ["cpu", "memory", "pods"])
    #expect(list["cpu"] == 0)
    list["cpu"] = nil
    #expect(list["cpu"] == nil)
    var other = ResourceList(cpuMilli: 5, memory: 7)
    other.formMaximum(list)
    other += list
    #expect(other["cpu"] == 5_000_000)
    #expect(other["pods"] == 0)
  }
}
