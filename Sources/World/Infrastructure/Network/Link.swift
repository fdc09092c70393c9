import Probability
import Quantities

/// Traffic of others across a link, at a rate of its own, from the first of its sites to the second.
public struct CrossTraffic: Hashable, Sendable {
  /// What it carries at most; where the link is full, each of its connections gets no more than
  /// any other transfer.
  public var rate = Bandwidth(bitsPerSecond: 1_000_000_000)
  /// Over how many connections. Default 1.
  public var connections = 1
  /// From when. Default the start.
  public var from = TimeSpan.zero
  /// Until when; nil: to the end.
  public var until: TimeSpan?
  /// 1 Gbit/s by one connection all the time.
  public init() {}
}

/// How packets get lost on a link: a chain of two states, each with a loss of its own.
///
/// > Source: Gilbert (1960) and Elliott (1963), in continuous time: stays in a state are
/// > exponential. Within a state connections go as fast as its loss lets them, so a stay must be
/// > long against a round trip.
public struct PacketLoss: Hashable, Sendable {
  /// The share of packets lost usually. Default 10⁻⁵ (A, 10⁻⁵–10⁻⁴ on dedicated lines, model
  /// card 1.5).
  public var usual = 0.00001
  /// The share lost while there is a burst of loss. Default 5 % (A, model card 1.5: up to 5 %).
  public var burst = 0.05
  /// The mean time between bursts; nil: there are none. Default none on a dedicated line.
  public var every: TimeSpan?
  /// How long one lasts on average. Default 2 s (A, 500 ms–10 s).
  public var lasting = TimeSpan.seconds(2)
  /// The losses of a dedicated line.
  public init() {}
  /// The losses of a link from their parts.
  public init(usual: Double, every: TimeSpan? = nil) {
    self.usual = usual
    self.every = every
  }
}

/// What a link is made of; decides its defaults.
public enum LinkKind: String, Hashable, Sendable, CaseIterable {
  /// One line of a carrier.
  case dedicatedLine
  /// Two lines of a carrier that share the traffic.
  case dualLine
  /// IPsec over the internet.
  case ipsecVPN
  /// The internet as it is.
  case publicInternet
  /// A container network over a dedicated line.
  case overlay
}

/// A connection between two sites; all that crosses it shares its bandwidth max-min fair.
public struct Link: Hashable, Sendable {
  /// The link's name.
  public var name: String
  /// The two sites it joins.
  public var between: [String]
  /// What it is made of.
  public var medium = LinkKind.dedicatedLine
  /// What each of its lines carries. Default 10 Gbit/s (a common dedicated line, model card 1.5, E).
  public var bandwidth = Bandwidth(bitsPerSecond: 10_000_000_000)
  /// How many lines share the traffic, each of which fails by itself. Default 1.
  public var lines = 1
  /// The share of the bandwidth that encapsulation takes. Default 0.
  public var overhead = 0.0
  /// Round-trip time, in seconds; its law is the propagation with its jitter. Default 3 ms (E,
  /// 1–3 ms in one metropolitan area, model card 1.5).
  public var roundTrip: Law = .constant(0.003)
  /// How packets get lost.
  public var loss = PacketLoss()
  /// How long each line works, in seconds; nil: for ever.
  public var up: Law?
  /// How long a line stays failed, in seconds. Default: lognormal with a median of 30 min (A,
  /// 5 min–8 h).
  public var down: Law = .lognormal(median: 1800, sigma: 1)
  /// Traffic of others across it.
  public var traffic: [CrossTraffic] = []
  /// What is paid for having it; nil: nothing.
  public var rent: Price?
  /// What is paid for every GiB that it carries, either way; nil: nothing.
  public var gibPrice: Price?
  /// The site whose bytes out ``gibPrice`` is for, as clouds bill egress; nil: either way.
  public var metered: String?
  /// When it carries nothing: image pulls across it stand still. Never by default.
  public var outages: [Outage] = []
  /// A link with a name.
  public init(name: String, between: [String]) {
    self.name = name
    self.between = between
  }

  /// A link of a kind with the kind's defaults.
  ///
  /// > Source: model card 1.5. Round trips: 1–3 ms on a line in one metropolitan area (E), 10–50 ms
  /// > more through IPsec with up to 35 ms of jitter (E), 20–200 ms on the internet with a heavy
  /// > tail (A). Losses: all A. Bandwidths: gateways of 5–1,000 Mbit/s (D), 5–200 Mbit/s at the
  /// > internet's edge (A). Encapsulation: −8 % by IPsec (E), less than −10 % by an overlay (D).
  public init(name: String, between: [String], kind: LinkKind) {
    self.init(name: name, between: between)
    medium = kind
    switch kind {
    case .dedicatedLine: break
    case .dualLine: lines = 2
    case .ipsecVPN:
      bandwidth = Bandwidth(bitsPerSecond: 1_000_000_000)
      roundTrip = .lognormal(median: 0.03, sigma: 0.4)
      loss = PacketLoss(usual: 0.001)
      overhead = 0.08
    case .publicInternet:
      bandwidth = Bandwidth(bitsPerSecond: 200_000_000)
      roundTrip = .lognormal(median: 0.06, sigma: 0.6)
      loss = PacketLoss(usual: 0.001, every: .seconds(60))
    case .overlay: overhead = 0.1
    }
  }

  /// What fails about it by chance; nil: nothing.
  public var failures: FaultPlan? {
    guard let up else { return nil }
    var fault = RandomFault(.link, target: name)
    fault.up = up
    fault.down = down
    var plan = FaultPlan(name: "Link/\(name)")
    plan.random = [fault]
    return plan
  }
}
