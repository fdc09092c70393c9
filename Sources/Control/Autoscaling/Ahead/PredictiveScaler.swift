import ClusterModel
import Quantities

/// Scales a workload ahead of a metric that repeats itself.
public struct PredictiveScaler: Hashable, Sendable {
  /// Its name.
  public var name: String
  /// The workload that it scales, as `Kind/name` or `Kind/namespace/name`.
  public var target = ""
  /// The external metric that it follows.
  public var metric = MetricIdentifier(name: "load")
  /// How much of the metric one Pod serves. Default 1: the metric counts Pods.
  public var perReplica = 1.0
  /// How it predicts. Default as one season before.
  public var model = Forecast.Model.seasonalNaive
  /// How strongly Holt and Winters smooth.
  public var smoothing = Forecast.Smoothing()
  /// How often it looks. Default 1 min.
  ///
  /// > Source: crane's DSP samples every 60 s (S, model card 3.5).
  public var interval = TimeSpan.minutes(1)
  /// After how long the metric repeats itself. Default a day.
  public var season = TimeSpan.hours(24)
  /// How far ahead of the load Pods are asked for. Default 5 min (A): longer than Pods start.
  public var lookahead = TimeSpan.minutes(5)
  /// Which quantile of its past errors it adds. Default 0.9 (A).
  public var quantile = 0.9
  /// Values of the metric before time zero, one per interval, the newest last.
  public var history: [Double] = []
  /// The fewest Pods. Default 1.
  public var minReplicas: Int32 = 1
  /// The most Pods it asks for. Default 1000.
  public var maxReplicas: Int32 = 1000

  /// A scaler with a name and the defaults above.
  public init(name: String) { self.name = name }

  /// How many intervals a season has.
  public var steps: Int {
    max(1, Int(season.nanoseconds / max(1, interval.nanoseconds)))
  }
  /// How many intervals it looks ahead.
  public var stepsAhead: Int {
    let step = max(1, interval.nanoseconds)
    return max(1, Int((lookahead.nanoseconds + step - 1) / step))
  }
}

/// Carries out ``PredictiveScaler``s: every interval it takes the metric's value, predicts the
/// highest within the lookahead, adds a quantile of its past errors, and sets that as the fewest Pods.
public struct PredictiveScalerController: Controller {
  private struct Course: Sendable {
    var target: WorkloadID?
    var forecast: Forecast
    var error = ForecastError()
    /// What was predicted for the values to come, the next first.
    var promised: [Double] = []
    var next: Instant
    var asked: Int32 = -1

    /// Takes the metric's next value: settles what was predicted for it, and predicts anew.
    mutating func take(_ value: Double, ahead steps: Int) {
      if promised.count >= steps { error.note(promised.removeFirst(), came: value) }
      forecast.observe(value)
      if let prediction = forecast.value(ahead: steps) { promised.append(prediction) }
    }
  }

  private let scalers: [PredictiveScaler]
  private var courses: [Course] = []

  /// A controller that has read nothing yet.
  public init(scalers: [PredictiveScaler]) { self.scalers = scalers }

  /// How far each scaler's predictions were from what came, in their order.
  public var errors: [ForecastError] { courses.map(\.error) }

  /// Looks at what is due.
  public mutating func reconcile(
    _ cluster: borrowing ClusterState, in pass: ControllerPass, into out: inout CommandBuffer
  ) -> Instant? {
    if courses.isEmpty { begin(cluster, at: pass.now) }
    for index in courses.indices where courses[index].next <= pass.now {
      look(index, cluster, into: &out)
      courses[index].next = pass.now + scalers[index].interval
    }
    return courses.map(\.next).min()
  }

  private mutating func begin(_ cluster: borrowing ClusterState, at now: Instant) {
    for scaler in scalers {
      var course = Course(
        target: cluster.workload(named: scaler.target),
        forecast: Forecast(scaler.model, season: scaler.steps, smoothing: scaler.smoothing),
        next: now)
      for value in scaler.history { course.take(value, ahead: scaler.stepsAhead) }
      courses.append(course)
    }
  }

  private mutating func look(
    _ index: Int, _ cluster: borrowing ClusterState, into out: inout CommandBuffer
  ) {
    let scaler = scalers[index]
    let series = cluster.metrics.externalSeries(of: scaler.metric)
    guard !series.isEmpty, let target = courses[index].target else { return }
    let value = series.reduce(0.0) { $0 + Double($1.value.milli) / 1000 }
    courses[index].take(value, ahead: scaler.stepsAhead)
    var highest = 0.0
    for step in 1...scaler.stepsAhead {
      highest = max(highest, courses[index].forecast.value(ahead: step) ?? 0)
    }
    let margin = max(0, courses[index].error.quantile(scaler.quantile) ?? 0)
    let pods = ((highest + margin) / scaler.perReplica).rounded(.up)
    let replicas = min(
      max(Int32(min(pods, 1e9)), scaler.minReplicas), scaler.maxReplicas)
    guard replicas != courses[index].asked else { return }
    courses[index].asked = replicas
    out.issue(.setMinimum(target, replicas: replicas))
  }
}
