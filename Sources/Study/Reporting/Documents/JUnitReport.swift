import Statistics

/// `junit.xml`: claims as test cases, for systems that collect those.
public enum JUnitReport {
  /// One suite for the scenario with one case per claim; a claim that fails is a failure, an
  /// undecided one is too, and a partial run adds an error, so that it can't pass for whole.
  public static func render(_ summary: RunSummary) -> String {
    let failures = summary.claims.count { $0.verdict != .holds }
    let errors = summary.isPartial ? 1 : 0
    let name = MarkupText.xml(summary.scenario)
    let counts =
      "tests=\"\(summary.claims.count + errors)\" failures=\"\(failures)\" errors=\"\(errors)\""
    var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    text += "<testsuites \(counts)>\n"
    text += "  <testsuite name=\"\(name)\" \(counts) skipped=\"0\">\n"
    text += "    <properties>\n"
    for (key, value) in [
      ("seed", String(summary.seed)), ("replications", String(summary.replications)),
      ("version", summary.version), ("digest", summary.digest),
    ] {
      text += "      <property name=\"\(key)\" value=\"\(MarkupText.xml(value))\"/>\n"
    }
    text += "    </properties>\n"
    for claim in summary.claims { text += testCase(claim, suite: name) }
    if summary.isPartial {
      text += "    <testcase classname=\"\(name)\" name=\"run is complete\">\n"
      text += "      <error message=\"interrupted; figures are partial\"/>\n    </testcase>\n"
    }
    return text + "  </testsuite>\n</testsuites>\n"
  }

  private static func testCase(_ claim: ClaimResult, suite: String) -> String {
    let name = MarkupText.xml("\(claim.name): \(ClaimText.clause(claim))")
    let start = "    <testcase classname=\"\(suite)\" name=\"\(name)\""
    guard claim.verdict != .holds else { return start + "/>\n" }
    let type = claim.verdict == .fails ? "fails" : "undecided"
    var text = start + ">\n"
    text += "      <failure type=\"\(type)\" message=\"\(MarkupText.xml(message(claim)))\">"
    text += MarkupText.xml(details(claim))
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
