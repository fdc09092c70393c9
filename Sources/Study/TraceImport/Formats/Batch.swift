import Foundation
import Quantities
import ScenarioFiles
import Workloads

extension TraceFormat {
  static let workloadFormat = TraceFormat(
    "swf", "Jobs in the Standard Workload Format", example: "log.swf.gz",
    [.window, .scale, .sample, .inflate, .shift]
  ) { intake in
    let source = try ByteSource(path: intake.path)
    var reader = StandardWorkloadReader(file: intake.path)
    var queue = QueuedJobs()
    var endsInLine = false
    func take(_ job: RecordedJob) { intake.queue(job, into: &queue) }
    while true {
      let bytes = try source.next(line: reader.line)
      if bytes.isEmpty { break }
      if source.count == bytes.count { queue.machines = processors(inHeader: bytes) }
      endsInLine = bytes.last != 10
      try reader.read(bytes, take)
      guard reader.position <= LineReader.longest else {
        throw intake.error(
          line: reader.line, column: LineReader.longest + 1, "line-too-long",
          "the line has more than \(LineReader.longest) bytes",
          expected: "18 numbers a line, as in the Standard Workload Format")
      }
      guard !queue.isFull else {
        throw intake.error(
          line: reader.line, "too-large", "more than \(JobTable.most) jobs",
          expected: "--window or --sample, for a part of the trace")
      }
    }
    let line = reader.line
    do {
      try reader.finish(take)
    } catch {
      guard endsInLine, intake.counts.read > 0 else { throw error }
      intake.counts.drop(Intake.cut, line: line)
    }
    for _ in 0..<reader.incompleteJobs {
      intake.counts.drop("no submission, run time or processors", line: 0)
    }
    guard intake.counts.read > 0 else {
      throw intake.error(line: 1, "empty-file", "there is no job in the file", expected: "jobs")
    }
    if case .rows(let count) = intake.options.sample, count < queue.jobs.count {
      let flags = intake.chosen(count, of: queue.jobs.count)
      for _ in 0..<queue.jobs.count - count { intake.counts.dropKept(Intake.unsampled) }
      queue.jobs = zip(queue.jobs, flags).filter(\.1).map(\.0)
    }
    intake.ignored = [
      "wait", "CPU time", "memory", "status", "user", "group", "executable", "queue", "partition",
      "preceding job", "think time",
    ]
    intake.content.queue = queue
  }

  /// `MaxProcs` of a log's header.
  private static func processors(inHeader bytes: UnsafeRawBufferPointer) -> Int? {
    for line in bytes.prefix(16_384).split(separator: 10) where line.first == UInt8(ascii: ";") {
      let text = String(decoding: line, as: UTF8.self)
      guard let key = text.range(of: "MaxProcs:") else { continue }
      return Int(text[key.upperBound...].filter { !$0.isWhitespace })
    }
    return nil
  }
}

extension Intake {
  /// Adds a job to a queue as often as the sample and the inflation say, and counts its row.
  fileprivate func queue(_ job: RecordedJob, into queue: inout QueuedJobs) {
    guard let at = placed(job.submitted.nanoseconds) else {
      counts.drop(Self.outside, line: 0)
      return
    }
    let copies = copies(ofRow: counts.read)
    guard copies > 0 else {
      counts.drop(Self.unsampled, line: 0)
      return
    }
    let processors = max(1, Int((Double(job.processors) * options.scale).rounded()))
    if let machines = queue.machines, processors > machines {
      counts.drop("more processors than MaxProcs", line: 0)
      return
    }
    var copy = job
    copy.submitted = Instant(nanoseconds: at)
    copy.processors = processors
    queue.isFull = queue.jobs.count + copies > JobTable.most
    for _ in 0..<(queue.isFull ? 0 : copies) {
      copy.number = queue.jobs.count + 1
      queue.jobs.append(copy)
    }
    counts.keep()
  }
}
