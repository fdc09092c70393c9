import Quantities

/// Demand in intervals of equal length.
struct SeriesTable {
  /// What serves it.
  struct Service {
    /// Seconds that a request takes.
    var time = 0.1
    /// Requests that a Pod serves at once.
    var concurrency = 8
    /// Bytes of memory that a Pod asks for.
    var memory: Int64 = 1 << 30
  }

  /// The most intervals.
  static let most = 5_000_000

  /// What asks, as Kubernetes' names may be.
  var name: String
  /// What the values are.
  let meaning: ImportOptions.Meaning
  /// The length of an interval, in nanoseconds.
  let step: Int64
  /// Requests of each interval, or its mean level.
  private(set) var bins: [Double] = []
  /// What serves it, if it is requests.
  var service = Service()

  init(_ name: String, _ meaning: ImportOptions.Meaning, step: Int64) {
    self.name = name
    self.meaning = meaning
    self.step = step
  }

  /// Adds a value that holds from an instant on for a while; requests come evenly in it.
  ///
  /// - Parameters:
  ///   - at: nanoseconds after the start of the run, from 0.
  ///   - lasting: nanoseconds, above 0.
  /// - Returns: whether there are intervals for it.
  mutating func add(_ value: Double, at: Int64, lasting: Int64) -> Bool {
    let last = (at + lasting - 1) / step
    guard last < Self.most else { return false }
    while bins.count <= Int(last) { bins.append(0) }
    if value == 0 { return true }
    var from = at
    while from < at + lasting {
      let bin = from / step
      let to = min(at + lasting, (bin + 1) * step)
      let part = Double(to - from)
      // A rate is requests per second, and so counts itself.
      switch meaning {
      case .requests: bins[Int(bin)] += value * part / Double(lasting)
      case .rate: bins[Int(bin)] += value * part / 1e9
      case .replicas: bins[Int(bin)] += value * part / Double(step)
      }
      from = to
    }
    return true
  }

  /// The most requests per second, or replicas.
  var peak: Double {
    let most = bins.max() ?? 0
    return meaning == .replicas ? most : most / (Double(step) / 1e9)
  }

  /// All requests.
  var total: Double { bins.reduce(0, +) }

  /// How long it lasts, in nanoseconds.
  var span: Int64 { Int64(bins.count) * step }
}

extension Intake {
  /// A series with the meaning and the intervals that the options say.
  ///
  /// - Parameters:
  ///   - usual: what the values are in the format.
  ///   - step: nanoseconds from one value to the next.
  func series(_ name: String, _ usual: ImportOptions.Meaning, step: Int64) -> SeriesTable {
    SeriesTable(name, options.meaning ?? usual, step: options.resample?.nanoseconds ?? step)
  }

  /// Adds a value to a series if it is in the window.
  ///
  /// - Returns: whether it was.
  func add(
    _ value: Double, at time: Int64, lasting: Int64, to series: inout SeriesTable, line: Int
  ) throws -> Bool {
    guard let placed = placed(time) else { return false }
    guard placed >= 0, series.add(value * options.scale, at: placed, lasting: lasting) else {
      throw error(
        line: line, "too-large", "the series has more than \(SeriesTable.most) intervals",
        expected: "--window for a part of it, or --resample for longer intervals")
    }
    return true
  }
}
