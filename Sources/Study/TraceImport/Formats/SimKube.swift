import ClusterModel
import Quantities
import ScenarioFiles
import Statistics

extension TraceFormat {
  static let simKube = TraceFormat(
    "sktrace", "A cluster's objects over time, as SimKube records them (.sktrace, or as JSON)",
    example: "cluster.sktrace", [.window, .shift]
  ) { intake in
    var trace = try SimKubeTrace(intake)
    let source = try ByteSource(path: intake.path)
    let json = JSONStream(source)
    guard try json.peek() != nil else {
      throw intake.error(
        line: 1, "empty-file", "the file is empty", expected: "a .sktrace of SimKube")
    }
    if try json.peek() == UInt8(ascii: "{") {
      try read(json, &trace)
    } else {
      try read(MessagePack(source, rest: json.rest), &trace)
    }
    try trace.finish()
  }

  private static func read(_ json: JSONStream, _ trace: inout SimKubeTrace) throws {
    try json.object("a trace") { key in
      guard key == "events" else { return try json.skip() }
      trace.hasEvents = true
      try json.list("events") {
        var event = SimKubeTrace.Event(line: json.line)
        try json.object("an event") { key in
          switch key {
          case "ts": event.time = try json.number("seconds since 1970")
          case "applied_objs", "deleted_objs":
            try json.list(key) {
              let line = json.line
              let object = try json.capture(most: ManifestLines.largest)
              if key == "applied_objs" {
                event.applied.append((object, line))
              } else {
                event.deleted.append((object, line))
              }
              try event.check(json.failure("an event of too many objects", code: "too-large"))
            }
          default: try json.skip()
          }
        }
        try trace.add(event)
      }
    }
    guard try json.isAtEnd() else { throw json.failure("something follows the trace") }
  }

  private static func read(_ pack: MessagePack, _ trace: inout SimKubeTrace) throws {
    for _ in 0..<(try pack.map("a trace")) {
      guard try pack.text("a key") == "events" else {
        try pack.skip()
        continue
      }
      trace.hasEvents = true
      for _ in 0..<(try pack.list("events")) {
        var event = SimKubeTrace.Event(line: 1)
        for _ in 0..<(try pack.map("an event")) {
          switch try pack.text("a key") {
          case "ts":
            switch try pack.head() {
            case .integer(let value): event.time = Double(value)
            case .unsigned(let value): event.time = Double(value)
            default: throw pack.failure("a time that is no whole number")
            }
          case "applied_objs":
            for _ in 0..<(try pack.list("applied_objs")) {
              event.applied.append((try pack.json(), 1))
              try event.check(pack.failure("an event of too many objects", code: "too-large"))
            }
          case "deleted_objs":
            for _ in 0..<(try pack.list("deleted_objs")) {
              event.deleted.append((try pack.json(), 1))
              try event.check(pack.failure("an event of too many objects", code: "too-large"))
            }
          default: try pack.skip()
          }
        }
        try trace.add(event)
      }
    }
    guard try pack.isAtEnd() else { throw pack.failure("something follows the trace") }
  }
}

/// What a trace of SimKube says of each object, as it is read.
private struct SimKubeTrace {
  /// What happened at an instant.
  struct Event {
    /// Seconds since 1970.
    var time: Double?
    var applied: [(bytes: [UInt8], line: Int)] = []
    var deleted: [(bytes: [UInt8], line: Int)] = []
    var line: Int
    private var size = 0

    init(line: Int) { self.line = line }

    /// Counts what the last object takes.
    mutating func check(_ failure: @autoclosure () -> InvalidInput) throws {
      size += (applied.last?.bytes.count ?? 0) + (deleted.last?.bytes.count ?? 0)
      guard size <= 1 << 30 else { throw failure() }
    }
  }

  /// An object with its replicas over time.
  private struct Course {
    var object: ManifestSifter.Object
    var rows: [(at: Int64, replicas: Int)]
    /// Whether a load can set how many Pods it has.
    var hasReplicas: Bool {
      ["Deployment", "ReplicaSet", "StatefulSet", "ReplicationController"].contains(object.kind)
    }
  }

