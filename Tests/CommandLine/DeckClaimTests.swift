import Foundation
import TestSupport
import Testing

@Suite("The deck's claims")
struct DeckClaimTests {
  @Test(
    "A ReplicaSet client of q queries a second makes 60 q Pods a minute",
    arguments: [(qps: 10, perMinute: 600.0), (5, 300)])
  func clientRate(_ client: (qps: Int, perMinute: Double)) throws {
    try withTemporaryFolder { folder in
      let path = "Scenario/claim-cached-images:spec.controlPlane.replicaSet.qps"
      let summary = try Spillway.summary(
        of: Spillway.gallery("claim-cached-images"),
        ["--set", "\(path)=\(client.qps)", "--replications", "3"], in: folder)
      let sustained = try #require(summary.mean("sustained"))
      #expect(abs(sustained / client.perMinute - 1) < 0.02)
      #expect(summary.claims[0].bindingStage == "create")
      expectDetects("a client that is faster by a twentieth") {
        #expect(abs(sustained / (client.perMinute * 1.05) - 1) < 0.02)
      }
    }
  }

  /// The sample reports, with their exit status.
  static let samples: [(name: String, status: Int32)] = [
    ("claim-default-quotas", 1), ("claim-raised-quotas", 1), ("claim-cached-images", 1),
    ("claim-holds", 0), ("unlimited-plateau", 1), ("idc-only", 1),
    // From real traces.
    ("llm-burst-hour", 1), ("functions-on-own-machines", 1), ("autoscaling-group-fortnight", 1),
  ]

  @Test("The sample reports are what a run writes, byte for byte", arguments: samples)
  func sampleReport(_ sample: (name: String, status: Int32)) throws {
    let folder = PackageFolder.path("Reports/\(sample.name)")
    let kept = try Spillway.files(of: folder)
    #expect(kept.keys.contains("report.md") && kept.keys.contains("summary.json"))
    try withTemporaryFolder { scratch in
      let out = "\(scratch)/run"
      let result = try Program.run(
        Program.spillway,
        ["run", "Scenarios/\(sample.name).yaml", "--quiet", "--jobs", "2", "--out", out],
        environment: Spillway.environment)
      #expect(result.status == sample.status, "\(result.errors)")
      let fresh = try Spillway.files(of: out).filter { !$0.key.hasPrefix("csv/") }
      #expect(fresh.keys.sorted() == kept.keys.sorted())
      for (path, bytes) in fresh { #expect(kept[path] == bytes, "\(path): try 'make reports'") }
    }
  }

  @Test("The sample reports take at most two megabytes")
  func sizeOfReports() throws {
    let bytes = try Self.samples.reduce(0) { sum, sample in
      let files = try Spillway.files(of: PackageFolder.path("Reports/\(sample.name)"))
      return sum + files.values.reduce(0) { $0 + $1.count }
    }
    #expect(1..<2_000_000 ~= bytes)
  }
}
