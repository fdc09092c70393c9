import ClusterModel
import Quantities
import Statistics
import Workloads

/// From what happens to requests to what `custom.metrics.k8s.io` and `external.metrics.k8s.io`
/// serve: the monitoring system asks all Pods when the metrics server asks the kubelets, and what it
/// found is served after the same delay.
///
/// So a gauge is as old as half a resolution and the delay, on average, and a rate, which is taken
/// between the first and the last look within the window, by half the window more. No rate is served
/// of a new Pod until it was asked twice.
///
/// > Source: adapters that answer from a monitoring system's last looks (M); the intervals as their
/// > parameters say.
struct RequestMonitor: Sendable {
  /// A metric that some autoscaler follows or a policy sees.
  private enum Wish: Hashable, Sendable {
    case pods(RequestMetric, MetricIdentifier)
    case object(RequestMetric, MetricIdentifier, DescribedObject)
    case external(RequestMetric)
  }
  /// What a counter showed at a look.
  private struct Look: BitwiseCopyable, Sendable {
    var at: Instant
    var count: Double
  }
  private struct Track: Sendable {
    var generation: UInt16 = 0
    var looks: [Look] = []
  }
  /// What the monitoring system saw of a service at a look.
  private struct ServiceLook: Sendable {
    var at: Instant
    var tries: Int64
    var latencies: LogarithmicHistogram
  }
  private typealias ServedValue = ClusterModel.MetricValue
  private enum Value: Sendable {
    case pod(PodID, MetricIdentifier, ServedValue?)
    case object(DescribedObject, MetricIdentifier, ServedValue?)
    case external(String, [ExternalSeries])
  }
  /// What one look found of a service.
  struct ServiceState: Sendable {
    var tries: Int64 = 0
    var inFlight: Int64 = 0
    var waiting: Int64 = 0
    var latencies = LogarithmicHistogram()
  }

  private var wishes: [Wish] = []
  /// What a rate looks back on.
  private let window: TimeSpan
  /// By service.
  private var receivers: [DescribedObject] = []
  private var services: [[ServiceLook]] = []
  private var tracks: [Track] = []
  private var answers: [[Value]] = []
  /// Whether some autoscaler follows how long clients wait.
  private(set) var readsLatency = false
  /// Whether some autoscaler follows what loads ask for.
  private(set) var readsLevels = false

  /// A monitoring system for what a scenario's autoscalers follow, and for what burst policies see
  /// if one of them reads metrics.
  init(_ scenario: Scenario, _ options: ReplicationOptions) {
    window = scenario.controlPlane.metrics.rateWindow
    if scenario.policiesReadMetrics(options) {
      for receiver in scenario.loads.compactMap(scenario.receiver(of:)) {
        for metric in [RequestMetric.rate, .latency] {
          let wish = Wish.object(metric, MetricIdentifier(name: metric.rawValue), receiver)
          if !wishes.contains(wish) { wishes.append(wish) }
        }
        readsLatency = true
      }
    }
    guard scenario.needs(.horizontalPodAutoscaler) else { return }
    for autoscaler in scenario.cluster.autoscalers {
      for spec in autoscaler.spec.metrics {
        guard let (metric, identifier) = spec.request else { continue }
        readsLatency = readsLatency || metric == .latency
        readsLevels = readsLevels || metric == .loadLevel
        let wish: Wish
        if case .object(let reference, _, _) = spec {
          wish = .object(
            metric, identifier,
            DescribedObject(
              namespace: autoscaler.namespace, kind: reference.kind, name: reference.name))
        } else if case .external = spec {
          wish = .external(metric)
        } else {
          wish = .pods(metric, identifier)
        }
        if !wishes.contains(wish) { wishes.append(wish) }
      }
    }
  }

  /// Whether anybody reads what is served.
  var isActive: Bool { !wishes.isEmpty }

  /// Tells what a further service's requests go to.
  mutating func add(_ receiver: DescribedObject) {
    receivers.append(receiver)
    services.append([])
  }

  // MARK: Looking

  /// Begins a look.
  mutating func begin() { answers.append([]) }

  /// What was found of a Pod of a service.
  mutating func note(
    _ pod: PodID, of service: Int, tries: Int64, inFlight: Int64, waiting: Int64, at now: Instant
  ) {
    while tracks.count <= pod.index { tracks.append(Track()) }
    if tracks[pod.index].generation != pod.generation {
      tracks[pod.index] = Track(generation: pod.generation)
    }
    let from = now - window
    tracks[pod.index].looks.removeAll { $0.at < from }
    tracks[pod.index].looks.append(Look(at: now, count: Double(tries)))
    let labels = Scenario.labels(of: receivers[service])
    for case .pods(let metric, let identifier) in wishes {
      guard identifier.selector?.matches(labels) ?? true else { continue }
      let value: Double? =
        switch metric {
        case .rate: Self.rate(tracks[pod.index].looks)
        case .inFlight: Double(inFlight)
        case .queueLength: Double(waiting)
        case .latency, .loadLevel: nil
        }
      answers[answers.count - 1].append(.pod(pod, identifier, Self.value(value, at: now)))
    }
  }

