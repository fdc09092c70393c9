import Quantities
import ScenarioFiles
import Testing
import Workloads

@Suite("Standard Workload Format")
struct WorkloadTraceTests {
  private func read(_ text: String, inPiecesOf size: Int = 1 << 20) throws -> [RecordedJob] {
    var reader = StandardWorkloadReader(file: "trace.swf")
    var jobs: [RecordedJob] = []
    let bytes = Array(text.utf8)
    var start = 0
    while start < bytes.count {
      let end = min(start + size, bytes.count)
      try bytes[start..<end].withUnsafeBytes { try reader.read($0) { jobs.append($0) } }
      start = end
    }
    try reader.finish { jobs.append($0) }
    return jobs
  }

  private static let trace = """
    ; Version: 2
    1  100 -1  50 16 -1 -1 -1 -1 -1 1 -1 -1 -1 0 -1 -1 -1
      2 101.5 -1 0.25 4 -1 -1 8 600 -1 1 -1 -1 -1 0 -1 -1 -1

    3 102 -1 -1 4 -1 -1 8 600 -1 0 -1 -1 -1 0 -1 -1 -1
    4 103 -1 7 2 -1 -1 -1 9
    """

  @Test("Jobs are the same wherever the file is cut", arguments: [1, 2, 7, 64, 1 << 20])
  func pieces(size: Int) throws {
    let jobs = try read(Self.trace, inPiecesOf: size)
    #expect(jobs.map(\.number) == [1, 2, 4])
    #expect(jobs.map(\.processors) == [16, 8, 2])
    #expect(
      jobs.map(\.submitted.nanoseconds) == [100_000_000_000, 101_500_000_000, 103_000_000_000])
    #expect(jobs.map(\.runTime.seconds) == [50, 0.25, 7])
    #expect(jobs.map(\.requestedTime.seconds) == [50, 600, 9])
  }

  @Test(
    "What isn't in the format has its place",
    arguments: [
      ("1 2 3\n", 1, "found 3"), (";\n1 x\n", 2, "found 'x'"), ("1 2-3\n", 1, "sign in front"),
      ("1 5 0 1 1 0 0 1 1\n2 4 0 1 1 0 0 1 1\n", 2, "order of their submission"),
      ("1 1.2.3\n", 1, "one point"), ("1 12345678901\n", 1, "nine digits"),
    ])
  func wrong(text: String, line: Int, message: String) throws {
    let error = #expect(throws: InvalidInput.self) { try read(text) }
    let diagnostic = try #require(error?.diagnostics.first)
    #expect(diagnostic.line == line && diagnostic.column >= 1)
    #expect(diagnostic.message.contains(message), "\(diagnostic.message)")
  }
}
