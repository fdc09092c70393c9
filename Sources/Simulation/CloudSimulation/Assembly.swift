import Autoscaling
import ClusterModel
import Controllers
import DiscreteEvents
import Infrastructure
import Probability
import Quantities
import Workloads

/// How one replication is run.
public struct ReplicationOptions: Hashable, Sendable {
  /// Whether rows for `placements.csv` and `stages.csv` are kept.
  public var keepsRecords = false
  /// Whether syncs of HorizontalPodAutoscalers are kept.
  public var recordsAutoscalers = false
  /// The width of a bucket of the time series; nil: a 180th of the duration, whole seconds.
  public var bucket: TimeSpan?
  /// Whether the run is switched on its way: burst policies are asked and measured from the start.
  var isSwitched = false
  /// The defaults.
  public init() {}
}

extension HybridCloud {
  /// The clients of the API server, with those at work that the scenario needs.
  private static func clients(
    of scenario: Scenario, _ options: ReplicationOptions, position: Int
  ) -> [ClientState] {
    Client.allCases.map { client in
      ClientState(
        client, scenario.controlPlane.limits(of: client), separateEvents: client == .scheduler,
        isActive: scenario.needs(client)
          || options.isSwitched && client == .burst && scenario.bursts,
        position: position)
    }
  }

  /// Builds the world of a scenario as it is at time zero, for one replication.
  init(_ whole: Scenario, replication: Int, options: ReplicationOptions) {
    let luck = CloudLuck(RandomSource(seed: whole.seed, replication: replication))
    let scenario = whole.inWindow(of: replication).drawingSpot(luck.source)
    let horizon = Instant.zero + scenario.horizon
    let bucket =
      options.bucket
      ?? .seconds(max(1, Int((scenario.duration.seconds / 180).rounded(.up))))
    let profiles = scenario.profilesWithDefault
    var objects = scenario.cluster
    let jobPatterns = Self.takeJobPatterns(of: scenario.loads, from: &objects)
    Self.complete(&objects, with: scenario)
    let sites = scenario.allSites
    let plane = scenario.controlPlane
    let cluster = ClusterState(objects, logCapacity: plane.watchCache)
    let position = cluster.logEnd
    let canFail = scenario.canFail
    let clients = Self.clients(of: scenario, options, position: position)
    var layout = WorldLayout(
      profiles: profiles, prices: scenario.prices, images: scenario.images,
      annotations: cluster.eksConfig.podAnnotations)
    layout.siteNames = sites.map(\.name)
    layout.identifyNodes(of: cluster)
    let network = NetworkPlan(scenario, sites: sites)
    let pipeline = StartPipeline(
      luck: luck.source, writeLatency: plane.writeLatency,
      profiles: profiles.map {
        PipelineProfile(imageBytes: $0.imageBytes, startup: $0.startup, runTime: $0.runTime)
      }, capacities: network.capacities, topology: network.topology,
      callBytes: Double(plane.callSize))
    self.init(
      cluster: cluster,
      loops: ControlLoops(
        scenario, firstMonitor: luck.firstMonitor(plane.nodeLifecycle),
        keepsLocal: options.isSwitched && scenario.bursts),
      clients: clients, pipeline: pipeline,
      recorder: Recorder(
        sites: sites.count, bucket: bucket, keepsRecords: options.keepsRecords),
      layout: layout,
      metrics: MetricsPipeline(
        plane.metrics, isActive: scenario.makesMetrics(options), luck: luck.source),
      monitor: RequestMonitor(scenario, options), luck: luck,
      parameters: RunParameters(
        writeLatency: plane.writeLatency, watchDelay: plane.watchDelay,
        endpointPropagation: plane.endpointPropagation, podCap: plane.podCap, horizon: horizon,
        asksPolicy: scenario.needs(.burst) || options.isSwitched && scenario.bursts,
        hasMatches: scenario.serverlessPools.contains { !$0.admits.isEmpty },
        listeners: clients.reduce(0) { $1.isActive ? $0 | 1 << UInt32($1.client.rawValue) : $0 },
        levelWindows: scenario.measuresLevels || options.isSwitched
          ? scenario.measuredBursts : [],
        servesLoads: scenario.needs(.predictive), isBareDump: scenario.isBareDump,
        deadline: scenario.deadline, readsVirtualNodes: scenario.scheduler.readsVirtualNodes,
        binding: BindingParameters(scenario.scheduler), replication: replication),
      faults: FaultSchedule(luck: luck.source, horizon: horizon),
      contacts: NodeContacts(isTracked: canFail, sites: sites.count))
    recordings.isOn = options.recordsAutoscalers
    loops.autoscalers.recordsSyncs = options.recordsAutoscalers
    if scenario.isBareDump { takeAsSettled() }
    noted = position
    addPlaces(scenario, sites: sites, network: network)
    openNodeGroups(scenario, sites: sites)
    addLinks(scenario, network: network)
    openRecords(scenario, sites: sites)
    addPreheating(sites)
    addCronJobs(scenario.cluster.cronJobs)
    if canFail { addFaults(scenario, sites: sites, network: network) }
    addLoads(scenario, jobs: jobPatterns, horizon: horizon)
    addRequests(scenario, horizon: horizon)
    openLimits(scenario)
  }

