/// What to set in which scenario to see that a field matters.
///
/// One list instead of a note at each field: it is about the gallery, not about the fields.
struct Witness: Sendable {
  /// The scenario in `Scenarios`.
  var scenario: String
  /// The object in it.
  var object: String
  /// A value that changes the output.
  var value: String

  /// The witness of a field such as `ServerlessPool:spec.createRate`.
  static func of(_ field: String) -> Witness? { byField[field] }

  /// Fields whose effect no scenario can show, each with the reason.
  static let exceptions: [(path: String, reason: String)] = [
    ("PredictiveScaler:spec.load", "the gallery's loads beside it are alike"),
    ("PredictiveScaler:spec.model", "the gallery's days are alike: every model learns the same"),
    ("PredictiveScaler:spec.smoothing.level", "the gallery's days are alike: no error to smooth"),
    ("PredictiveScaler:spec.smoothing.trend", "the gallery's days are alike: no error to smooth"),
    ("PredictiveScaler:spec.smoothing.season", "the gallery's days are alike: no error to smooth"),
    ("Scenario:spec.include", "files are read before anything can be set"),
    ("Scenario:spec.start.at", "it dates what a dump says; the gallery has no dump"),
    ("Scenario:spec.controlPlane.watchCache", "a client that falls behind decides the same"),
    ("Scenario:spec.scheduler.percentageOfNodesToScore", "it acts from 100 nodes on"),
    ("ServerlessPool:spec.imageCache", "short for images.cache"),
    (
      "ServerlessPool:spec.images.pullConnections",
      "the gallery's pools share lines that give each pull less than one connection carries"
    ),
    ("ServerlessPool:spec.images.registry", "the gallery has no second registry"),
    ("ServerlessPool:spec.site", "moving a pool takes its link along"),
    ("NodePool:spec.site", "moving machines takes their claim along"),
    ("Site:spec.nodes", "the gallery's machines come from pools"),
    ("Link:spec.between", "the gallery has two sites and one way to join them"),
    ("Claim:spec.queue", "the gallery has one batch queue"),
    ("Experiment:spec.factors", "a sweep moves them, a run doesn't"),
    ("Experiment:spec.design", "a sweep follows it, a run doesn't"),
    ("Experiment:spec.points", "a sweep follows it, a run doesn't"),
    ("Experiment:spec.replications", "a sweep follows it, a run doesn't"),
    ("Experiment:spec.responses", "a sweep records them, a run doesn't"),
    ("Experiment:spec.ranking", "a sweep's report follows it, a run doesn't"),
    ("Experiment:spec.branchAt", "a sweep follows it, a run doesn't"),
    ("Plan:spec.levers", "a search moves them, a run doesn't"),
    ("Plan:spec.claims", "a search heeds them, a run doesn't"),
    ("Plan:spec.days", "a search goes through them, a run doesn't"),
    ("Plan:spec.growth", "a search follows it, a run doesn't"),
    ("Plan:spec.years", "a search follows it, a run doesn't"),
    ("Plan:spec.discount", "a search follows it, a run doesn't"),
    ("Plan:spec.counts", "a search follows it, a run doesn't"),
    ("Plan:spec.replications", "a search follows it, a run doesn't"),
    ("Plan:spec.retest", "a search follows it, a run doesn't"),
    ("Plan:spec.indifference", "a search follows it, a run doesn't"),
    ("Plan:spec.confidence", "a search follows it, a run doesn't"),
    ("Plan:spec.points", "a search follows it, a run doesn't"),
    (
      "Scenario:spec.controlPlane.horizontalPodAutoscaler.initialReadinessDelay",
      "no Pod of the gallery stays unready until it counts as old"
    ),
    (
      "Scenario:spec.controlPlane.horizontalPodAutoscaler.concurrentSyncs",
      "the gallery has one autoscaler"
    ),
    ("LoadProfile:spec.drives", "a load's target decides what it can drive"),
    ("LoadProfile:spec.series.file", "the gallery has one series"),
    ("LoadProfile:spec.trace.file", "a trace of the gallery says what no other does"),
    ("BatchQueue:spec.file", "the gallery has one trace of jobs"),
    (
      "NodePool:spec.instanceType",
      "the gallery's pools write out what their nodes have, which goes before a type's"
    ),
  ]

