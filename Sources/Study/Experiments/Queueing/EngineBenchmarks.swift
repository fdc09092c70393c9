import DiscreteEvents
import Quantities
import Statistics

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What a benchmark did: figures that must not change when it gets faster.
public struct BenchmarkResult: Hashable, Sendable {
  /// How many events of a kind happened.
  public struct EventCount: Hashable, Sendable {
    /// The kind of event.
    public let kind: String
    /// How many of them happened.
    public let count: Int
  }

  /// A figure that the benchmark's model found.
  public struct Figure: Hashable, Sendable {
    /// What it is.
    public let name: String
    /// Its value.
    public let value: Double
  }

  /// The benchmark's name with its parameters.
  public let name: String
  /// Events by kind.
  public let events: [EventCount]
  /// Hexadecimal, over the instant and identity of every event in order.
  public let digest: String
  /// What the model found, to be compared with theory.
  public let figures: [Figure]
}

/// Benchmarks of the event engine. They read no clock: whoever calls them measures.
public enum EngineBenchmarks {
  /// Delays of the hold model.
  public enum HoldLaw: String, CaseIterable, Sendable {
    /// Exponential with a mean of 1 s.
    case exponential = "exp"
    /// 90 % exponential with a mean of 0.1 s, 10 % uniform from 9.1 to 10.1 s.
    case bimodal
    /// A mix as in a cluster: 40 % of milliseconds, 30 % of seconds (both lognormal), 20 % of 10 s,
    /// 8 % of 300 s, 2 % of up to an hour.
    case kubernetes = "k8s"
    /// 30 % without delay, the rest whole seconds from 1 to 4.
    case ties
  }

  /// The hold model: with so many events scheduled, one is taken and one scheduled, again and again.
  ///
  /// D. W. Jones, "An empirical comparison of priority-queue and event-set implementations", CACM 29
  /// (1986).
  /// - Parameters:
  ///   - size: How many events are scheduled all the time, at least one.
  ///   - holds: How often one is taken and one scheduled.
  public static func hold(
    _ law: HoldLaw, size: Int, holds: Int, seed: UInt64 = 42
  ) -> BenchmarkResult {
    precondition(size >= 1 && holds >= 0, "The hold model has an event and holds it.")
    var luck = BenchmarkLuck(seed: seed)
    var digest = BenchmarkDigest()
    var agenda = EventList<UInt64>()
    for event in 0..<size { agenda.schedule(UInt64(event), after: luck.delay(law)) }
    var done = 0
    while done < holds, let event = agenda.next() {
      digest.mix(agenda.now, event)
      agenda.schedule(event, after: luck.delay(law))
      done += 1
    }
    return BenchmarkResult(
      name: "hold \(law.rawValue) \(size)", events: [.init(kind: "hold", count: done)],
      digest: digest.text, figures: [])
  }

  /// An M/M/c station at ρ = 0.8 whose servers take 1 s on average.
  ///
  /// For one server the mean time in the system is 5 s; for a hundred it is hardly above 1 s.
  /// - Parameters:
  ///   - servers: How many servers, at least one.
  ///   - customers: How many customers are served, at least one.
  public static func queue(
    servers: Int, customers: Int, seed: UInt64 = 42
  ) -> BenchmarkResult {
    precondition(servers >= 1 && customers >= 1, "A station has a server and a customer.")
    var model = BenchmarkStation(servers: servers, customers: customers, seed: seed)
    var agenda = EventList<BenchmarkStation.Event>()
    agenda.schedule(.arrival, at: .zero, priority: .arrivals)
    run(&model, agenda: &agenda, until: .distantFuture)
    let span = agenda.now.seconds
    return BenchmarkResult(
      name: "queue M/M/\(servers)",
      events: [
        .init(kind: "arrival", count: model.arrivals),
        .init(kind: "departure", count: model.departures),
      ],
      digest: model.digest.text,
      figures: [
        .init(name: "W", value: model.response.mean ?? 0),
        .init(name: "L", value: model.present.average(until: agenda.now) ?? 0),
        .init(name: "throughput", value: span > 0 ? Double(model.departures) / span : 0),
      ])
  }
}

/// A digest of events in order.
struct BenchmarkDigest: Sendable {
  private var value: UInt64 = 0xCBF2_9CE4_8422_2325

  @inline(__always)
  mutating func mix(_ instant: Instant, _ event: UInt64) {
    value = (value ^ UInt64(bitPattern: instant.nanoseconds)) &* 0x0000_0100_0000_01B3
    value = (value ^ event) &* 0x0000_0100_0000_01B3
    value ^= value >> 29
  }

  /// Sixteen hexadecimal digits.
  var text: String { Self.text(of: value) }

  /// Sixteen hexadecimal digits.
  static func text(of value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}

/// Cheap numbers in sequence, so that the engine is measured and not the drawing of numbers; models
/// of the world draw from keyed streams.
///
/// G. L. Steele, D. Lea, C. H. Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
struct BenchmarkLuck: Sendable {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  @inline(__always)
  private mutating func bits() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }

  /// Uniform on (0, 1].
  @inline(__always)
  private mutating func fraction() -> Double { Double((bits() >> 11) + 1) * 0x1p-53 }

  @inline(__always)
  mutating func exponential(mean: Double) -> TimeSpan { .seconds(-mean * log(fraction())) }

  /// About lognormal: the sum of four uniform numbers stands for the normal one.
  @inline(__always)
  private mutating func skewed(median: Double, sigma: Double) -> TimeSpan {
    let sum = fraction() + fraction() + fraction() + fraction()
    return .seconds(median * exp(sigma * (sum - 2) * 3.0.squareRoot()))
  }

  @inline(__always)
  mutating func delay(_ law: EngineBenchmarks.HoldLaw) -> TimeSpan {
    switch law {
    case .exponential: return exponential(mean: 1)
    case .bimodal:
      return fraction() <= 0.9 ? exponential(mean: 0.1) : .seconds(9.1 + fraction())
    case .kubernetes:
      let kind = fraction()
      if kind <= 0.4 { return skewed(median: 0.005, sigma: 1) }
      if kind <= 0.7 { return skewed(median: 2, sigma: 0.8) }
      if kind <= 0.9 { return .seconds(10) }
      return kind <= 0.98 ? .seconds(300) : .seconds(3600 * fraction())
    case .ties:
      return fraction() <= 0.3 ? .zero : .seconds(1 + Int(bits() & 3))
    }
  }
}
