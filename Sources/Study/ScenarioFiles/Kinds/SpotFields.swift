import CloudSimulation
import Foundation
import Infrastructure
import Probability
import Quantities
import Workloads

extension WorkloadProfile {
  /// The checkpoints; they begin when something is read into them.
  var orNoCheckpoint: Checkpointing {
    get { checkpoint ?? Checkpointing() }
    set { checkpoint = newValue }
  }
}

extension Checkpointing {
  static let fields = FieldTable<Checkpointing> { table in
    table.field("every", \.every, .lastingDuration, Note("Work between checkpoints."))
    table.field(
      "cost", \.cost, .duration,
      Note("How long writing one takes.").graded("A", "chosen").range("1s", "5m").used(.jobs))
    table.field(
      "restart", \.restart, .duration,
      Note("How long a Pod that isn't the first in its place takes to read the last one.")
        .graded("A", "chosen").range("1s", "5m").used(.jobs))
  }
}

extension SpotScript {
  /// The availability; it begins when something is read into it.
  var orNoAvailability: SpotAvailability {
    get { availability ?? SpotAvailability() }
    set { availability = newValue }
  }

  /// The price process, likewise.
  var orNoPrice: SpotPriceProcess {
    get { price ?? SpotPriceProcess() }
    set { price = newValue }
  }
}

extension SpotAvailability {
  static let fields = FieldTable<SpotAvailability> { table in
    let fitted = "45 days of V100 in us-east-2a, card 3.13"
    table.field(
      "up", \.up, .durationLaw,
      Note("How long a zone has capacity.").graded("C", fitted).used(.spot))
    table.field(
      "down", \.down, .durationLaw,
      Note("How long it has none.").graded("C", fitted).used(.spot))
    table.field(
      "share", \.share, .wholeShare,
      Note("The share of a zone's spot Pods that are taken when its capacity ends.")
        .graded("A", "chosen").range("0.3", "1").used(.spot))
    table.field(
      "notice", \.notice, .duration,
      Note("How long after that they end.").graded("M", "two minutes of AWS, 30 s of others")
        .used(.spot))
    table.field(
      "shockEvery", \.shockEvery, Codec<Law>.durationLaw.optional(written: "never"),
      Note("Time between shocks that hit several zones at once; never: there are none."))
    table.field(
      "shockDown", \.shockDown, .durationLaw,
      Note("How long a zone that a shock hits has no capacity.").graded("A", "chosen")
        .range("10m", "6h").used(.spot))
    table.field(
      "shockShare", \.shockShare, .wholeShare,
      Note("The chance that a shock hits a zone.")
        .graded("A", "zones of a region correlate by 0.25 to 0.59").range("0.25", "1")
        .used(.spot))
  }
}

extension SpotPriceProcess {
  static let fields = FieldTable<SpotPriceProcess> { table in
    table.field(
      "median", \.median, .number(),
      Note("The median of the price against the list price.").graded("A", "chosen")
        .range("0.03", "0.5").used(.spot))
    table.field(
      "sigma", \.sigma, .number(),
      Note("The standard deviation of its logarithm.").graded("A", "chosen").range("0", "1")
        .used(.spot))
    table.field(
      "correlation", \.correlation, .wholeShare,
      Note("The correlation of its logarithm from step to step.").graded("A", "chosen")
        .range("0.5", "0.99").used(.spot))
    table.field(
      "step", \.step, .lastingDuration,
      Note("The time between changes.").graded("A", "chosen").range("5m", "6h").used(.spot))
    table.field(
      "least", \.least, .number(),
      Note("The least price against the list price.").graded("D", "docs 213/17816, 15373")
        .used(.spot))
    table.field(
      "most", \.most, .number(), Note("The highest price against the list price.").used(.spot))
  }
}

extension Codec where Value == RecordedAvailability {
  /// `file`, and how it is played.
  static let recorded = Codec.object(
    FieldTable<RecordedAvailability> { table in
      table.isOrdered = true
      table.field(
        "sense", \.sense, .choice,
        Note(
          "What the numbers of recorded availabilities count: available instances, as their "
            + "description has it, or missing ones, as the simulator of the same authors reads them."
        ).graded("S", "skypilot-org/spot-traces: README, issue 1"))
      table.custom(
        "file", .scalar(name: "path", json: ["string"], unit: ""),
        Note(
          "A recorded market, relative to this file: availabilities (SkyPilot's JSON), prices (AWS's "
            + "JSON or CSV) or nodes that came and went (Bamboo's CSV)."
        ).required
      ) { value, record, reader in
        guard let path = reader.scalar(value, expected: "a path") else { return }
        record.read(path, at: value.place, &reader)
      }
      table.field(
        "zone", \.zone, Codec<String>.name.optional(written: nil),
        Note("The zone it is played in; otherwise all."))
      table.field("offset", \.offset, .duration, Note("How far into it the run begins."))
      table.field(
        "notice", \.notice, .duration, Note("How long after the end of capacity Pods end."))
      table.field(
        "series", \.series, Codec<String>.text.optional(written: nil),
        Note("Of several prices the one of this instance type and zone; otherwise the longest."))
      table.field(
        "listPrice", \.listPrice, Codec<Double>.number().optional(written: nil),
        Note("What the machine costs on demand per hour, in the recording's currency."))
      table.field(
        "bid", \.bid, Codec<Double>.number().optional(written: nil),
        Note("What is bid per hour: there is capacity while the price is at most that."))
    }
  ) { RecordedAvailability() }
}

extension RecordedAvailability {
  fileprivate mutating func read(_ path: String, at place: Place, _ reader: inout Reader) {
    file = path
    let full = reader.sources.path(path, namedAt: place)
    guard let data = FileManager.default.contents(atPath: full) else {
      reader.error(
        at: place, "unreadable-file", "\"\(full)\" can't be read",
        expected: "a file of availabilities, relative to this one", width: path.count)
      return
    }
    do {
      let recorded = try SpotHistoryFile(Array(data), called: full, sense: sense)
      reader.diagnostics += recorded.warnings
      switch recorded.content {
      case .availability(let history): self.history = history
      case .prices(let all): prices = all.map { Series(name: $0.name, history: $0.history) }
      case .lifetimes(let history):
        lifetimes = history.lifetimes.filter(\.hasEnded).map(\.lasted.seconds)
        if lifetimes.isEmpty {
          reader.error(
            at: place, "wrong-value", "no node in \"\(path)\" was taken back",
            expected: "rows such as 3600000,remove,node1", width: path.count)
        }
      }
    } catch {
      reader.diagnostics += error.diagnostics
    }
  }
}
