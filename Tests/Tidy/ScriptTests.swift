import Foundation
import TestSupport
import Testing

/// A machine that has only the programs a test puts on it. Those that install write down how they
/// were called.
private struct Machine {
  var swift: String? = "Apple Swift version 6.3.1 (swift-6.3.1-RELEASE)\nTarget: x86_64"
  var hasGSL = false
  var hasApt = true
  var hasLists = true
  /// How often installing fails before it works.
  var failures = 0
  /// Whether what was installed is found.
  var isFoundOnceInstalled = true
  var user = 0
  var hasSudo = true
  var environment: [String: String] = [:]

  /// Runs the set-up; what was called is one call a line.
  func setUp() throws -> (status: Int32, errors: String, calls: String) {
    try withTemporaryFolder { folder in
      for (name, script) in programs(in: folder) {
        let path = "\(folder)/\(name)"
        try "#!/bin/sh\n\(script)\n".write(toFile: path, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
      }
      for name in ["bash", "sed", "env", "cat"] {
        let real = ["/usr/bin/\(name)", "/bin/\(name)"].first {
          FileManager.default.fileExists(atPath: $0)
        }
        try FileManager.default.createSymbolicLink(
          atPath: "\(folder)/\(name)", withDestinationPath: #require(real))
      }
      if hasGSL { try Data().write(to: URL(filePath: "\(folder)/gsl")) }
      let path = PackageFolder.path("scripts/setup.sh")
      let result = try Program.run(
        path, environment: environment.merging(["PATH": folder]) { mine, _ in mine })
      let calls = FileManager.default.contents(atPath: "\(folder)/calls") ?? Data()
      return (result.status, result.errors, String(decoding: calls, as: UTF8.self))
    }
  }

  private func programs(in folder: String) -> [String: String] {
    var programs = [
      "git": "exit 0", "id": "echo \(user)", "pkg-config": "[ -e \(folder)/gsl ]",
      "apt-cache": hasLists ? "exit 0" : "[ -e \(folder)/lists ]",
    ]
    if let swift { programs["swift"] = "cat <<'END'\n\(swift)\nEND" }
    if hasSudo { programs["sudo"] = "echo \"sudo $*\" >> \(folder)/calls; exec \"$@\"" }
    if hasApt {
      programs["apt-get"] = """
        echo "apt-get $*" >> \(folder)/calls
        case $1 in
        update) : > \(folder)/lists ;;
        install)
          echo chatter
          n=0; [ ! -e \(folder)/tries ] || read n < \(folder)/tries
          n=$((n + 1)); echo $n > \(folder)/tries
          if [ $n -le \(failures) ]
          then echo "no such package" >&2; exit 100; fi
          \(isFoundOnceInstalled ? ": > \(folder)/gsl" : "") ;;
        esac
        """
    }
    return programs
  }
}

@Suite("Setting up a machine")
struct SetupTests {
  private static let install = "apt-get install -qq -y --no-install-recommends libgsl-dev"

  @Test("Where everything is there, nothing happens")
  func nothingToDo() throws {
    let result = try Machine(hasGSL: true).setUp()
    #expect(result.status == 0)
    #expect(result.errors == "")
    #expect(result.calls == "")
  }

  @Test(
    "Swift before 6.3 is told from Swift since",
    arguments: [
      ("6.3", true), ("6.3.1", true), ("6.10", true), ("7.0", true), ("6.2.4", false),
      ("5.10", false), ("5.9.2", false),
    ])
  func swiftVersion(version: String, suffices: Bool) throws {
    let result = try Machine(swift: "Swift version \(version) (x)", hasGSL: true).setUp()
    #expect((result.status == 0) == suffices)
    #expect(result.errors.contains("too old") == !suffices)
  }

  @Test("Without Swift, or with something else of that name, it says what to do")
  func noSwift() throws {
    for swift in [nil, "OpenStack Swift"] {
      let result = try Machine(swift: swift, hasGSL: true).setUp()
      #expect(result.status == 1)
      #expect(result.errors.contains("6.3"))
      #expect(result.errors.contains("swift.org"))
    }
  }

  @Test("As root, GSL is installed quietly and announced")
  func installsAsRoot() throws {
    let result = try Machine(hasSudo: false).setUp()
    #expect(result.status == 0)
    #expect(result.calls == "\(Self.install)\n")
    #expect(result.errors.contains("running: \(Self.install)"))
    #expect(!result.errors.contains("chatter"))
  }

  @Test("Missing and outdated package lists are fetched")
  func fetchesLists() throws {
    #expect(try Machine(hasLists: false).setUp().calls == "apt-get update -qq\n\(Self.install)\n")
    let outdated = try Machine(failures: 1).setUp()
    #expect(outdated.status == 0)
    #expect(outdated.calls == "\(Self.install)\napt-get update -qq\n\(Self.install)\n")
    #expect(outdated.errors.contains("no such package"))
  }

  @Test("Anybody else is told before sudo is used")
  func usesSudo() throws {
    let result = try Machine(user: 1000).setUp()
    #expect(result.status == 0)
    #expect(result.calls.hasPrefix("sudo env DEBIAN_FRONTEND=noninteractive \(Self.install)\n"))
    #expect(result.errors.contains("running: sudo \(Self.install)"))
  }

  @Test("What can't or mustn't be installed is an error that says what to do")
  func refuses() throws {
    let noSudo = try Machine(user: 1000, hasSudo: false).setUp()
    #expect(noSudo.status == 1)
    #expect(noSudo.errors.contains("run as root: \(Self.install)"))
    let forbidden = try Machine(environment: ["SPILLWAY_NO_INSTALL": "1"]).setUp()
    #expect(forbidden.status == 1)
    #expect(forbidden.calls == "")
    #expect(forbidden.errors.contains("install libgsl-dev"))
    let noApt = try Machine(hasApt: false).setUp()
    #expect(noApt.status == 1)
    #expect(noApt.errors.contains("brew install gsl"))
    let broken = try Machine(failures: 9).setUp()
    #expect(broken.status == 1)
    #expect(broken.errors.contains("couldn't install"))
    let lost = try Machine(isFoundOnceInstalled: false).setUp()
    #expect(lost.status == 1)
    #expect(lost.errors.contains("still doesn't find"))
  }
}

@Suite("Comparing the claims' verdicts")
struct ClaimRunTests {
  /// Runs the comparison with a program that gives these verdicts and exit statuses.
  private func compare(_ fails: (String?, Int), _ holds: (String?, Int)) throws -> Program.Result {
    try withTemporaryFolder { folder in
      func answer(_ verdict: (String?, Int)) -> String {
        let summary = verdict.0.map {
          "mkdir -p \"$4\"; echo '{\"claims\": [{\"verdict\": \"\($0)\"}]}' > \"$4/summary.json\"; "
        }
        return "\(summary ?? "")exit \(verdict.1)"
      }
      let script = """
        #!/bin/sh
        case $2 in
        Scenarios/claim-default-quotas.yaml) \(answer(fails)) ;;
        Scenarios/claim-holds.yaml) \(answer(holds)) ;;
        esac
        exit 64
        """
      try script.write(toFile: "\(folder)/program", atomically: true, encoding: .utf8)
      try FileManager.default.setAttributes(
        [.posixPermissions: 0o755], ofItemAtPath: "\(folder)/program")
      var environment = ProcessInfo.processInfo.environment
      environment["SPILLWAY"] = "\(folder)/program"
      environment["SPILLWAY_OUT"] = "\(folder)/out"
      return try Program.run(PackageFolder.path("scripts/run-claims.sh"), environment: environment)
    }
  }

  @Test("One that fails and one that holds is success")
  func asExpected() throws {
    let result = try compare(("fails", 1), ("holds", 0))
    #expect(result.status == 0)
    #expect(result.output.contains("✔ claim-default-quotas: fails"))
    #expect(result.output.contains("✔ claim-holds: holds"))
  }

  @Test(
    "Any other verdict is told and fails",
    arguments: [
      (("holds", 0), ("holds", 0), "✘ claim-default-quotas"),
      (("undecided", 1), ("holds", 0), "✘ claim-default-quotas"),
      (("fails", 1), ("fails", 1), "✘ claim-holds"), (("fails", 1), ("holds", 70), "✘ claim-holds"),
      ((nil, 1), ("holds", 0), "got none"), (("fails", 0), ("holds", 0), "✘ claim-default-quotas"),
    ] as [((String?, Int), (String?, Int), String)])
  func otherwise(fails: (String?, Int), holds: (String?, Int), told: String) throws {
    let result = try compare(fails, holds)
    #expect(result.status == 1)
    #expect(result.output.contains(told))
  }
}
