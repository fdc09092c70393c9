import CloudSimulation
import ClusterModel
import Infrastructure
import Quantities

extension Checks {
  /// Prices in a currency other than the sheet's that no rate converts, and sheets that can't be
  /// meant so.
  mutating func checkMoney(_ scenario: Scenario) {
    checkSheet()
    checkPodPrices(scenario.prices)
    for (document, site) in world.all(Site.self) {
      let machine = site.machine
      if let ownership = machine.ownership {
        let parts = ["price", "electricity", "rack", "staff"]
        for (part, currency) in zip(parts, ownership.currencies) {
          convertible(
            currency, at: ["spec", "machine", "ownership", part], in: document, scenario)
        }
        if ownership.price.period != nil {
          report(
            at: ["spec", "machine", "ownership", "price"], in: document, "wrong-unit",
            "\(ownership.price) is a price for some time", expected: "what a machine is bought for")
        }
      } else if hasOwnMachines(site, scenario) {
        convertible(
          machine.corePrice.currency, at: ["spec", "machine", "corePrice"], in: document, scenario)
      }
      if machine.ownership == nil, machine.corePrice.period == nil {
        report(
          at: ["spec", "machine", "corePrice"], in: document, "missing-unit",
          "\(machine.corePrice) isn't said to be for any time",
          expected: "a price for some time, such as 0.055 CNY/h")
      }
    }
    for (document, pool) in world.all(NodePool.self) {
      if let price = pool.autoscaling?.price {
        convertible(price.currency, at: ["spec", "autoscaling", "price"], in: document, scenario)
      } else if let price = pool.instance?.price {
        convertible(price.currency, at: ["spec", "instanceType"], in: document, scenario)
      }
    }
    for (document, link) in world.all(Link.self) {
      checkMetering(of: link, document)
      for (key, price) in [("rent", link.rent), ("gibPrice", link.gibPrice)] {
        guard let price else { continue }
        convertible(price.currency, at: ["spec", key], in: document, scenario)
        if (price.period == nil) == (key == "rent") {
          report(
            at: ["spec", key], in: document, key == "rent" ? "missing-unit" : "wrong-unit",
            "\(price) is \(key == "rent" ? "not said to be for any time" : "for some time")",
            expected: key == "rent"
              ? "a price for some time, such as 3000 CNY/d" : "a price per GiB, such as 0.5 CNY")
        }
      }
    }
    for (document, claim) in world.all(Claim.self) where claim.metric.isMoney {
      for key in ["above", "below"] {
        guard let text = document.tree.value(along: ["spec", key])?.text,
          let price = try? Price.parse(text), price.currency != scenario.prices.currency
        else { continue }
        report(
          at: ["spec", key], in: document, "mixed-currencies",
          "the claim is in \(price.currency), the bill in \(scenario.prices.currency)",
          expected: "an amount in \(scenario.prices.currency)")
      }
    }
    checkRecordedPrices()
    if scenario.prices.clusterLevel != nil, let sheet = world.all(PriceSheet.self).first {
      convertible(
        ClusterLevel.l5.fee.currency, at: ["spec", "clusterLevel"], in: sheet.0, scenario)
    }
  }

  /// Egress is that of one of the ends.
  private mutating func checkMetering(of link: Link, _ document: Document) {
    guard let site = link.metered, !link.between.contains(site) else { return }
    report(
      at: ["spec", "metered"], in: document, "dangling-reference",
      "\"\(site)\" is at neither end of the link",
      expected: "one of \(link.between.joined(separator: ", "))",
      suggestion: nearest(to: site, among: link.between))
  }