  /// What was found of services, and what loads ask for.
  mutating func note(
    _ states: [ServiceState], levels: [(load: Labels, level: Double)], at now: Instant
  ) {
    let from = now - window
    for (service, state) in states.enumerated() {
      services[service].removeAll { $0.at < from }
      services[service].append(
        ServiceLook(at: now, tries: state.tries, latencies: state.latencies))
    }
    for wish in wishes {
      switch wish {
      case .pods: break
      case .object(let metric, let identifier, let object):
        guard let service = receivers.firstIndex(of: object),
          identifier.selector?.matches(Scenario.labels(of: object)) ?? true
        else { continue }
        let value = Self.value(value(of: metric, service, states[service]), at: now)
        answers[answers.count - 1].append(.object(object, identifier, value))
      case .external(let metric):
        answers[answers.count - 1].append(
          .external(metric.rawValue, series(of: metric, states, levels, at: now)))
      }
    }
  }

  private func series(
    of metric: RequestMetric, _ states: [ServiceState], _ levels: [(load: Labels, level: Double)],
    at now: Instant
  ) -> [ExternalSeries] {
    var series: [ExternalSeries] = []
    func add(_ labels: Labels, _ number: Double?) {
      guard let value = Self.value(number, at: now) else { return }
      series.append(ExternalSeries(labels: labels, value: value))
    }
    if metric == .loadLevel {
      for (load, level) in levels { add(load, level) }
    } else {
      for (service, state) in states.enumerated() {
        add(Scenario.labels(of: receivers[service]), value(of: metric, service, state))
      }
    }
    return series
  }

  private func value(of metric: RequestMetric, _ service: Int, _ state: ServiceState) -> Double? {
    switch metric {
    case .rate: Self.rate(services[service].map { Look(at: $0.at, count: Double($0.tries)) })
    case .inFlight: Double(state.inFlight)
    case .queueLength: Double(state.waiting)
    case .latency:
      services[service].first.flatMap {
        state.latencies.added(since: $0.latencies).quantile(0.95).map { $0 / 1e9 }
      }
    case .loadLevel: nil
    }
  }

  /// What a counter rises by in a second, between the first look and the last; nil with one look.
  private static func rate(_ looks: [Look]) -> Double? {
    guard let first = looks.first, let last = looks.last, last.at > first.at else { return nil }
    return (last.count - first.count) / (last.at - first.at).seconds
  }

  private static func value(_ number: Double?, at now: Instant) -> ServedValue? {
    number.map { ServedValue(milli: Int64(($0 * 1000).rounded(.up)), timestamp: now) }
  }

  // MARK: Serving

  /// Serves what the oldest look found that isn't served yet.
  mutating func serve(in cluster: inout ClusterState) {
    guard !answers.isEmpty else { return }
    for value in answers.removeFirst() {
      switch value {
      case .pod(let pod, let identifier, let value):
        guard cluster.pod(pod) != nil else { continue }
        cluster.metrics.setValue(value, of: identifier, for: pod)
      case .object(let object, let identifier, let value):
        cluster.metrics.setValue(value, of: identifier, for: object)
      case .external(let name, let series): cluster.metrics.setExternal(series, of: name)
      }
    }
  }
}

extension HybridCloud {
  /// The monitoring system asks all Pods whose containers run.
  mutating func scrapeRequests(at now: Instant) {
    guard monitor.isActive else { return }
    traffic.advance(to: now)
    monitor.begin()
    for group in 0..<MetricsPipeline.groups {
      for id in metrics.members(ofGroup: group) {
        guard let pod = cluster.pod(id), !pod.phase.isFinished,
          let service = requestService(of: pod)
        else { continue }
        let load = traffic.load(of: id)
        monitor.note(
          id, of: service, tries: load.tries, inFlight: load.inFlight, waiting: load.waiting,
          at: now)
      }
    }
    let states = traffic.services.indices.map {
      traffic.state(ofService: $0, withLatencies: monitor.readsLatency)
    }
    monitor.note(states, levels: monitor.readsLevels ? levels(at: now) : [], at: now)
  }

  /// What a load asks for: requests per second, or replicas.
  func demand(ofLoad index: Int, at now: Instant) -> Double {
    let source = traffic.sources.first { $0.load == Int32(index) }
    return source?.course.rate(at: now) ?? Double(courses[index].level)
  }

  private func levels(at now: Instant) -> [(load: Labels, level: Double)] {
    loadNames.enumerated().compactMap { index, name in
      guard courses[index].job == nil else { return nil }
      return (Scenario.labels(ofLoad: name), demand(ofLoad: index, at: now))
    }
  }
}

extension RequestTraffic {
  /// Tries that came to a Pod so far, and the requests in it.
  func load(of pod: PodID) -> (tries: Int64, inFlight: Int64, waiting: Int64) {
    guard let server = server(of: pod) else { return (0, 0, 0) }
    return (
      servers[server].tries - pods[pod.index].triesBefore, Int64(servers[server].load),
      Int64(servers[server].waiting)
    )
  }

  /// What the Pods of a service hold, and what came to it so far.
  func state(
    ofService service: Int, withLatencies: Bool
  ) -> RequestMonitor.ServiceState {
    var state = RequestMonitor.ServiceState()
    let ledger = services[service].ledger
    let counts = ledger.tallies[0].counts
    state.tries = counts.arrived + counts.retries
    if withLatencies { state.latencies = ledger.tallies[0].latencies }
    for server in servers where Int(server.service) == service {
      state.inFlight += Int64(server.load) * Int64(server.alive)
      state.waiting += Int64(server.waiting) * Int64(server.alive)
    }
    return state
  }
}
