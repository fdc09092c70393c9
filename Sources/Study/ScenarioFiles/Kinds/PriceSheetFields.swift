import CloudSimulation
import Infrastructure
import Quantities

extension PriceSheet: ScenarioKind {
  static let kind = "PriceSheet"
  static let shortForm: String? = "prices"
  static func blank(_ name: String) -> PriceSheet { PriceSheet(name: name) }
  static func add(_ object: PriceSheet, to scenario: inout Scenario) { scenario.prices = object }

  private static let list = "QCD, 产品定价.md"

  static let fields = FieldTable<PriceSheet> { table in
    table.isOrdered = true
    addPreset(to: &table)
    table.field(
      "currency", \.currency, .currency, Note("The currency's code.").used(.billing))
    table.field(
      "rates", \.rates, Codec<CurrencyRate>.currencyRate.list,
      Note("What other currencies are worth; prices in them need one."))
    addPods(to: &table)
    addReservations(to: &table)
    table.field(
      "spotFactor", \.spotFactor, .wholeShare,
      Note("What a spot Pod costs against the list price.").graded("D", "QCD, 竞价模式说明.md")
        .used(.spot))
    table.field(
      "v100Hour", \.v100Hour, .listed,
      Note("A card of V100 for an hour.").graded("D", list).used(.cards))
    table.field(
      "t4Hour", \.t4Hour, .listed,
      Note("A card of T4 for an hour.").graded("D", list).used(.cards))
    table.field(
      "cacheHour", \.cacheHour, .money,
      Note("Mounting an image snapshot, per hour while the cache is on.")
        .graded("A", "it is billed as a disk, which differs by size").range("0", "0.1")
        .used(.billing))
    table.field(
      "clusterLevel", \.clusterLevel, Codec<ClusterLevel>.choice.optional(written: "none"),
      Note("The level of the managed cluster, whose fee is paid; none: no fee.")
        .graded("S", "gocrane/fadvisor, doc 457/68803"))
  }

  private static func addPreset(to table: inout FieldTable<PriceSheet>) {
    let names = PublishedSheet.names
    table.custom("preset", .choice(names), Note("Whose published prices it has.")) {
      value, sheet, reader in
      guard let text = reader.scalar(value, expected: "a preset") else { return }
      guard let preset = PublishedSheet.named(text) else {
        reader.error(
          at: value.place, "wrong-value", "unknown preset \"\(text)\"",
          expected: "one of \(names.joined(separator: ", "))",
          suggestion: nearest(to: text, among: names), width: text.count)
        return
      }
      let name = sheet.name
      sheet = preset.sheet
      sheet.name = name
    }
  }

  private static func addPods(to table: inout FieldTable<PriceSheet>) {
    table.field(
      "coreSecond", \.coreSecond, .listed,
      Note("A core for a second.").graded("D", list).used(.billing))
    table.field(
      "gibSecond", \.gibSecond, .listed,
      Note("A GiB for a second.").graded("D", list).used(.billing))
    table.field(
      "amdCoreSecond", \.amdCoreSecond, .listed,
      Note("A core of AMD for a second.").graded("D", list).used(.billing))
    table.field(
      "amdGibSecond", \.amdGibSecond, .listed,
      Note("A GiB beside AMD for a second.").graded("D", list).used(.billing))
    table.field(
      "coreHour", \.coreHour, Codec<Money>.money.optional(written: nil),
      Note("A core for an hour, in place of the prices per second."))
    table.field(
      "gibHour", \.gibHour, Codec<Money>.money.optional(written: nil),
      Note("A GiB for an hour, in place of the prices per second."))
    table.field(
      "minimum", \.minimum, .duration,
      Note("The least time that a Pod which has ended is billed for.").graded("D", list)
        .used(.billing))
    table.field(
      "step", \.step, .lastingDuration,
      Note("What billed time is rounded up to.").graded("D", list).used(.billing))
    table.field(
      "coreLadder", \.coreLadder, Codec<Int64>.cores.list,
      Note("Core sizes on sale, ascending.").graded("D", "docs 457/74015, 457/39808")
        .used(.billing))
    table.field(
      "sizes", \.sizes, Codec<PodSize>.podSize.list,
      Note("The memory that is sold beside core sizes; for others 2 to 8 GiB a core.")
        .graded("D", "docs 457/74015, 457/39808"))
    table.field(
      "addedMemory", \.addedMemory, .bytes,
      Note("Memory that the provider adds to a Pod's request for its own agents.")
        .graded("D", list).used(.billing))
    table.field(
      "freeDisk", \.freeDisk, .bytes,
      Note("Ephemeral storage that a serverless Pod has without charge.").graded("D", list)
        .used(.billing))
    table.field(
      "diskGibHour", \.diskGibHour, .money,
      Note("A GiB of ephemeral storage beyond that for an hour.")
        .graded("A", "0.35 CNY per GiB and month of cloud disk").range("0.0003", "0.0015")
        .used(.disks))
  }

