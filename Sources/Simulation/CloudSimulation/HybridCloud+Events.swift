import ClusterModel
import DiscreteEvents
import Infrastructure
import Quantities
import Workloads

extension HybridCloud: SimulationModel {
  mutating func handle(_ event: CloudEvent, on agenda: inout EventList<CloudEvent>) {
    if contacts.isTracked, holdsBack(event, on: &agenda) { return }
    switch event {
    case .wake(let client): wake(client, on: &agenda)
    case .write(let slot): store(slot, on: &agenda)
    case .giveUp(let slot): giveUp(slot, on: &agenda)
    case .seen(let pod): seen(pod, on: &agenda)
    case .stopSeen(let pod): stopSeen(pod, on: &agenda)
    case .pipeline(let pod, let pipelineStep): step(pipelineStep, of: pod, on: &agenda)
    case .transfer(let version): transfersEnd(version, on: &agenda)
    case .machineRegisters(let number, let group):
      registerMachine(
        Int32(bitPattern: number), of: NodeGroupID(index: Int(group)), on: &agenda)
    case .machineReady(let node): readyMachine(node)
    case .load(let index): changeLoad(Int(index), on: &agenda)
    case .fault: fail(on: &agenda)
    case .nodeBack(let node): nodeBack(node, on: &agenda)
    case .lost(let pod): recreate(pod, on: &agenda)
    case .labels(let place): refreshLabels(ofPlace: Int(place), on: &agenda)
    case .line(let index): changeLine(lineChanges[Int(index)], on: &agenda)
    case .preheat(let index): preheat(Int(index), on: &agenda)
    case .loss(let index): changeLoss(Int(index), on: &agenda)
    case .reclaim(let place, let number):
      reclaim(Int(number), at: Int(place), on: &agenda)
    case .announce(let pod): announce(pod, on: &agenda)
    case .takeBack(let pod): takeBack(pod, on: &agenda)
    case .streams: lookAtStreams(on: &agenda)
    case .sample: sample(on: &agenda)
    case .endpoint(let pod): endpointsReach(pod, on: &agenda)
    case .kubelet(let group): sampleUsage(ofGroup: group, on: &agenda)
    case .scrape: scrape(on: &agenda)
    case .serve: serveMetrics()
    }
    if !traffic.isIdle { followEndpoints(on: &agenda) }
    publish(on: &agenda)
  }

  /// Carries out a load's change that is due, and looks up the next.
  private mutating func changeLoad(_ index: Int, on agenda: inout EventList<CloudEvent>) {
    if let change = courses[index].due {
      switch change {
      case .level(let level): setLevel(level, of: index, at: agenda.now)
      case .arrive(let count):
        for _ in 0..<count { addJob(of: index, work: nil, at: agenda.now) }
      case .arriveWorking(let count, let work):
        for _ in 0..<count { addJob(of: index, work: work, at: agenda.now) }
      }
    }
    scheduleLoad(index, on: &agenda)
  }

  mutating func scheduleLoad(_ index: Int, on agenda: inout EventList<CloudEvent>) {
    let next = courses[index].course.next()
    courses[index].due = next?.change
    if let next, next.at <= parameters.horizon {
      agenda.schedule(.load(UInt16(index)), at: max(next.at, agenda.now), priority: .arrivals)
    }
  }

  private mutating func setLevel(_ level: Int, of index: Int, at now: Instant) {
    guard let id = courses[index].workload, cluster.workload(id) != nil else { return }
    let root = Int(rootIndex(of: id))
    levels[root].ask(level, at: now)
    courses[index].level = level
    let wanted = max(level, floors[root])
    roots[root].setLevel(wanted, asked: floors[root] > 0 ? level : nil, at: now)
    serveLoads(at: now)
    if contacts.isAPIDown { return }
    cluster.setDesired(id, Int32(clamping: wanted))
  }

  /// Sets the fewest Pods of a workload: its autoscaler's minimum, or the floor of the load that
  /// scales it; where nobody does, how many it has.
  mutating func setMinimum(of id: WorkloadID, to replicas: Int, at now: Instant) {
    let root = Int(rootIndex(of: id))
    usage.insert(.scalers)
    if let autoscaler = cluster.autoscaler(of: id) {
      var spec = autoscaler.spec
      spec.minReplicas = min(max(Int32(clamping: replicas), 1), spec.maxReplicas)
      cluster.setSpec(autoscaler.id, to: spec)
      return
    }
    guard let course = courses.first(where: { $0.workload == id }) else {
      roots[root].setLevel(replicas, at: now)
      levels[root].ask(replicas, at: now)
      cluster.setDesired(id, Int32(clamping: replicas))
      return
    }
    floors[root] = replicas
    let wanted = max(course.level, replicas)
    roots[root].setLevel(wanted, asked: course.level, at: now)
    cluster.setDesired(id, Int32(clamping: wanted))
  }

  /// Lets the external metric `load` have a series for each load: what it asks for at present, the
  /// demand that an autoscaler would see behind the replicas.
  mutating func serveLoads(at now: Instant) {
    guard parameters.servesLoads else { return }
    let series = courses.indices.map { index in
      ExternalSeries(
        labels: ["load": loadNames[index]],
        value: MetricValue(
          milli: Int64((demand(ofLoad: index, at: now) * 1000).rounded()), timestamp: now))
    }
    cluster.metrics.setExternal(series, of: "load")
  }

  private mutating func addJob(of index: Int, work: TimeSpan?, at now: Instant) {
    guard var object = courses[index].job, let template = courses[index].jobTemplate else { return }
    object.name = "\(object.name)-\(courses[index].level)"
    courses[index].level += 1
    let id = cluster.addWorkload(object, template: template, owner: nil, at: now)
    let root = Int(rootIndex(of: id))
    roots[root].load = Int32(index)
    roots[root].work = work
    roots[root].setLevel(Int(object.job.completions ?? object.job.parallelism), at: now)
  }

  /// Notes levels at the end of a bucket.
  private mutating func sample(on agenda: inout EventList<CloudEvent>) {
    var waiting: Int32 = 0
    for index in roots.indices { waiting += roots[index].waiting }
    recorder.waiting.append(waiting)
    sampleWorld(at: agenda.now)
    if recorder.keepsRecords, recorder.waiting.count % NodeHistory.everyBuckets == 1 {
      sampleNodes()
    }
    if !traffic.isIdle { traffic.sample(at: agenda.now) }
    sampleLinks(at: agenda.now)
    let next = agenda.now + recorder.bucket
    if next <= parameters.horizon { agenda.schedule(.sample, at: next, priority: .sampling) }
  }
}
