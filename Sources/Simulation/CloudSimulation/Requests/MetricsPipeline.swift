import ClusterModel
import DiscreteEvents
import Infrastructure
import Probability
import Quantities
import Workloads

/// From what Pods use to what `metrics.k8s.io` serves: kubelets look at it now and then, the metrics
/// server asks them now and then, and serves the rate between the last two answers that differ.
///
/// So what is served of a Pod is the mean over a window that ended up to a kubelet's interval, a
/// resolution and a delay ago, and nothing is served of a new Pod until it was asked about twice.
/// Kubelets look at different times: each belongs to one of eight groups.
///
/// > Source: metrics-server's storage of two points per Pod (S); the intervals as their parameters
/// > say.
struct MetricsPipeline: Sendable {
  private struct Point: BitwiseCopyable, Sendable {
    var at: Instant
    /// Core nanoseconds.
    var used: Double
  }
  private struct Track: BitwiseCopyable, Sendable {
    var generation: UInt16 = 0
    var newest: Point?
    var last: Point?
    var previous: Point?
  }
  /// What will be served of a Pod.
  struct Sample: BitwiseCopyable, Sendable {
    var pod: PodID
    var timestamp: Instant
    var window: TimeSpan
    /// Cores.
    var cpu: Double
  }

  static var groups: Int { 8 }

  let parameters: MetricsParameters
  /// Whether anybody reads what is served.
  let isActive: Bool
  /// When the first kubelet of the first group looks, and the metrics server first asks.
  let kubeletPhase: TimeSpan
  let scrapePhase: TimeSpan
  /// Which group a node's kubelet belongs to is drawn from here.
  let membership: KeyedStream
  private var tracks: [Track] = []
  private var members: [[PodID]]
  private var answers: [[Sample]] = []

  init(_ parameters: MetricsParameters, isActive: Bool, luck: RandomSource) {
    self.parameters = parameters
    self.isActive = isActive
    membership = luck.stream("kubelet")
    let phases = luck.stream("metrics-phase")
    func phase(_ interval: TimeSpan, _ number: UInt32) -> TimeSpan {
      .seconds(interval.seconds * phases.uniform(for: 0, number: number))
    }
    kubeletPhase = phase(parameters.kubeletInterval, 0)
    scrapePhase = phase(parameters.resolution, 1)
    members = Array(repeating: [], count: Self.groups)
  }

  /// A Pod's containers run.
  mutating func track(_ pod: PodID, group: Int) {
    while tracks.count <= pod.index { tracks.append(Track()) }
    guard tracks[pod.index].generation != pod.generation || tracks[pod.index].newest == nil else {
      return
    }
    tracks[pod.index] = Track(generation: pod.generation)
    members[group].append(pod)
  }

  /// The Pods whose use a group's kubelets look at.
  func members(ofGroup group: Int) -> [PodID] { members[group] }

  /// Goes on with these Pods of a group: the others have ended.
  mutating func keep(_ pods: [PodID], inGroup group: Int) { members[group] = pods }

  /// A kubelet has seen what a Pod has used so far.
  mutating func note(_ used: Double, of pod: PodID, at now: Instant) {
    tracks[pod.index].newest = Point(at: now, used: used)
  }

  /// The metrics server asks about all Pods.
  mutating func scrape() {
    var samples: [Sample] = []
    for group in members.indices {
      for pod in members[group] {
        guard let newest = tracks[pod.index].newest else { continue }
        if let last = tracks[pod.index].last, last.at < newest.at {
          tracks[pod.index].previous = last
        }
        tracks[pod.index].last = newest
        guard let previous = tracks[pod.index].previous else { continue }
        let window = newest.at - previous.at
        samples.append(
          Sample(
            pod: pod, timestamp: newest.at, window: window,
            cpu: (newest.used - previous.used) / Double(window.nanoseconds)))
      }
    }
    answers.append(samples)
  }

  /// The oldest answers that aren't served yet.
  mutating func nextAnswers() -> [Sample] { answers.isEmpty ? [] : answers.removeFirst() }
}

