import ScenarioFiles

extension TraceFormat {
  static let worldCup = TraceFormat(
    "worldcup98", "Requests per minute of the World Cup's web site of 1998 (CSV)",
    example: "invocation_count.csv.gz", ofSeries
  ) { intake in
    try readCounts("period", "count", .requests, "requests of a minute", intake)
  }

  static let anomalies = TraceFormat(
    "nab", "A series of the Numenta Anomaly Benchmark (CSV)", example: "elb_request_count.csv",
    ofSeries
  ) { intake in
    try readCounts("timestamp", "value", .requests, "a value from 0", intake)
    if intake.options.meaning == nil {
      intake.assumptions.append(
        "values are requests from one row to the next; --as rate or --as replicas says otherwise")
    }
  }

  /// Reads rows of a date and a value, at equal distances.
  private static func readCounts(
    _ time: String, _ value: String, _ meaning: ImportOptions.Meaning, _ what: String,
    _ intake: Intake
  ) throws {
    let table = try Table(intake, requires: [time, value])
    let (time, value) = (table.place(time), table.place(value))
    intake.ignored = table.others(than: [table.heading[time], table.heading[value]])
    var waiting: (at: Int64, value: Double, line: Int)?
    var series: SeriesTable?
    var step: Int64 = 60_000_000_000
    var gaps = 0
    func add(_ row: (at: Int64, value: Double, line: Int)) throws {
      if series == nil { series = intake.series(intake.name, meaning, step: step) }
      if try intake.add(row.value, at: row.at, lasting: step, to: &series!, line: row.line) {
        intake.counts.keep()
      } else {
        intake.counts.drop(Intake.outside, line: row.line)
      }
    }
    while try table.next() {
      let at = try table.dateInOrder(time)
      let row = (at: at, value: try table.number(value, what), line: table.line)
      if let last = waiting {
        if row.at == last.at {
          intake.counts.drop("a second row of the same time", line: table.line)
          continue
        }
        if series == nil { step = row.at - last.at }
        if row.at - last.at > step { gaps += 1 }
        try add(last)
      }
      waiting = row
    }
    if let waiting { try add(waiting) }
    if gaps > 0 { intake.assumptions.append("\(gaps) gaps between rows: no demand in them") }
    if let series { intake.content.series.append(series) }
  }

  static let languageModel = TraceFormat(
    "azure-llm", "Azure's requests to a language model (CSV)",
    example: "AzureLLMInferenceTrace_code.csv",
    [.window, .scale, .sample, .resample, .inflate, .shift]
  ) { intake in
    let table = try Table(intake, requires: ["TIMESTAMP", "ContextTokens", "GeneratedTokens"])
    let (time, context) = (table.place("TIMESTAMP"), table.place("ContextTokens"))
    let generated = table.place("GeneratedTokens")
    var series = intake.series(intake.name, .requests, step: 10_000_000_000)
    var seconds = 0.0
    var kept = 0
    while try table.next() {
      let at = try table.dateInOrder(time)
      let prompt = try table.number(context, "a number of tokens")
      let answer = try table.number(generated, "a number of tokens")
      let copies = intake.copies(ofRow: table.row)
      if copies == 0 {
        intake.counts.drop(Intake.unsampled, line: table.line)
      } else if try intake.add(
        Double(copies), at: at, lasting: 1, to: &series, line: table.line)
      {
        intake.counts.keep()
        kept += copies
        seconds += Double(copies) * (prompt * 0.0002 + answer * 0.03)
      } else {
        intake.counts.drop(Intake.outside, line: table.line)
      }
    }
    series.service.time = kept > 0 ? max(0.001, seconds / Double(kept)) : 1
    series.service.memory = 64 << 30
    intake.assumptions.append(
      "a token of a prompt takes 0.2 ms and one of an answer 30 ms; a Pod serves 8 requests at once"
    )
    intake.content.series.append(series)
  }

  static let generative = TraceFormat(
    "alibaba-genai", "Alibaba's image generation of 2026: requests per second (CSV)",
    example: "qps.csv.gz", [.window, .scale, .sample, .resample, .shift]
  ) { intake in
    let table = try Table(intake, requires: ["timestamp_anon", "value", "container_ip"])
    let (time, value) = (table.place("timestamp_anon"), table.place("value"))
    let kind = table.column("request_type")
    guard let kind else {
      throw intake.error(
        line: 1, "wrong-format", "the heading has no column \"request_type\"",
        expected: "qps.csv; queue lengths and latencies are what a simulation finds, not its input")
    }
    intake.ignored = ["container_ip"]
    // The trace has a row per container and 57 seconds; gateways' own rows count requests again.
    let step: Int64 = 57_000_000_000
    var series = intake.series(intake.name, .rate, step: step)
    while try table.next() {
      let at = try intake.inOrder(
        try table.seconds(time), line: table.line, column: table.cells.column(time),
        table.text(time))
      let rate = try table.number(value, "requests per second")
      if table.text(kind) != "Generative Requests" {
        intake.counts.drop("counted at the gateway as well", line: table.line)
      } else if intake.copies(ofRow: table.row) == 0 {
        intake.counts.drop(Intake.unsampled, line: table.line)
      } else if try intake.add(rate, at: at, lasting: step, to: &series, line: table.line) {
        intake.counts.keep()
      } else {
        intake.counts.drop(Intake.outside, line: table.line)
      }
    }
    series.service.time = 3
    series.service.concurrency = 1
    series.service.memory = 32 << 30
    intake.assumptions.append("a request takes 3 s of a Pod that serves one at a time")
    intake.content.series.append(series)
  }
}
