import Probability
import Quantities

/// When a zone has spot capacity: stretches with and without take turns, by laws of their own.
///
/// Semi-Markov, zone by zone, with shocks that hit several zones of a region at once. In fitted
/// histories survivors are safer (Weibull shapes below 1), so that the memoryless law is the wrong
/// default (C, model card 3.13).
public struct SpotAvailability: Hashable, Sendable {
  /// How long there is capacity, in seconds. Default Weibull 0.57 with scale 3.02 h (C, AWS V100 in
  /// us-east-2a, 45 days of 2023, model card 3.13).
  public var up: Law = .weibull(shape: 0.57, scale: 3.02 * 3600)
  /// How long there is none, in seconds. Default Weibull 0.71 with scale 1.38 h (C, likewise).
  public var down: Law = .weibull(shape: 0.71, scale: 1.38 * 3600)
  /// The share of a zone's spot Pods that are taken when its capacity ends. 1 (A; a third to two
  /// thirds of the drops of a fleet of 16 took at least half of it).
  public var share = 1.0
  /// How long after that they end. 2 min (M, E; model card 3.13: two minutes of AWS, 30 s of others).
  public var notice = TimeSpan.minutes(2)
  /// Time between shocks of the whole region, in seconds; nil: there are none.
  public var shockEvery: Law?
  /// How long a zone that a shock hits has no capacity, in seconds. Default exponential, mean 1 h
  /// (A).
  public var shockDown: Law = .exponential(mean: 3600)
  /// The chance that a shock hits a zone. 0.5 (A: availabilities of zones of a region correlate by
  /// 0.25–0.59).
  public var shockShare = 0.5
  /// The defaults above.
  public init() {}
}

/// How spot Pods' price wanders: the logarithm of its factor reverts to a mean.
///
/// Step by step x′ = m + φ (x − m) + σ √(1 − φ²) ε, the factor eˣ kept between two ends: the shape of
/// the prices before 2017 (E, Agmon Ben-Yehuda et al.), and of today's with a small σ.
public struct SpotPriceProcess: Hashable, Sendable {
  /// The median of the price against the list price. 0.3 (A; 0.03–0.3 for Tencent's machines, D).
  public var median = 0.3
  /// The standard deviation of its logarithm. 0.2 (A).
  public var sigma = 0.2
  /// The correlation from step to step. 0.9 (A).
  public var correlation = 0.9
  /// The time between changes. 1 h (A).
  public var step = TimeSpan.hours(1)
  /// The least factor. 0.03 (D, 3–20 % for Tencent's machines, model card 3.13).
  public var least = 0.03
  /// The highest factor. 1: nobody pays more than the list price.
  public var most = 1.0
  /// The defaults above.
  public init() {}
}

/// A recorded market: whether a zone had capacity, what its capacity cost, or how long nodes lived.
public struct RecordedAvailability: Hashable, Sendable {
  /// A price by instance type and zone.
  public struct Series: Hashable, Sendable {
    /// Its name, as the file tells it from others.
    public var name: String
    /// The price over time.
    public var history: PriceHistory
    /// A price from its parts.
    public init(name: String, history: PriceHistory) {
      self.name = name
      self.history = history
    }
  }

  /// The file it was read from.
  public var file = ""
  /// What its numbers count, if it has availabilities. Available instances.
  public var sense = AvailabilitySense.available
  /// The zone it is played in; nil: all.
  public var zone: String?
  /// How far into the history the run begins.
  public var offset = TimeSpan.zero
  /// How long after the end of capacity Pods end. 2 min.
  public var notice = TimeSpan.minutes(2)
  /// What was recorded; it begins anew when it is over.
  public var history = AvailabilityHistory(step: .hours(1), isUp: [true])
  /// Prices that were recorded, the longest series first; empty: the file has none.
  public var prices: [Series] = []
  /// Which of them is played; nil: the first.
  public var series: String?
  /// What the machine costs on demand per hour, in the prices' currency: prices become factors of it.
  public var listPrice: Double?
  /// What is bid per hour: there is capacity while the price is at most that; nil: always.
  public var bid: Double?
  /// How long nodes lived that were taken back, in seconds: each Pod's time until its end is announced
  /// is one of these, each as likely; empty: the file has none.
  public var lifetimes: [Double] = []
  /// Always available.
  public init() {}
}

