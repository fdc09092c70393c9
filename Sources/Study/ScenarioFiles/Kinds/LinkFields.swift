import CloudSimulation
import Infrastructure
import Probability
import Quantities

extension Link: ScenarioKind {
  static let kind = "Link"
  static let shortForm: String? = "links"
  static func blank(_ name: String) -> Link { Link(name: name, between: []) }
  static func add(_ object: Link, to scenario: inout Scenario) { scenario.links.append(object) }

  static let fields = FieldTable<Link> { table in
    addKind(to: &table)
    table.field(
      "between", \.between, Codec<String>.name.list, Note("The two sites it joins.").required)
    table.field(
      "bandwidth", \.bandwidth, .bandwidth,
      Note("What each of its lines carries; all that crosses it shares it.")
        .graded("E", "a common dedicated line").limits(.rate, .image).used(.link))
    table.field(
      "lines", \.lines, .integer(from: 1, to: 16),
      Note("Lines that share the traffic, each of which fails by itself.").used(.link))
    table.field(
      "overhead", \.overhead, .share,
      Note("The share of the bandwidth that encapsulation takes.")
        .graded("E", "8 % by IPsec, ijsmt 2026; less than 10 % by an overlay (D)").used(.link))
    table.field(
      "rtt", \.roundTrip, .durationLaw,
      Note("Round-trip time with its jitter, added to every pull, report and request across it.")
        .graded("E", "1 to 3 ms in one metropolitan area, ijsmt 2026").used(.link))
    table.part(
      "loss", \.loss, PacketLoss.fields,
      Note("How packets get lost, which slows every connection down."))
    table.field(
      "up", \.up, Codec<Law>.durationLaw.optional(written: "never"),
      Note("How long each of its lines works; never: it doesn't fail by chance.")
        .graded("M", "99.9 % of the time for one line, 99.95 to 99.99 % for two")
        .used(.failures))
    table.field(
      "down", \.down, .durationLaw,
      Note("How long a line stays failed.").graded("A", "chosen").range("5m", "8h")
        .used(.failures))
    table.field(
      "traffic", \.traffic, Codec<CrossTraffic>.crossTraffic.list,
      Note("Traffic of others across it, such as a backup's, from its first site to its second."))
    table.field(
      "rent", \.rent, Codec<Price>.price.optional(written: nil),
      Note("What is paid for having it, such as 3000 CNY/d; otherwise nothing."))
    table.field(
      "gibPrice", \.gibPrice, Codec<Price>.price.optional(written: nil),
      Note("What is paid for every GiB that it carries, such as 0.5 CNY; otherwise nothing."))
    table.field(
      "metered", \.metered, Codec<String>.name.optional(written: nil),
      Note("The site whose bytes out are paid for, as clouds bill egress; otherwise either way."))
    table.field(
      "outages", \.outages, Codec<Outage>.outage.list,
      Note("When it carries nothing: image pulls across it stand still, requests aren't answered."))
  }

  private static func addKind(to table: inout FieldTable<Link>) {
    let words = LinkKind.allCases.map(\.rawValue)
    table.custom(
      "kind", .choice(words), Note("What it is made of; decides the other defaults."),
      text: { $0.medium.rawValue }
    ) { value, link, reader in
      guard let kind = Codec<LinkKind>.choice.decode(value, &reader) else { return }
      link = Link(name: link.name, between: link.between, kind: kind)
    }
  }
}

extension PacketLoss {
  static let fields = FieldTable<PacketLoss> { table in
    table.field(
      "usual", \.usual, .share,
      Note("The share of packets lost usually.")
        .graded("A", "10⁻⁵ to 10⁻⁴ on dedicated lines").range("0.00001", "0.0001").used(.link))
    table.field(
      "burst", \.burst, .share,
      Note("The share lost while there is a burst of loss.").graded("A", "up to 5 %")
        .range("0.01", "0.1").used(.lossBursts))
    table.field(
      "every", \.every, Codec<TimeSpan>.lastingDuration.optional(written: "never"),
      Note("The mean time between bursts; never: there are none."))
    table.field(
      "lasting", \.lasting, .lastingDuration,
      Note("How long a burst lasts on average.").graded("A", "chosen").range("500ms", "10s")
        .used(.lossBursts))
  }
}

extension Codec where Value == CrossTraffic {
  /// `rate`, `connections`, `from` and `until`.
  static let crossTraffic = Codec.object(
    FieldTable<CrossTraffic> { table in
      table.field(
        "rate", \.rate, .bandwidth, Note("What it carries at most.").required)
      table.field(
        "connections", \.connections, .integer(from: 1, to: 10_000),
        Note("Over how many connections, each of which gets no more than another transfer."))
      table.field("from", \.from, .duration, Note("From when."))
      table.field(
        "until", \.until, Codec<TimeSpan>.duration.optional(written: nil),
        Note("Until when; otherwise to the end."))
    }
  ) { CrossTraffic() }
}