  private static let byField: [String: Witness] = {
    var result: [String: Witness] = [:]
    let groups = [
      scenarioFields, machineFields, poolFields, networkFields, otherFields, courseFields,
      requestFields, crossingFields, failureFields, nodeGroupFields, burstFields, traceFields,
      moneyFields,
      spotFields,
    ]
    for group in groups {
      for (scenario, kind, object, fields) in group {
        for (field, value) in fields {
          result["\(kind):spec.\(field)"] = Witness(
            scenario: scenario, object: object, value: value)
        }
      }
    }
    return result
  }()

  typealias Group = [(
    scenario: String, kind: String, object: String, fields: [(String, String)]
  )]

  private static let scenarioFields: Group = [
    (
      "every-field", "Scenario", "every-field",
      [
        ("start.cloudCaches", "warm"), ("duration", "12m"), ("seed", "8"), ("replications", "3"),
        ("looks", "[2, 4]"), ("levers", "[]"), ("controlPlane.deployment.qps", "0.05"),
        ("controlPlane.deployment.burst", "30"), ("controlPlane.statefulSet.qps", "0.05"),
        ("controlPlane.statefulSet.burst", "30"), ("controlPlane.daemonSet.qps", "0.05"),
        ("controlPlane.daemonSet.burst", "30"), ("controlPlane.job.qps", "0.05"),
        ("controlPlane.job.burst", "30"), ("controlPlane.writeLatency", "40ms"),
        ("controlPlane.watchDelay", "200ms"), ("controlPlane.endpointPropagation", "5s"),
        ("controlPlane.slowStart", "false"), ("controlPlane.podCap", "40"),
        ("controlPlane.scheduler.qps", "0.5"), ("controlPlane.scheduler.burst", "100"),
        ("controlPlane.admission.qps", "0.5"), ("controlPlane.admission.burst", "100"),
        ("controlPlane.resilience", "v0.0.1"), ("scheduler.profile", "tke-1.20"),
        ("scheduler.ties", "random"),
        ("scheduler.cycleTime", "200ms"), ("scheduler.filterTime", "20ms"),
      ]
    ),
    (
      "local-replicas", "Scenario", "local-replicas", [("scheduler.localReplicas", "fixed")]
    ),
    ("gpu-sharing", "Scenario", "gpu-sharing", [("scheduler.gpuPolicy", "RandomScore")]),
    (
      "hpa-lag", "Scenario", "hpa-lag",
      [
        ("controlPlane.horizontalPodAutoscaler.qps", "0.001"),
        ("controlPlane.horizontalPodAutoscaler.burst", "1"),
        ("controlPlane.horizontalPodAutoscaler.syncPeriod", "40s"),
        ("controlPlane.horizontalPodAutoscaler.tolerance", "0.5"),
        ("controlPlane.horizontalPodAutoscaler.downscaleStabilization", "0s"),
        ("controlPlane.horizontalPodAutoscaler.cpuInitializationPeriod", "0s"),
        ("controlPlane.horizontalPodAutoscaler.firstSync", "together"),
        ("controlPlane.metrics.kubeletInterval", "40s"),
        ("controlPlane.metrics.resolution", "15s"), ("controlPlane.metrics.delay", "20s"),
      ]
    ),
    (
      "scaling-on-requests", "Scenario", "scaling-on-requests",
      [("controlPlane.metrics.rateWindow", "1m")]
    ),
    (
      "claim-holds", "Scenario", "claim-holds",
      [
        ("controlPlane.replicaSet.qps", "10"), ("controlPlane.replicaSet.burst", "300"),
        ("controlPlane.admissionWorkers", "1"),
      ]
    ),
  ]

