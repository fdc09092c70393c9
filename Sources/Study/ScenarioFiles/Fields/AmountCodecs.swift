import Probability
import Quantities

extension Codec where Value == TimeSpan {
  /// A duration that isn't negative.
  static let duration = Codec.scalar(
    "duration", unit: "s", expected: "a number and a unit, such as 300ms, 90s, 1h30m or 5d",
    parse: { text throws(ScalarError) in
      let span = try ScalarError.translating { () throws(QuantityError) in try TimeSpan.parse(text)
      }
      guard span >= .zero else {
        throw ScalarError(code: "negative", message: "\"\(text)\" is negative")
      }
      return span
    },
    encode: { $0.formatted },
    between: { .seconds($0.seconds + ($1.seconds - $0.seconds) * $2) })

  /// A duration that is longer than nothing.
  static let lastingDuration = Codec.scalar(
    "duration", unit: "s", expected: "a duration longer than 0, such as 90s or 1h30m",
    parse: { text throws(ScalarError) in
      let span = try ScalarError.translating { () throws(QuantityError) in try TimeSpan.parse(text)
      }
      guard span > .zero else {
        throw ScalarError(
          code: span < .zero ? "negative" : "out-of-range",
          message: span < .zero ? "\"\(text)\" is negative" : "\"\(text)\" is no time at all")
      }
      return span
    },
    encode: { $0.formatted },
    between: { .seconds($0.seconds + ($1.seconds - $0.seconds) * $2) })
}

extension Codec where Value == Rate {
  /// A rate such as `1000/min`, above zero.
  static let rate = Codec.scalar(
    "rate", unit: "1/min",
    expected: "a number per time, such as 20/s, 1000/min or 5/h, or unlimited",
    parse: { text throws(ScalarError) in try positive(text) },
    encode: { $0.text },
    between: { low, high, fraction in
      guard low.perMinute.isFinite, high.perMinute.isFinite else { return nil }
      return Rate(perMinute: low.perMinute + (high.perMinute - low.perMinute) * fraction)
    })

  /// Calls per second: a plain number, as Kubernetes' flags have it, or a rate.
  static let perSecond = Codec.scalar(
    "rate", json: ["number", "string"], unit: "1/s",
    expected: "a number of calls per second, such as 20, a rate such as 600/min, or unlimited",
    parse: { text throws(ScalarError) in
      try positive(Double(text) == nil ? text : "\(text)/s")
    },
    encode: { $0 == .unlimited ? "unlimited" : plain($0.perSecond) },
    between: { low, high, fraction in
      guard low.perSecond.isFinite, high.perSecond.isFinite else { return nil }
      return Rate(perSecond: low.perSecond + (high.perSecond - low.perSecond) * fraction)
    })

  private static func positive(_ text: String) throws(ScalarError) -> Rate {
    let rate = try ScalarError.translating { () throws(QuantityError) in try Rate.parse(text) }
    guard rate.perSecond > 0 else {
      throw ScalarError(
        code: "out-of-range", message: "\"\(text)\" lets nothing through",
        expected: "a rate above 0, or unlimited")
    }
    return rate
  }
}

extension Codec where Value == Bandwidth {
  /// A bandwidth such as `10Gbps`.
  static let bandwidth = Codec.scalar(
    "bandwidth", unit: "bit/s", expected: "such as 100Mbps, 10Gbps or 1.25GB/s, or unlimited",
    parse: { text throws(ScalarError) in
      try ScalarError.translating { () throws(QuantityError) in try Bandwidth.parse(text) }
    },
    encode: { $0.description },
    between: { low, high, fraction in
      guard low != .unlimited, high != .unlimited else { return nil }
      let (a, b) = (Double(low.bitsPerSecond), Double(high.bitsPerSecond))
      return Bandwidth(bitsPerSecond: max(1, Int64(a + (b - a) * fraction)))
    })
}

