import CloudSimulation
import ClusterModel
import Infrastructure
import Probability
import Quantities
import Workloads

var s = Scenario(name: "x")
var pool = ServerlessPool(name: "cloud")
pool.quota.podsPerCluster = nil; pool.quota.podsPerWorkload = nil; pool.quota.podsPerRegion = nil
pool.subnets = [Subnet(cidr: "10.0.0.0/20")]
pool.securityGroups = 2
pool.createRate = Rate(perMinute: 1500)
pool.images.cache = true
s.serverlessPools = [pool]
s.sites = [Site(name: "idc"), Site(name: "cloud")]
var np = NodePool(name: "m"); np.count = 20; np.allocatable = Resources(cpu: 10_000, memory: 64 << 30, pods: 110)
s.nodePools = [np]
s.links = [Link(name: "l", between: ["idc", "cloud"])]
s.controlPlane.admission = ClientLimits(qps: 50, burst: 100)
var t = PodTemplate(namespace: "default", labels: ["app": "w"], containers: [Container(name: "c", image: "i", requests: ResourceList(cpuMilli: 1000, memory: 1 << 30))])
var d = WorkloadObject(kind: .deployment, namespace: "default", name: "web", template: t)
d.replicas = 200
s.cluster.workloads = [d]
var st = LoadProfile.Step(); st.at = .minutes(2); st.to = 3200
s.loads = [LoadProfile(name: "l", target: "Deployment/web", shape: .step(st))]
for r in 0..<30 {
  let x = s.simulate(replication: r)
  if r < 2 {
  print(x.events, x.pods, x.violation ?? "ok", x.bursts[0].places, x.bursts[0].ready.count)
  for (i, g) in x.stages.enumerated() { print(Stage(rawValue: UInt8(i))!.name, g.count, g.p50 ?? -1, g.p95 ?? -1) }
  let b = x.bursts[0]; let n = b.places
  let t10 = b.ready[n/10 - 1], t90 = b.ready[n*9/10 - 1]
  print("sustained", 60 * Double(n) * 0.8 / (Double(t90 - t10) / 1e9), x.cash.units, x.bill.map(\.name))
  for c in x.conservation { print(c) }
  }
}