extension HybridCloud {
  /// Which group the kubelet of a node belongs to.
  func kubeletGroup(of node: NodeID) -> Int {
    let subject =
      node.index < layout.nodeSubjects.count ? layout.nodeSubjects[node.index] : 0
    return Int(metrics.membership.bits(for: subject) % UInt64(MetricsPipeline.groups))
  }

  /// Starts the clocks of kubelets and metrics server, if anybody reads metrics.
  mutating func beginMetrics(on agenda: inout EventList<CloudEvent>) {
    guard metrics.isActive else { return }
    usage.insert(.metrics)
    if monitor.isActive { usage.insert(.requestMetrics) }
    let step = metrics.parameters.kubeletInterval.seconds / Double(MetricsPipeline.groups)
    for group in 0..<MetricsPipeline.groups {
      agenda.schedule(
        .kubelet(UInt8(group)), at: .zero + metrics.kubeletPhase + .seconds(step * Double(group)),
        priority: .sampling)
    }
    agenda.schedule(.scrape, at: .zero + metrics.scrapePhase, priority: .sampling)
  }

  mutating func sampleUsage(ofGroup group: UInt8, on agenda: inout EventList<CloudEvent>) {
    let now = agenda.now
    traffic.advance(to: now)
    var kept: [PodID] = []
    for pod in metrics.members(ofGroup: Int(group)) {
      guard let record = cluster.pod(pod), !record.phase.isFinished else { continue }
      kept.append(pod)
      metrics.note(used(by: record, at: now), of: pod, at: now)
    }
    metrics.keep(kept, inGroup: Int(group))
    let next = now + metrics.parameters.kubeletInterval
    if next <= parameters.horizon {
      agenda.schedule(.kubelet(group), at: next, priority: .sampling)
    }
  }

  /// CPU that a Pod has used since it became ready, in core nanoseconds: for its requests if a load
  /// sends it any, else by its profile.
  private mutating func used(by pod: Pod, at now: Instant) -> Double {
    if let used = traffic.usedCPU(of: pod.id) { return used }
    let run = runs[pod.id.index]
    guard run.ready < now, requestService(of: pod) == nil else { return 0 }
    let law = layout.allProfiles[Int(layout.profileOfRoot[Int(run.root)])].cpuUsed
    let cores = Double(cluster.footprints[Int(pod.template.index)].cpu) / 1000
    return cores * luck.used.draw(law, for: run.subject, number: 0)
      * Double((now - run.ready).nanoseconds)
  }

  mutating func scrape(on agenda: inout EventList<CloudEvent>) {
    metrics.scrape()
    scrapeRequests(at: agenda.now)
    agenda.schedule(
      .serve, at: agenda.now + metrics.parameters.delay, priority: .completions)
    let next = agenda.now + metrics.parameters.resolution
    if next <= parameters.horizon { agenda.schedule(.scrape, at: next, priority: .sampling) }
  }

  /// Serves what the metrics server was told, each container's part by its requests.
  mutating func serveMetrics() {
    monitor.serve(in: &cluster)
    var usages: [ContainerUsage] = []
    for sample in metrics.nextAnswers() {
      guard let pod = cluster.pod(sample.pod) else { continue }
      let run = runs[pod.id.index]
      let profile = layout.allProfiles[Int(layout.profileOfRoot[Int(run.root)])]
      let memory = luck.used.draw(profile.memoryUsed, for: run.subject, number: 1)
      let containers = cluster.templates[Int(pod.template.index)].containers
      let requested = containers.reduce(0.0) { $0 + Double($1.requests["cpu"] ?? 0) }
      usages.removeAll(keepingCapacity: true)
      for container in containers {
        let part =
          requested > 0
          ? Double(container.requests["cpu"] ?? 0) / requested : 1 / Double(containers.count)
        let bytes = Double(container.requests["memory"] ?? 0) / 1e9 * memory
        usages.append(
          ContainerUsage(
            container: cluster.metrics.containerNumber(of: container.name),
            cpuNano: Int64((sample.cpu * part * 1e9).rounded()), memory: Int64(bytes.rounded())))
      }
      cluster.metrics.setSample(
        of: pod.id, timestamp: sample.timestamp, window: sample.window, usages: usages)
    }
  }
}
