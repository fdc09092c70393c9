import Foundation
import Quantities
import ScenarioFiles
import TestSupport
import Testing

@testable import TraceImport

struct TransformTests {
  /// An intake of a trace with options.
  private func intake(_ options: ImportOptions) -> Intake {
    Intake(path: "trace.csv", options: options) { throw CocoaError(.featureUnsupported) }
  }

  private func options(_ change: (inout ImportOptions) -> Void) -> ImportOptions {
    var options = ImportOptions()
    change(&options)
    return options
  }

  @Test("A window keeps what begins in it, and the run begins with it")
  func window() {
    let intake = intake(options { $0.window = .seconds(10)..<(.seconds(20)) })
    let second: Int64 = 1_000_000_000
    #expect(intake.placed(9 * second) == nil)
    #expect(intake.placed(10 * second) == 0)
    #expect(intake.placed(19 * second) == 9 * second)
    #expect(intake.placed(20 * second) == nil)
    let later = self.intake(
      options {
        $0.window = .seconds(10)..<(.seconds(20))
        $0.shift = .seconds(5)
      })
    #expect(later.placed(10 * second) == 5 * second)
  }

  /// 100,000 rows: six standard deviations of a share are 0.01.
  @Test("A share of the rows is kept, and inflation doubles as many as it says")
  func chance() {
    let rows = 100_000
    let sampled = intake(options { $0.sample = .share(0.3) })
    let kept = (0..<rows).reduce(0) { $0 + sampled.copies(ofRow: $1) }
    #expect(abs(Double(kept) / Double(rows) - 0.3) < 0.01)
    let inflated = intake(options { $0.inflate = 2.25 })
    let copies = (0..<rows).map { inflated.copies(ofRow: $0) }
    #expect(abs(Double(copies.reduce(0, +)) / Double(rows) - 2.25) < 0.01)
    #expect(Set(copies) == [2, 3])
  }

  @Test("Which rows are in a sample follows from the seed and the row alone")
  func keyed() {
    let first = intake(options { $0.sample = .share(0.5) })
    let again = intake(options { $0.sample = .share(0.5) })
    let other = intake(
      options {
        $0.sample = .share(0.5)
        $0.seed = 7
      })
    let rows = 0..<200
    #expect(rows.map { first.copies(ofRow: $0) } == rows.map { again.copies(ofRow: $0) })
    #expect(rows.map { first.copies(ofRow: $0) } != rows.map { other.copies(ofRow: $0) })
    // A larger share keeps what a smaller one does.
    let larger = intake(options { $0.sample = .share(0.8) })
    #expect(rows.allSatisfy { larger.copies(ofRow: $0) >= first.copies(ofRow: $0) })
  }

  @Test("A sample of so many has so many")
  func exactSample() {
    let flags = intake(ImportOptions()).chosen(17, of: 100)
    #expect(flags.count == 100 && flags.count { $0 } == 17)
    #expect(intake(ImportOptions()).chosen(5, of: 3) == [true, true, true])
  }

  @Test("Other intervals keep all requests, and the mean level")
  func resampled() {
    let minute: Int64 = 60_000_000_000
    var requests = SeriesTable("a", .requests, step: 5 * minute)
    var levels = SeriesTable("b", .replicas, step: 5 * minute)
    var isTaken = true
    for index in 0..<10 {
      let at = Int64(index) * minute
      isTaken = requests.add(Double(index), at: at, lasting: minute) && isTaken
      isTaken = levels.add(Double(index), at: at, lasting: minute) && isTaken
    }
    #expect(requests.bins == [10, 35])
    #expect(levels.bins == [2, 7])
    var finer = SeriesTable("c", .requests, step: minute / 2)
    isTaken = finer.add(6, at: 0, lasting: minute) && isTaken
    #expect(finer.bins == [3, 3])
    var rate = SeriesTable("d", .rate, step: minute)
    isTaken = rate.add(2, at: 0, lasting: minute / 2) && isTaken
    #expect(isTaken)
    #expect(rate.bins == [60] && rate.peak == 1)
  }

  @Test("Numbers of traces are those of the standard library, and what is none is none")
  func numbers() {
    var generator = SeededGenerator(seed: 3)
    func number(_ text: String) -> Double? {
      Array(text.utf8).withUnsafeBytes { Figures.number($0) }
    }
    for _ in 0..<20_000 {
      let digits = generator.below(1 << 50)
      let text = generator.below(2) == 0 ? "\(digits)" : "\(digits / 1000).\(generator.below(1000))"
      #expect(number(text) == Double(text))
    }
    for text in ["-0.5", "1e3", "0.09000000000000001", "94.79799999999999", "1.", "00012"] {
      #expect(number(text) == Double(text), "\(text)")
    }
    for text in ["", "-", ".", "1.2.3", "12ms", "4k", "inf", "nan", "0x10", "--1", "1 2"] {
      #expect(number(text) == nil, "\(text)")
    }
  }

