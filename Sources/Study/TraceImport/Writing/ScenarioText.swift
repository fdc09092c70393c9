import Foundation
import Quantities
import Workloads

/// The scenario that stands for what was imported, with its files.
struct ScenarioText {
  /// Files beside the scenario: name and text.
  private(set) var files: [(name: String, text: String)] = []
  /// Lines of the scenario's `spec`.
  private var spec: [String] = []
  private var pools: [String] = []
  private var loads: [String] = []
  private var profiles: [String] = []
  private var documents: [String] = []
  private var duration: Int64 = 0
  private let name: String
  private let question: String

  /// The scenario of what an intake found.
  init(_ intake: Intake, format: String) {
    name = intake.name
    let file = intake.path.split(separator: "/").last.map(String.init) ?? intake.path
    question = "What does a cluster make of \(file) (imported as \(format))?"
    let content = intake.content
    if let queue = content.queue { add(queue) }
    if !content.jobs.isEmpty { add(content.jobs, nodes: content.nodes) }
    for series in content.series { add(series) }
    if let objects = content.objects { add(objects) }
    if !content.markets.isEmpty { add(content.markets) }
    if !content.series.isEmpty { addRack(of: content.series) }
  }

  /// The file's text.
  var text: String {
    var lines = [
      "# \(question)", "apiVersion: spillway.sim/v1alpha1", "kind: Scenario",
      "metadata: {name: \(name)}", "spec:",
      "  duration: \(Self.span(max(duration, 60_000_000_000)))",
      "  replications: 1",
    ]
    lines += spec
    func list(_ key: String, _ entries: [String]) {
      if !entries.isEmpty { lines += ["  \(key):"] + entries.map { "  " + $0 } }
    }
    list("nodePools", pools)
    list("profiles", profiles)
    list("load", loads)
    return (lines + documents).joined(separator: "\n") + "\n"
  }

  /// A time in whole seconds.
  private static func span(_ nanoseconds: Int64) -> String {
    "\((nanoseconds + 999_999_999) / 1_000_000_000)s"
  }

  /// A number as short as it may be.
  private static func figure(_ value: Double) -> String {
    let rounded = (value * 1e6).rounded() / 1e6
    return rounded == rounded.rounded() && abs(rounded) < 1e15
      ? "\(Int64(rounded))" : "\(rounded)"
  }

  private static func seconds(_ nanoseconds: Int64) -> String { figure(Double(nanoseconds) / 1e9) }

  private mutating func last(until nanoseconds: Int64) { duration = max(duration, nanoseconds) }

  private mutating func addSite() {
    if !spec.contains("  sites: [{name: idc}]") { spec.append("  sites: [{name: idc}]") }
  }

  // MARK: Machines

  /// The size of made-up machines: 64 cores and 256 GiB, or what the largest Pod needs.
  private mutating func addPool(
    _ pool: String, cpu: Double, memory: Double, pods: Double, gpus: Double = 0,
    largest: JobSize
  ) {
    addSite()
    func upTo(_ need: Int64, _ usual: Int64) -> Int64 {
      var size = usual
      while size < need { size *= 2 }
      return size
    }
    let nodeCPU = upTo(largest.cpu, 64_000)
    let nodeMemory = upTo(largest.memory, 256 << 30)
    let nodeGPUs = gpus > 0 ? upTo(Int64(largest.gpus), 8) : 0
    func share(_ amount: Double, _ node: Int64) -> Double { amount / Double(node) }
    let needed = max(
      share(cpu, nodeCPU), share(memory, nodeMemory), share(pods, 100),
      nodeGPUs > 0 ? share(gpus, nodeGPUs) : 0)
    let count = max(1, Int(min(needed * 1.25, 1e6).rounded(.up)))
    pools.append("# Made up: room for 1.25 times the most that is asked for at once.")
    pools.append(
      Self.pool(
        NodeGroup(
          name: pool, count: count, cpu: nodeCPU, memory: nodeMemory, gpus: Int(nodeGPUs)),
        sharing: false))
  }

