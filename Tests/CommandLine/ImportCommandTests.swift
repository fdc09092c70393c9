import Foundation
import TestSupport
import Testing

@Suite("The command import")
struct ImportCommandTests {
  private let counts = """
    timestamp,value
    2014-04-10 00:00:00,94.0
    2014-04-10 00:05:00,56.0
    2014-04-10 00:10:00,60.0

    """

  private func written(_ text: String, in folder: String) throws -> String {
    try Data(text.utf8).write(to: URL(filePath: "\(folder)/trace.csv"))
    return "\(folder)/trace.csv"
  }

  @Test("An import says what it kept, and leaves a scenario that runs")
  func importAndRun() throws {
    try withTemporaryFolder { folder in
      let file = try written(counts, in: folder)
      let result = try Spillway.call("import", "nab", file, "--out", "\(folder)/out")
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.output.contains("3 rows read, 3 kept"))
      let summary = try Spillway.summary(
        of: "\(folder)/out/scenario.yaml", in: folder, expecting: 0)
      let requests = try #require(summary.mean("requests"))
      // 210 requests come; six standard deviations are 87.
      #expect(abs(requests - 210) < 87)
    }
  }

  @Test("Jobs arrive and work as they were recorded")
  func jobs() throws {
    try withTemporaryFolder { folder in
      let text = "app,func,end_timestamp,duration\na,f,60,30\na,g,90,5\na,h,200,100\n"
      let file = try written(text, in: folder)
      let out = "\(folder)/out"
      let result = try Spillway.call(
        "import", "azure-functions-2021", file, "--out", out, "-o", "json")
      #expect(result.status == 0, "\(result.errors)")
      let report = try #require(try Spillway.json(result.output) as? [String: Any])
      #expect(report["read"] as? Int == 3 && report["kept"] as? Int == 3)
      let summary = try Spillway.summary(of: "\(out)/scenario.yaml", in: folder, expecting: 0)
      #expect(summary.pods["succeeded"] == 3)
    }
  }

  @Test("Wrong usage is 64, wrong input 65, a missing file 66, a taken folder 73")
  func statuses() throws {
    try withTemporaryFolder { folder in
      let file = try written(counts, in: folder)
      let out = "\(folder)/out"
      func status(_ arguments: String...) throws -> Int32 {
        try Spillway.call(["import"] + arguments).status
      }
      #expect(try status() == 64)
      #expect(try status("nabb", file, "--out", out) == 64)
      #expect(try status("nab", file) == 64)
      #expect(try status("nab", file, "--out", out, "--inflate", "2") == 64)
      #expect(try status("nab", file, "--out", out, "--window", "2h..1h") == 64)
      #expect(try status("openb", file, "--out", out) == 65)
      #expect(try status("nab", "\(folder)/none.csv", "--out", out) == 66)
      #expect(try status("nab", folder, "--out", out) == 66)
      #expect(try status("nab", file, "--out", folder) == 73)
      #expect(try status("nab", file, "--out", out) == 0)
      #expect(try status("nab", file, "--out", out) == 0)
    }
  }

  @Test("A mistake is shown with its line and a caret, or as JSON")
  func diagnostics() throws {
    try withTemporaryFolder { folder in
      let file = try written(counts.replacing("56.0", with: "many"), in: folder)
      let result = try Spillway.call("import", "nab", file, "--out", "\(folder)/out")
      #expect(result.status == 65)
      #expect(result.errors.contains("trace.csv:3:21: error: \"many\" is no number"))
      #expect(result.errors.contains("    3 | 2014-04-10 00:05:00,many"))
      #expect(result.errors.contains("^~~~"))
      let json = try Spillway.call("import", "nab", file, "--out", "\(folder)/out", "-o", "json")
      let first = try #require(try Spillway.json(json.output) as? [[String: Any]]).first
      #expect(first?["line"] as? Int == 3 && first?["code"] as? String == "wrong-value")
    }
  }

  @Test("The list names every format with what can be changed of it")
  func list() throws {
    let result = try Spillway.call("import", "--list")
    #expect(result.status == 0)
    for name in ["k8s", "openb", "swf", "sktrace", "prometheus", "spot"] {
      #expect(result.output.split(separator: "\n").contains { $0.hasPrefix("\(name) ") })
    }
    #expect(result.output.contains("--window --scale --sample --inflate --shift"))
  }

  /// What is published must all be taken, and what it becomes must load.
  @Test(
    "Published traces are imported", .enabled(if: SharedFolder.has("data")),
    arguments: [
      ("alibaba-dlrm", "alibaba-dlrm-2025/disaggregated_DLRM_trace.csv", 23_871),
      ("alibaba-genai", "alibaba-genai-2026/qps.csv.gz", 24_627),
      ("azure-functions", "azure-functions-sample/invocations.csv", 4),
      ("azure-functions-2021", "azure-functions-sample/Azure2021_200.csv", 199),
      ("azure-llm", "azure-llm-2023/AzureLLMInferenceTrace_code.csv", 8819),
      ("bitbrains", "opendc-bitbrains-small/trace.csv.gz", 276_979),
      ("k8s-sims", "k8s-sims-big/pods-100.yaml", 1167),
      ("nab", "nab-cloudwatch/elb_request_count_8c0756.csv", 4032),
      ("openb", "openb-fgd/openb_pod_list_default.csv", 8152),
      ("planetlab", "planetlab/planetlab-20110303.csv.gz", 288),
      ("sktrace", "simkube-traces/dsb-scaling.sktrace", 46),
      ("sktrace", "simkube-traces/dsb-scaling.sktrace.json.gz", 46),
      ("spot", "spot-preemption-bamboo/p3-trace.csv", 344),
      ("swf", "swf-hpc2n-sample/hpc2n.swf", 3170),
      ("tiresias", "gpu-jobs-tiresias/60_job.csv", 60),
      ("worldcup98", "worldcup98/invocation_count.csv.gz", 77_900),
    ])
  func published(trace: (format: String, file: String, rows: Int)) throws {
    try withTemporaryFolder { folder in
      let out = "\(folder)/out"
      let result = try Spillway.call(
        "import", trace.format, SharedFolder.path("data/\(trace.file)"), "--out", out, "-o", "json")
      #expect(result.status == 0, "\(result.errors)")
      let report = try #require(try Spillway.json(result.output) as? [String: Any])
      #expect(report["read"] as? Int == trace.rows)
      let valid = try Spillway.call("validate", "\(out)/scenario.yaml")
      #expect(valid.status == 0, "\(valid.errors)")
    }
  }
}