  /// Recorded prices that nothing says what to compare with, or of which there is none of that name.
  private mutating func checkRecordedPrices() {
    for (document, pool) in world.all(ServerlessPool.self) {
      let priced = pool.spot.recorded.indices.filter { !pool.spot.recorded[$0].prices.isEmpty }
      for index in priced.dropFirst() {
        report(
          at: ["spec", "spot", "recorded", "[\(index)]", "file"], in: document, "contradiction",
          "a second recording of prices, and a pool has one spot price",
          expected: "one recording of prices for each ServerlessPool")
      }
      for (index, record) in pool.spot.recorded.enumerated() {
        let keys = ["spec", "spot", "recorded", "[\(index)]"]
        if record.prices.isEmpty, let key = record.pricesKey {
          report(
            at: keys + [key], in: document, "wrong-value",
            "\"\(record.file)\" records no prices", expected: "no \(key), or a file of prices")
        } else if !record.prices.isEmpty, record.chosen == nil, let series = record.series {
          let names = record.prices.map(\.name)
          report(
            at: keys + ["series"], in: document, "wrong-value",
            "\"\(record.file)\" has no prices of \"\(series)\"",
            expected: "one of \(names.prefix(12).joined(separator: ", "))",
            suggestion: nearest(to: series, among: names))
        } else if !record.prices.isEmpty, record.listPrice == nil {
          report(
            at: keys + ["file"], in: document, "wrong-value",
            "recorded prices without the price on demand that they are compared with",
            expected: "listPrice: what the machine costs on demand per hour, above 0")
        }
      }
    }
  }

  /// Serverless Pods and reservations that the sheet has no price for.
  private mutating func checkPodPrices(_ sheet: PriceSheet) {
    for (document, pool) in world.all(ServerlessPool.self) {
      let missing = sheet.unpriced(for: pool.cpuType)
      guard !missing.isEmpty else { continue }
      report(
        at: ["spec", "cpuType"], in: document, "missing-price",
        "\(sheet.name) has no \(missing.joined(separator: " and ")), which Pods on "
          + "\(pool.cpuType.rawValue) processors are billed by",
        expected: missing.map { "PriceSheet:spec.\($0)" }.joined(separator: " and ")
          + ", or a preset that has them, such as aws-fargate")
    }
    for (document, own) in world.all(PriceSheet.self) {
      for (index, reserved) in own.reserved.enumerated()
      where own.reservedMonth(of: reserved.cpuType) == nil {
        let amd = reserved.cpuType == .amd ? "Amd" : ""
        report(
          at: ["spec", "reserved", "[\(index)]"], in: document, "missing-price",
          "\(own.name) has no price for what is reserved of \(reserved.cpuType.rawValue)",
          expected: "reserved\(amd)CoreMonth and reserved\(amd)GibMonth beside it")
      }
    }
  }

  private func hasOwnMachines(_ site: Site, _ scenario: Scenario) -> Bool {
    let isFirst = scenario.sites.first?.name == site.name
    let isOwned = scenario.nodePools.contains { pool in
      (pool.site ?? scenario.sites.first?.name) == site.name
        && pool.instance == nil && pool.autoscaling?.price == nil
    }
    return isOwned
      || (isFirst || site.nodes != nil) && !scenario.cluster.nodes.isEmpty
  }

  private mutating func checkSheet() {
    for (document, sheet) in world.all(PriceSheet.self) {
      let ladder = sheet.coreLadder
      if ladder.isEmpty || zip(ladder, ladder.dropFirst()).contains(where: { $0 >= $1 }) {
        report(
          at: ["spec", "coreLadder"], in: document, "wrong-value", "core sizes must ascend",
          expected: "at least one size, each larger than the one before")
      }
      for (index, rate) in sheet.rates.enumerated() where rate.rate == .zero {
        report(
          at: ["spec", "rates", "[\(index)]", "rate"], in: document, "out-of-range",
          "a unit of \(rate.currency) would be worth nothing", expected: "a number above 0")
      }
    }
  }

  /// Reports a price's currency that the sheet can't convert.
  private mutating func convertible(
    _ currency: String, at keys: [String], in document: Document, _ scenario: Scenario
  ) {
    let sheet = scenario.prices
    guard sheet.converted(.zero, from: currency) == nil else { return }
    report(
      at: keys, in: document, "mixed-currencies",
      "a price in \(currency) on a bill in \(sheet.currency), without a rate",
      expected: "a price in \(sheet.currency), or PriceSheet:spec.rates with an entry such as "
        + "{currency: \(currency), rate: 1.0, date: 2026-11-10}")
  }
}

extension RecordedAvailability {
  /// The first key that only prices have a use for; nil if none is written.
  fileprivate var pricesKey: String? {
    series != nil ? "series" : listPrice != nil ? "listPrice" : bid != nil ? "bid" : nil
  }
}