  @Test("Dates of traces are read with and without fraction and zone")
  func dates() {
    func date(_ text: String) -> Int64? { Array(text.utf8).withUnsafeBytes { Figures.date($0) } }
    #expect(date("1970-01-01 00:00:00") == 0)
    #expect(date("2013-08-12 13:40:46+00:00") == 1_376_314_846_000_000_000)
    #expect(date("2013-08-12T15:40:46.25+02:00") == 1_376_314_846_250_000_000)
    #expect(date("2016-02-29T00:00:00.000Z") == 1_456_704_000_000_000_000)
    for text in ["", "2013-08-12", "2013-13-12 13:40:46", "2013-08-12 25:40:46", "1700000000"] {
      #expect(date(text) == nil, "\(text)")
    }
  }

  @Test("Quoted cells may hold commas, and blanks around cells don't count")
  func cells() {
    var cells = Cells()
    Array("a, b ,\"c,\"\"d\",,e".utf8).withUnsafeBytes { line in
      cells.split(line)
      #expect((0..<cells.count).map { cells.text($0) } == ["a", "b", "c,\"\"d", "", "e"])
      #expect(cells.column(2) == 8)
    }
  }

  @Test(
    "Of many prices the longest series are taken, of them what is in the window, and all are counted"
  )
  func manyMarkets() throws {
    try withTemporaryFolder { folder in
      var text = "timestamp,price,instance_type\n"
      for hour in 0..<6 {
        for type in 0..<10 where type < 8 || hour < 2 {
          text += "2016-02-25T0\(hour):00:00Z,0.0\(type + 1),m\(type)\n"
        }
      }
      try Data(text.utf8).write(to: URL(filePath: "\(folder)/prices.csv"))
      let format = try #require(TraceFormat.named("spot"))
      let report = try TraceImporter.run(
        "\(folder)/prices.csv", as: format,
        options: options { $0.window = .hours(1)..<(.hours(4)) }, into: "\(folder)/out")
      #expect(report.counts.read == 52 && report.counts.kept == 24)
      #expect(
        report.counts.dropped.map(\.reason).sorted() == [
          "not one of the 8 longest series", "outside the window",
        ])
      #expect(report.counts.dropped.map(\.rows).sorted() == [4, 24])
    }
  }

  @Test("MessagePack and JSON of one trace give the same scenario")
  func messagePack() throws {
    try withTemporaryFolder { folder in
      let text = Fixture.simKube
      let packed = try Self.packed(JSONSerialization.jsonObject(with: Data(text.utf8)))
      try Data(text.utf8).write(to: URL(filePath: "\(folder)/t.json"))
      try Data(packed).write(to: URL(filePath: "\(folder)/t.sktrace"))
      let format = try #require(TraceFormat.named("sktrace"))
      var cluster: [String] = []
      var levels: [String] = []
      for file in ["t.json", "t.sktrace"] {
        let report = try TraceImporter.run("\(folder)/\(file)", as: format, into: "\(folder)/out")
        #expect(report.counts.kept == 3)
        levels.append(try String(contentsOfFile: "\(folder)/out/levels-0.csv", encoding: .utf8))
        let objects = try Data(contentsOf: URL(filePath: "\(folder)/out/cluster.json"))
        let object = try #require(try JSONSerialization.jsonObject(with: objects) as? NSDictionary)
        cluster.append(
          "\(try JSONSerialization.data(withJSONObject: object, options: .sortedKeys))")
      }
      #expect(levels == [levels[0], levels[0]])
      #expect(levels[0] == "at_s,replicas\n0,1\n60,4\n300,0\n")
      #expect(cluster[0] == cluster[1])
    }
  }

  /// A JSON value as MessagePack, each kind of head in its shortest and its longest form.
  private static func packed(_ value: Any) throws -> [UInt8] {
    func bytes(_ number: Int, _ count: Int) -> [UInt8] {
      (0..<count).reversed().map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
    }
    switch value {
    case let map as [String: Any]:
      let keys = map.keys.sorted()
      return try (keys.count < 16 ? [0x80 | UInt8(keys.count)] : [0xDF] + bytes(keys.count, 4))
        + keys.flatMap { try packed($0) + packed(map[$0] ?? NSNull()) }
    case let list as [Any]:
      return try [0xDC] + bytes(list.count, 2) + list.flatMap { try packed($0) }
    case let text as String:
      let utf8 = Array(text.utf8)
      return (utf8.count < 32 ? [0xA0 | UInt8(utf8.count)] : [0xD9] + bytes(utf8.count, 1)) + utf8
    case let number as NSNumber: return [0xD3] + bytes(number.intValue, 8)
    default: return [0xC0]
    }
  }
}
