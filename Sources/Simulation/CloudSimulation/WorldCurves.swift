import ClusterModel
import Infrastructure
import Quantities
import Statistics

/// A curve over time of one replication: a value per bucket, from time zero.
public struct WorldCurve: Hashable, Sendable {
  /// What it shows: a name of ``Statistics/TimeSeries``.
  public var name: String
  /// Its unit.
  public var unit: String
  /// What it is about, such as a site, a link, or a part of the bill.
  public var place: String
  /// The values.
  public var values: [Double]
}

/// What is looked at once a bucket and can't be told from the end.
struct WorldSamples: Sendable {
  /// Cores of machines that are Ready and of serverless Pods, in thousandths, by site; every
  /// ``NodeHistory/everyBuckets`` buckets, as it takes a walk over all nodes.
  var cores: [[Int64]] = []
  /// Bytes that each link has carried, in the scenario's order.
  var carried: [[Double]] = []
  /// How long machines of each autoscaled pool have been there.
  var machineTimes: [[TimeSpan]] = []
  /// Spot Pods that have been announced to be taken back.
  var reclaims: [Int] = []
}

extension HybridCloud {
  /// Notes what stands at a bucket's start.
  mutating func sampleWorld(at now: Instant) {
    if recorder.samples.reclaims.count % NodeHistory.everyBuckets == 0 {
      recorder.samples.cores.append(coresThere())
    }
    recorder.samples.carried.append(
      layout.linkResources.map { pipeline.bytesCarried(by: now, across: $0) })
    recorder.samples.machineTimes.append(
      fleet.groups.indices.map { machineTime(ofGroup: $0, until: now) })
    recorder.samples.reclaims.append(reclaims)
  }

  /// Cores by site, in thousandths.
  private func coresThere() -> [Int64] {
    var cores = [Int64](repeating: 0, count: layout.siteNames.count)
    var isCounted = [Bool](repeating: false, count: layout.poolOfPlace.count)
    for slot in 0..<cluster.nodeSlotCount {
      let spot = layout.spots[slot]
      guard spot.site >= 0, let id = cluster.nodeID(slot: slot) else { continue }
      if layout.poolOfPlace[Int(spot.place)] == nil {
        guard let node = cluster.node(id), node.isReady else { continue }
        cores[Int(spot.site)] += node.allocatable.cpu
      } else if !isCounted[Int(spot.place)] {
        // A pool may have several virtual nodes.
        isCounted[Int(spot.place)] = true
        cores[Int(spot.site)] += pipeline.coresHeld(atPlace: Int(spot.place))
      }
    }
    return cores
  }

  /// The curves of a replication that has ended; those in which nothing ever happened are left out.
  func worldCurves(_ result: ReplicationResult, of scenario: Scenario, end: Instant) -> [WorldCurve]
  {
    let count = min(
      recorder.samples.reclaims.count,
      Int((end - Instant.zero).nanoseconds / recorder.bucket.nanoseconds) + 1)
    let curves =
      coreCurves(count) + spotCurves(count) + linkCurves(count, of: scenario.links.map(\.name))
      + costCurves(count, result, of: scenario, end: end)
    return curves.filter { $0.values.contains { $0 != 0 } }
  }

  private func coreCurves(_ count: Int) -> [WorldCurve] {
    layout.siteNames.enumerated().map { site, name in
      let values = (0..<count).map { index in
        Double(recorder.samples.cores[index / NodeHistory.everyBuckets][site]) / 1000
      }
      return WorldCurve(name: TimeSeries.capacity, unit: "cores", place: name, values: values)
    }
  }

  private func spotCurves(_ count: Int) -> [WorldCurve] {
    var steps = [Int](repeating: 0, count: count + 1)
    for stay in pipeline.stays where stay.isSpot {
      steps[min(count, firstBucket(from: stay.start))] += 1
      steps[min(count, firstBucket(from: stay.end))] -= 1
    }
    var there = 0
    let running = steps.prefix(count).map { step in
      there += step
      return Double(there)
    }
    return [
      WorldCurve(name: TimeSeries.spot, unit: "Pods", place: "spot Pods there", values: running),
      WorldCurve(
        name: TimeSeries.spot, unit: "Pods", place: "announced to be taken back, so far",
        values: recorder.samples.reclaims.prefix(count).map(Double.init)),
    ]
  }

  private func linkCurves(_ count: Int, of names: [String]) -> [WorldCurve] {
    let bits = 8 / 1e6 / recorder.bucket.seconds
    return names.enumerated().map { index, name in
      let carried = recorder.samples.carried.prefix(count).map { $0[index] }
      // To a thousandth of a megabit: sums of what many transfers carry end in rounding errors.
      let values = zip(carried, carried.dropFirst()).map { before, after in
        (max(0, after - before) * bits * 1000).rounded() / 1000
      }
      return WorldCurve(
        name: TimeSeries.linkTraffic, unit: "Mbit/s", place: name, values: [0] + values)
    }
  }