  var hasEvents = false
  private let intake: Intake
  private var sifter: ManifestSifter
  private var courses: [Course] = []
  private var indices: [String: Int] = [:]  // name look-up
  private var latest = -Double.infinity
  private var start: Double?

  init(_ intake: Intake) throws {
    self.intake = intake
    sifter = ManifestSifter(file: intake.path)
  }

  mutating func add(_ event: Event) throws {
    guard let time = event.time else {
      throw intake.error(
        line: event.line, "missing-key", "an event without \"ts\"",
        expected: "seconds since 1970")
    }
    guard time >= 0, time < 4e9 else {
      throw intake.error(
        line: event.line, "wrong-unit", "an event at \(time) s since 1970",
        expected: "seconds; this looks like milliseconds")
    }
    guard time >= latest else {
      throw intake.error(
        line: event.line, "out-of-order", "an event earlier than the one before: time goes back",
        expected: "events in the order of time")
    }
    latest = time
    let from = start ?? time
    start = from
    let at = Int64((time - from) * 1e9)
    for (bytes, line) in event.applied { try apply(bytes, at: at, line: line) }
    for (bytes, line) in event.deleted { try delete(bytes, at: at, line: line) }
  }

  /// When in the run something happens; nil after the window. What came before the window is there
  /// when it begins.
  private func placed(_ at: Int64) -> Int64? {
    if let window = intake.options.window, at >= window.upperBound.nanoseconds { return nil }
    return max(intake.placed(at) ?? 0, intake.options.shift.nanoseconds)
  }

  private mutating func apply(_ bytes: [UInt8], at: Int64, line: Int) throws {
    var found: ManifestSifter.Object?
    try sifter.sift(bytes, isJSON: true, line: line) { found = $0 }
    guard let object = found else {
      return intake.counts.drop("a kind that isn't modelled", line: line)
    }
    guard let placed = placed(at) else { return intake.counts.drop(Intake.outside, line: line) }
    let key = "\(object.kind)/\(object.namespace)/\(object.name)"
    let replicas = object.replicas ?? 1
    guard let index = indices[key] else {
      indices[key] = courses.count
      courses.append(Course(object: object, rows: [(placed, replicas)]))
      return intake.counts.keep()
    }
    guard courses[index].hasReplicas else {
      return intake.counts.drop("a later version of something without replicas", line: line)
    }
    if object.requests != courses[index].object.requests {
      intake.unsupported.append("\(key) asks for other resources later")
    }
    courses[index].rows.append((placed, replicas))
    intake.counts.keep()
  }

  private mutating func delete(_ bytes: [UInt8], at: Int64, line: Int) throws {
    let key = try sifter.identity(of: bytes, line: line)
    guard let placed = placed(at) else { return intake.counts.drop(Intake.outside, line: line) }
    guard let key, let index = indices[key] else {
      return intake.counts.drop("deleted, and never applied", line: line)
    }
    guard courses[index].hasReplicas else {
      return intake.counts.drop("the end of something without replicas", line: line)
    }
    courses[index].rows.append((placed, 0))
    intake.counts.keep()
  }

  mutating func finish() throws {
    guard hasEvents, !courses.isEmpty else {
      throw intake.error(
        line: 1, hasEvents ? "empty-file" : "wrong-format",
        hasEvents ? "no object is applied in the trace" : "there are no events in the file",
        expected: "a .sktrace of SimKube")
    }
    var spool = try intake.openSpool()
    for course in courses {
      try spool.add(course.object, most: course.rows.map(\.replicas).max())
      let object = course.object
      let isLater = course.rows.count > 1 || course.rows[0].at > 0
      if course.hasReplicas, isLater {
        spool.levels.append(
          ("\(object.kind)/\(object.namespace)/\(object.name)", course.rows))
      } else if isLater {
        intake.assumptions.append("\(object.kind)/\(object.name) is there from the start")
      }
    }
    try spool.finish()
    intake.content.objects = spool
    intake.input = sifter.input
    for kind in sifter.input {
      intake.unsupported += kind.unsupportedFields.map { "\(kind.kind): \($0)" }
    }
    intake.assumptions.append("the trace has no nodes: there is room for 1.25 times what is asked")
  }
}
