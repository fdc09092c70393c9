import Foundation
import TestSupport
import Testing

@Suite("Forms of output")
struct OutputFormTests {
  /// A command's output in one of the forms.
  private static func output(_ command: [String], _ form: String) throws -> String {
    let result = try Spillway.call(command + ["-o", form])
    #expect(result.status <= 2, "\(command) -o \(form): \(result.errors)")
    #expect(!result.output.isEmpty, "\(command) -o \(form)")
    return result.output
  }

  /// What holds of every command's output: all forms are of one table.
  private static func check(_ command: [String], columns: [String]) throws {
    let csv = try output(command, "csv").components(separatedBy: "\r\n")
    let names = csv[0].split(separator: ",").map(String.init)
    try #require(!names.isEmpty, "\(command)")
    #expect(columns.allSatisfy(names.contains), "\(command): \(csv[0])")
    let wide = try output(command, "wide").split(separator: "\n")
    try #require(!wide.isEmpty, "\(command)")
    #expect(wide.count == csv.count - 1, "\(command)")
    #expect(wide[0].hasPrefix(names[0].uppercased()))
    let table = try output(command, "table").split(separator: "\n")
    #expect(table.count == wide.count)
    #expect(table.allSatisfy { $0.count <= 100 }, "\(command)")
    #expect(try output(command, "markdown").hasPrefix("| "))
    let first = try output(command, "name").split(separator: "\n")
    #expect(!first.isEmpty && Set(first).count == first.count)
    let yaml = try output(command, "yaml")
    _ = try Spillway.json(try output(command, "json"))
    #expect(yaml.split(separator: "\n").allSatisfy { !$0.contains("\t") } && yaml != csv[0])
  }

  @Test("Every command that prints a table prints it in each form")
  func all() throws {
    try PlainWorld.withFile { file, folder in
      let out = "\(folder)/run"
      try Self.check(
        ["run", file, "--replications", "2", "--out", out], columns: ["name", "mean", "verdict"])
      try Self.check(["report", out], columns: ["name", "mean", "verdict"])
      try Self.check(["validate", file], columns: ["kind", "objects", "unsupported"])
      try Self.check(
        ["compare", out, out, "--exact"], columns: ["response", "point", "change", "verdict"])
      try Self.check(
        ["sweep", file, "--replications", "2", "--out", "\(folder)/sweep"],
        columns: ["point", "response", "mean"])
      try Self.check(["merge", "\(folder)/sweep"], columns: ["folder", "runs", "missing"])
      try Self.check(["report", "\(folder)/sweep"], columns: ["point", "response", "mean"])
      let page = try String(contentsOfFile: "\(folder)/sweep/report.html", encoding: .utf8)
      #expect(page.contains("<h1>plain</h1>"))
    }
    try Self.check(["explain", "Claim"], columns: ["path", "type", "default", "grade"])
    try Self.check(
      ["conformance", "bill", PackageFolder.path("Tests/Conformance/Golden/bill.json")],
      columns: ["case", "result"])
    try Self.check(
      ["fit", "spot", PackageFolder.path("Scenarios/data/spot-day.json")],
      columns: ["law", "parameter", "value"])
    try withTemporaryFolder { folder in
      let node = """
        apiVersion: v1
        kind: Node
        metadata: {name: n1}
        status: {allocatable: {cpu: "8", memory: 32Gi, pods: "110"}}
        """
      try Data(node.utf8).write(to: URL(filePath: "\(folder)/node.yaml"))
      try Self.check(
        [
          "fit-into", "\(folder)/node.yaml",
          PackageFolder.path("Scenarios/data/online-boutique.yaml"),
        ],
        columns: ["copies", "new_nodes"])
    }
  }

  @Test("The manual page names every command, and completions are made for three shells")
  func manual() throws {
    let page = try Spillway.call("manual").output
    #expect(page.hasPrefix(".TH SPILLWAY 1"))
    for command in CommandTests.commands {
      #expect(page.contains("spillway \(command.replacingOccurrences(of: "-", with: "\\-"))"))
    }
    #expect(!page.contains("spillway manual"))
    for shell in ["bash", "zsh", "fish"] {
      let script = try Spillway.call("--generate-completion-script", shell)
      #expect(script.status == 0 && script.output.contains("fit-into"))
    }
  }

  @Test("init writes what run takes at once, overwrites nothing, and names what it can't use")
  func initCommand() throws {
    try withTemporaryFolder { folder in
      func call(_ arguments: String...) throws -> Program.Result {
        try Program.run(
          Program.spillway, arguments, environment: Spillway.environment, in: folder)
      }
      try FileManager.default.createDirectory(
        atPath: "\(folder)/dumps", withIntermediateDirectories: true)
      try FileManager.default.copyItem(
        atPath: PackageFolder.path("Scenarios/data/online-boutique.yaml"),
        toPath: "\(folder)/dumps/shop.yaml")
      let made = try call("init", "dumps/shop.yaml")
      #expect(made.status == 0 && made.output == "scenario.yaml\n", "\(made.errors)")
      let run = try call("run", "scenario.yaml", "--out", "out")
      #expect(run.status == 0, "\(run.output)\(run.errors)")
      #expect(run.output.contains("absorbed  HOLDS"))
      #expect(try call("init", "dumps/shop.yaml").status == 73)
      #expect(try call("init", "dumps/shop.yaml", "--out", "dumps/start.yaml").status == 0)
      #expect(try call("validate", "dumps/start.yaml").status == 0)
      #expect(try call("init", "scenario.yaml", "--out", "again.yaml").status == 65)
      #expect(try call("init", "nothing.yaml", "--out", "again.yaml").status == 66)
    }
  }
}