  /// The first bucket that starts at an instant or after it.
  private func firstBucket(from instant: Instant) -> Int {
    let width = recorder.bucket.nanoseconds
    return Int((max(0, (instant - Instant.zero).nanoseconds) + width - 1) / width)
  }
}

// What has been paid so far.
extension HybridCloud {
  /// What has been paid by each bucket's start, what is owned aside.
  ///
  /// A stay is paid for evenly from its start to its end, machines as they are there, a link's
  /// traffic as it flows, and the rest, fees and what reservations take off, evenly all along (A).
  /// At the run's end the parts add up to the bill.
  private func costCurves(
    _ count: Int, _ result: ReplicationResult, of scenario: Scenario, end: Instant
  ) -> [WorldCurve] {
    var stays = [PaidEvenly(count), PaidEvenly(count)]
    for stay in pipeline.stays {
      let spot = layout.poolOfPlace[stay.place]?.spot ?? SpotScript()
      let amount =
        layout.prices.amount(of: stay, until: end, spot)
        + layout.prices.diskAmount(of: stay, until: end)
      stays[stay.isSpot ? 1 : 0].add(
        amount.units, from: stay.start.seconds, to: stay.end.seconds,
        buckets: firstBucket(
          from: stay.start)..<max(
            firstBucket(from: stay.start), firstBucket(from: stay.end)))
    }
    var machines = [Double](repeating: 0, count: count)
    for (place, group) in fleet.groups.enumerated() {
      let last = machineTime(ofGroup: place, until: end).seconds
      let amount = paid("machines of \(group.pool.name)", in: result)
      guard last > 0, amount > 0 else { continue }
      for index in machines.indices {
        machines[index] += amount * recorder.samples.machineTimes[index][place].seconds / last
      }
    }
    var traffic = [Double](repeating: 0, count: count)
    for (number, link) in scenario.links.enumerated() {
      let last = pipeline.bytesCarried(by: end, across: layout.linkResources[number])
      let amount = paid("traffic of link \(link.name)", in: result)
      guard last > 0, amount > 0 else { continue }
      for index in traffic.indices {
        traffic[index] += amount * recorder.samples.carried[index][number] / last
      }
    }
    let known =
      stays[0].sum + stays[1].sum
      + scenario.links.reduce(0) { $0 + paid("traffic of link \($1.name)", in: result) }
      + fleet.groups.reduce(0) { $0 + paid("machines of \($1.pool.name)", in: result) }
    let rest = result.cash.units - known
    let step = recorder.bucket.seconds / max(end.seconds, recorder.bucket.seconds)
    // Below a millionth of the whole it is rounding.
    let fees = (0..<count).map { abs(rest) > 1e-6 * known ? rest * step * Double($0) : 0 }
    let parts = [
      ("serverless Pods", stays[0].soFar(recorder.bucket.seconds)),
      ("spot Pods", stays[1].soFar(recorder.bucket.seconds)), ("machines", machines),
      ("traffic", traffic), ("fees", fees),
    ]
    return parts.map { name, values in
      WorldCurve(name: TimeSeries.cost, unit: layout.prices.currency, place: name, values: values)
    }
  }

  private func paid(_ line: String, in result: ReplicationResult) -> Double {
    result.bill.first { $0.name == line && !$0.isOwned }?.amount.units ?? 0
  }
}

/// Amounts each paid evenly over a span, summed up by bucket without visiting the buckets between.
private struct PaidEvenly {
  /// What begins and ends to grow in each bucket, per second, and what is there besides.
  private var slopes: [Double]
  private var levels: [Double]
  private(set) var sum = 0.0

  init(_ count: Int) {
    slopes = [Double](repeating: 0, count: count + 1)
    levels = slopes
  }

  /// Adds an amount.
  /// - Parameter buckets: those that start within the span.
  mutating func add(_ amount: Double, from start: Double, to end: Double, buckets: Range<Int>) {
    sum += amount
    let last = slopes.count - 1
    let (first, after) = (min(last, buckets.lowerBound), min(last, buckets.upperBound))
    if first < after {
      let slope = amount / (end - start)
      slopes[first] += slope
      levels[first] -= slope * start
      slopes[after] -= slope
      levels[after] += slope * start
    }
    levels[after] += amount
  }

  /// The sum of what has been paid by each bucket's start, in millionths so that what cancels is 0.
  func soFar(_ step: Double) -> [Double] {
    var slope = 0.0
    var level = 0.0
    return (0..<(slopes.count - 1)).map { index in
      slope += slopes[index]
      level += levels[index]
      return ((slope * Double(index) * step + level) * 1e6).rounded() / 1e6
    }
  }
}
