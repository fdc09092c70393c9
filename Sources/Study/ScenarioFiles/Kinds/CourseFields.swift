import Probability
import Quantities
import Workloads

private let level = Codec<Int>.integer(to: 10_000_000).optional(written: nil)

extension LoadProfile.Step {
  static let fields = FieldTable<LoadProfile.Step> { table in
    table.field("at", \.at, .duration, Note("When."))
    table.field("from", \.from, level, Note("The level before; otherwise the manifest's."))
    table.field(
      "to", \.to, .integer(to: 10_000_000),
      Note("The level after; of Jobs, how many arrive at once."))
  }
}

extension LoadProfile.Ramp {
  static let fields = FieldTable<LoadProfile.Ramp> { table in
    table.field("at", \.at, .duration, Note("When it begins."))
    table.field("over", \.over, .duration, Note("How long it takes."))
    table.field("from", \.from, level, Note("The level before; otherwise the manifest's."))
    table.field("to", \.to, .integer(to: 10_000_000), Note("The level after."))
  }
}

extension LoadProfile.Diurnal {
  static let fields = FieldTable<LoadProfile.Diurnal> { table in
    table.field(
      "base", \.base, .number(),
      Note("The mean level: replicas, Jobs per hour, or requests per second."))
    table.field(
      "amplitude", \.amplitude, .number(),
      Note("The first harmonic's share.").graded("A", "chosen").range("0.3", "0.7"))
    table.field("second", \.second, .number(from: -10), Note("The second harmonic's share."))
    table.field("period", \.period, .lastingDuration, Note("How long a day is."))
    table.field("phase", \.phase, .duration, Note("When the curve crosses its mean upwards."))
    table.field(
      "interval", \.interval, .lastingDuration, Note("Replicas only: how often the level is set."))
  }
}

extension LoadProfile.MMPP {
  static let fields = FieldTable<LoadProfile.MMPP> { table in
    table.field(
      "low", \.low, .number(),
      Note("Level in quiet times: replicas, Jobs per hour, or requests per second."))
    table.field(
      "high", \.high, .number(),
      Note("Level in busy times.").graded("A", "5 to 10 times the low one").range("50", "100"))
    table.field(
      "meanLow", \.meanLow, .lastingDuration,
      Note("Mean length of a quiet time.").graded("A", "chosen").range("10m", "2h"))
    table.field(
      "meanHigh", \.meanHigh, .lastingDuration,
      Note("Mean length of a busy time.").graded("A", "chosen").range("1m", "10m"))
  }
}

extension LoadProfile.FlashCrowd {
  static let fields = FieldTable<LoadProfile.FlashCrowd> { table in
    table.field("at", \.at, .duration, Note("When the rise begins."))
    table.field(
      "from", \.from, level, Note("The level before and long after; otherwise the manifest's."))
    table.field("peak", \.peak, .integer(to: 10_000_000), Note("The level at the top."))
    table.field(
      "rise", \.rise, .lastingDuration,
      Note("How long the rise takes.").graded("A", "chosen").range("1m", "10m"))
    table.field(
      "hold", \.hold, .duration,
      Note("How long the top lasts.").graded("A", "chosen").range("5m", "30m"))
    table.field(
      "decay", \.decay, .lastingDuration,
      Note("The fall's half-life.").graded("A", "chosen").range("1m", "15m"))
  }
}

extension LoadProfile.Batch {
  static let fields = FieldTable<LoadProfile.Batch> { table in
    table.field(
      "at", \.at, Codec<TimeSpan>.duration.list, Note("Times after the start.").required)
    table.field("jobs", \.jobs, .integer(from: 1, to: 10_000_000), Note("Jobs at each."))
    table.field(
      "every", \.every, Codec<TimeSpan>.lastingDuration.optional(written: nil),
      Note("Repeats after this long."))
  }
}

extension LoadProfile.Arrivals {
  static let fields = FieldTable<LoadProfile.Arrivals> { table in
    table.field(
      "interarrival", \.interarrival, .durationLaw,
      Note("Time between arrivals, of Jobs or requests.").graded("A", "chosen").range("10s", "10m"))
    table.field("from", \.from, .duration, Note("When the first may come."))
    table.field(
      "until", \.until, Codec<TimeSpan>.duration.optional(written: nil),
      Note("When the last may come; otherwise the horizon."))
  }
}