extension SpotScript {
  /// The script with what chance and records add in a replication: processes in time, whatever uses
  /// the market.
  ///
  /// - Parameters:
  ///   - pool: the pool's name, for its luck.
  ///   - zones: its zones.
  public func drawn(
    pool: String, zones: [String], luck: RandomSource, horizon: TimeSpan
  ) -> SpotScript {
    var script = self
    if let availability {
      for zone in zones {
        let process = ZoneProcess(availability, pool: pool, zone: zone, luck: luck)
        script.close(zone, process.closures(until: horizon), availability)
      }
    }
    for record in recorded {
      var terms = SpotAvailability()
      terms.notice = record.notice
      for zone in zones where record.zone ?? zone == zone {
        script.close(zone, record.closures(until: horizon), terms)
      }
      script.prices += record.changes(until: horizon)
      if !record.lifetimes.isEmpty, script.lifetime == nil {
        script.lifetime = .empirical(sample: record.lifetimes)
        script.lifetimeNotice = record.notice
      }
    }
    if let price {
      script.prices += price.changes(pool: pool, luck: luck, horizon: horizon)
    }
    return script
  }

  /// No capacity in a zone during some stretches: Pods are taken, and none started.
  private mutating func close(
    _ zone: String, _ closures: [(from: TimeSpan, to: TimeSpan)], _ terms: SpotAvailability
  ) {
    for closure in closures {
      var reclaim = Reclaim()
      reclaim.at = closure.from
      reclaim.zone = zone
      reclaim.share = terms.share
      reclaim.notice = terms.notice
      if closure.from > .zero { reclaims.append(reclaim) }
      var refusal = Refusal()
      refusal.from = closure.from
      refusal.to = closure.to
      refusal.zone = zone
      refusals.append(refusal)
    }
  }
}

extension RecordedAvailability {
  /// When there was no capacity, over and over.
  fileprivate func closures(until horizon: TimeSpan) -> [(from: TimeSpan, to: TimeSpan)] {
    let history = bidHistory ?? history
    let length = history.step * history.isUp.count
    guard length > .zero else { return [] }
    var closures: [(from: TimeSpan, to: TimeSpan)] = []
    var lap = TimeSpan.zero - offset
    while lap < horizon {
      for sojourn in history.sojourns where !sojourn.isUp {
        let from = lap + history.step * sojourn.first
        let to = from + history.step * sojourn.steps
        guard to > .zero, from < horizon else { continue }
        if let last = closures.indices.last, closures[last].to == from {
          closures[last].to = to
        } else {
          closures.append((max(.zero, from), to))
        }
      }
      lap += length
    }
    return closures
  }
}

extension RecordedAvailability {
  /// The price that is played; nil if the file has none of that name.
  public var chosen: PriceHistory? {
    (series.map { name in prices.first { $0.name == name } } ?? prices.first)?.history
  }

  /// The steps at which a bid is looked at: minutes, as prices changed at any time.
  private var bidHistory: AvailabilityHistory? {
    bid.flatMap { bid in chosen?.availability(bidding: bid, every: .minutes(1)) }
  }

  /// The factors of the list price over time, over and over.
  fileprivate func changes(until horizon: TimeSpan) -> [SpotScript.Price] {
    guard let chosen, let listPrice, listPrice > 0, let last = chosen.changes.last?.at else {
      return []
    }
    var result: [SpotScript.Price] = []
    // The last price holds as long as those before it did on average.
    let length =
      last
      + max(
        .minutes(1),
        TimeSpan(nanoseconds: last.nanoseconds / Int64(max(1, chosen.changes.count - 1))))
    var lap = TimeSpan.zero - offset
    while lap < horizon {
      for (index, change) in chosen.changes.enumerated() {
        let next = index + 1 < chosen.changes.count ? chosen.changes[index + 1].at : length
        guard lap + next > .zero, lap + change.at < horizon else { continue }
        var price = SpotScript.Price()
        price.at = max(.zero, lap + change.at)
        price.factor = change.price / listPrice
        result.append(price)
      }
      lap += length
    }
    return result
  }
}