  /// Adds the pools' nodes, and what DaemonSets' Pods tolerate.
  private static func complete(_ objects: inout ClusterObjects, with scenario: Scenario) {
    for index in objects.workloads.indices where objects.workloads[index].kind == .daemonSet {
      objects.workloads[index].template = DaemonEligibility.podTemplate(
        from: objects.workloads[index].template)
    }
    var groups = 0
    for pool in scenario.nodePools {
      let group = pool.autoscaling == nil ? nil : NodeGroupID(index: groups)
      if group != nil { groups += 1 }
      for n in 0..<pool.count {
        var node = pool.node(n)
        node.group = group
        objects.nodes.append(node)
      }
    }
    for pool in scenario.serverlessPools { objects.nodes += pool.virtualNodes }
  }

  /// A bare dump is scheduled as it stands: a workload some of whose Pods are in it wants just
  /// those, so that nobody adds or deletes any before the pending ones have been placed.
  private mutating func takeAsSettled() {
    var counts = [Int32](repeating: 0, count: cluster.workloadSlotCount)
    for slot in 0..<cluster.podSlotCount {
      guard let pod = cluster.pod(slot: slot), let owner = pod.owner, !pod.phase.isFinished,
        !pod.isTerminating
      else {
        continue
      }
      counts[owner.index] += 1
      let root = cluster.rootWorkload(of: owner)
      if root != owner { counts[root.index] += 1 }
    }
    for slot in 0..<cluster.workloadSlotCount where counts[slot] > 0 {
      guard let workload = cluster.workload(slot: slot), workload.kind != .daemonSet,
        workload.kind != .job
      else { continue }
      cluster.setDesired(workload.id, counts[slot])
    }
  }

  /// Jobs that a load has copies of arrive are patterns: they don't run themselves.
  private static func takeJobPatterns(
    of loads: [LoadProfile], from objects: inout ClusterObjects
  ) -> [WorkloadObject?] {
    var patterns: [WorkloadObject?] = []
    var taken: [Int] = []
    for load in loads {
      guard load.drives == .jobs,
        let index = objects.workloads.firstIndex(where: {
          $0.kind == .job && load.names($0.kind, $0.namespace, $0.name)
        })
      else {
        patterns.append(nil)
        continue
      }
      patterns.append(objects.workloads[index])
      taken.append(index)
    }
    for index in Set(taken).sorted(by: >) { objects.workloads.remove(at: index) }
    return patterns
  }

  private mutating func addPlaces(_ scenario: Scenario, sites: [Site], network: NetworkPlan) {
    for (index, site) in sites.enumerated() {
      _ = pipeline.addMachines(
        site.machine, from: network.source(ofSite: index, registry: nil))
      layout.poolOfPlace.append(nil)
    }
    for pool in scenario.serverlessPools {
      let site = scenario.siteIndex(of: pool, in: sites)
      _ = pipeline.addPool(
        pool, region: site, from: network.source(ofSite: site, registry: pool.images.registry))
      layout.poolOfPlace.append(pool)
    }
    let claimed = scenario.siteOfNode(in: sites)
    for slot in 0..<cluster.nodeSlotCount {
      guard let id = cluster.nodeID(slot: slot), let node = cluster.node(id) else { continue }
      if let (pool, subnet) = scenario.virtualNode(named: node.name) {
        let site = scenario.siteIndex(of: scenario.serverlessPools[pool], in: sites)
        layout.spots.append(
          WorldLayout.Spot(
            site: Int16(site), place: Int16(sites.count + pool), number: Int32(subnet)))
      } else {
        let site = claimed(node)
        layout.spots.append(
          WorldLayout.Spot(
            site: Int16(site), place: Int16(site), number: Int32(slot),
            isRented: scenario.rentedPools.contains { $0.owns(node.name) }))
      }
    }
  }

  /// Opens the records of Pods and workloads that exist at time zero; running Pods are adopted.
  private mutating func openRecords(_ scenario: Scenario, sites: [Site]) {
    for slot in 0..<cluster.workloadSlotCount {
      guard let workload = cluster.workload(slot: slot) else { continue }
      let root = Int(rootIndex(of: workload.id))
      guard workload.kind != .daemonSet, workload.owner == nil else { continue }
      let level = workload.kind == .job ? workload.job.completions : nil
      roots[root].setLevel(Int(level ?? workload.desired), at: .zero)
      levels[root].ask(Int(level ?? workload.desired), at: .zero)
    }
    for slot in 0..<cluster.podSlotCount {
      guard let pod = cluster.pod(slot: slot) else { continue }
      guard !pod.phase.isFinished else {
        countFinished(pod)
        continue
      }
      _ = register(pod, at: .zero)
      guard let node = pod.node else { continue }
      let spot = layout.spots[node.index]
      roots[Int(runs[slot].root)].bind(pod.ordinal, pod.id, toSite: spot.site)
      if !pod.isTerminating { levels[Int(runs[slot].root)].bind(toOwn: isOwn(node), at: .zero) }
      if pod.phase == .running || pod.isReady { adopt(pod, on: node, site: sites[Int(spot.site)]) }
    }
    for template in 0..<cluster.templates.count {
      _ = layout.facts(of: TemplateID(index: template), in: cluster)
    }
    describeImages()
    for slot in 0..<cluster.nodeSlotCount { warm(slot, sites: sites) }
  }

