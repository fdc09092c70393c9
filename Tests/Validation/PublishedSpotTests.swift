import Experiments
import Foundation
import Infrastructure
import Quantities
import ScenarioFiles
import Statistics
import TestSupport
import Testing

/// Fits against the figures that model card 3.13 has of the same recordings.
@Suite("Published spot markets")
struct PublishedSpotTests {
  /// V100 in us-east-2a from 2023-02-15 on, every 195 s: lengths of stretches that take turns, of
  /// zeros first.
  private static let stretches = [
    9, 4, 9, 20, 7, 22, 385, 6, 4, 3, 16, 107, 285, 3, 19, 7, 3, 36, 74, 13, 191, 262, 136, 10,
    58, 152, 68, 52, 64, 78, 81, 191, 3, 3, 87, 4, 3, 74, 62, 194, 13, 7, 168, 84, 10, 13, 3,
    32, 62, 48, 100, 10, 7, 48, 7, 16, 23, 12, 36, 94, 3, 4, 6, 7, 3, 9, 33, 10, 6, 10, 71,
    266, 58, 32, 156, 29, 3, 17, 3, 324, 126, 713, 3, 29, 4, 35, 55, 273, 9, 635, 6, 4, 10, 3,
    3, 3, 16, 49, 97, 110, 3, 4, 3, 48, 13, 82, 3, 155, 7, 68, 22, 20, 81, 271, 72, 16, 6, 13,
    3, 4, 19, 1593, 13, 2135, 7, 378, 7, 90, 3, 178, 3, 155, 4, 3, 29, 58, 16, 10, 3, 240, 6,
    36, 6, 13, 22, 4, 6, 3, 4, 13, 9, 7, 16, 3, 3, 10, 3, 4, 3, 6, 7, 13, 6, 3, 4, 9, 10, 6, 7,
    3, 3, 4, 3, 29, 3, 13, 13, 7, 3, 3, 7, 3, 13, 6, 23, 3, 3, 29, 7, 9, 4, 71, 39, 3, 35, 4,
    6, 3, 7, 48, 62, 32, 113, 253, 61, 13, 116, 550, 10, 3, 3, 94, 7, 342, 6, 417, 13, 6, 7,
    320, 9, 4, 19, 672, 7, 22, 3, 4, 6, 3, 7, 3, 3, 16, 78, 346, 6, 29, 42, 455, 7, 3, 22, 4,
    13, 6, 7, 3, 3, 6, 171, 172, 3, 45, 3, 10, 6, 26, 7, 64, 7, 67, 10, 229, 4, 3, 22, 42, 75,
    9, 4, 16, 29, 12, 71, 60, 74, 10, 13, 3, 294, 16, 3, 35, 135, 65, 23, 31, 3, 165, 3, 564,
  ]

  private static let text: String = {
    var values: [String] = []
    for (index, length) in stretches.enumerated() {
      values += repeatElement(index % 2 == 0 ? "0" : "1", count: length)
    }
    return "{\"metadata\":{\"gap_seconds\":195},\"data\":[\(values.joined(separator: ","))]}"
  }()

  private func history(_ sense: AvailabilitySense) throws -> AvailabilityHistory {
    let file = try SpotHistoryFile(Array(Self.text.utf8), called: "us-east-2a", sense: sense)
    guard case .availability(let history) = file.content else { throw Unexpected() }
    return history
  }

  private struct Unexpected: Error {}

  /// Published: availability 0.759; up Weibull 0.57 with 3.02 h, mean 5.51 h; down 0.71 with 1.38 h,
  /// mean 1.81 h.
  private func isPublished(_ fit: SpotFit) throws -> Bool {
    func weibull(_ fits: [DurationFit]) throws -> [Double] {
      try #require(fits.first { $0.family == .weibull }).parameters.map(\.value)
    }
    let up = try weibull(fit.up)
    let down = try weibull(fit.down)
    return abs(fit.figures.availability - 0.759) < 0.0005
      && abs(up[0] - 0.57) < 0.01 && abs(up[1] / 3600 / 3.02 - 1) < 0.05
      && abs(down[0] - 0.71) < 0.01 && abs(down[1] / 3600 / 1.38 - 1) < 0.05
      && abs((fit.figures.meanUp ?? 0) / 3600 / 5.51 - 1) < 0.05
      && abs((fit.figures.meanDown ?? 0) / 3600 / 1.81 - 1) < 0.05
  }

  @Test("A fit returns the published laws of us-east-2a, and 200 traces bracket the recording")
  func laws() throws {
    let fit = SpotFit(try history(.available), seed: 42)
    let isPublished = try self.isPublished(fit)
    #expect(isPublished)
    #expect(fit.brackets.count == 3 && fit.brackets.allSatisfy(\.holds))
    let turned = SpotFit(try history(.missing), seed: 42)
    let isTurnedPublished = try self.isPublished(turned)
    expectDetects("zeros taken for capacity") { #expect(isTurnedPublished) }
  }

  @Test("Five recordings have the published availabilities, in no other sense")
  func availabilities() throws {
    let folder = PackageFolder.path("../shared/data/spot-availability-skypilot")
    for (name, published) in [
      ("availability_1-node_aws-02-15-2023_us-west-2b_v100_1", 0.905),
      ("availability_1-node_aws-02-15-2023_us-east-2a_v100_1", 0.759),
      ("availability_1-node_aws-02-15-2023_us-east-1a_v100_1", 0.167),
      ("preemption_1-node_aws-04-19-2023_us-east-1d_intel_64", 0.940),
      ("preemption_1-node_aws-04-19-2023_us-east-1c_intel_64", 0.639),
    ] {
      let path = "\(folder)/\(name).json"
      guard FileManager.default.fileExists(atPath: path) else { continue }
      func availability(_ sense: AvailabilitySense) throws -> Double? {
        guard case .availability(let all) = try SpotHistoryFile(path: path, sense: sense).content
        else { return nil }
        return all.availability
      }
      let found = try #require(try availability(.available))
      #expect(abs(found - published) < 0.0006, "\(name): \(found)")
      let turned = try #require(try availability(.missing))
      expectDetects("zeros taken for capacity") { #expect(abs(turned - published) < 0.0006) }
    }
  }
}