  private static func pool(_ group: NodeGroup, sharing: Bool) -> String {
    var amounts = ["cpu: \(group.cpu)m", "memory: \(group.memory >> 20)Mi", "pods: \"110\""]
    if group.gpus > 0, sharing {
      amounts.append("alibabacloud.com/gpu-count: \"\(group.gpus)\"")
      amounts.append("alibabacloud.com/gpu-milli: \"\(group.gpus * 1000)\"")
    } else if group.gpus > 0 {
      amounts.append("nvidia.com/gpu: \"\(group.gpus)\"")
    }
    let labels =
      group.gpuModel.isEmpty
      ? "" : ", labels: {alibabacloud.com/gpu-card-model: \(group.gpuModel)}"
    return "- {name: \(group.name), site: idc, count: \(group.count)\(labels), allocatable: {"
      + amounts.joined(separator: ", ") + "}}"
  }

  // MARK: Jobs

  private mutating func add(_ jobs: JobTable, nodes: [NodeGroup]) {
    let sharing = jobs.sizes.contains { $0.gpus > 0 && $0.gpuShare < 1000 } || !nodes.isEmpty
    addSite()
    if nodes.isEmpty {
      var largest = JobSize(cpu: 0, memory: 0)
      for size in jobs.sizes {
        largest.cpu = max(largest.cpu, size.cpu)
        largest.memory = max(largest.memory, size.memory)
        largest.gpus = max(largest.gpus, size.gpus)
      }
      addPool(
        "rack", cpu: jobs.peak { Double($0.cpu) }, memory: jobs.peak { Double($0.memory) },
        pods: jobs.peak { _ in 1 }, gpus: jobs.peak { Double($0.gpus) },
        largest: largest)
    } else {
      pools += nodes.map { Self.pool($0, sharing: sharing) }
    }
    if sharing {
      spec.append("  scheduler: {gpuPolicy: BestFitScore}")
      documents += Self.gpuProfile
    }
    for (index, (size, rows)) in zip(jobs.sizes, jobs.rows).enumerated() where !rows.isEmpty {
      let name = "jobs-\(index)"
      var text = "arrival_s,duration_s\n"
      for row in rows { text += "\(Self.seconds(row.arrival)),\(Self.seconds(row.duration))\n" }
      files.append(("\(name).csv", text))
      loads.append(
        "- {name: \(name), target: Job/trace/\(name), drives: jobs, trace: {file: \(name).csv}}")
      documents.append(Self.job(name, size, sharing: sharing))
    }
    last(until: jobs.end + 600_000_000_000)
  }

  private static let gpuProfile = [
    "---", "apiVersion: kubescheduler.config.k8s.io/v1", "kind: KubeSchedulerConfiguration",
    "percentageOfNodesToScore: 100", "profiles:", "- schedulerName: default-scheduler",
    "  plugins:", "    filter: {enabled: [{name: Open-Gpu-Share}]}",
    "    score: {disabled: [{name: \"*\"}], enabled: [{name: BestFitScore, weight: 1}]}",
  ]

  private static func job(_ name: String, _ size: JobSize, sharing: Bool) -> String {
    var requests = ["cpu: \(size.cpu)m", "memory: \(size.memory >> 20)Mi"]
    var annotations = ""
    if size.gpus > 0, sharing {
      var marks = [
        "alibabacloud.com/gpu-count: \"\(size.gpus)\"",
        "alibabacloud.com/gpu-milli: \"\(size.gpuShare)\"",
      ]
      if !size.gpuModels.isEmpty {
        marks.append("alibabacloud.com/gpu-card-model: \"\(size.gpuModels)\"")
      }
      annotations = "\n    metadata: {annotations: {\(marks.joined(separator: ", "))}}"
    } else if size.gpus > 0 {
      requests.append("nvidia.com/gpu: \"\(size.gpus)\"")
    }
    return """
      ---
      apiVersion: batch/v1
      kind: Job
      metadata: {name: \(name), namespace: trace}
      spec:
        template:\(annotations)
          spec:
            restartPolicy: Never
            containers:
            - {name: work, image: "registry.example.com/work:1", resources: {requests: {\(requests.joined(separator: ", "))}}}
      """
  }