  private static let traceFields: Group = [
    (
      "batch-backfilling", "BatchQueue", "hpc",
      [("machines", "300"), ("policy", "easy"), ("order", "sjf"), ("windows", "10")]
    ),
    ("burst-policies-worldcup", "LoadProfile", "visitors", [("series.windows", "30")]),
    ("recorded-jobs", "LoadProfile", "small", [("trace.scale", "2")]),
  ]

  private static let failureFields: Group = [
    (
      "zone-cooling-failure", "Scenario", "zone-cooling-failure",
      [
        ("controlPlane.nodeLifecycle.client.qps", "0.05"),
        ("controlPlane.nodeLifecycle.client.burst", "1"),
        ("controlPlane.nodeLifecycle.leasePeriod", "30s"),
        ("controlPlane.nodeLifecycle.gracePeriod", "90s"),
        ("controlPlane.nodeLifecycle.monitorPeriod", "20s"),
        ("controlPlane.nodeLifecycle.evictionRate", "1"),
        ("controlPlane.nodeLifecycle.toleration", "60s"),
      ]
    ),
    (
      "disrupted-zone", "Scenario", "disrupted-zone",
      [
        ("controlPlane.nodeLifecycle.secondaryEvictionRate", "0.1"),
        ("controlPlane.nodeLifecycle.unhealthyZoneThreshold", "0.9"),
        ("controlPlane.nodeLifecycle.largeClusterSize", "100"),
      ]
    ),
    (
      "line-outage", "Scenario", "line-outage",
      [("controlPlane.nodeLifecycle.exemptsVirtualNodes", "false")]
    ),
    (
      "unanswered-bindings", "Scenario", "unanswered-bindings",
      [
        ("scheduler.bindTimeout", "60s"), ("scheduler.unansweredBindings", "20%"),
        ("scheduler.unansweredStored", "0"),
      ]
    ),
    ("node-loss", "FaultPlan", "power", [("scripted", "[]")]),
    (
      "rack-burst-failures", "FaultPlan", "racks",
      [
        ("random", "[{fails: node, up: 10m, down: 5m}]"),
        ("bursts", "[{by: rack, every: 1m, share: 1}]"),
      ]
    ),
    ("recorded-failures", "FaultPlan", "log", [("traces", "[]")]),
  ]

  private static let burstFields: Group = [
    (
      "flash-crowd-policies", "Scenario", "flash-crowd-policies",
      [
        ("burst.policy", "idcFirst"), ("burst.fallbackAfter", "never"),
        ("burst.fallbackHold", "1m"),
      ]
    ),
    (
      "spot-base-and-share", "Scenario", "spot-base-and-share",
      [
        ("burst.spotBase", "40"), ("burst.spotTypes", "[amd]"), ("burst.spotShare", "0"),
        ("burst.spotHighestFactor", "0.1"),
      ]
    ),
    (
      "burst-keeping", "Scenario", "burst-keeping",
      [("burst.localReplicas", "9"), ("burst.share", "0.9")]
    ),
    (
      "scale-in-order", "Scenario", "scale-in-order",
      [("controlPlane.scaleIn", "virtualNodesFirst")]
    ),
    (
      "spot-base-and-share", "ServerlessPool", "cloud",
      [("spot.reclaims", "[]"), ("spot.refusals", "[]"), ("spot.prices", "[]")]
    ),
    ("burst-fallback", "ServerlessPool", "cloud", [("outages", "[]")]),
    ("burst-fallback", "Link", "line", [("outages", "[]")]),
    ("eks-annotations", "ServerlessPool", "cloud", [("soldOutSizes", "[]")]),
    (
      "eks-annotations", "PriceSheet", "tke-eks-intel",
      [("spotFactor", "0.9"), ("v100Hour", "99"), ("t4Hour", "99")]
    ),
    (
      "cron-vs-predictive", "PredictiveScaler", "learner",
      [
        ("target", "Deployment/reacting"), ("perReplica", "0.5"), ("interval", "10m"),
        ("season", "12h"), ("lookahead", "30m"), ("quantile", "0.5"), ("history", "[90, 90, 90]"),
        ("minReplicas", "80"), ("maxReplicas", "30"),
      ]
    ),
  ]

