import Foundation
import TestSupport
import Testing

@Suite("why on a finished run's folder")
struct WhyTests {
  @Test("The folder says what was run: the same explanation as from the input, settings included")
  func runFolder() throws {
    try withTemporaryFolder { scratch in try explain(in: scratch) }
  }

  private func explain(in scratch: String) throws {
    let file = Spillway.gallery("gpu-sharing")
    let setting = ["--set", "Scenario/gpu-sharing:spec.scheduler.gpuPolicy=RandomScore"]
    let out = "\(scratch)/run"
    let run = try Spillway.call(
      ["run", file, "--quiet", "--replications", "2", "--seed", "7", "--out", out] + setting)
    #expect(run.status == 1, "\(run.errors)")
    let pod = try #require(try Self.unscheduled(out))
    let direct = try Spillway.call(["why", pod, file, "--seed", "7"] + setting)
    let fromFolder = try Spillway.call("why", pod, out)
    #expect(fromFolder.status == 0, "\(fromFolder.errors)")
    #expect(fromFolder.output == direct.output)
    #expect(fromFolder.output.contains("Open-Gpu-Share: node(s) had too few GPU devices that fit"))
    #expect(fromFolder.output.contains("it might fit with one of\n  GPUs of a model"))
    let plain = try Spillway.call(["why", pod, file, "--seed", "7"])
    #expect(plain.output != direct.output, "the setting matters")
    #expect(try Spillway.call("why", "nobody", out).status == 65)
    #expect(try Spillway.call(["why", pod, out] + setting).status == 64)
  }

  @Test("An input that has changed since the run is an error that says so")
  func changedInput() throws {
    try withTemporaryFolder { scratch in try change(in: scratch) }
  }

  private func change(in scratch: String) throws {
    let file = "\(scratch)/pods.yaml"
    let text = """
      apiVersion: v1
      kind: Pod
      metadata: {name: lonely}
      spec: {containers: [{name: a, image: a}]}
      """
    try text.write(toFile: file, atomically: true, encoding: .utf8)
    let out = "\(scratch)/run"
    #expect(try Spillway.call("run", file, "--quiet", "--out", out).status == 0)
    #expect(try Spillway.call("why", "lonely", out).status == 0)
    try text.replacingOccurrences(of: "image: a", with: "image: b").write(
      toFile: file, atomically: true, encoding: .utf8)
    let changed = try Spillway.call("why", "lonely", out)
    #expect(changed.status == 65)
    #expect(changed.errors.contains("has changed since the run"))
  }

  /// A Pod that a run left without a node.
  private static func unscheduled(_ folder: String) throws -> String? {
    let table = try String(contentsOfFile: "\(folder)/csv/placements.csv", encoding: .utf8)
    let lines = table.split(whereSeparator: \.isNewline).map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    let row = lines.dropFirst().first { $0.count > 3 && $0[3].isEmpty }
    return row.map { "\($0[1])/\($0[2])" }
  }
}