  private static func addReservations(to table: inout FieldTable<PriceSheet>) {
    table.field(
      "reserved", \.reserved, Codec<Reservation>.reservation.list,
      Note("Cores and memory paid for by the month, used before anything is bought on demand."))
    table.field(
      "reservedCoreMonth", \.reservedCoreMonth, .listed,
      Note("A reserved core for a month of 30 days, before the term's factor.")
        .graded("D", list).used(.reservations))
    table.field(
      "reservedGibMonth", \.reservedGibMonth, .listed,
      Note("A GiB beside it.").graded("D", list).used(.reservations))
    table.field(
      "reservedAmdCoreMonth", \.reservedAmdCoreMonth, .listed,
      Note("A reserved core of AMD for a month.").graded("D", list).used(.reservations))
    table.field(
      "reservedAmdGibMonth", \.reservedAmdGibMonth, .listed,
      Note("A GiB beside it.").graded("D", list).used(.reservations))
  }
}

extension Codec where Value == Reservation {
  /// Cores, memory, processors and term.
  static let reservation = Codec.object(
    FieldTable<Reservation> { table in
      table.field("cores", \.millicores, .cores, Note("How many cores.").required)
      table.field("gib", \.gib, .integer(to: 10_000_000), Note("How many GiB.").required)
      table.field("cpuType", \.cpuType, .choice, Note("Of which processors."))
      table.field("term", \.term, .choice, Note("For how long it was bought."))
    }
  ) { Reservation() }
}

extension PodSize {
  /// The memory beside it, in bytes.
  fileprivate var memory: [Int64] {
    get { halfGiB.map { $0 << 29 } }
    set { halfGiB = newValue.map { ($0 + (1 << 29) - 1) >> 29 } }
  }
}

extension Codec where Value == PodSize {
  /// Cores, and the memory sold beside them.
  static let podSize = Codec.object(
    FieldTable<PodSize> { table in
      table.field("cores", \.millicores, .cores, Note("How many cores.").required)
      table.field(
        "memory", \.memory, Codec<Int64>.bytes.list,
        Note("Memory on sale beside them, ascending, in steps of 512Mi.").required)
    }
  ) { PodSize(0, halfGiB: []) }
}

extension Codec where Value == Money? {
  /// A price, or none where the list doesn't have it.
  static let listed = Codec<Money>.money.optional(written: "none")
}

extension Codec where Value == CurrencyRate {
  /// Currency, rate and date.
  static let currencyRate = Codec.object(
    FieldTable<CurrencyRate> { table in
      table.field("currency", \.currency, .currency, Note("The other currency.").required)
      table.field(
        "rate", \.rate, .money,
        Note("How many units of the sheet's currency one of it is.").required)
      table.field("date", \.date, .day, Note("The day that the rate is of.").required)
    }
  ) { CurrencyRate(currency: "", rate: .zero, date: "") }
}

