import Foundation
import TestSupport
import Testing

@Suite("Mutated input")
struct MutatedInputTests {
  /// Ten thousand mutants of manifests, and some of the other files, in shares that run at once.
  static let shares = Array(0..<20)

  /// The files of a kind: the package's own, and published ones where they are beside it.
  private static func seeds(_ folder: String, _ endings: [String]) -> [[UInt8]] {
    let manager = FileManager.default
    let names = (manager.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []).sorted()
    return names.filter { name in endings.contains { name.hasSuffix($0) } }.prefix(400).compactMap {
      // What is larger takes long and holds nothing new.
      manager.contents(atPath: "\(folder)/\($0)").flatMap { $0.count < 20_000 ? [UInt8]($0) : nil }
    }
  }

  private static let manifests =
    seeds(PackageFolder.path("Scenarios"), [".yaml"])
    + seeds(SharedFolder.path("data/manifests-kubernetes-examples"), [".yaml", ".yml"])
    + seeds(SharedFolder.path("data/manifests-open-simulator"), [".yaml", ".yml"])

  private static let documents =
    [
      Array(
        """
        {"kind": "List", "apiVersion": "v1", "items": [{"apiVersion": "v1", "kind": "Node",
        "metadata": {"name": "a", "labels": {"zone": "x"}}, "status": {"allocatable": {"cpu": "8",
        "memory": "32Gi", "pods": "110"}}}, {"apiVersion": "v1", "kind": "Pod", "metadata": {"name":
        "p", "namespace": "n\\u00e9"}, "spec": {"containers": [{"name": "c", "image": "i", "resources":
        {"requests": {"cpu": "250m", "memory": "1.5e9"}}}], "priority": 10, "tolerations": []}}]}
        """.utf8)
    ] + seeds(PackageFolder.path("Scenarios/Invalid"), [".json"])

  private static func texts(_ reader: FuzzedReader) -> [[UInt8]] {
    let data = PackageFolder.path("Scenarios/data")
    return switch reader {
    case .manifests: manifests
    case .json: documents
    case .series: [Array("period,count\n2026-01-01 00:00:00,12\n2026-01-01 00:01:00,7.5\n".utf8)]
    case .faults: seeds(data, [".csv"])
    case .spot:
      seeds(data, [".json"]) + [
        Array("timestamp,instance_type,spot_price\n2026-01-01 00:00:00,m,0.03\n".utf8),
        Array("0,add,a\n60000,add,b\n120000,remove,a\n".utf8),
        Array(
          """
          {"SpotPriceHistory":[{"AvailabilityZone":"a","InstanceType":"m","SpotPrice":"0.031",
          "Timestamp":"2026-01-02T00:00:00Z"},{"AvailabilityZone":"a","InstanceType":"m",
          "SpotPrice":"0.03","Timestamp":"2026-01-01T00:00:00+00:00"}]}
          """.utf8),
      ]
    case .sktrace: seeds(PackageFolder.path("scripts/fuzz/seeds"), [".json", ".sktrace"])
    case .imports: seeds(PackageFolder.path("scripts/fuzz/seeds"), [".import"])
    case .swf:
      [Array("; Version: 2\n1 0 5 100 4 -1 -1 4 120 -1 1 3 1 -1 1 -1 -1 -1\n2 10 -1 50 2\n".utf8)]
    }
  }

  /// What YAML and JSON make much of.
  private static let tokens: [[UInt8]] = [
    "&a ", "*a", "!!str ", "!!int ", "? ", "<<: *a", "---\n", "...\n", "%YAML 1.1\n", "|\n", ">-\n",
    "{", "}", "[", "]", ",", ": ", "- ", "#", "\t", "\r\n", "\"", "'", "\\u0000", "\u{FEFF}",
    "\u{2028}", "null", "~", "0x1F", "0o17", "017", "1e999", "-1", "99999999999999999999",
    "9223372036854775808", "1:30:00", ".nan", ".inf", "on", "0.5000000000000001", "Gi", "-5m",
    "1e9h", "metadata:\n", "spec:\n", "kind: List\nitems:\n", "\0",
  ].map { Array($0.utf8) }

  private static func mutant(of bytes: [UInt8], by generator: inout SeededGenerator) -> [UInt8] {
    var text = bytes
    for _ in 0..<1 + generator.below(5) {
      let place = generator.below(text.count + 1)
      let length = min(text.count - place, generator.below(24))
      switch generator.below(7) {
      case 0 where place < text.count: text[place] = UInt8(generator.below(256))
      case 1: text.removeSubrange(place..<place + length)
      case 2: text.insert(contentsOf: text[place..<place + length], at: place)
      case 3: text.insert(contentsOf: generator.pick(tokens), at: place)
      case 4: text.replaceSubrange(place..<place + length, with: generator.pick(tokens))
      case 5: text = swappedLines(of: text, by: &generator)
      case 6 where generator.below(8) == 0: text.removeSubrange(place...)
      default: text.insert(UInt8(ascii: " "), at: place)
      }
    }
    return text
  }

  private static func swappedLines(
    of text: [UInt8], by generator: inout SeededGenerator
  ) -> [UInt8] {
    var lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    guard lines.count > 1 else { return text }
    lines.swapAt(generator.below(lines.count), generator.below(lines.count))
    return Array(lines.joined(separator: [UInt8(ascii: "\n")]))
  }

  /// Reads so many mutants and tells which of them got an answer without a place.
  private static func complaints(_ reader: FuzzedReader, _ count: Int, seed: Int) throws -> [String]
  {
    let seeds = texts(reader)
    var generator = SeededGenerator(seed: UInt64(seed))
    var found: [String] = []
    try withTemporaryFolder { folder in
      for number in 0..<count {
        let bytes = mutant(of: generator.pick(seeds), by: &generator)
        if let complaint = reader.complaint(about: bytes, folder: folder) {
          found.append("\(reader), seed \(seed), mutant \(number): \(complaint)")
        }
      }
    }
    return found
  }

  @Test(
    "of manifests never crashes a reader, never hangs it, and is always told with its place",
    .timeLimit(.minutes(5)), arguments: shares)
  func manifestsAreAnswered(share: Int) throws {
    #expect(Self.manifests.count >= 100)
    #expect(try Self.complaints(.manifests, 500, seed: share) == [])
  }

  @Test(
    "of other files is answered as well", .timeLimit(.minutes(5)),
    arguments: FuzzedReader.allCases.filter { $0 != .manifests })
  func othersAreAnswered(reader: FuzzedReader) throws {
    #expect(!Self.texts(reader).isEmpty)
    #expect(try Self.complaints(reader, 1000, seed: 5) == [])
  }
}
