import Quantities
import ScenarioFiles
import Workloads

/// What was found in a trace.
struct ImportedContent {
  /// Jobs one by one.
  var jobs = JobTable()
  /// Demand over time.
  var series: [SeriesTable] = []
  /// Machines, as far as the trace says.
  var nodes: [NodeGroup] = []
  /// Jobs of a batch system.
  var queue: QueuedJobs?
  /// Objects of a cluster, spooled to a file; nil if there are none.
  var objects: ObjectSpool?
  /// Recorded spot markets.
  var markets: [SpotMarketRecord] = []
}

/// What a Job's Pods ask for.
struct JobSize: Hashable {
  /// Thousandths of a core.
  var cpu: Int64 = 1000
  /// Bytes.
  var memory: Int64 = 1 << 30
  /// Devices.
  var gpus = 0
  /// Thousandths of each device; 1000: whole ones.
  var gpuShare = 1000
  /// Models that are allowed, divided by `|`; empty: any.
  var gpuModels = ""

  /// The size times a factor: CPU and memory.
  func times(_ factor: Double) -> JobSize {
    guard factor != 1 else { return self }
    var size = self
    size.cpu = Int64(min(1e15, max(1, Double(cpu) * factor)).rounded())
    size.memory = Int64(min(1e15, max(1, Double(memory) * factor)).rounded())
    return size
  }
}

/// Jobs by size.
struct JobTable {
  /// A Job.
  struct Row {
    /// When it arrives, in nanoseconds after the start of the run.
    var arrival: Int64
    /// How long it works, in nanoseconds.
    var duration: Int64
  }

  /// The most Jobs that are kept: 320 MB of them.
  static let most = 20_000_000
  /// The most sizes: each is a manifest of its own.
  static let mostSizes = 10_000

  private(set) var sizes: [JobSize] = []
  private(set) var rows: [[Row]] = []
  private(set) var count = 0
  private var indices: [JobSize: Int] = [:]  // look-up by size

  var isEmpty: Bool { count == 0 }

  mutating func add(_ size: JobSize, _ row: Row, times: Int = 1) {
    let index = indices[size] ?? sizes.count
    if index == sizes.count {
      indices[size] = index
      sizes.append(size)
      rows.append([])
    }
    for _ in 0..<times { rows[index].append(row) }
    count += times
  }

  /// Keeps the rows whose flags, size by size and row by row, are set.
  mutating func keep(_ flags: [Bool]) {
    var number = 0
    for index in rows.indices {
      rows[index] = rows[index].filter { _ in
        defer { number += 1 }
        return flags[number]
      }
    }
    count = flags.count { $0 }
  }

  mutating func sort() {
    for index in rows.indices { rows[index].sort { $0.arrival < $1.arrival } }
  }

  /// When the last one ends, in nanoseconds.
  var end: Int64 { rows.joined().reduce(0) { max($0, $1.arrival + $1.duration) } }

  /// The most of an amount that Jobs need at once, each as soon as it arrives.
  func peak(_ amount: (JobSize) -> Double) -> Double {
    var changes: [(at: Int64, by: Double)] = []
    for (size, rows) in zip(sizes, rows) where amount(size) > 0 {
      for row in rows {
        changes.append((row.arrival, amount(size)))
        changes.append((row.arrival + row.duration, -amount(size)))
      }
    }
    changes.sort { ($0.at, $0.by) < ($1.at, $1.by) }
    var level = 0.0
    var most = 0.0
    for change in changes {
      level += change.by
      most = max(most, level)
    }
    return most
  }
}

/// Machines that are alike.
struct NodeGroup: Hashable {
  /// What the group is called.
  var name: String
  var count: Int
  /// Thousandths of a core.
  var cpu: Int64
  /// Bytes.
  var memory: Int64
  var gpus = 0
  /// Empty: not known.
  var gpuModel = ""
}

/// Jobs of a batch system with its machines.
struct QueuedJobs {
  var jobs: [RecordedJob] = []
  var machines: Int?
  /// Whether there are more jobs than are kept.
  var isFull = false
}

/// A market as it was recorded.
struct SpotMarketRecord {
  /// The most markets of a scenario, each of which is a zone.
  static let most = 8
  /// How much of a history a run takes unless its scenario is changed, in nanoseconds: a week.
  static let run: Int64 = 604_800_000_000_000

  /// The zone, or what else tells it from others.
  var name: String
  /// Nanoseconds between values.
  var step: Int64
  /// Whether there was capacity, step by step.
  var isUp: [Bool]
  /// Further facts for the report, such as a price's mean.
  var facts: [String] = []
  /// Of nodes that came and went: seconds that one lives, on average.
  var lifetime: Double?
}

extension Intake {
  /// Adds a Job as often as the sample and the inflation say, and counts its row.
  func addJob(_ size: JobSize, at arrival: Int64, lasting duration: Int64, row: Int, line: Int)
    throws
  {
    guard let placed = placed(arrival) else {
      counts.drop(Self.outside, line: line)
      return
    }
    let copies = copies(ofRow: row)
    guard copies > 0 else {
      counts.drop(Self.unsampled, line: line)
      return
    }
    content.jobs.add(
      size.times(options.scale), JobTable.Row(arrival: placed, duration: duration), times: copies)
    counts.keep()
    guard content.jobs.count <= JobTable.most, content.jobs.sizes.count <= JobTable.mostSizes else {
      throw error(
        line: line, "too-large",
        "more than \(JobTable.most) Jobs or \(JobTable.mostSizes) sizes of them",
        expected: "--window or --sample, for a part of the trace")
    }
  }

  /// Takes as many Jobs as the sample says, of those that were added.
  func sampleJobs() {
    guard case .rows(let count) = options.sample, count < content.jobs.count else { return }
    for _ in 0..<content.jobs.count - count { counts.dropKept(Self.unsampled) }
    content.jobs.keep(chosen(count, of: content.jobs.count))
  }
}