  private static let machineFields: Group = [
    (
      "idc-only", "Site", "idc",
      [
        ("coldCaches", "false"), ("machine.sandbox", "3s"), ("machine.address", "3s"),
        ("machine.containerStart", "3s"), ("machine.pullRate", "100Mbps"),
        ("machine.serialisesPulls", "false"),
        ("machine.clientBurst", "1"), ("machine.corePrice", "0.10 CNY/h"),
      ]
    ),
    (
      "every-field", "Site", "idc",
      [
        ("machine.shutdown", "20s"), ("machine.pullQPS", "0.005"), ("machine.pullBurst", "10"),
        ("machine.clientQPS", "0.02"),
      ]
    ),
    ("idc-only", "Registry", "harbor", [("egress", "100Mbps")]),
    ("every-field", "Registry", "harbor", [("site", "cloud")]),
    (
      "every-field", "NodePool", "rack",
      [
        ("count", "2"), ("allocatable", "{cpu: 4, memory: 16Gi, pods: 20}"),
        ("labels", "{disk: hdd}"),
        ("taints", "[{key: busy, effect: NoSchedule}]"),
      ]
    ),
    (
      "every-field", "Link", "line",
      [("bandwidth", "10Mbps"), ("rtt", "2s")]
    ),
  ]

  private static let networkFields: Group = [
    ("every-field", "ServerlessPool", "cloud", [("preset", "aws-fargate")]),
    ("frail-line", "ServerlessPool", "cloud", [("admits", "[{namespace: shop}]")]),
    ("backup-over-line", "Scenario", "backup-over-line", [("controlPlane.callSize", "20000000")]),
    (
      "backup-over-line", "Link", "line",
      [
        ("lines", "2"), ("overhead", "0.5"), ("loss.usual", "0.01"),
        ("loss.burst", "0.3"), ("loss.every", "5s"), ("loss.lasting", "30s"),
        ("up", "exponential(mean: 1m)"), ("traffic", "[]"),
      ]
    ),
    ("frail-line", "Link", "line", [("down", "1m")]),
    ("backup-over-line", "Link", "wan", [("kind", "dedicatedLine")]),
    (
      "backup-over-line", "Registry", "harbor", [("requestRate", "1/s"), ("requestBurst", "1000")]
    ),
    (
      "backup-over-line", "Image", "checkout",
      [("image", "other:1"), ("layers", "[{digest: base, size: 1M}]")]
    ),
    (
      "backup-over-line", "ServerlessPool", "cloud",
      [
        ("images.unpackRate", "5MB/s"),
        ("images.peers.up", "100Mbps"), ("images.peers.seed", "10Mbps"),
        ("images.peers.efficiency", "0.01"),
      ]
    ),
    ("backup-over-line", "Site", "branch", [("machine.pullConnections", "1")]),
    (
      "registry-over-line-vs-p2p", "Site", "idc",
      [
        ("machine.peers.up", "20Mbps"), ("machine.peers.seed", "1Gbps"),
        ("machine.peers.efficiency", "0.5"),
      ]
    ),
    (
      "preheating", "Site", "idc",
      [
        ("preheating", "[]"), ("machine.unpackRate", "20MB/s"), ("machine.imageDisk.size", "900M"),
        ("machine.imageDisk.highThreshold", "0.95"), ("machine.imageDisk.lowThreshold", "0.95"),
      ]
    ),
  ]

