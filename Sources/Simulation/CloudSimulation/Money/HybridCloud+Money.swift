import ClusterModel
import Infrastructure
import Quantities

extension HybridCloud {
  /// Writes a replication's bill: what is paid during the run and the share of what is owned.
  ///
  /// Pods that are still there are billed to the horizon.
  ///
  /// - Precondition: the sheet has a rate for every currency in use; scenario files are checked for
  ///   that.
  mutating func addMoney(to result: inout ReplicationResult, scenario: Scenario, end: Instant) {
    addServerless(to: &result, end: end)
    addStanding(to: &result, scenario: scenario, end: end)
    addLinks(to: &result, scenario: scenario, end: end)
    addMachines(to: &result, scenario: scenario, end: end)
    result.jobs = jobTally()
    result.reclaims = reclaims
    result.lostWork = lostWork
  }

  private mutating func addServerless(to result: inout ReplicationResult, end: Instant) {
    let prices = layout.prices
    var lines = [false, true].map { isSpot in
      BillLine(
        name: isSpot ? "spot Pods" : "serverless Pods", quantity: 0, unit: "Pod·s", amount: .zero)
    }
    var disks = BillLine(
      name: "disks of serverless Pods", quantity: 0, unit: "GiB·h", amount: .zero)
    for stay in pipeline.stays {
      let seconds = prices.billedSeconds(of: stay, until: end)
      let line = stay.isSpot ? 1 : 0
      lines[line].quantity += Double(seconds)
      let amount = prices.amount(
        of: stay, until: end, layout.poolOfPlace[stay.place]?.spot ?? SpotScript())
      lines[line].amount += amount
      // Pod by Pod, so that the bill's sums are checked against something.
      result.cash += amount
      if stay.diskGiB > 0 {
        let disk = prices.diskAmount(of: stay, until: end)
        disks.quantity += Double(stay.diskGiB * seconds) / 3600
        disks.amount += disk
        result.cash += disk
        usage.insert(.disks)
      }
      if stay.isSpot { usage.insert(.spot) }
      if stay.gpuHour > 0 { usage.insert(.cards) }
    }
    let billed = lines[0].quantity + lines[1].quantity
    if billed > 0 { result.spotShare = lines[1].quantity / billed }
    for line in lines + [disks] where line.quantity > 0 { result.bill.append(line) }
    let time = end - Instant.zero
    guard !prices.reserved.isEmpty else { return }
    usage.insert(.reservations)
    let cores = prices.reserved.reduce(0) { $0 + $1.millicores }
    result.add(
      BillLine(
        name: "reservations", quantity: Double(cores) / 1000 * time.seconds / 3600,
        unit: "core·h", amount: prices.reservationFee(for: time)))
    let covered = prices.covered(of: pipeline.stays, until: end)
    if covered > .zero {
      result.add(
        BillLine(
          name: "covered by reservations", quantity: -covered.units, unit: prices.currency,
          amount: .zero - covered))
    }
  }

  /// What is paid by the hour whoever runs.
  private mutating func addStanding(
    to result: inout ReplicationResult, scenario: Scenario, end: Instant
  ) {
    let prices = layout.prices
    let time = end - Instant.zero
    if let level = prices.clusterLevel, time > .zero {
      usage.insert(.clusterFee)
      result.add(
        BillLine(
          name: "cluster \(level.rawValue)", quantity: time.seconds / 3600, unit: "h",
          amount: cost(of: time, at: level.fee)))
    }
    let caching = scenario.serverlessPools.count { $0.images.cache }
    if caching > 0, prices.cacheHour > .zero {
      let price = Price(prices.cacheHour, currency: prices.currency, per: .hours(1))
      result.add(
        BillLine(
          name: "image snapshots", quantity: time.seconds / 3600 * Double(caching), unit: "h",
          amount: price.cost(of: time) * Int64(caching)))
    }
  }

  private func addLinks(to result: inout ReplicationResult, scenario: Scenario, end: Instant) {
    let time = end - Instant.zero
    for (index, link) in scenario.links.enumerated() {
      if let rent = link.rent, time > .zero {
        result.add(
          BillLine(
            name: "link \(link.name)", quantity: time.seconds / 3600, unit: "h",
            amount: cost(of: time, at: rent)))
      }
      let bytes = Int64(meteredBytes(of: link, number: index, in: scenario, end).rounded())
      if let price = link.gibPrice, bytes > 0,
        let gib = layout.prices.converted(price.amount, from: price.currency)
      {
        let whole = Int128(1) << 30
        result.add(
          BillLine(
            name: "traffic of link \(link.name)", quantity: Double(bytes) / 0x1p30, unit: "GiB",
            amount: Money(
              picounits: (gib.picounits * Int128(bytes) * 2 + whole) / (2 * whole))))
      }
    }
  }

