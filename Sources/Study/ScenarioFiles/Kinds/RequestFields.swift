import CloudSimulation
import Quantities
import Workloads

extension RequestParameters {
  static let fields = FieldTable<RequestParameters> { table in
    table.field(
      "cpu", \.cpu, .duration,
      Note("CPU time of one request; a Pod whose requests want more than its limit slows down.")
        .graded("A", "chosen").range("5ms", "50ms").used(.requests))
    table.field(
      "queue", \.queue, Codec<Int>.integer().optional(written: "unlimited"),
      Note("Requests that may wait in one Pod.").used(.requests))
    table.field(
      "timeout", \.timeout, Codec<TimeSpan>.lastingDuration.optional(written: "never"),
      Note("How long a client waits for an answer.")
        .graded("A", "chosen").range("5s", "60s").used(.requests))
    table.field(
      "retries", \.retries, .integer(to: 100),
      Note("How often a client tries again.").used(.requests))
    table.field(
      "backoff", \.backoff, .duration,
      Note("The wait before the first retry, half more or less; doubles each further time.")
        .graded("A", "chosen").range("10ms", "1s").used(.retries))
    table.field(
      "retryBudget", \.retryBudget, Codec<Double>.number().optional(written: "unlimited"),
      Note("Retries per request that all clients together allow themselves.")
        .graded("A", "chosen").range("0.1", "1").used(.retries))
    table.field(
      "deadline", \.deadline, .lastingDuration,
      Note("From the first try until the answer: what takes longer is late.")
        .graded("A", "chosen").range("250ms", "5s").used(.requests))
    table.field(
      "requestSize", \.requestSize, .integer(unit: "bytes"),
      Note("A request with its headers, where it crosses a link from a load's ingress.")
        .graded("A", "chosen").range("512", "8192").used(.remoteRequests))
    table.field(
      "answerSize", \.answerSize, .integer(unit: "bytes"),
      Note("Its answer with its headers, where it crosses a link to a load's ingress.")
        .graded("A", "chosen").range("2048", "262144").used(.remoteRequests))
    table.field(
      "connections", \.connections, .integer(from: 1, to: 100_000),
      Note("Over how many connections requests cross links to a site; each shares like a transfer.")
        .graded("A", "chosen").range("10", "1000").used(.remoteRequests))
    table.field(
      "budget", \.budget, .properShare,
      Note("The share of a minute's requests that may be late, failed or dropped.")
        .graded("A", "chosen").range("0.001", "0.05").used(.requests))
  }
}

extension LoadProfile.Series {
  static let fields = FieldTable<LoadProfile.Series> { table in
    table.custom(
      "file", .scalar(name: "path", json: ["string"], unit: ""),
      Note("A CSV file, relative to this one, whose last column counts requests per interval.")
        .required,
      text: { $0.file },
      { value, series, reader in
        guard let path = reader.scalar(value, expected: "a path") else { return }
        series.file = path
        series.counts = reader.counts(inFile: path, at: value.place)
      })
    table.field("interval", \.interval, .lastingDuration, Note("How long an interval is."))
    table.field("scale", \.scale, .number(), Note("What every count is multiplied by."))
    table.field(
      "windows", \.windows, .integer(from: 1, to: 1_000_000),
      Note("Windows of equal length that the counts are cut into; replications take them in turn."))
  }
}

extension MetricsParameters {
  static let fields = FieldTable<MetricsParameters> { table in
    table.field(
      "kubeletInterval", \.kubeletInterval, .lastingDuration,
      Note("How often a kubelet looks at what its Pods use.")
        .graded("E", "the kubelet's housekeeping, 10 to 15 s").used(.metrics))
    table.field(
      "resolution", \.resolution, .lastingDuration,
      Note("How often the metrics server asks the kubelets, and monitoring the Pods.")
        .graded("S", "metrics-server's metric-resolution").used(.metrics))
    table.field(
      "delay", \.delay, .duration,
      Note("From asking the kubelets until the answer is served.")
        .graded("A", "chosen").range("0s", "5s").used(.metrics))
    table.field(
      "rateWindow", \.rateWindow, .lastingDuration,
      Note("How far back a rate of requests looks that an autoscaler follows.")
        .graded("A", "chosen").range("30s", "5m").used(.requestMetrics))
  }
}
