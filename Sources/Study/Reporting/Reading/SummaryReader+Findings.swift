import Statistics

// What only some runs find out.
extension SummaryReader {
  static func read(
    autoscalers json: JSONFields
  ) throws(SummaryReadingError) -> [AutoscalerSummary] {
    var found: [AutoscalerSummary] = []
    for one in try json.objects("autoscalers") {
      var scaler = AutoscalerSummary(name: try one.text("name"), target: try one.text("target"))
      scaler.scaleUps = try one.number("scaleUps")
      scaler.scaleDowns = try one.number("scaleDowns")
      scaler.inactiveSeconds = try one.number("inactiveSeconds")
      for reason in try one.objects("reasons") {
        scaler.reasons.append(
          AutoscalerSummary.Reason(
            reason: try reason.text("reason"), message: try reason.text("message"),
            seconds: try reason.number("seconds")))
      }
      found.append(scaler)
    }
    return found
  }

  static func read(causes json: JSONFields) throws(SummaryReadingError) -> [CauseEffect] {
    var causes: [CauseEffect] = []
    for one in try json.objects("causes") {
      var differences: [CauseEffect.Difference] = []
      for difference in try one.objects("differences") {
        differences.append(
          CauseEffect.Difference(
            quantity: try difference.text("quantity"), unit: try difference.text("unit"),
            with: try difference.number("with"), without: try difference.number("without"),
            interval: try read(interval: difference)))
      }
      causes.append(
        CauseEffect(
          cause: try one.text("cause"), differences: differences,
          replications: try one.count("replications")))
    }
    return causes
  }

  private static func read(
    interval json: JSONFields
  ) throws(SummaryReadingError) -> ConfidenceInterval? {
    guard let estimate = try json.optionalNumber("estimate"),
      let low = try json.optionalNumber("low"), let high = try json.optionalNumber("high")
    else { return nil }
    return ConfidenceInterval(estimate: estimate, low: low, high: high)
  }

  static func read(sensitivity json: JSONFields) throws(SummaryReadingError) -> SensitivitySummary {
    var found = SensitivitySummary(
      response: try json.text("response"), unit: try json.text("unit"),
      base: try json.optionalNumber("base"), replications: try json.count("replications"))
    found.idle = try json.count("idle")
    for bar in try json.objects("bars") {
      found.bars.append(
        SensitivitySummary.Bar(
          path: try bar.text("path"), grade: try bar.text("grade"), value: try bar.text("value"),
          low: try read(end: "low", of: bar), high: try read(end: "high", of: bar)))
    }
    return found
  }

  private static func read(
    end name: String, of bar: JSONFields
  ) throws(SummaryReadingError) -> SensitivitySummary.End? {
    guard bar.has(name) else { return nil }
    let end = try bar.object(name)
    return SensitivitySummary.End(
      value: try end.text("value"), difference: try end.optionalNumber("difference"),
      lowest: try end.optionalNumber("low"), highest: try end.optionalNumber("high"))
  }
}
