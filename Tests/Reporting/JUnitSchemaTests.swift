import Foundation
import Statistics
import Testing

@testable import Reporting

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// The form that systems which collect JUnit's files agree on: which elements and attributes there
/// are, which of them must be there, and what the counts mean.
private final class JUnitForm: NSObject, XMLParserDelegate {
  private struct Element {
    var parents: [String]
    var needed: [String]
    var allowed: [String]
  }
  private static let counts = ["tests", "failures", "errors", "skipped", "disabled", "time"]
  private static let elements: [String: Element] = [
    "testsuites": Element(parents: [""], needed: [], allowed: counts + ["name"]),
    "testsuite": Element(
      parents: ["testsuites"], needed: ["name", "tests"],
      allowed: counts + ["name", "timestamp", "hostname", "id", "package"]),
    "properties": Element(parents: ["testsuite"], needed: [], allowed: []),
    "property": Element(
      parents: ["properties"], needed: ["name", "value"], allowed: ["name", "value"]),
    "testcase": Element(
      parents: ["testsuite"], needed: ["name", "classname"],
      allowed: ["name", "classname", "time", "status", "assertions"]),
    "failure": Element(
      parents: ["testcase"], needed: [], allowed: ["type", "message"]),
    "error": Element(parents: ["testcase"], needed: [], allowed: ["type", "message"]),
    "skipped": Element(parents: ["testcase"], needed: [], allowed: ["message"]),
  ]

  private(set) var problems: [String] = []
  private var path: [String] = [""]
  private var seen: [String: Int] = [:]
  private var claimed: [(element: String, counts: [String: String])] = []

  /// What is wrong with a text.
  static func problems(of text: String) -> [String] {
    let form = JUnitForm()
    let parser = XMLParser(data: Data(text.utf8))
    parser.delegate = form
    if !parser.parse() { form.problems.append("not well-formed") }
    // One suite holds all cases, so that both elements say the same.
    let names = ["testcase": "tests", "failure": "failures", "error": "errors"]
    for (element, name) in names.sorted(by: { $0.key < $1.key }) {
      for claim in form.claimed {
        guard let text = claim.counts[name], Int(text) != form.seen[element, default: 0] else {
          continue
        }
        form.problems.append("\(claim.element) says \(text) \(name)")
      }
    }
    return form.problems
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    seen[name, default: 0] += 1
    if name.hasPrefix("testsuite") { claimed.append((name, attributes)) }
    defer { path.append(name) }
    guard let element = Self.elements[name] else {
      problems.append("unknown element \(name)")
      return
    }
    if !element.parents.contains(path.last ?? "") { problems.append("\(name) in \(path)") }
    for needed in element.needed where attributes[needed] == nil {
      problems.append("\(name) without \(needed)")
    }
    for attribute in attributes.keys.sorted() where !element.allowed.contains(attribute) {
      problems.append("\(name) has \(attribute)")
    }
  }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) { path.removeLast() }
}

@Suite("JUnit's form")
struct JUnitSchemaTests {
  private func run(_ verdicts: [ClaimResult.Verdict], isPartial: Bool = false) -> RunSummary {
    var run = SampleRuns.burst()
    run.isPartial = isPartial
    run.claims = verdicts.map { verdict in
      var claim = run.claims[0]
      claim.verdict = verdict
      claim.name = "a \"quoted\" <name> & 'more'\u{7}"
      return claim
    }
    return run
  }

  @Test(
    "Every junit.xml has it: of claims that hold, fail or are undecided, of partial runs, of none")
  func runs() {
    for verdicts in [[], [.holds], [.fails, .undecided, .holds]] as [[ClaimResult.Verdict]] {
      for isPartial in [false, true] {
        let text = JUnitReport.render(run(verdicts, isPartial: isPartial))
        #expect(JUnitForm.problems(of: text) == [])
      }
    }
  }

  @Test("A text with a wrong count, a misspelt attribute or an element out of place hasn't")
  func mutants() {
    let text = JUnitReport.render(run([.fails]))
    for (what, by) in [
      ("tests=\"1\"", "tests=\"2\""), ("classname=", "class="), ("<properties>", "<testcase>"),
      ("failure", "fault"),
    ] {
      let mutant = text.replacingOccurrences(of: what, with: by)
      #expect(!JUnitForm.problems(of: mutant).isEmpty, "\(what)")
    }
  }
}