  /// The bytes of a link that are paid for.
  private func meteredBytes(
    of link: Link, number: Int, in scenario: Scenario, _ end: Instant
  ) -> Double {
    guard let site = link.metered else {
      return pipeline.network.carried[NetworkPlan.resource(ofLink: number, in: scenario)]
    }
    return pipeline.linkBytes(by: end).bytes(ofLink: number, forward: link.between.first == site)
  }

  // MARK: What is owned, and machines by the hour

  private mutating func addMachines(
    to result: inout ReplicationResult, scenario: Scenario, end: Instant
  ) {
    let use = ownUse.at(end, cluster, runs, layout)
    for place in fleet.groups.indices {
      let group = fleet.groups[place]
      let time = machineTime(ofGroup: place, until: end)
      if let price = group.autoscaling.price ?? group.pool.instance?.price {
        result.add(
          BillLine(
            name: "machines of \(group.pool.name)", quantity: time.seconds / 3600, unit: "node·h",
            amount: cost(of: time, at: price)))
      } else {
        let there = Int128(time.nanoseconds) * Int128(group.pool.allocatable.cpu)
        addOwned(
          "machines of \(group.pool.name)", there: there, used: use.groups[place],
          machine: scenario.allSites[group.site].machine, to: &result)
      }
    }
    for pool in scenario.rentedPools where end > .zero && pool.count > 0 {
      guard let price = pool.instance?.price else { continue }
      let time = end - Instant.zero
      result.add(
        BillLine(
          name: "machines of \(pool.name)", quantity: time.seconds / 3600 * Double(pool.count),
          unit: "node·h", amount: cost(of: time, at: price) * Int64(pool.count)))
    }
    for (index, name) in layout.siteNames.enumerated() {
      let cores = ownCores(atSite: index)
      guard cores > 0 else { continue }
      addOwned(
        "own cores at \(name)", there: Int128((end - Instant.zero).nanoseconds) * Int128(cores),
        used: use.sites[index], machine: scenario.allSites[index].machine, to: &result)
    }
  }

  /// Two lines: what Pods' requests took of owned cores, and what was idle.
  ///
  /// - Parameter there: what there was, in thousandths of a core times nanoseconds.
  private mutating func addOwned(
    _ name: String, there: Int128, used: Int128, machine: MachineParameters,
    to result: inout ReplicationResult
  ) {
    guard let hour = machine.coreHour(on: layout.prices) else {
      preconditionFailure("the price sheet has no rate for the currency of \(name)")
    }
    usage.insert(.ownership)
    let whole: Int128 = 1000 * 3_600_000_000_000
    func amount(_ parts: Int128) -> Money {
      let (cores, rest) = parts.quotientAndRemainder(dividingBy: whole)
      return Money(
        picounits: hour.picounits * cores + (hour.picounits * rest * 2 + whole) / (2 * whole))
    }
    // A Pod that was running at the start may ask for more than there is left.
    let taken = min(used, there)
    for (part, label) in [(taken, name), (there - taken, "idle \(name)")] {
      result.add(
        BillLine(
          name: label, quantity: Double(part) / Double(whole), unit: "core·h",
          amount: label == name ? amount(taken) : amount(there) - amount(taken), isOwned: true))
    }
  }

  private func cost(of time: TimeSpan, at price: Price) -> Money {
    guard let cost = layout.prices.cost(of: time, at: price) else {
      preconditionFailure("the price sheet has no rate for \(price.currency)")
    }
    return cost
  }

  private func ownCores(atSite site: Int) -> Int64 {
    var cores: Int64 = 0
    for slot in 0..<cluster.nodeSlotCount where layout.spots[slot].site == Int16(site) {
      guard layout.poolOfPlace[Int(layout.spots[slot].place)] == nil,
        !layout.spots[slot].isRented, let id = cluster.nodeID(slot: slot),
        let node = cluster.node(id), node.group == nil
      else { continue }
      cores += node.allocatable.cpu
    }
    return cores
  }

  /// Which Jobs were completed by now.
  private mutating func jobTally() -> JobTally {
    var tally = JobTally()
    for slot in 0..<cluster.workloadSlotCount {
      guard let job = cluster.workload(slot: slot), job.kind == .job else { continue }
      let status = job.status
      let isComplete =
        job.job.completions.map { status.succeeded >= $0 }
        ?? (status.succeeded > 0 && status.active == 0)
      if let within = parameters.deadline {
        let due = max(.zero, job.created) + within
        let done = isComplete ? roots[Int(rootIndex(of: job.id))].lastSuccess : .distantFuture
        if due <= parameters.horizon, done > due { tally.late += 1 }
      }
      if isComplete {
        tally.finished += 1
      } else {
        tally.unfinished.append("\(job.namespace)/\(job.name)")
      }
    }
    return tally
  }
}
