import CloudSimulation
import ClusterModel
import Infrastructure
import Probability
import Quantities
import Workloads

/// A scenario made in code, whose parameters can be moved by path as a file's can.
struct BurstSource: ScenarioSource {
  /// What is wrong with a path or value.
  struct Unknown: Error { let path: String }

  /// A parameter and how it stands in a scenario.
  struct Knob: Sendable {
    var path: String
    var unit = ""
    var grade = ""
    var range: (low: String, high: String)?
    var limit: (kind: LimitKind, stage: Stage)?
    var unlimited: String?
    var usage: Usage = []
    var read: @Sendable (Scenario) -> String
    var write: @Sendable (inout Scenario, String) -> Bool
  }

  var base: Scenario
  var knobs = Self.knobs

  func scenario(setting settings: [ParameterSetting]) throws -> Scenario {
    var scenario = base
    for setting in settings {
      guard let knob = knobs.first(where: { $0.path == setting.path }),
        knob.write(&scenario, setting.value)
      else { throw Unknown(path: setting.path) }
    }
    return scenario
  }

  func parameters(setting settings: [ParameterSetting]) throws -> [Parameter] {
    let scenario = try scenario(setting: settings)
    return knobs.filter { $0.limit != nil || !$0.grade.isEmpty }.map { knob in
      Parameter(
        path: knob.path, value: knob.read(scenario), unit: knob.unit, grade: knob.grade,
        source: "made up", range: knob.range, limit: knob.limit, unlimited: knob.unlimited,
        usage: knob.usage, isDefault: true)
    }
  }

  func interpolate(
    _ path: String, from low: String, to high: String, fraction: Double
  ) -> String? {
    guard let a = try? TimeSpan.parse(low), let b = try? TimeSpan.parse(high) else { return nil }
    return TimeSpan.seconds(a.seconds + (b.seconds - a.seconds) * fraction).formatted
  }
}

extension BurstSource {
  static let pool = "ServerlessPool/cloud:spec."
  static let plane = "Scenario/burst:spec.controlPlane."
  static let line = "Link/line:spec.bandwidth"
  static let cycle = "Scenario/burst:spec.scheduler.cycleTime"
  static let startup = "WorkloadProfile/web:spec.startup"

  static func rate(
    _ path: String, _ stage: Stage, _ usage: Usage, grade: String = "",
    range: (String, String)? = nil, _ field: any WritableKeyPath<Scenario, Rate> & Sendable
  ) -> Knob {
    Knob(
      path: path, unit: "1/min", grade: grade, range: range.map { ($0.0, $0.1) },
      limit: (.rate, stage), unlimited: "unlimited", usage: usage,
      read: { $0[keyPath: field].text },
      write: { scenario, text in
        guard let rate = try? Rate.parse(text) else { return false }
        scenario[keyPath: field] = rate
        return true
      })
  }

  static func count(
    _ path: String, _ kind: LimitKind, _ stage: Stage, _ usage: Usage, grade: String = "",
    range: (String, String)? = nil, _ field: any WritableKeyPath<Scenario, Int?> & Sendable
  ) -> Knob {
    Knob(
      path: path, grade: grade, range: range.map { ($0.0, $0.1) }, limit: (kind, stage),
      unlimited: "unlimited", usage: usage,
      read: { $0[keyPath: field].map(String.init) ?? "unlimited" },
      write: { scenario, text in
        guard text == "unlimited" || Int(text) != nil else { return false }
        scenario[keyPath: field] = Int(text)
        return true
      })
  }

  static func bandwidth(
    _ path: String, _ usage: Usage, _ field: any WritableKeyPath<Scenario, Bandwidth> & Sendable
  ) -> Knob {
    Knob(
      path: path, unit: "bit/s", limit: (.rate, .image), unlimited: "unlimited", usage: usage,
      read: { $0[keyPath: field].description },
      write: { scenario, text in
        guard let bandwidth = try? Bandwidth.parse(text) else { return false }
        scenario[keyPath: field] = bandwidth
        return true
      })
  }

