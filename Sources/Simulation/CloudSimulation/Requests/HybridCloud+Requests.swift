import ClusterModel
import DiscreteEvents
import Infrastructure
import Probability
import Quantities
import Workloads

/// Whose Pods a service's requests go to.
enum RequestTarget: Sendable {
  /// The Pods of a workload, by its root.
  case root(Int32)
  /// The Pods that a Service selects.
  case selected(Service)
}

extension HybridCloud {
  /// Opens a service for every target of loads that drive requests, and a window for every claim
  /// about it.
  mutating func addRequests(_ scenario: Scenario, horizon: Instant) {
    var names: [String] = []
    var serviceOfLoad: [Int?] = []
    let courses = scenario.loads.map { load in
      load.drives == .requests ? RequestCourse(load, luck: luck.source, horizon: horizon) : nil
    }
    for load in scenario.loads {
      guard load.drives == .requests, let target = requestTarget(of: load, scenario) else {
        serviceOfLoad.append(nil)
        continue
      }
      if !names.contains(load.target) {
        names.append(load.target)
        requestTargets.append(target)
        if let receiver = scenario.receiver(of: load) { monitor.add(receiver) }
      }
      serviceOfLoad.append(names.firstIndex(of: load.target))
    }
    var windows: [[(from: Instant, to: Instant)]] = names.map { _ in [] }
    for burst in scenario.measuredBursts {
      guard let load = burst.load, let service = serviceOfLoad[load] else {
        requestWindows.append(nil)
        continue
      }
      windows[service].append((burst.from, burst.to))
      requestWindows.append((service, windows[service].count))
    }
    for (service, name) in names.enumerated() {
      let members = serviceOfLoad.indices.filter { serviceOfLoad[$0] == service }
      traffic.services.append(
        RequestService(
          name: name, profile: profile(of: requestTargets[service]),
          share: Self.share(members.map { (scenario.loads[$0], courses[$0]) }),
          windows: windows[service]))
    }
    for (index, load) in scenario.loads.enumerated() {
      guard let service = serviceOfLoad[index], let course = courses[index] else { continue }
      traffic.sources.append(
        RequestSource(
          course: course, service: Int32(service), subject: Subject(load.name).raw,
          horizon: horizon, load: Int32(index),
          origin: load.ingress.flatMap { layout.siteNames.firstIndex(of: $0) }.map { Int16($0) }
            ?? -1))
    }
    addStreams(scenario)
  }

  /// The share of Pods that stand for all, so that their requests come at the rate that is followed:
  /// all of them where the rate isn't higher, or where requests come by a law of their own.
  private static func share(_ loads: [(load: LoadProfile, course: RequestCourse?)]) -> Double {
    var peak = 0.0
    var followed = Double.infinity
    for (load, course) in loads {
      guard let rate = course?.peak else { return 1 }
      peak += rate
      followed = min(followed, load.followedRate.perSecond)
    }
    return peak > followed ? followed / peak : 1
  }

  private mutating func requestTarget(of load: LoadProfile, _ scenario: Scenario) -> RequestTarget?
  {
    for service in cluster.services
    where load.target == "Service/\(service.name)"
      || load.target == "Service/\(service.namespace)/\(service.name)"
    {
      return .selected(service)
    }
    for slot in 0..<cluster.workloadSlotCount {
      if let workload = cluster.workload(slot: slot),
        load.names(workload.kind, workload.namespace, workload.name)
      {
        return .root(rootIndex(of: workload.id))
      }
    }
    return nil
  }

  /// The profile of a target's Pods; of a Service's, that of the first workload with such Pods.
  private mutating func profile(of target: RequestTarget) -> WorkloadProfile {
    var root: Int32?
    switch target {
    case .root(let own): root = own
    case .selected(let service):
      for slot in 0..<cluster.workloadSlotCount {
        guard let workload = cluster.workload(slot: slot),
          service.selects(cluster.templates[Int(workload.template.index)])
        else { continue }
        root = rootIndex(of: workload.id)
        break
      }
    }
    let profiles = layout.allProfiles
    guard let root else { return profiles.first { $0.target == nil } ?? profiles[0] }
    return profiles[Int(layout.profileOfRoot[Int(root)])]
  }

  // MARK: Endpoints