  // MARK: Batch systems

  private mutating func add(_ queue: QueuedJobs) {
    var text = ""
    for job in queue.jobs {
      let figures = [
        "\(job.number)", Self.seconds(job.submitted.nanoseconds), "-1",
        Self.seconds(job.runTime.nanoseconds), "\(job.processors)", "-1", "-1",
        "\(job.processors)", Self.seconds(job.requestedTime.nanoseconds),
      ]
      text += figures.joined(separator: " ") + String(repeating: " -1", count: 9) + "\n"
    }
    files.append(("jobs.swf", text))
    let most = queue.jobs.map(\.processors).max() ?? 1
    let machines = queue.machines ?? most
    spec.append("  sites: [{name: idc}]")
    spec.append("  batchQueues:")
    spec.append(
      "  - {name: queue, file: jobs.swf, machines: \(machines), policy: easyTextbook}")
    // However long the queue gets, it is empty by then: every job after another.
    let work = queue.jobs.reduce(0.0) {
      $0 + $1.runTime.seconds * Double($1.processors) / Double(machines)
    }
    let arrived = queue.jobs.last?.submitted.nanoseconds ?? 0
    let longest = queue.jobs.map(\.runTime.nanoseconds).max() ?? 0
    last(until: arrived + longest + Int64(work * 1e9))
  }

  // MARK: Series

  private mutating func add(_ series: SeriesTable) {
    last(until: series.span)
    let name = series.name
    if series.meaning == .replicas {
      var text = "at_s,replicas\n"
      for (index, level) in series.bins.enumerated() {
        text += "\(Self.seconds(Int64(index) * series.step)),\(Self.figure(level))\n"
      }
      files.append(("\(name).csv", text))
      loads.append(
        "- {name: \(name), target: Deployment/trace/\(name), trace: {file: \(name).csv}}")
      let first = Int((series.bins.first ?? 0).rounded())
      documents.append(Self.deployment(name, replicas: first, memory: 1 << 30))
      return
    }
    var text = "at_s,requests\n"
    for (index, count) in series.bins.enumerated() {
      text += "\(Self.seconds(Int64(index) * series.step)),\(Self.figure(count))\n"
    }
    files.append(("\(name).csv", text))
    profiles.append("- name: \(name)")
    profiles.append("  target: Deployment/trace/\(name)")
    profiles.append("  serviceTime: \"exponential(mean: \(Self.figure(series.service.time))s)\"")
    profiles.append("  concurrency: \(series.service.concurrency)")
    let patience = max(1, series.service.time * 10)
    profiles.append(
      "  requests: {timeout: \(Self.figure(patience))s, deadline: \(Self.figure(patience))s}")
    loads.append("- name: \(name)")
    loads.append("  target: Deployment/trace/\(name)")
    loads.append("  drives: requests")
    loads.append("  followedRate: \(Self.followed(series))")
    loads.append("  series: {file: \(name).csv, interval: \(Self.seconds(series.step))s}")
    documents.append(
      Self.deployment(name, replicas: Self.replicas(of: series), memory: series.service.memory))
  }

  /// As many replicas as are six tenths busy at the peak.
  private static func replicas(of series: SeriesTable) -> Int {
    let busy = series.peak * series.service.time / Double(series.service.concurrency)
    return max(1, Int((busy / 0.6).rounded(.up)))
  }