  private static let poolFields: Group = [
    (
      "every-field", "ServerlessPool", "cloud",
      [
        ("subnets", "[10.8.0.0/28]"), ("podsPerSecurityGroup", "10"),
        ("quota.podsPerCluster", "5"), ("quota.podsPerWorkload", "3"),
        ("quota.podsPerRegion", "5"), ("quota.regionInUse", "490"), ("stockCores", "3"),
        ("cpuType", "intel"), ("callLatency", "5s"), ("boot", "30s"), ("address", "10s"),
        ("bootRate", "1/min"), ("addressRate", "1/min"), ("startRate", "1/min"),
        ("containerStart", "10s"), ("clientQPS", "0.01"), ("clientBurst", "100"),
        ("retryInitial", "60s"), ("retryMax", "10s"), ("shutdown", "20s"),
        ("createWorkers", "1"), ("createRate", "2/min"),
        ("images.cache", "on"), ("images.diskReuse", "false"), ("images.diskReuseWindow", "0s"),
        ("images.diskReuseMount", "20s"), ("images.pullRate", "10Mbps"),
      ]
    ),
    ("claim-default-quotas", "ServerlessPool", "cloud", [("createBurst", "1")]),
    ("sold-out-fallback", "ServerlessPool", "intel", [("labelRefresh", "5m")]),
    (
      "claim-holds", "ServerlessPool", "cloud",
      [("images.cacheMount", "60s"), ("securityGroups", "1")]
    ),
  ]

  private static let otherFields: Group = [
    (
      "every-field", "WorkloadProfile", "default",
      [
        ("target", "Deployment/stepped"), ("imageBytes", "4G"), ("startup", "60s"),
        ("runTime", "5m"), ("cpuUsed", "0.9"), ("memoryUsed", "0.1"), ("serviceTime", "1s"),
        ("concurrency", "1"),
      ]
    ),
    (
      "every-field", "PriceSheet", "list",
      [
        ("preset", "aws-fargate"), ("amdCoreSecond", "0.1"), ("amdGibSecond", "0.1"),
        ("coreLadder", "[64]"),
      ]
    ),
    ("sold-out-fallback", "PriceSheet", "tke-eks-intel", [("currency", "USD")]),
    (
      "claim-holds", "PriceSheet", "tke-eks-intel",
      [
        ("coreSecond", "0.1"), ("gibSecond", "0.1"), ("cacheHour", "5"),
      ]
    ),
    (
      "every-field", "Claim", "fast",
      [
        ("metric", "bestMinute"), ("above", "6/min"), ("share", "0.5"), ("confidence", "0.5"),
        ("sites", "[idc]"),
      ]
    ),
    (
      "every-field", "Claim", "crowded", [("load", "ramped"), ("from", "150s"), ("to", "150s")]
    ),
    ("idc-only", "Claim", "absorbed", [("below", "1m")]),
  ]

  private static let requestFields: Group = [
    (
      "retry-storm", "WorkloadProfile", "checkout",
      [
        ("requests.cpu", "100ms"), ("requests.queue", "5"), ("requests.timeout", "400ms"),
        ("requests.retries", "1"), ("requests.backoff", "5s"), ("requests.retryBudget", "0.2"),
        ("requests.deadline", "5s"), ("requests.budget", "0.5"),
      ]
    ),
    ("retry-storm", "LoadProfile", "shoppers", [("followedRate", "10/s")]),
    (
      "worldcup-day", "LoadProfile", "visitors",
      [("series.interval", "30s"), ("series.scale", "1")]
    ),
  ]

