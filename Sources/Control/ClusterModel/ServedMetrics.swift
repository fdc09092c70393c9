import Quantities

/// What one container used, as `metrics.k8s.io` gives it.
public struct ContainerUsage: Hashable, BitwiseCopyable, Sendable {
  /// The container's name, by ``ServedMetrics/containerNumber(of:)``.
  public var container: Int32
  /// CPU in 10⁻⁹ cores, averaged over the sample's window; nil: the sample has none.
  public var cpuNano: Int64?
  /// The working set in bytes; nil: the sample has none.
  public var memory: Int64?
  /// A usage from its parts.
  @inlinable public init(container: Int32, cpuNano: Int64?, memory: Int64?) {
    self.container = container
    self.cpuNano = cpuNano
    self.memory = memory
  }
}

/// When a Pod's usage was measured: its containers' usages are in ``ServedMetrics/usages``.
public struct PodSample: BitwiseCopyable, Sendable {
  /// The end of the window over which CPU was averaged.
  public var timestamp: Instant
  /// The window's length.
  public var window: TimeSpan
  /// Where its containers' usages stand.
  public var first: Int32
  /// How many containers it has.
  public var count: Int32
  /// The usages' places.
  @inlinable public var places: Range<Int> { Int(first)..<Int(first) + Int(count) }
}

/// One value of a custom metric.
public struct MetricValue: Hashable, BitwiseCopyable, Sendable {
  /// The value in thousandths of its unit, rounded up: all that an autoscaler makes of it.
  public var milli: Int64
  /// When it was measured.
  public var timestamp: Instant
  /// A value from its parts.
  @inlinable public init(milli: Int64, timestamp: Instant) {
    self.milli = milli
    self.timestamp = timestamp
  }
}

/// The name of a custom or external metric with the selector that narrows it down.
public struct MetricIdentifier: Hashable, Sendable {
  /// The metric's name.
  public var name: String
  /// Which of its series are meant; nil: all of them.
  public var selector: LabelSelector?
  /// An identifier from its parts.
  public init(name: String, selector: LabelSelector? = nil) {
    self.name = name
    self.selector = selector
  }
}

/// One series of an external metric.
public struct ExternalSeries: Hashable, Sendable {
  /// The labels by which a selector finds it.
  public var labels: Labels
  /// Its present value.
  public var value: MetricValue
  /// A series from its parts.
  public init(labels: Labels, value: MetricValue) {
    self.labels = labels
    self.value = value
  }
}

/// What `metrics.k8s.io`, `custom.metrics.k8s.io` and `external.metrics.k8s.io` answer at present.
///
/// Whoever plays the metrics pipeline writes it; control modules read it in ``ClusterState/metrics``.
/// A sample or value belongs to a Pod's slot and generation, so that a Pod's successor in the slot
/// starts without one. Writing appends nothing to the change log: these APIs have no watch.
public struct ServedMetrics: Sendable {
  private struct Entry: BitwiseCopyable, Sendable {
    var sample: PodSample
    var capacity: Int32
    var generation: UInt16
    var isServed: Bool
  }
  private struct PodColumn: Sendable {
    var identifier: MetricIdentifier
    var values: [(generation: UInt16, value: MetricValue?)] = []
    var failure: String?
    var objects: [DescribedValue] = []
  }
  private struct DescribedValue: Sendable {
    var object: DescribedObject
    var value: MetricValue
  }
  private struct ExternalMetric: Sendable {
    var name: String
    var series: [ExternalSeries] = []
    var failure: String?
  }

  /// Counts what was written about Pods' usage and other objects, so that whoever adds it up knows
  /// when to do so anew.
  public private(set) var revision = 0
  private var entries: [Entry] = []
  /// Usages of containers; a sample says which are its own.
  public private(set) var usages: [ContainerUsage] = []
  /// Names of containers, by the number in ``ContainerUsage/container``.
  public private(set) var containerNames: [String] = []
  private var containerNumbers: [String: Int32] = [:]  // name look-up
  /// Why `metrics.k8s.io` answers nothing; nil: it answers.
  public var resourceFailure: String?
  private var columns: [PodColumn] = []
  private var columnNumbers: [MetricIdentifier: Int] = [:]  // name look-up
  private var externals: [ExternalMetric] = []
  private var externalNumbers: [String: Int] = [:]  // name look-up

  /// Nothing served.
  public init() {}

  // MARK: metrics.k8s.io

  /// The number of a container's name; given out on first use.
  public mutating func containerNumber(of name: String) -> Int32 {
    if let known = containerNumbers[name] { return known }
    let number = Int32(containerNames.count)
    containerNames.append(name)
    containerNumbers[name] = number
    return number
  }

  /// The number of a container's name; nil if no sample has ever had it.
  public func knownContainerNumber(of name: String) -> Int32? { containerNumbers[name] }

