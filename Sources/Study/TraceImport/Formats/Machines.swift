import Foundation
import ScenarioFiles

extension TraceFormat {
  static let bitbrains = TraceFormat(
    "bitbrains", "CPU that virtual machines use, as OpenDC has Bitbrains' (CSV)",
    example: "trace.csv.gz", [.window, .scale, .sample, .resample, .shift]
  ) { intake in
    let (path, machines, origin) = try machines(intake)
    let table = try Table(
      intake, path: path, requires: ["id", "timestamp", "duration", "cpu_usage"])
    let (id, time) = (table.place("id"), table.place("timestamp"))
    let (lasting, usage) = (table.place("duration"), table.place("cpu_usage"))
    intake.ignored = table.others(than: ["id", "timestamp", "duration", "cpu_usage"])
    var series = intake.series(intake.name, .replicas, step: 300_000_000_000)
    var latest: [String: Int64] = [:]  // look-up by name
    var numbers: [String: Int] = [:]  // look-up by name
    var first = origin
    while try table.next() {
      let machine = table.text(id)
      let at = try table.date(time)
      guard at >= latest[machine] ?? .min else {
        throw table.failure(
          time, "out-of-order", "earlier than the machine's row before: time goes back",
          expected: "each machine's rows in order of time")
      }
      latest[machine] = at
      if first == nil { first = at }
      let number = numbers[machine] ?? numbers.count
      numbers[machine] = number
      let span = Int64(try table.number(lasting, "milliseconds") * 1e6)
      guard span >= 1_000_000_000, span <= 31_622_400_000_000_000 else {
        throw table.failure(
          lasting, "wrong-unit", "a sample of \(table.text(lasting)) ms",
          expected: "milliseconds between a second and a year; this looks like another unit")
      }
      let megahertz = machines[machine] ?? 2600
      let value = try table.number(usage, "MHz") / megahertz
      let start = at - (first ?? at)
      if start < 0 {
        intake.counts.drop("before the first row", line: table.line)
      } else if intake.copies(ofRow: number) == 0 {
        intake.counts.drop(Intake.unsampled, line: table.line)
      } else if try intake.add(value, at: start, lasting: span, to: &series, line: table.line) {
        intake.counts.keep()
      } else {
        intake.counts.drop(Intake.outside, line: table.line)
      }
    }
    intake.assumptions.append("a replica is a core in use; memory isn't followed")
    intake.content.series.append(series)
  }

  /// The trace's file, each machine's MHz per core, and when the first began.
  private static func machines(
    _ intake: Intake
  ) throws -> (path: String, perCore: [String: Double], origin: Int64?) {
    var path = intake.path
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
      let names = ["trace.csv", "trace.csv.gz"].map { "\(intake.path)/\($0)" }
      path = names.first { FileManager.default.fileExists(atPath: $0) } ?? names[0]
    }
    let folder = (path as NSString).deletingLastPathComponent
    let meta = (folder.isEmpty ? "" : folder + "/") + "meta.csv"
    guard FileManager.default.fileExists(atPath: meta) else {
      intake.assumptions.append("no meta.csv beside the file: a core has 2,600 MHz")
      return (path, [:], nil)
    }
    let counts = intake.counts
    defer { intake.counts = counts }
    let table = try Table(
      intake, path: meta, requires: ["id", "start_time", "cpu_count", "cpu_capacity"])
    var perCore: [String: Double] = [:]  // look-up by name
    var origin: Int64?
    while try table.next() {
      let cores = try table.number(table.place("cpu_count"), "a number of cores")
      let capacity = try table.number(table.place("cpu_capacity"), "MHz")
      guard cores > 0, capacity > 0 else {
        throw table.failure(table.place("cpu_count"), "out-of-range", "a machine without CPU")
      }
      perCore[table.text(table.place("id"))] = capacity / cores
      let start = try table.date(table.place("start_time"))
      origin = min(origin ?? start, start)
    }
    return (path, perCore, origin)
  }

  static let planetLab = TraceFormat(
    "planetlab", "CPU that PlanetLab's virtual machines use, a column each (CSV)",
    example: "planetlab-20110303.csv.gz", [.window, .scale, .sample, .resample, .shift]
  ) { intake in
    let table = try Table(intake, requires: [])
    guard table.heading.count > 1, table.heading.allSatisfy({ Double($0) == nil }) else {
      throw intake.error(
        line: 1, "wrong-format", "the first line isn't a heading of several machines",
        expected: "a column for each machine, and a row for every five minutes")
    }
    let step: Int64 = 300_000_000_000
    var series = intake.series(intake.name, .replicas, step: step)
    let columns = table.heading.indices.filter { intake.copies(ofRow: $0) > 0 }
    while try table.next() {
      var percent = 0.0
      for column in table.heading.indices {
        let value = try table.number(column, "percent of a core")
        guard value <= 100 else {
          throw table.failure(
            column, "wrong-unit", "\(table.text(column)) percent of a core",
            expected: "percent, up to 100")
        }
        percent += value
      }
      if columns.count < table.heading.count {
        percent = try columns.reduce(0) { $0 + (try table.number($1, "percent of a core")) }
      }
      let at = Int64(table.row - 1) * step
      if try intake.add(percent / 100, at: at, lasting: step, to: &series, line: table.line) {
        intake.counts.keep()
      } else {
        intake.counts.drop(Intake.outside, line: table.line)
      }
    }
    intake.assumptions.append("a machine has one core, and a replica is a core in use")
    if columns.count < table.heading.count {
      intake.assumptions.append(
        "\(columns.count) of \(table.heading.count) machines are in the sample")
    }
    intake.content.series.append(series)
  }
}
