import Statistics

/// `junit.xml`: claims as test cases, for systems that collect those.
public enum JUnitReport {
  /// A thing that was checked.
  public struct Case: Sendable {
    /// What was checked.
    public var name: String
    /// How it failed, in a word; nil if it didn't.
    public var failure: String?
    /// What went wrong, in a line.
    public var message: String
    /// What else is known about the failure.
    public var details: String
    /// A case from its parts.
    public init(name: String, failure: String?, message: String, details: String = "") {
      self.name = name
      self.failure = failure
      self.message = message
      self.details = details
    }
  }

  /// One suite for the scenario with one case per claim; a claim that fails is a failure, an
  /// undecided one is too, and a partial run adds an error, so that it can't pass for whole.
  public static func render(_ summary: RunSummary) -> String {
    render(
      suite: summary.scenario,
      properties: [
        ("seed", String(summary.seed)), ("replications", String(summary.replications)),
        ("version", summary.version), ("digest", summary.digest),
      ],
      summary.claims.map { claim in
        Case(
          name: "\(claim.name): \(ClaimText.clause(claim))",
          failure: claim.verdict == .holds
            ? nil : claim.verdict == .fails ? "fails" : "undecided",
          message: message(claim), details: details(claim))
      }, isPartial: summary.isPartial)
  }

  /// One suite of cases; a partial one gets an error besides.
  public static func render(
    suite: String, properties: [(name: String, value: String)], _ cases: [Case],
    isPartial: Bool = false
  ) -> String {
    let failures = cases.count { $0.failure != nil }
    let errors = isPartial ? 1 : 0
    let name = MarkupText.xml(suite)
    let counts =
      "tests=\"\(cases.count + errors)\" failures=\"\(failures)\" errors=\"\(errors)\""
    var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    text += "<testsuites \(counts)>\n"
    text += "  <testsuite name=\"\(name)\" \(counts) skipped=\"0\">\n"
    text += "    <properties>\n"
    for (key, value) in properties {
      text += "      <property name=\"\(key)\" value=\"\(MarkupText.xml(value))\"/>\n"
    }
    text += "    </properties>\n"
    for one in cases { text += testCase(one, suite: name) }
    if isPartial {
      text += "    <testcase classname=\"\(name)\" name=\"run is complete\">\n"
      text += "      <error message=\"interrupted; figures are partial\"/>\n    </testcase>\n"
    }
    return text + "  </testsuite>\n</testsuites>\n"
  }

  private static func testCase(_ one: Case, suite: String) -> String {
    let start = "    <testcase classname=\"\(suite)\" name=\"\(MarkupText.xml(one.name))\""
    guard let failure = one.failure else { return start + "/>\n" }
    var text = start + ">\n"
    text += "      <failure type=\"\(failure)\" message=\"\(MarkupText.xml(one.message))\">"
    text += MarkupText.xml(one.details)
    return text + "</failure>\n    </testcase>\n"
  }

  /// What went wrong in a line: `sustained = 943 [921, 965], must be > 1,000 Pods/min; …`.
  static func message(_ claim: ClaimResult) -> String {
    let estimate = NumberText.readable(claim.estimate, apartFrom: claim.threshold)
    var text = "\(claim.metric) = \(estimate)"
    if claim.low != nil || claim.high != nil {
      let low = NumberText.readable(claim.low, apartFrom: claim.threshold)
      let high = NumberText.readable(claim.high, apartFrom: claim.threshold)
      text += " [\(low), \(high)]"
    }
    return text + ", must be \(ClaimText.requirement(claim)); \(ClaimText.met(claim))"
  }

  private static func details(_ claim: ClaimResult) -> String {
    var parts = claim.story.isEmpty ? [] : [claim.story]
    if let stage = claim.bindingStage {
      parts.append("Binds: \(stage)" + (claim.limit.map { " (\($0.rawValue))" } ?? ""))
    }
    if let rates = ClaimText.rates(claim) { parts.append("Means: \(rates).") }
    if let need = ClaimText.toDecide(claim) { parts.append(need) }
    return parts.joined(separator: " ")
  }
}