extension Codec where Value == String {
  /// A currency's code.
  static let currency = Codec.scalar(
    "currency", expected: "a currency's code of three letters, such as CNY",
    parse: { text throws(ScalarError) in
      guard text.count == 3, text.allSatisfy({ ("A"..."Z").contains($0) }) else {
        throw ScalarError(code: "wrong-value", message: "\"\(text)\" is no currency")
      }
      return text
    }, encode: { $0 })

  /// A day of the calendar.
  static let day = Codec.scalar(
    "date", expected: "a day, such as 2026-11-10",
    parse: { text throws(ScalarError) in
      guard text.count == 10, ScenarioFiles.timestamp("\(text)T00:00:00Z") != nil else {
        throw ScalarError(code: "wrong-value", message: "\"\(text)\" is no day")
      }
      return text
    }, encode: { $0.isEmpty ? nil : $0 })
}

extension Ownership {
  static let fields = FieldTable<Ownership> { table in
    let card = "chosen after the example of a machine of 64 cores"
    table.field(
      "price", \.price, .price,
      Note("What a machine is bought for.").graded("A", card).range("40000 CNY", "80000 CNY")
        .used(.ownership))
    table.field(
      "cores", \.cores, .integer(from: 1, to: 100_000), Note("A machine's cores.").used(.ownership))
    table.field(
      "life", \.life, .lastingDuration,
      Note("How long it is in use.").graded("A", card).range("26280h", "52560h")
        .used(.ownership))
    table.field(
      "residual", \.residual, .wholeShare,
      Note("What it is still worth then, as a share of its price.").graded("A", card)
        .range("0", "0.2").used(.ownership))
    table.field(
      "watts", \.watts, .integer(to: 1_000_000, unit: "W"),
      Note("What it draws.").graded("A", card).range("400", "600").used(.ownership))
    table.field(
      "pue", \.pue, .number(from: 1),
      Note("What the data centre draws for every watt of it.").graded("A", card)
        .range("1.3", "1.6").used(.ownership))
    table.field(
      "electricity", \.electricity, .price,
      Note("A kilowatt-hour.").graded("A", card).range("0.6 CNY", "0.8 CNY").used(.ownership))
    table.field(
      "rack", \.rack, .price,
      Note("Its share of a rack for a month of 30 days.").graded("A", card)
        .range("330 CNY", "600 CNY").used(.ownership))
    table.field(
      "staff", \.staff, .price,
      Note("Its share of the staff for a month.").graded("A", card).range("100 CNY", "1000 CNY")
        .used(.ownership))
  }
}

extension Codec where Value == Int64 {
  /// An amount of data, in bytes.
  static let bytes = Codec.scalar(
    "quantity", json: ["string", "number"], unit: "bytes",
    expected: "an amount of data, such as 20Gi",
    parse: { text throws(ScalarError) in
      let quantity = try ScalarError.translating { () throws(QuantityError) in
        try Quantity.parse(text)
      }
      guard quantity.nanos >= 0, quantity.nanos <= Int128(Int64.max) * 1_000_000_000 else {
        throw ScalarError(code: "out-of-range", message: "\"\(text)\" is out of range")
      }
      return Int64((quantity.nanos + 999_999_999) / 1_000_000_000)
    }, encode: { Quantity($0).description })

  /// Cores, in thousandths.
  static let cores = Codec.scalar(
    "quantity", json: ["string", "number"], unit: "cores", expected: "cores, such as 2 or 250m",
    parse: { text throws(ScalarError) in
      let cores = try ScalarError.translating { () throws(QuantityError) in try CPU.parse(text) }
      guard cores.millicores > 0 else {
        throw ScalarError(code: "negative", message: "\"\(text)\" is no amount of cores")
      }
      return cores.millicores
    }, encode: { CPU(millicores: $0).formatted })
}
