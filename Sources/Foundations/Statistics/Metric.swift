import Quantities

/// A value that can be reported as a number in a unit.
public protocol MetricValue: Sendable {
  /// The unit in which the value is reported; empty for a plain number.
  static var reportedUnit: String { get }
  /// The value as a number of that unit.
  var reported: Double { get }
}

extension TimeSpan: MetricValue {
  /// Seconds.
  public static var reportedUnit: String { "s" }
  /// The span in seconds.
  public var reported: Double { seconds }
}

extension Double: MetricValue {
  /// None: a metric of plain numbers says its own.
  public static var reportedUnit: String { "" }
  /// The number itself.
  public var reported: Double { self }
}

extension Int: MetricValue {
  /// None: a metric of counts says its own.
  public static var reportedUnit: String { "" }
  /// The count as a number.
  public var reported: Double { Double(self) }
}

/// What is measured: a name and a unit, declared once; a value of another kind doesn't compile.
public struct Metric<Value: MetricValue>: Hashable, Sendable {
  /// The name that summaries and claims use.
  public let name: String
  /// The unit in which it is reported.
  public let unit: String
  /// A sentence that says what it is.
  public let meaning: String

  /// A metric; its unit is that of its values unless given.
  public init(_ name: String, unit: String = Value.reportedUnit, meaning: String) {
    self.name = name
    self.unit = unit
    self.meaning = meaning
  }

  /// The summary of a metric that a run has once: interval of the mean and percentiles over
  /// replications. Replications in which the value doesn't exist are left out and not counted.
  public func summary(
    ofReplications values: [Value?], confidence: Double = 0.95
  ) -> MetricSummary {
    let sample = Sample(values.compactMap { $0?.reported })
    var summary = interval(of: sample, confidence)
    summary.p50 = sample.quantile(0.5)
    summary.p95 = sample.quantile(0.95)
    summary.p99 = sample.quantile(0.99)
    return summary
  }

  /// The summary of a metric that every Pod or request has: percentiles are taken within each
  /// replication and then averaged, as are the means, whose interval is over replications.
  public func summary(
    ofSamples samples: [Sample], confidence: Double = 0.95
  ) -> MetricSummary {
    let filled = samples.filter { $0.count > 0 }
    var summary = interval(of: Sample(filled.compactMap(\.mean)), confidence)
    summary.p50 = Tally(filled.compactMap { $0.quantile(0.5) }).mean
    summary.p95 = Tally(filled.compactMap { $0.quantile(0.95) }).mean
    summary.p99 = Tally(filled.compactMap { $0.quantile(0.99) }).mean
    return summary
  }

  private func interval(of means: Sample, _ confidence: Double) -> MetricSummary {
    var summary = MetricSummary(name: name, unit: unit)
    summary.n = means.count
    summary.mean = means.mean
    let interval = ConfidenceInterval.reportedMean(of: means.sorted, confidence: confidence)
    summary.low = interval?.low
    summary.high = interval?.high
    return summary
  }
}