  /// A rate at which about half a million requests are followed of the whole series.
  private static func followed(_ series: SeriesTable) -> String {
    guard series.total > 500_000 else { return "100/s" }
    let rate = min(100, series.peak * 500_000 / series.total)
    return rate >= 1 ? "\(Int(rate))/s" : "\(max(1, Int(rate * 60)))/min"
  }

  private static func deployment(_ name: String, replicas: Int, memory: Int64) -> String {
    """
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: \(name), namespace: trace}
    spec:
      replicas: \(replicas)
      selector: {matchLabels: {app: \(name)}}
      template:
        metadata: {labels: {app: \(name)}}
        spec:
          containers:
          - {name: server, image: "registry.example.com/server:1", resources: {requests: {cpu: "1", memory: \(memory >> 20)Mi}}}
    """
  }

  private mutating func addRack(of series: [SeriesTable]) {
    var pods = 0.0
    var memory = 0.0
    var largest = JobSize()
    for one in series {
      let count =
        one.meaning == .replicas ? one.peak.rounded(.up) : Double(Self.replicas(of: one))
      pods += count
      memory += count * Double(one.service.memory)
      largest.memory = max(largest.memory, one.service.memory)
    }
    addPool("rack", cpu: pods * 1000, memory: memory, pods: pods, largest: largest)
  }

  // MARK: Clusters

  private mutating func add(_ objects: ObjectSpool) {
    addSite()
    spec.append("  include: [\(ObjectSpool.file)]")
    if objects.nodes == 0 {
      addPool(
        "rack", cpu: objects.cpu, memory: objects.memory, pods: objects.pods,
        largest: JobSize(cpu: objects.largest.cpu, memory: objects.largest.memory))
    }
    var end: Int64 = 0
    for (index, course) in objects.levels.enumerated() {
      var text = "at_s,replicas\n"
      if let first = course.rows.first, first.at > 0 { text += "0,0\n" }
      for row in course.rows { text += "\(Self.seconds(row.at)),\(row.replicas)\n" }
      files.append(("levels-\(index).csv", text))
      loads.append(
        "- {name: levels-\(index), target: \(course.target), trace: {file: levels-\(index).csv}}")
      end = max(end, course.rows.last?.at ?? 0)
    }
    last(until: end + 1_800_000_000_000)
  }

  // MARK: Spot markets

  private mutating func add(_ markets: [SpotMarketRecord]) {
    var recorded: [String] = []
    var subnets: [String] = []
    var lifetime = ""
    for (index, market) in markets.enumerated() {
      subnets.append("{cidr: 10.\(8 + index).0.0/24, zone: zone-\(index + 1)}")
      if let mean = market.lifetime {
        lifetime = ", lifetime: \"exponential(mean: \(Self.figure(mean.rounded()))s)\""
      }
      guard !market.isUp.isEmpty else { continue }
      let values = market.isUp.map { $0 ? "1" : "0" }.joined(separator: ",")
      files.append(
        (
          "market-\(index).json",
          "{\"metadata\":{\"gap_seconds\":\(Self.seconds(market.step))},\"data\":[\(values)]}\n"
        ))
      recorded.append("{file: market-\(index).json, zone: zone-\(index + 1)}")
      last(until: min(Int64(market.isUp.count) * market.step, SpotMarketRecord.run))
    }
    if recorded.isEmpty { last(until: 86_400_000_000_000) }
    spec += [
      "  sites:", "  - name: cloud", "    serverless:", "      preset: tke-eks",
      "      subnets: [\(subnets.joined(separator: ", "))]", "      imageCache: on",
      "      spot: {recorded: [\(recorded.joined(separator: ", "))]\(lifetime)}",
      "  burst: {policy: spotAware, spotBase: 0, spotShare: 1, fallbackAfter: 2m, fallbackHold: 30m}",
    ]
    loads.append("- {name: start, target: Deployment/trace/batch, step: {at: 1m, from: 0, to: 20}}")
    documents.append(Self.deployment("batch", replicas: 0, memory: 2 << 30))
  }
}