extension SpotPriceProcess {
  fileprivate func changes(
    pool: String, luck: RandomSource, horizon: TimeSpan
  ) -> [SpotScript.Price] {
    let stream = luck.stream("spot/price")
    let subject = Subject("ServerlessPool").child(pool).raw
    var deviation = sigma * stream.gaussian(for: subject, number: 0)
    var changes: [SpotScript.Price] = []
    var clock = TimeSpan.zero
    let fresh = sigma * (1 - correlation * correlation).squareRoot()
    while clock < horizon {
      var change = SpotScript.Price()
      change.at = clock
      let factor = median * power(2.718281828459045, deviation)
      // Thousandths, as they are billed.
      change.factor = (min(most, max(least, factor)) * 1000).rounded() / 1000
      changes.append(change)
      deviation =
        correlation * deviation
        + fresh * stream.gaussian(for: subject, number: UInt32(changes.count))
      clock += step
    }
    return changes
  }
}

/// Draws a zone's stretches without capacity.
private struct ZoneProcess {
  let terms: SpotAvailability
  let zone: UInt64
  let region: UInt64
  let luck: RandomSource

  init(_ terms: SpotAvailability, pool: String, zone: String, luck: RandomSource) {
    self.terms = terms
    region = Subject("ServerlessPool").child(pool).raw
    self.zone = Subject(raw: region).child(zone).raw
    self.luck = luck
  }

  /// Stretches of its own and of shocks, put together.
  ///
  /// A run begins in either state by its long-run share, with a fresh stretch.
  func closures(until horizon: TimeSpan) -> [(from: TimeSpan, to: TimeSpan)] {
    let all = (own(until: horizon) + shocks(until: horizon)).sorted { $0.from < $1.from }
    var merged: [(from: TimeSpan, to: TimeSpan)] = []
    for one in all {
      if let last = merged.indices.last, one.from <= merged[last].to {
        merged[last].to = max(merged[last].to, one.to)
      } else {
        merged.append(one)
      }
    }
    return merged
  }

  private func own(until horizon: TimeSpan) -> [(from: TimeSpan, to: TimeSpan)] {
    let up = luck.stream("spot/up")
    let down = luck.stream("spot/down")
    let share = terms.up.mean / (terms.up.mean + terms.down.mean)
    var isUp = luck.stream("spot/first").uniform(for: zone) < share
    var clock = TimeSpan.zero
    var number: UInt32 = 0
    var result: [(from: TimeSpan, to: TimeSpan)] = []
    while clock < horizon {
      let law = isUp ? terms.up : terms.down
      // At least a millisecond, so that every stretch leads on.
      let span = max(
        .milliseconds(1), (isUp ? up : down).drawSpan(law, for: zone, number: number))
      let end = clock + min(span, horizon)
      if !isUp { result.append((clock, end)) }
      clock = end
      if !isUp { number += 1 }
      isUp.toggle()
    }
    return result
  }

  private func shocks(until horizon: TimeSpan) -> [(from: TimeSpan, to: TimeSpan)] {
    guard let every = terms.shockEvery else { return [] }
    let times = luck.stream("spot/shock")
    let hits = luck.stream("spot/shock-hits")
    let lengths = luck.stream("spot/shock-down")
    var clock = TimeSpan.zero
    var number: UInt32 = 0
    var result: [(from: TimeSpan, to: TimeSpan)] = []
    while true {
      clock += max(
        .milliseconds(1),
        min(horizon + .seconds(1), times.drawSpan(every, for: region, number: number)))
      guard clock < horizon else { return result }
      if hits.uniform(for: zone, number: number) < terms.shockShare {
        let span = lengths.drawSpan(terms.shockDown, for: zone, number: number)
        result.append((clock, clock + min(span, horizon)))
      }
      number += 1
    }
  }
}