extension Codec where Value == Money {
  /// An amount of money.
  static let money = Codec.scalar(
    "money", json: ["number", "string"], expected: "a decimal number of at most 12 decimals",
    parse: { text throws(ScalarError) in
      let money = try ScalarError.translating { () throws(QuantityError) in try Money.parse(text) }
      guard money >= .zero else {
        throw ScalarError(code: "negative", message: "\"\(text)\" is negative")
      }
      return money
    },
    encode: { $0.decimal },
    between: { low, high, fraction in
      let part = Double(high.picounits - low.picounits) * fraction
      return Money(picounits: low.picounits + Int128(part.rounded()))
    })
}

extension Codec where Value == Price {
  /// A price such as `0.055 CNY/h`.
  static let price = Codec.scalar(
    "price", expected: "an amount, a currency and perhaps a time, such as 0.80 CNY/h",
    parse: { text throws(ScalarError) in
      try ScalarError.translating { () throws(QuantityError) in try Price.parse(text) }
    },
    encode: { $0.description },
    between: { low, high, fraction in
      guard low.currency == high.currency, low.period == high.period else { return nil }
      let part = Double(high.amount.picounits - low.amount.picounits) * fraction
      let amount = Money(picounits: low.amount.picounits + Int128(part.rounded()))
      return Price(amount, currency: low.currency, per: low.period)
    })
}

extension Codec where Value == Law {
  /// A law of durations, in seconds.
  static let durationLaw = law(
    unit: "s", example: "5s, lognormal(5s, 0.5) or \"uniform(low: 5s, high: 30s)\"",
    parse: { text in (try? TimeSpan.parse(text)).map(\.seconds) },
    write: { TimeSpan.seconds($0).formatted })

  /// A law of amounts of data, in bytes.
  static let byteLaw = law(
    unit: "bytes", example: "400M or lognormal(400M, 0.6)",
    parse: { text in
      // 400MB is what people write where Kubernetes has 400M.
      let bare = text.hasSuffix("B") && text.dropLast().last?.isLetter == true
      return (try? Quantity.parse(bare ? String(text.dropLast()) : text)).map {
        Double($0.nanos) / 1e9
      }
    },
    write: { Quantity(Int64($0.rounded())).description })

  /// A law of plain numbers.
  static let numberLaw = law(
    unit: "", example: "0.3 or uniform(0.2, 0.4)", parse: { Double($0) }, write: { plain($0) })

  private static func law(
    unit: String, example: String, parse: @escaping @Sendable (String) -> Double?,
    write: @escaping @Sendable (Double) -> String
  ) -> Codec {
    let read: @Sendable (String) throws(ScalarError) -> Law = { text throws(ScalarError) in
      let law: Law
      do throws(LawError) {
        law = try Law.parse(text) { parse(String($0)) }
      } catch {
        throw lawError(error, text)
      }
      guard law.support.lowerBound >= 0 else {
        throw ScalarError(code: "negative", message: "\"\(text)\" can be negative")
      }
      return law
    }
    var codec = Codec.scalar(
      "law", json: unit.isEmpty ? ["number", "string"] : ["string"], unit: unit,
      expected: "a value or a law, such as \(example)", parse: read,
      encode: { law in
        if case .constant(let value) = law { return write(value) }
        return law.formatted(write)
      },
      between: { low, high, fraction in
        try? low.scaled(toMean: low.mean + (high.mean - low.mean) * fraction)
      })
    let encode = codec.encode
    codec.rangeEnd = { present, end in
      guard let mean = parse(end) else { return end }
      return (try? present.scaled(toMean: mean)).flatMap(encode)
    }
    return codec
  }

  private static func lawError(_ error: LawError, _ text: String) -> ScalarError {
    let family = text.prefix { $0 != "(" }
    let families = [
      "boundedPareto", "constant", "empirical", "erlang", "exponential", "gamma",
      "hyperexponential", "lognormal", "pareto", "quantiles", "uniform", "weibull",
    ]
    guard text.contains("("), families.contains(String(family)) else {
      guard text.contains("(") else {
        return ScalarError(code: "wrong-value", message: "\"\(text)\" is no value and no law")
      }
      return ScalarError(
        code: "wrong-value", message: "unknown law \"\(family)\"",
        expected: "one of \(families.joined(separator: ", "))",
        suggestion: nearest(to: String(family), among: families))
    }
    return ScalarError(code: "wrong-value", message: "\"\(text)\": \(error)")
  }
}