  private static let courseFields: Group = [
    (
      "every-field", "LoadProfile", "stepped",
      [
        ("target", "Deployment/ramped"), ("step.at", "2m"), ("step.from", "20"),
        ("step.to", "60"),
      ]
    ),
    (
      "every-field", "LoadProfile", "ramped",
      [("ramp.at", "2m"), ("ramp.over", "1m"), ("ramp.from", "3"), ("ramp.to", "12")]
    ),
    (
      "every-field", "LoadProfile", "daily",
      [
        ("diurnal.base", "8"), ("diurnal.amplitude", "0.9"), ("diurnal.second", "0.5"),
        ("diurnal.period", "5m"), ("diurnal.phase", "3m"), ("diurnal.interval", "2m"),
      ]
    ),
    (
      "every-field", "LoadProfile", "busy",
      [("mmpp.low", "3"), ("mmpp.high", "9"), ("mmpp.meanLow", "20s"), ("mmpp.meanHigh", "5m")]
    ),
    (
      "every-field", "LoadProfile", "crowd",
      [
        ("flashCrowd.at", "4m"), ("flashCrowd.from", "5"), ("flashCrowd.peak", "10"),
        ("flashCrowd.rise", "3m"), ("flashCrowd.hold", "10s"), ("flashCrowd.decay", "5m"),
      ]
    ),
    (
      "every-field", "LoadProfile", "nightly",
      [("batch.at", "[2m]"), ("batch.jobs", "4"), ("batch.every", "3m")]
    ),
    (
      "every-field", "LoadProfile", "stream",
      [("arrivals.interarrival", "10s"), ("arrivals.from", "5m"), ("arrivals.until", "2m")]
    ),
  ]

  private static let moneyFields: Group = [
    (
      "three-bills", "PriceSheet", "contract",
      [
        ("rates", "[{currency: USD, rate: 9, date: 2026-11-10}]"), ("coreHour", "9"),
        ("gibHour", "9"), ("minimum", "2h"), ("step", "1h"), ("freeDisk", "0"),
        ("diskGibHour", "9"), ("clusterLevel", "L3000"), ("reserved", "[]"),
        ("reservedCoreMonth", "9"), ("reservedGibMonth", "9"), ("reservedAmdCoreMonth", "9"),
        ("reservedAmdGibMonth", "9"), ("addedMemory", "20Gi"),
        ("sizes", "[{cores: 1, memory: [7Gi]}]"),
      ]
    ),
    ("three-bills", "Link", "line", [("rent", "9 CNY/d"), ("gibPrice", "9 CNY")]),
    (
      "three-bills", "Site", "idc",
      [
        ("machine.ownership.price", "90000 CNY"), ("machine.ownership.cores", "32"),
        ("machine.ownership.life", "9000h"), ("machine.ownership.residual", "0.9"),
        ("machine.ownership.watts", "900"), ("machine.ownership.pue", "2"),
        ("machine.ownership.electricity", "9 CNY"), ("machine.ownership.rack", "9 CNY"),
        ("machine.ownership.staff", "9 CNY"),
      ]
    ),
  ]

  private static let spotFields: Group = [
    (
      "spot-market", "ServerlessPool", "cloud",
      [
        ("spot.availability.up", "10m"), ("spot.availability.down", "6h"),
        ("spot.availability.share", "0.1"), ("spot.availability.notice", "0s"),
        ("spot.availability.shockEvery", "1h"), ("spot.availability.shockDown", "10h"),
        ("spot.availability.shockShare", "1"), ("spot.recorded", "[]"),
        ("spot.price.median", "0.5"), ("spot.price.sigma", "0.1"),
        ("spot.price.correlation", "0.1"), ("spot.price.step", "10m"),
        ("spot.price.least", "0.4"), ("spot.price.most", "0.1"),
      ]
    ),
    (
      "spot-break-even", "ServerlessPool", "cloud",
      [("spot.lifetime", "endless"), ("spot.lifetimeNotice", "1m")]
    ),
    (
      "spot-break-even", "WorkloadProfile", "default",
      [("checkpoint.every", "5m"), ("checkpoint.cost", "2m"), ("checkpoint.restart", "3m")]
    ),
    (
      "spot-batch-deadline", "Scenario", "spot-batch-deadline",
      [
        ("burst.deadline.policy", "greedy"), ("burst.deadline.within", "30h"),
        ("burst.deadline.work", "10h"), ("burst.deadline.changeover", "1h"),
        ("burst.deadline.tick", "10m"), ("burst.deadline.hysteresis", "40"),
      ]
    ),
  ]
}
