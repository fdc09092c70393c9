import CloudSimulation
import ClusterModel
import Infrastructure
import Probability
import Quantities
import Workloads

/// Scenarios in which everything takes a constant time and nothing is limited, to be spoilt by tests.
enum PlainScenario {
  static let write = 0.008
  static let watch = 0.01

  /// A Deployment that rises from 0 to n at `at`, on serverless Pods alone.
  static func serverless(_ n: Int, at: TimeSpan = .seconds(10)) -> Scenario {
    var scenario = Scenario(name: "plain")
    scenario.duration = .minutes(10)
    scenario.replications = 1
    scenario.controlPlane = plane
    scenario.scheduler.cycleTime = .zero
    scenario.serverlessPools = [pool]
    scenario.profiles = [profile]
    var template = template()
    template.tolerations = [Toleration(key: ServerlessPool.taintKey, comparison: .exists)]
    scenario.cluster.workloads = [deployment("web", template: template)]
    scenario.loads = [step("Deployment/web", to: n, at: at)]
    return scenario
  }

  /// The same with one machine that holds `local` Pods, so that the others overflow.
  static func overflow(_ n: Int, local: Int, at: TimeSpan = .seconds(10)) -> Scenario {
    var scenario = serverless(n, at: at)
    var machines = NodePool(name: "m")
    machines.allocatable = Resources(cpu: Int64(local) * 1000, memory: 1 << 40, pods: 10_000)
    scenario.nodePools = [machines]
    scenario.sites[0].machine.sandbox = .constant(0.5)
    scenario.sites[0].machine.address = .constant(0.3)
    scenario.sites[0].machine.containerStart = .constant(0.7)
    scenario.cluster.workloads[0] = deployment("web", template: template())
    return scenario
  }

  static func template() -> PodTemplate {
    PodTemplate(
      labels: ["app": "web"],
      containers: [
        Container(
          name: "c", image: "i", requests: ResourceList(cpuMilli: 1000, memory: 1 << 30))
      ])
  }

  static func deployment(_ name: String, template: PodTemplate) -> WorkloadObject {
    var object = WorkloadObject(
      kind: .deployment, namespace: "default", name: name, template: template)
    object.replicas = 0
    return object
  }

  static func step(_ target: String, to n: Int, at: TimeSpan) -> LoadProfile {
    var step = LoadProfile.Step()
    step.at = at
    step.to = n
    return LoadProfile(name: "load-\(target)", target: target, shape: .step(step))
  }

  static var profile: WorkloadProfile {
    var profile = WorkloadProfile(name: "plain")
    profile.imageBytes = .constant(150e6)
    profile.startup = .constant(3)
    return profile
  }

  static var plane: ControlPlaneParameters {
    var plane = ControlPlaneParameters()
    plane.writeLatency = .constant(write)
    plane.watchDelay = .constant(watch)
    plane.endpointPropagation = .constant(1)
    let open = ClientLimits(qps: .infinity, burst: 1)
    plane.replicaSet = open
    plane.deployment = open
    plane.statefulSet = open
    plane.daemonSet = open
    plane.job = open
    plane.scheduler = open
    plane.admission = open
    plane.admissionWorkers = nil
    plane.slowStart = false
    return plane
  }

  static var pool: ServerlessPool {
    var pool = ServerlessPool(name: "cloud")
    pool.subnets = [Subnet(cidr: "10.0.0.0/16")]
    pool.quota.podsPerCluster = nil
    pool.quota.podsPerWorkload = nil
    pool.quota.podsPerRegion = nil
    pool.podsPerSecurityGroup = nil
    pool.createWorkers = nil
    pool.createRate = .unlimited
    pool.createBurst = 1
    pool.callLatency = .constant(0.5)
    pool.boot = .constant(5)
    pool.address = .constant(1)
    pool.images.diskReuse = false
    pool.images.pullRate = Bandwidth(bitsPerSecond: 600_000_000)
    pool.containerStart = .constant(0.7)
    pool.clientQPS = .unlimited
    return pool
  }
}