  private mutating func adopt(_ pod: Pod, on node: NodeID, site: Site) {
    let order = order(of: pod, on: node)
    pipeline.adopt(order, at: .zero)
    if metrics.isActive { metrics.track(pod.id, group: kubeletGroup(of: node)) }
    cluster.setPhase(pod.id, to: .running)
    cluster.setReady(pod.id, true, at: pod.readyTransition ?? pod.started ?? pod.created)
    if !pod.isTerminating { levels[Int(runs[pod.id.index].root)].becomeReady(at: .zero) }
    roots[Int(runs[pod.id.index].root)].adopt(pod.ordinal)
    runs[pod.id.index].ready = .zero
    if !site.coldCaches, layout.poolOfPlace[order.place] == nil {
      pipeline.keepImages(
        order.imageSet, onMachine: order.spot, place: order.place, bytes: layout.usualImageBytes)
    }
  }

  /// A Pod that had ended before time zero is in the record of the cluster only.
  private mutating func countFinished(_ pod: Pod) {
    while runs.count <= pod.id.index { runs.append(PodRun()) }
    runs[pod.id.index].generation = pod.id.generation
    runs[pod.id.index].owner = pod.owner.flatMap { cluster.workload($0)?.kind }
    counts.created += 1
    if pod.phase == .succeeded { counts.succeeded += 1 } else { counts.failed += 1 }
  }

  /// Pods that were bound but not running at time zero start now, those that were working go on,
  /// and those that were told to stop do so.
  mutating func beginBoundPods(on agenda: inout EventList<CloudEvent>) {
    for slot in 0..<cluster.podSlotCount {
      guard let pod = cluster.pod(slot: slot), pod.node != nil, !pod.phase.isFinished else {
        continue
      }
      if pod.isTerminating {
        agenda.schedule(.stopSeen(pod.id), at: .zero)
      } else if pipeline.knows(pod.id) {
        outbox.clear()
        pipeline.resume(pod.id, at: .zero, into: &outbox)
        deliver(on: &agenda)
      } else {
        agenda.schedule(.seen(pod.id), at: .zero)
      }
    }
  }

  /// Lets a machine hold the sets of images that its status lists in full, and, unless its site
  /// starts cold, those of every template.
  private mutating func warm(_ slot: Int, sites: [Site]) {
    guard let id = cluster.nodeID(slot: slot), let node = cluster.node(id) else { return }
    let spot = layout.spots[slot]
    guard layout.poolOfPlace[Int(spot.place)] == nil else { return }
    var names: [String] = []
    for image in node.images { names += image.names }
    for (set, images) in layout.imageNames.enumerated() {
      guard !sites[Int(spot.site)].coldCaches || images.allSatisfy(names.contains) else { continue }
      pipeline.keepImages(
        set, onMachine: slot, place: Int(spot.place), bytes: layout.usualImageBytes)
    }
  }

  private mutating func addLoads(
    _ scenario: Scenario, jobs: [WorkloadObject?], horizon: Instant
  ) {
    for (index, load) in scenario.loads.enumerated() {
      var target = LoadTarget(
        course: LoadCourse(load, initial: 0, luck: luck.source, horizon: horizon), due: nil,
        workload: nil, job: jobs[index], jobTemplate: nil, level: 0)
      if let job = jobs[index] {
        target.jobTemplate = cluster.addTemplate(job.template)
      } else if load.drives == .replicas, let id = workload(targetOf: load),
        let workload = cluster.workload(id)
      {
        target.workload = id
        target.level = Int(workload.desired)
        target.course = LoadCourse(
          load, initial: target.level, luck: luck.source, horizon: horizon)
      }
      courses.append(target)
      loadNames.append(load.name)
    }
    serveLoads(at: .zero)
    // Disks that were kept before time zero, if the cloud's caches are warm: one for each Pod that
    // a load will have asked for at its top.
    guard scenario.warmCloudCaches else { return }
    for (index, load) in scenario.loads.enumerated() {
      guard let id = courses[index].workload, let window = load.stepWindow else { continue }
      let root = Int(rootIndex(of: id))
      pipeline.keepDisks(of: root, count: max(window.to, courses[index].level))
    }
  }

  private func workload(targetOf load: LoadProfile) -> WorkloadID? {
    for slot in 0..<cluster.workloadSlotCount {
      if let workload = cluster.workload(slot: slot),
        load.names(workload.kind, workload.namespace, workload.name)
      {
        return workload.id
      }
    }
    return nil
  }
}