  /// A law by its mean.
  static func law(
    _ path: String, _ usage: Usage, range: (String, String),
    _ field: any WritableKeyPath<Scenario, Law> & Sendable
  ) -> Knob {
    Knob(
      path: path, unit: "s", grade: "A", range: (range.0, range.1), usage: usage,
      read: { TimeSpan.seconds($0[keyPath: field].mean).formatted },
      write: { scenario, text in
        guard let span = try? TimeSpan.parse(text) else { return false }
        guard let law = try? scenario[keyPath: field].scaled(toMean: span.seconds) else {
          return false
        }
        scenario[keyPath: field] = law
        return true
      })
  }

  static let knobs: [Knob] = levels + rates + laws + choices

  private static let levels: [Knob] = [
    count("\(plane)podCap", .level, .create, .creation, \.controlPlane.podCap),
    count(
      "\(pool)quota.podsPerCluster", .level, .accept, .serverless,
      \.serverlessPools[0].quota.podsPerCluster),
    count(
      "\(pool)quota.podsPerWorkload", .level, .accept, .serverless,
      \.serverlessPools[0].quota.podsPerWorkload),
    count(
      "\(pool)quota.podsPerRegion", .level, .accept, .serverless,
      \.serverlessPools[0].quota.podsPerRegion),
    count(
      "\(pool)podsPerSecurityGroup", .level, .accept, .serverless,
      \.serverlessPools[0].podsPerSecurityGroup),
    count("\(pool)stockCores", .level, .accept, .serverless, \.serverlessPools[0].stockCores),
    Knob(
      path: "\(pool)subnets", limit: (.level, .accept), unlimited: "0.0.0.0/0", usage: .serverless,
      read: { $0.serverlessPools[0].subnets[0].cidr },
      write: { scenario, text in
        scenario.serverlessPools[0].subnets = [Subnet(cidr: text)]
        return true
      }),
  ]

  private static let rates: [Knob] = [
    rate("\(plane)replicaSet.qps", .create, .creation, \.controlPlane.replicaSet.qps),
    rate("\(plane)deployment.qps", .create, .creation, \.controlPlane.deployment.qps),
    rate("\(plane)admission.qps", .admit, .admission, \.controlPlane.admission.qps),
    count(
      "\(plane)admissionWorkers", .rate, .admit, .admission, \.controlPlane.admissionWorkers),
    Knob(
      path: cycle, unit: "s", limit: (.rate, .schedule), unlimited: "0s", usage: .scheduling,
      read: { $0.scheduler.cycleTime.formatted },
      write: { scenario, text in
        guard let span = try? TimeSpan.parse(text) else { return false }
        scenario.scheduler.cycleTime = span
        return true
      }),
    rate("\(plane)scheduler.qps", .bind, .scheduling, \.controlPlane.scheduler.qps),
    count(
      "\(pool)createWorkers", .rate, .call, .serverless, grade: "A", range: ("10", "100"),
      \.serverlessPools[0].createWorkers),
    rate(
      "\(pool)createRate", .call, .serverless, grade: "A", range: ("60/min", "3000/min"),
      \.serverlessPools[0].createRate),
    rate("\(pool)bootRate", .boot, .serverless, \.serverlessPools[0].bootRate),
    rate("\(pool)addressRate", .address, .serverless, \.serverlessPools[0].addressRate),
    bandwidth("\(pool)images.pullRate", .serverlessPull, \.serverlessPools[0].images.pullRate),
    bandwidth(line, .link, \.links[0].bandwidth),
    rate("\(pool)startRate", .start, .serverless, \.serverlessPools[0].startRate),
    rate(
      "\(pool)clientQPS", .probe, .serverless, grade: "A", range: ("3000/min", "30000/min"),
      \.serverlessPools[0].clientQPS),
  ]

  private static let laws: [Knob] = [
    law("\(plane)writeLatency", .creation, range: ("5ms", "20ms"), \.controlPlane.writeLatency),
    law("\(plane)watchDelay", .creation, range: ("2ms", "50ms"), \.controlPlane.watchDelay),
    law(
      "\(pool)callLatency", .serverless, range: ("200ms", "1s"), \.serverlessPools[0].callLatency),
    law("\(pool)boot", .serverless, range: ("3s", "10s"), \.serverlessPools[0].boot),
    law("\(pool)address", .serverless, range: ("500ms", "2s"), \.serverlessPools[0].address),
    law(startup, .application, range: ("1s", "30s"), \.profiles[0].startup),
  ]

