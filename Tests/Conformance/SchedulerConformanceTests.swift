import Experiments
import Foundation
import Testing

@Suite("The scheduler decides as the genuine kube-scheduler v1.36.2 did")
struct SchedulerConformanceTests {
  /// The recorded cases, compact, that come with the package.
  static let folder =
    URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Golden/Scheduler").path
  /// The originals, where they lie beside the package.
  static let originals =
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("shared/golden/scheduler/vectors").path

  static var folders: [String] {
    [folder, originals].filter { FileManager.default.fileExists(atPath: $0) }
  }

  @Test("Every recorded decision, field by field", arguments: folders, [false, true])
  func decisions(folder: String, scan: Bool) throws {
    let result = try SchedulerConformance.run(
      folder: folder, scan: scan, read: ManifestReading.objects(at:))
    #expect(result.cases.count == 61)
    for entry in result.cases {
      let failures = entry.failures.prefix(5).joined(separator: "\n")
      #expect(entry.failures.isEmpty, "\(entry.name): \(failures)")
    }
  }
}
