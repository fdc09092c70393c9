import Autoscaling
import CloudSimulation
import Infrastructure
import Probability
import Quantities

extension BurstParameters {
  static let fields = FieldTable<BurstParameters> { table in
    table.field(
      "policy", \.policy, .policy,
      Note(
        "The policy of workloads without an annotation \(BurstConfiguration.policyKey) and without "
          + "TKE's own."))
    table.field(
      "localReplicas", \.localReplicas, .integer(to: 1_000_000),
      Note("keepLocal: how many Pods of a workload stay on own nodes."))
    table.field(
      "share", \.share, .wholeShare, Note("weighted: the share of Pods meant for the cloud."))
    table.field(
      "spotBase", \.spotBase, .integer(to: 1_000_000),
      Note("spotAware: how many Pods of a workload never are spot."))
    table.field(
      "spotShare", \.spotShare, .wholeShare,
      Note("spotAware: the share of the others that is spot."))
    table.field(
      "spotTypes", \.spotTypes, Codec<ServerlessPool.CPUType>.choice.list,
      Note("spotAware: the makes of processor to be spread over; otherwise the pool's own."))
    table.field(
      "spotHighestFactor", \.spotHighestFactor, .number(),
      Note("spotAware: the highest price against the list price at which spot is taken."))
    table.field(
      "fallbackAfter", \.fallbackAfter, Codec<TimeSpan>.lastingDuration.optional(written: "never"),
      Note("How long a Pod bound to a virtual node may take to run before own nodes replace it."))
    table.field(
      "fallbackHold", \.fallbackHold, .lastingDuration,
      Note("How long after that new Pods stay on own nodes.").graded("A", "chosen")
        .range("1m", "30m").used(.fallback))
    table.part(
      "deadline", \.orNoDeadline, DeadlineConfiguration.fields,
      Note("How Jobs of one Pod that have to be done by a time use spot capacity."),
      isPresent: { $0.deadline != nil })
  }

  /// The terms; they begin when something is read into them.
  fileprivate var orNoDeadline: DeadlineConfiguration {
    get { deadline ?? DeadlineConfiguration() }
    set { deadline = newValue }
  }
}

extension DeadlineConfiguration {
  static let fields = FieldTable<DeadlineConfiguration> { table in
    table.field(
      "policy", \.policy, .choice, Note("When a Job works on spot, on demand, or waits."))
    table.field(
      "within", \.within, .lastingDuration,
      Note("How long after it is asked for a Job has to be done.").graded("A", "chosen")
        .range("20h", "72h").used(.fallback))
    table.field(
      "work", \.work, .lastingDuration,
      Note("How long a Job works undisturbed, checkpoints included, as its owner estimates it.")
        .graded("A", "chosen").range("15h", "20h").used(.fallback))
    table.field(
      "changeover", \.changeover, .lastingDuration,
      Note("How long it takes at most from the order of a machine until the Job works on it.")
        .graded("A", "chosen").range("1m", "15m").used(.fallback))
    table.field(
      "tick", \.tick, .lastingDuration,
      Note("The time between looks.").graded("A", "chosen").range("30s", "10m").used(.fallback))
    table.field(
      "hysteresis", \.hysteresis, .integer(to: 1000),
      Note("How many changeovers ahead of an even spread work on demand must be before it stops.")
        .graded("M", "Can't Be Late, NSDI 2024").range("0", "20").used(.fallback))
  }
}

extension Codec where Value == BurstPolicyName {
  /// A policy's name; whether there is one of it is known when all is read.
  static let policy: Codec = {
    let names = BurstPolicies.builtIn.names.map(\.rawValue)
    var codec = Codec.scalar(
      "word", expected: "one of \(names.joined(separator: ", "))",
      parse: { text throws(ScalarError) in BurstPolicyName(rawValue: text) },
      encode: { $0.rawValue })
    codec.shape = .choice(names)
    return codec
  }()
}

extension Codec where Value == Double {
  /// A part of a whole, ends included.
  static let wholeShare = Codec.scalar(
    "share", json: ["number", "string"],
    expected: "a number from 0 to 1, or a percentage, such as 0.3 or 30%",
    parse: { text throws(ScalarError) in
      let share = try ScalarError.translating { () throws(QuantityError) in try Share.parse(text) }
      guard share.fraction >= 0, share.fraction <= 1 else {
        throw ScalarError(code: "out-of-range", message: "\"\(text)\" is no part of a whole")
      }
      return share.fraction
    },
    encode: { plain($0) }, between: { $0 + ($1 - $0) * $2 })
}

extension Codec where Value == Outage {
  /// `from` and `to`.
  static let outage = Codec.object(
    FieldTable<Outage> { table in
      table.field("from", \.from, .duration, Note("When it begins.").required)
      table.field("to", \.to, .duration, Note("When it is over.").required)
    }
  ) { Outage(from: .zero, to: .zero) }
}

extension SpotScript {
  static let fields = FieldTable<SpotScript> { table in
    table.field("reclaims", \.reclaims, reclaim.list, Note("When spot Pods are taken back."))
    table.field("refusals", \.refusals, refusal.list, Note("When spot Pods aren't started."))
    table.field("prices", \.prices, priceChange.list, Note("How the price changes."))
    table.part(
      "availability", \.orNoAvailability, SpotAvailability.fields,
      Note("When chance leaves zones without capacity; otherwise never."),
      isPresent: { $0.availability != nil })
    table.field(
      "recorded", \.recorded, Codec<RecordedAvailability>.recorded.list,
      Note("Recorded availabilities that are played again."))
    table.part(
      "price", \.orNoPrice, SpotPriceProcess.fields,
      Note("How chance moves the price; otherwise not at all."),
      isPresent: { $0.price != nil })
    table.field(
      "lifetime", \.lifetime, Codec<Law>.durationLaw.optional(written: "endless"),
      Note("How long after its start a spot Pod is announced to be taken back, each for itself."))
    table.field(
      "lifetimeNotice", \.lifetimeNotice, .duration,
      Note("How long after that announcement it ends."))
  }

  private static let zone = Codec<String>.name.optional(written: nil)
  private static let type = Codec<ServerlessPool.CPUType>.choice.optional(written: nil)

  private static let reclaim = Codec<Reclaim>.object(
    FieldTable<Reclaim> { table in
      table.field("at", \.at, .duration, Note("When it is announced.").required)
      table.field("zone", \.zone, zone, Note("The zone; otherwise all."))
      table.field("type", \.type, type, Note("The make of processor; otherwise all."))
      table.field("share", \.share, .wholeShare, Note("The share of the Pods there."))
      table.field("notice", \.notice, .duration, Note("How long after that they end."))
    }
  ) { Reclaim() }

  private static let refusal = Codec<Refusal>.object(
    FieldTable<Refusal> { table in
      table.field("from", \.from, .duration, Note("When it begins.").required)
      table.field("to", \.to, .duration, Note("When it is over.").required)
      table.field("zone", \.zone, zone, Note("The zone; otherwise all."))
      table.field("type", \.type, type, Note("The make of processor; otherwise all."))
    }
  ) { Refusal() }

  private static let priceChange = Codec<Price>.object(
    FieldTable<Price> { table in
      table.field("at", \.at, .duration, Note("When.").required)
      table.field("factor", \.factor, .number(), Note("Against the list price.").required)
    }
  ) { Price() }
}
