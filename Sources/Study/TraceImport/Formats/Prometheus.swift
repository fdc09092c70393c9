import ScenarioFiles

extension TraceFormat {
  /// The most series of an answer.
  private static let mostSeries = 1000

  static let prometheus = TraceFormat(
    "prometheus", "The answer of Prometheus to a range query (JSON)", example: "query_range.json",
    [.window, .scale, .resample, .shift, .meaning]
  ) { intake in
    let json = JSONStream(try ByteSource(path: intake.path))
    var hasResult = false
    var start: Double?
    try json.object("Prometheus' answer") { key in
      guard key == "data" else { return try json.skip() }
      try json.object("data") { key in
        switch key {
        case "resultType":
          let kind = try json.string()
          guard kind == "matrix" else {
            throw json.failure(
              "a result of type \"\(kind.prefix(40))\"", expected: "\"matrix\", of a range query",
              code: "wrong-format")
          }
        case "result":
          hasResult = true
          try json.list("result") { try readSeries(json, intake, start: &start) }
        default: try json.skip()
        }
      }
    }
    guard try json.isAtEnd() else { throw json.failure("something follows the answer") }
    guard hasResult, !intake.content.series.isEmpty else {
      throw intake.error(
        line: 1, hasResult ? "empty-file" : "wrong-format",
        hasResult ? "the answer has no value in it" : "there is no data.result in the file",
        expected: "the answer to a range query: {\"status\": \"success\", \"data\": {…}}")
    }
    if intake.options.meaning == nil {
      intake.assumptions.append(
        "values are requests per second; --as requests or --as replicas says otherwise")
    }
  }

  private static func readSeries(
    _ json: JSONStream, _ intake: Intake, start: inout Double?
  ) throws {
    var name = "series-\(intake.content.series.count)"
    var labels: [String] = []
    var samples: [(at: Double, value: Double, line: Int)] = []
    try json.object("a series") { key in
      switch key {
      case "metric":
        try json.object("metric") { label in labels.append("\(label)=\(try json.string())") }
      case "values":
        try json.list("values") {
          guard samples.count < SeriesTable.most else {
            throw json.failure("too many values", expected: "a longer step", code: "too-large")
          }
          try readSample(json, intake, &samples)
        }
      default: try json.skip()
      }
    }
    if let job = labels.first(where: {
      ["job", "service", "app"].contains($0.split(separator: "=")[0])
    }) {
      name = Intake.label(String(job.split(separator: "=").last ?? ""), orElse: name)
    }
    guard samples.count > 0 else { return }
    let step =
      samples.count > 1
      ? zip(samples, samples.dropFirst()).map { $1.at - $0.at }.min() ?? 60 : 60
    let origin = start ?? samples[0].at
    start = min(origin, samples[0].at)
    if intake.content.series.contains(where: { $0.name == name }) {
      name += "-\(intake.content.series.count)"
    }
    let nanoseconds = Int64(max(1, step) * 1e9)
    var series = intake.series(name, .rate, step: nanoseconds)
    for sample in samples {
      let at = Int64((sample.at - origin) * 1e9)
      if at < 0 {
        intake.counts.drop("before the first series", line: sample.line)
      } else if try intake.add(
        sample.value, at: at, lasting: nanoseconds, to: &series, line: sample.line)
      {
        intake.counts.keep()
      } else {
        intake.counts.drop(Intake.outside, line: sample.line)
      }
    }
    intake.content.series.append(series)
    guard intake.content.series.count <= mostSeries else {
      throw json.failure(
        "more than \(mostSeries) series", expected: "a query that sums them", code: "too-large")
    }
  }

  private static func readSample(
    _ json: JSONStream, _ intake: Intake,
    _ samples: inout [(at: Double, value: Double, line: Int)]
  ) throws {
    var at: Double?
    var value: Double?
    var isOdd = false
    try json.list("a value") {
      if at == nil {
        at = try json.number("seconds since 1970")
      } else {
        let text = try json.string()
        value = Double(text)
        isOdd = value.map { !$0.isFinite } ?? false
        guard value != nil else {
          throw json.failure("\"\(text.prefix(40))\" is no number", code: "wrong-value")
        }
      }
    }
    guard let at, let value else { throw json.failure("a value without time or number") }
    guard at < 4e9, at >= 0 else {
      throw json.failure(
        "\(at) s since 1970", expected: "seconds; this looks like milliseconds", code: "wrong-unit")
    }
    if let last = samples.last, at <= last.at {
      throw json.failure(
        "a value that isn't later than the one before: time goes back",
        expected: "values in the order of time", code: "out-of-order")
    }
    if isOdd {
      intake.counts.drop("no number (NaN or infinite)", line: json.line)
    } else if value < 0 {
      throw json.failure("\(value) is below 0", expected: "a demand", code: "negative")
    } else {
      samples.append((at, value, json.line))
    }
  }
}