  /// Pods that are ready at the start get requests at once.
  mutating func beginRequests(on agenda: inout EventList<CloudEvent>) {
    guard !traffic.isIdle else { return }
    usage.insert(.requests)
    endpointsNoted = cluster.logEnd
    for slot in 0..<cluster.podSlotCount {
      guard let pod = cluster.pod(slot: slot), pod.isReady, !pod.isTerminating else { continue }
      if let service = requestService(of: pod) { join(pod, service: service, at: .zero) }
    }
    traffic.begin()
  }

  /// Looks which Pods have become endpoints or are none any more.
  mutating func followEndpoints(on agenda: inout EventList<CloudEvent>) {
    let end = cluster.logEnd
    guard end > endpointsNoted else { return }
    if let changes = cluster.changes(since: endpointsNoted, upTo: end) {
      for change in changes
      where change.fields.contains(.pod)
        && !change.fields.isDisjoint(with: [.ready, .terminating, .deleted, .phase])
      {
        followEndpoint(Int(change.slot), on: &agenda)
      }
    } else {
      for slot in 0..<max(cluster.podSlotCount, traffic.pods.count) {
        followEndpoint(slot, on: &agenda)
      }
    }
    endpointsNoted = end
  }

  /// Compares what is recorded of a slot's Pod with what those who send requests know.
  private mutating func followEndpoint(_ slot: Int, on agenda: inout EventList<CloudEvent>) {
    while traffic.pods.count <= slot { traffic.pods.append(RequestPod()) }
    let known = traffic.pods[slot]
    let pod = slot < cluster.podSlotCount ? cluster.pod(slot: slot) : nil
    let old = PodID(slot: UInt32(slot), generation: known.generation)
    let isSame = pod?.id == old && !(pod?.phase.isFinished ?? true)
    if !isSame, known.state != .away {
      traffic.end(old, at: agenda.now)
      // Who sends requests learns of it later, unless the slot has a new Pod already.
      if pod == nil || pod?.id == old {
        if known.state == .inside { setState(.leaving, of: old, delay: .zero, on: &agenda) }
      } else {
        traffic.leave(old, at: agenda.now)
        traffic.pods[slot] = RequestPod()
      }
    }
    guard let pod, !pod.phase.isFinished else { return }
    let isEndpoint = pod.isReady && !pod.isTerminating
    let state = isSame ? known.state : .away
    switch (state, isEndpoint) {
    case (.away, true), (.left, true):
      guard requestService(of: pod) != nil else { return }
      if state == .away {
        traffic.pods[slot] = RequestPod(generation: pod.id.generation)
      }
      setState(
        .joining, of: pod.id, delay: propagation(to: pod, leaving: false), on: &agenda)
    case (.inside, false):
      setState(
        .leaving, of: pod.id, delay: propagation(to: pod, leaving: true), on: &agenda)
    default: break
    }
  }

  private mutating func setState(
    _ state: RequestPod.State, of pod: PodID, delay: TimeSpan,
    on agenda: inout EventList<CloudEvent>
  ) {
    traffic.pods[pod.index].state = state
    agenda.schedule(.endpoint(pod), at: agenda.now + delay)
  }

  /// How long it takes until those who send requests know of a change: where no Service stands
  /// between, no time.
  private mutating func propagation(to pod: Pod, leaving: Bool) -> TimeSpan {
    guard layout.facts(of: pod.template, in: cluster).hasService else { return .zero }
    let run = runs[pod.id.index]
    return luck.route.drawSpan(
      parameters.endpointPropagation, for: run.subject,
      number: leaving ? run.number | 0x8000_0000 : run.number)
  }

  /// A change of the endpoints has reached those who send requests.
  mutating func endpointsReach(_ id: PodID, on agenda: inout EventList<CloudEvent>) {
    guard id.index < traffic.pods.count, traffic.pods[id.index].generation == id.generation else {
      return
    }
    let pod = cluster.pod(id)
    let isEndpoint = pod.map { $0.isReady && !$0.isTerminating } ?? false
    switch traffic.pods[id.index].state {
    case .joining:
      if let pod, isEndpoint, let service = requestService(of: pod) {
        join(pod, service: service, at: agenda.now)
      } else {
        traffic.pods[id.index].state = traffic.pods[id.index].server < 0 ? .away : .left
      }
    case .leaving:
      if isEndpoint {
        traffic.pods[id.index].state = .inside
      } else {
        traffic.leave(id, at: agenda.now)
      }
    case .away, .inside, .left: break
    }
  }

