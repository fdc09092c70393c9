import Testing

@Suite("The package is tidy")
struct TidyTests {
  static let rules = Rule.sizes + Rule.names + Rule.layers + Rule.determinism + Rule.documents

  @Test("Every rule is kept", arguments: rules)
  func isKept(rule: Rule) {
    let findings = rule.check(Tree.package).map(\.description)
    if !findings.isEmpty { Issue.record("\n\(findings.joined(separator: "\n"))") }
  }

  @Test("Every rule can be broken", arguments: rules)
  func canBeBroken(rule: Rule) {
    #expect(!rule.violations.isEmpty)
    for violation in rule.violations {
      #expect(!rule.check(Tree.made(of: violation)).isEmpty, "\(violation)")
    }
  }

  @Test("No rule is broken by what only looks like it", arguments: rules)
  func spares(rule: Rule) {
    #expect(!rule.clean.isEmpty)
    #expect(rule.check(Tree.made(of: rule.clean)).isEmpty)
  }

  @Test("The tree is that of the package")
  func readsTheTree() {
    #expect(Tree.package.contains { $0.path == "Package.swift" })
    #expect(Tree.package.contains { $0.module == "Quantities" })
    #expect(Tree.package.contains { $0.path == "scripts/setup.sh" })
    #expect(!Tree.package.contains { $0.path.hasPrefix(".build") || $0.path.hasPrefix(".git/") })
  }

  @Test("The manifest's modules and what they use are read whole")
  func readsTheManifest() throws {
    let file = try #require(Tree.package.first { $0.path == "Package.swift" })
    let modules = PackageManifest(file).modules
    #expect(Set(modules.map(\.name)) == Set(Layers.libraries.keys))
    let readers = try #require(modules.first { $0.name == "ScenarioFiles" })
    #expect(readers.uses.contains("CloudSimulation"))
    #expect(readers.uses.last == "Yams")
  }

  @Test(
    "Comments and texts are blanked out, code in them isn't",
    arguments: [
      ("a // b\nc", "a     \nc"), ("a /* b /* c */ d */ e", "a                   e"),
      ("\"a\\\"b\" c", "\"    \" c"), ("\"a\\(b + \"c\")d\"", "\" \\(b + \" \") \""),
      ("#\"a\"b\\(c)\"# d", "#\"       \"# d"), ("#\"\\#(a)b\"#", "#\"\\#(a) \"#"),
      ("\"\"\"\n a \" b\n\"\"\" c", "\"\"\"\n      \n\"\"\" c"), ("#expect(a)", "#expect(a)"),
      ("\"\\(f(\")\"))x\"", "\"\\(f(\" \")) \""),
    ])
  func blanks(text: String, blanked: String) {
    #expect(String(decoding: Blanking(text).result, as: UTF8.self) == blanked)
  }

  @Test("Functions are found with their lengths, whatever their headers look like")
  func findsFunctions() {
    let text = """
      struct S {
        init?(
          a: Int
        ) {
          b = a
        }
        func f<T>(_ x: (Int) -> Void = { _ in }) -> T
        where T: P {
          if x { y() }
        }
        var v: Int {
          get { 1 }
        }
        subscript(i: Int) -> Int { i }
      }
      """
    let functions = Functions(SourceFile(path: "A.swift", text: text)).all
    #expect(functions.map(\.name) == ["init?", "f", "get", "v", "subscript"])
    #expect(functions.map(\.length) == [5, 4, 1, 3, 1])
  }
}
