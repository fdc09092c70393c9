import Foundation
import Quantities
import Statistics
import Testing

@testable import Reporting

@Suite("report.html")
struct PageTests {
  /// A run whose every name tries to break out of the page.
  private func hostileRun() -> RunSummary {
    var run = SampleRuns.burst()
    let evil = "</script><script>alert(1)</script><img src=x onerror=\"alert(2)\">'"
    run.scenario = evil
    run.question = evil
    run.caveats = [evil]
    run.claims[0].name = evil
    run.claims[0].story = evil
    run.series = run.series.map { curve in
      var curve = curve
      curve.place = evil
      return curve
    }
    run.unschedulable = [UnschedulablePod(pod: evil, reason: evil)]
    run.money.items = [
      .init(name: evil, quantity: 1, unit: evil, amount: Money(picounits: 2_000_000_000_000))
    ]
    return run
  }

  @Test("Names from manifests stay text, in markup and in the data for the script")
  func escapesNames() {
    let page = HTMLReport.render(hostileRun())
    #expect(!page.contains("<img"))
    #expect(!page.contains("<script>alert"))
    #expect(page.components(separatedBy: "<script").count == 3, "one for data, one to run")
    #expect(page.components(separatedBy: "</script>").count == 3)
  }

  @Test("The policy names the digests of the style and the script that the page holds, no others")
  func policyFits() throws {
    let page = HTMLReport.render(SampleRuns.burst())
    func digest(from start: String, to end: String) throws -> String {
      let begin = try #require(page.range(of: start)).upperBound
      let stop = try #require(page.range(of: end, range: begin..<page.endIndex)).lowerBound
      var hash = SHA256()
      hash.update(page[begin..<stop].utf8)
      return "sha256-" + Data(hash.bytes()).base64EncodedString()
    }
    let style = try digest(from: "<style>", to: "</style>")
    let script = try digest(from: "<script>", to: "</script>")
    #expect(page.contains("style-src '\(style)'"))
    #expect(page.contains("script-src '\(script)'"))
    #expect(page.contains("default-src 'none'"))
    #expect(!page.contains(" style=\""), "the policy forbids styles in attributes")
    #expect(!page.contains("http:") || !page.contains("src=\"http"))
  }

  @Test("The verdict stands before everything else, and each link of the contents leads somewhere")
  func verdictFirst() throws {
    let page = HTMLReport.render(SampleRuns.burst())
    let sections = page.components(separatedBy: "<section id=\"").dropFirst()
      .compactMap { $0.split(separator: "\"").first.map(String.init) }
    #expect(sections.first == "verdict")
    for link in page.components(separatedBy: "<li><a href=\"#").dropFirst() {
      let target = try #require(link.split(separator: "\"").first.map(String.init))
      #expect(sections.contains(target))
    }
  }

  @Test("A million Pods on 5,000 nodes make a page under 2 MB")
  func staysSmall() {
    var run = SampleRuns.burst()
    run.history.step = 30
    for block in 0..<60 {
      var nodes = WorldHistory.NodeBlock(name: "node-\(block)", site: "idc")
      nodes.present = (0..<200).map { _ in 83 }
      nodes.ready = (0..<200).map { $0 % 2 == 0 ? 83 : 82 }
      nodes.requested = (0..<200).map { Double($0 * 7 % 100) / 100 }
      run.history.nodes.append(nodes)
    }
    for group in 0..<100 {
      run.history.pods.append(
        WorldHistory.PodGroup(
          site: "cloud", count: 10_000,
          instants: [Double(group), Double(group) + 1, Double(group) + 2, nil, nil]))
    }
    let values = (0..<20_000).map { Double($0 % 977) }
    run.series = (0..<6).map { place in
      TimeSeries(
        name: TimeSeries.throughput, unit: "Pods/min", place: "site-\(place)", step: 1,
        mean: values, low: values, high: values)
    }
    let page = HTMLReport.render(run)
    #expect(page.utf8.count < 2_000_000)
    #expect(page.contains("10,000"))
  }
}

