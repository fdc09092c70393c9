import Foundation
import TestSupport
import Testing

@Suite("The same again")
struct ReproductionTests {
  private func files(_ arguments: [String], in folder: String, _ name: String) throws -> [String:
    Data]
  {
    let out = "\(folder)/\(name)"
    let result = try Spillway.call(["run"] + arguments + ["--quiet", "--out", out])
    #expect(result.status <= 1, "\(result.errors)")
    return try Spillway.files(of: out)
  }

  @Test(
    "The same seed gives the same bytes with one job and with two, in two processes",
    arguments: ["every-field", "online-boutique", "claim-cached-images"])
  func sameBytes(name: String) throws {
    try withTemporaryFolder { folder in
      let scenario = [Spillway.gallery(name), "--replications", "4", "--records", "all"]
      let one = try files(scenario + ["--jobs", "1"], in: folder, "one")
      let two = try files(scenario + ["--jobs", "2"], in: folder, "two")
      #expect(one.keys.contains("csv/placements.csv") && one.keys.contains("summary.json"))
      #expect(one.keys.sorted() == two.keys.sorted())
      for (path, bytes) in one { #expect(two[path] == bytes, "\(path)") }
    }
  }

  @Test("Another seed gives another run")
  func anotherSeed() throws {
    try withTemporaryFolder { folder in
      let scenario = [Spillway.gallery("every-field"), "--replications", "2"]
      let one = try files(scenario + ["--seed", "1"], in: folder, "one")
      let two = try files(scenario + ["--seed", "2"], in: folder, "two")
      for path in ["csv/placements.csv", "csv/stages.csv"] { #expect(one[path] != two[path]) }
      let digests = [one, two].map { String(decoding: $0["summary.json"] ?? Data(), as: UTF8.self) }
      #expect(digests[0] != digests[1])
    }
  }

  @Test("A replication alone is the one that it is among all")
  func oneReplication() throws {
    try withTemporaryFolder { folder in
      let scenario = [Spillway.gallery("every-field"), "--records", "all"]
      let all = try files(scenario + ["--replications", "3"], in: folder, "all")
      let alone = try files(scenario + ["--replication", "2"], in: folder, "alone")
      let rows = { (files: [String: Data]) in
        String(decoding: files["csv/placements.csv"] ?? Data(), as: UTF8.self)
          .split(whereSeparator: \.isNewline).filter { $0.hasPrefix("2,") }
      }
      #expect(rows(alone).count > 50)
      #expect(rows(alone) == rows(all))
    }
  }
}