  private mutating func join(_ pod: Pod, service: Int, at now: Instant) {
    let limit = cluster.templates[Int(pod.template.index)].cpuLimit
    let site = traffic.routes.all.isEmpty ? nil : pod.node.map { layout.spots[$0.index].site }
    traffic.join(
      pod.id, service: service, limit: limit ?? .infinity, site: site ?? 0, at: now)
  }

  /// The service whose requests go to a Pod; nil if none does.
  func requestService(of pod: Pod) -> Int? {
    requestTargets.firstIndex { target in
      switch target {
      case .root(let root): runs[pod.id.index].root == root
      case .selected(let service):
        service.selects(cluster.templates[Int(pod.template.index)])
      }
    }
  }

  // MARK: Results

  mutating func addRequests(to result: inout ReplicationResult, end: Instant) {
    guard !traffic.isIdle else { return }
    traffic.close(at: end)
    var total = RequestResult()
    for service in traffic.services { total.add(service.ledger.result(ofWindow: 0)) }
    result.requests = total
    if total.retries > 0 { usage.insert(.retries) }
    for index in result.bursts.indices {
      guard index < requestWindows.count, let place = requestWindows[index] else { continue }
      result.bursts[index].requests =
        traffic.services[place.service].ledger.result(ofWindow: place.window)
    }
    let width = recorder.bucket.seconds
    result.requestCurves = traffic.services.map { $0.curves(bucket: width) }
  }

  mutating func requestIdentities(
    at end: Instant
  ) -> [(quantity: String, left: Double, right: Double)] {
    var identities: [(quantity: String, left: Double, right: Double)] = []
    for index in traffic.services.indices {
      let name = traffic.services[index].name
      let counts = traffic.services[index].ledger.result(ofWindow: 0)
      let stay = traffic.services[index].ledger.identity(at: end)
      let ends = counts.served + counts.late + counts.failed + counts.dropped + counts.open
      identities.append(
        ("requests arrived at \(name) = requests by outcome", Double(counts.arrived), Double(ends)))
      identities.append(
        ("requests at \(name): ∫N dt = Σ time inside, s", stay.integral, stay.stays))
    }
    return identities
  }
}

extension RequestTraffic {
  /// The end of a bucket of the curves over time.
  mutating func sample(at now: Instant) {
    advance(to: now)
    guard now > .zero else { return }
    for index in services.indices {
      let pods = Int32(clamping: services[index].pods)
      services[index].ledger.closeBucket(pods: pods)
    }
    closeWork(at: now)
  }

  /// Sums up what every service has done since the last time.
  private mutating func closeWork(at now: Instant) {
    guard services.contains(where: { $0.work != nil }) else { return }
    var done = [Double](repeating: 0, count: services.count)
    for index in servers.indices {
      done[Int(servers[index].service)] += servers[index].takeWork(at: now)
    }
    for index in services.indices { services[index].work?.close(done[index], at: now) }
  }
}

extension RequestService {
  init(
    name: String, profile: WorkloadProfile, share: Double,
    windows: [(from: Instant, to: Instant)]
  ) {
    self.name = name
    parameters = profile.requests
    serviceTime = profile.serviceTime
    places = profile.concurrency
    let mean = profile.serviceTime.mean
    coresPerRequest = mean > 0 ? profile.requests.cpu.seconds / mean : 0
    self.share = share
    ledger = RequestLedger(
      deadline: profile.requests.deadline, budget: profile.requests.budget, windows: windows)
    tokens = RequestTraffic.leastTokens
  }

  fileprivate func curves(bucket: Double) -> RequestCurves {
    var curves = RequestCurves(service: name)
    for point in ledger.buckets {
      curves.rate.append(Double(point.arrived) / bucket)
      curves.backlog.append(Double(point.inside))
      curves.latency.append(
        point.answered > 0 ? Double(point.latency) / Double(point.answered) / 1e9 : nil)
      curves.pods.append(Double(point.pods))
    }
    return curves
  }
}