@Suite("A run's folder read back")
struct SummaryReaderTests {
  private func folder(of run: RunSummary) throws -> String {
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("read-\(UUID().uuidString)").path
    let manifest = RunManifest(
      run, input: RunInput(directory: "/", files: [], settings: []), command: "", startedAt: "",
      elapsedSeconds: 0, platform: [])
    try RunFolder.write(run, manifest: manifest, at: path)
    return path
  }

  private func fullRun() -> RunSummary {
    var run = SampleRuns.burst()
    run.history.replication = 3
    run.history.step = 5
    var block = WorldHistory.NodeBlock(name: "a, \"quoted\"…b", site: "idc")
    block.present = [4, 4, 3]
    block.ready = [4, 2, 3]
    block.requested = [0, 0.25, 0.5]
    run.history.nodes = [block]
    run.history.pods = [.init(site: "", count: 7, instants: [0, nil, nil, nil, nil])]
    return run
  }

  @Test("What is read back makes the same reports, byte for byte")
  func roundTrips() throws {
    let run = fullRun()
    let path = try folder(of: run)
    defer { try? FileManager.default.removeItem(atPath: path) }
    let read = try SummaryReader.read(folder: path)
    #expect(SummaryJSON.render(read) == SummaryJSON.render(run))
    #expect(HTMLReport.render(read) == HTMLReport.render(run))
    let before = try String(contentsOfFile: "\(path)/report.md", encoding: .utf8)
    try RunFolder.renewReports(read, in: path)
    #expect(try String(contentsOfFile: "\(path)/report.md", encoding: .utf8) == before)
  }

  /// Amounts beyond 2⁵³ units of 10⁻¹²: as floating-point numbers they round, some twice.
  @Test("Large bills are read back to the last digit")
  func largeBills() throws {
    var run = fullRun()
    var amount: Int128 = 21_097_284_756_775_777_948
    run.money.items = (0..<200).map { index in
      amount = amount &* 6_364_136_223_846_793_005 % 97_000_000_000_000_000_000
      return MoneySummary.Item(
        name: "item \(index)", quantity: 1, unit: "h", amount: Money(picounits: amount))
    }
    let path = try folder(of: run)
    defer { try? FileManager.default.removeItem(atPath: path) }
    let read = try SummaryReader.read(folder: path)
    #expect(read.money.items.map(\.exact) == run.money.items.map(\.exact))
    #expect(read.money.exactCash == run.money.exactCash)
  }

  @Test("A number changed in summary.json changes the page")
  func follows() throws {
    let path = try folder(of: fullRun())
    defer { try? FileManager.default.removeItem(atPath: path) }
    let file = "\(path)/summary.json"
    let text = try String(contentsOfFile: file, encoding: .utf8)
    #expect(text.contains("\"seed\": 42"))
    try text.replacingOccurrences(of: "\"seed\": 42", with: "\"seed\": 4711")
      .write(toFile: file, atomically: true, encoding: .utf8)
    let page = HTMLReport.render(try SummaryReader.read(folder: path))
    #expect(page.contains("seed 4711"))
  }

  @Test(
    "What can't be read is told with its place",
    arguments: [
      ("\"seed\": 42", "\"seed\": \"x\"", "seed"),
      ("\"verdict\": \"fails\"", "\"verdict\": \"maybe\"", "claims[0].verdict"),
      ("\"metrics\": [", "\"metrics\": 7, \"others\": [", "metrics"), ("{", "", "JSON"),
    ])
  func complains(from: String, to: String, place: String) throws {
    let path = try folder(of: fullRun())
    defer { try? FileManager.default.removeItem(atPath: path) }
    let file = "\(path)/summary.json"
    var text = try String(contentsOfFile: file, encoding: .utf8)
    let range = try #require(text.range(of: from))
    text.replaceSubrange(range, with: to)
    try text.write(toFile: file, atomically: true, encoding: .utf8)
    #expect {
      try SummaryReader.read(folder: path)
    } throws: {
      "\($0)".contains(place)
    }
  }
}