  /// What is neither a limit nor assumed: the source doesn't tell its value.
  private static let choices: [Knob] = [
    Knob(
      path: "\(pool)securityGroups", read: { "\($0.serverlessPools[0].securityGroups)" },
      write: { scenario, text in
        guard let count = Int(text) else { return false }
        scenario.serverlessPools[0].securityGroups = count
        return true
      }),
    Knob(
      path: "\(pool)imageCache", read: { $0.serverlessPools[0].images.cache ? "on" : "off" },
      write: { scenario, text in
        scenario.serverlessPools[0].images.cache = text == "on"
        return text == "on" || text == "off"
      }),
  ]
}

extension BurstSource {
  /// A burst into a serverless pool beside a site without free nodes; every limit is far away, and
  /// chance is left in the times that Pods take.
  static func burst(of places: Int, claim bound: Claim.Bound = .above(0)) -> BurstSource {
    var pool = ServerlessPool(name: "cloud")
    pool.quota.podsPerCluster = 100_000
    pool.quota.podsPerWorkload = 100_000
    pool.quota.podsPerRegion = 100_000
    pool.podsPerSecurityGroup = 100_000
    pool.stockCores = 1_000_000
    pool.subnets = [Subnet(cidr: "10.0.0.0/16")]
    pool.createWorkers = 10_000
    pool.createRate = Rate(perMinute: 60_000)
    pool.createBurst = 1
    pool.bootRate = Rate(perMinute: 60_000)
    pool.addressRate = Rate(perMinute: 60_000)
    pool.startRate = Rate(perMinute: 60_000)
    pool.clientQPS = Rate(perMinute: 60_000)
    pool.clientBurst = 1
    pool.images.diskReuse = false
    var scenario = Scenario(name: "burst")
    scenario.duration = .minutes(10)
    scenario.sites = [Site(name: "idc"), Site(name: "cloud")]
    scenario.links = [Link(name: "line", between: ["idc", "cloud"])]
    scenario.links[0].bandwidth = Bandwidth(bitsPerSecond: 1_000_000_000_000)
    scenario.serverlessPools = [pool]
    scenario.controlPlane.replicaSet = ClientLimits(qps: 1000, burst: 1)
    scenario.controlPlane.deployment = ClientLimits(qps: 1000, burst: 1)
    scenario.controlPlane.admission = ClientLimits(qps: 1000, burst: 1)
    scenario.controlPlane.admissionWorkers = 1000
    scenario.controlPlane.scheduler = ClientLimits(qps: 1000, burst: 1)
    scenario.controlPlane.podCap = 100_000
    scenario.controlPlane.slowStart = false
    scenario.scheduler.cycleTime = .milliseconds(1)
    var profile = WorkloadProfile(name: "web")
    profile.imageBytes = .constant(100e6)
    scenario.profiles = [profile]
    let container = Container(
      name: "c", image: "i", requests: ResourceList(cpuMilli: 1000, memory: 1 << 30))
    var deployment = WorkloadObject(
      kind: .deployment, namespace: "default", name: "web",
      template: PodTemplate(
        namespace: "default", labels: ["app": "web"], containers: [container]))
    deployment.replicas = 0
    scenario.cluster.workloads = [deployment]
    var step = LoadProfile.Step()
    step.at = .seconds(10)
    step.to = places
    scenario.loads = [LoadProfile(name: "step", target: "Deployment/web", shape: .step(step))]
    var claim = Claim(name: "fast")
    claim.bound = bound
    scenario.claims = [claim]
    return BurstSource(base: scenario)
  }

  /// The same without chance: every law is constant.
  func withoutChance() -> BurstSource {
    var source = self
    source.base.controlPlane.writeLatency = .constant(0.01)
    source.base.controlPlane.watchDelay = .constant(0.01)
    source.base.serverlessPools[0].callLatency = .constant(0.5)
    source.base.serverlessPools[0].boot = .constant(5)
    source.base.serverlessPools[0].address = .constant(1)
    source.base.serverlessPools[0].containerStart = .constant(0.7)
    source.base.serverlessPools[0].images.cacheMount = .constant(10)
    source.base.profiles[0].startup = .constant(5)
    return source
  }
}