  /// Serves a sample of a Pod in place of the one before.
  public mutating func setSample(
    of pod: PodID, timestamp: Instant, window: TimeSpan, usages list: [ContainerUsage]
  ) {
    while entries.count <= pod.index {
      entries.append(
        Entry(
          sample: PodSample(timestamp: .zero, window: .zero, first: 0, count: 0), capacity: 0,
          generation: 0, isServed: false))
    }
    revision += 1
    var entry = entries[pod.index]
    if Int(entry.capacity) < list.count {
      entry.sample.first = Int32(usages.count)
      entry.capacity = Int32(list.count)
      usages.append(contentsOf: list)
    } else {
      for (index, usage) in list.enumerated() { usages[Int(entry.sample.first) + index] = usage }
    }
    entry.sample.timestamp = timestamp
    entry.sample.window = window
    entry.sample.count = Int32(list.count)
    entry.generation = pod.generation
    entry.isServed = true
    entries[pod.index] = entry
  }

  /// Serves no sample of a Pod any more.
  public mutating func removeSample(of pod: PodID) {
    guard sample(of: pod) != nil else { return }
    revision += 1
    entries[pod.index].isServed = false
  }

  /// The sample served of a Pod; nil if there is none.
  public func sample(of pod: PodID) -> PodSample? {
    guard pod.index < entries.count, entries[pod.index].isServed,
      entries[pod.index].generation == pod.generation
    else { return nil }
    return entries[pod.index].sample
  }

  // MARK: custom.metrics.k8s.io

  private mutating func column(of identifier: MetricIdentifier) -> Int {
    if let known = columnNumbers[identifier] { return known }
    columns.append(PodColumn(identifier: identifier))
    columnNumbers[identifier] = columns.count - 1
    return columns.count - 1
  }

  /// The number under which a custom metric's values are read; nil if it has never been served.
  public func customNumber(of identifier: MetricIdentifier) -> Int? { columnNumbers[identifier] }

  /// Serves a value of a custom metric for a Pod; nil: none any more.
  public mutating func setValue(
    _ value: MetricValue?, of identifier: MetricIdentifier, for pod: PodID
  ) {
    let number = column(of: identifier)
    while columns[number].values.count <= pod.index { columns[number].values.append((0, nil)) }
    columns[number].values[pod.index] = (pod.generation, value)
  }

  /// Serves a value of a custom metric for another object; nil: none any more.
  public mutating func setValue(
    _ value: MetricValue?, of identifier: MetricIdentifier, for object: DescribedObject
  ) {
    let number = column(of: identifier)
    columns[number].objects.removeAll { $0.object == object }
    if let value { columns[number].objects.append(DescribedValue(object: object, value: value)) }
  }

  /// Lets every query for a custom metric fail with a text, whatever its selector; nil: answer.
  public mutating func setCustomFailure(_ text: String?, of name: String) {
    _ = column(of: MetricIdentifier(name: name))
    for number in columns.indices where columns[number].identifier.name == name {
      columns[number].failure = text
    }
  }

  /// Why queries for a custom metric fail; nil: they don't.
  public func customFailure(of identifier: MetricIdentifier) -> String? {
    let number = columnNumbers[identifier] ?? columnNumbers[MetricIdentifier(name: identifier.name)]
    return number.flatMap { columns[$0].failure }
  }

  /// The value of a custom metric for a Pod; nil if there is none.
  public func value(ofCustom number: Int, for pod: PodID) -> MetricValue? {
    guard pod.index < columns[number].values.count else { return nil }
    let (generation, value) = columns[number].values[pod.index]
    return generation == pod.generation ? value : nil
  }

  /// The value of a custom metric for another object; nil if there is none.
  public func value(ofCustom number: Int, for object: DescribedObject) -> MetricValue? {
    columns[number].objects.first { $0.object == object }?.value
  }

  // MARK: external.metrics.k8s.io

  private mutating func external(named name: String) -> Int {
    if let known = externalNumbers[name] { return known }
    externals.append(ExternalMetric(name: name))
    externalNumbers[name] = externals.count - 1
    return externals.count - 1
  }

  /// Serves all series of an external metric in place of those before.
  public mutating func setExternal(_ series: [ExternalSeries], of name: String) {
    externals[external(named: name)].series = series
  }

  /// Lets every query for an external metric fail with a text; nil: answer.
  public mutating func setExternalFailure(_ text: String?, of name: String) {
    externals[external(named: name)].failure = text
  }

  /// Why queries for an external metric fail; nil: they don't.
  public func externalFailure(of name: String) -> String? {
    externalNumbers[name].flatMap { externals[$0].failure }
  }

  /// The series of an external metric that a query for it finds.
  public func externalSeries(of identifier: MetricIdentifier) -> [ExternalSeries] {
    guard let number = externalNumbers[identifier.name] else { return [] }
    guard let selector = identifier.selector else { return externals[number].series }
    return externals[number].series.filter { selector.matches($0.labels) }
  }

  /// Names of the external metrics that have ever been served, in the order of first use.
  public var externalNames: [String] { externals.map(\.name) }
}

/// An object that a custom metric describes, in a namespace.
public struct DescribedObject: Hashable, Sendable {
  /// Its namespace.
  public var namespace: String
  /// Its kind, such as `Ingress`.
  public var kind: String
  /// Its name.
  public var name: String
  /// An object from its parts.
  public init(namespace: String, kind: String, name: String) {
    self.namespace = namespace
    self.kind = kind
    self.name = name
  }
}
