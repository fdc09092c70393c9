import ClusterModel
import Quantities

/// A HorizontalPodAutoscaler as its manifest has it, of `autoscaling/v2` or `v1`.
///
/// > Source: fields, defaults and the words of validation follow autoscaling/v2 (S, v1.36).
struct AutoscalerReading: Sendable {
  var metadata = Metadata()
  var target = CrossVersionObjectReference(apiVersion: "", kind: "", name: "")
  var minReplicas: Int32 = 1
  var maxReplicas: Int32 = 1
  var metrics: [MetricSpec] = []
  var behavior: HorizontalPodAutoscalerBehavior?
  /// What `autoscaling/v1` follows instead of metrics.
  var cpuPercentage: Int32?

  /// The autoscaler as the cluster's state takes it.
  var object: HorizontalPodAutoscalerObject {
    var spec = HorizontalPodAutoscalerSpec(
      target: target, minReplicas: minReplicas, maxReplicas: maxReplicas, behavior: behavior)
    if !metrics.isEmpty {
      spec.metrics = metrics
    } else if let cpuPercentage {
      spec.metrics = [.resource(name: "cpu", target: .averageUtilization(cpuPercentage))]
    }
    return HorizontalPodAutoscalerObject(
      namespace: metadata.namespace.isEmpty ? "default" : metadata.namespace,
      name: metadata.name, spec: spec)
  }

  static let fields = FieldTable<AutoscalerReading> { table in
    table.part("metadata", \.metadata, Metadata.fields, Note("Who it is."))
    table.part("spec", \.self, specFields, Note("What it keeps where.").required)
  }

  private static let specFields: FieldTable<AutoscalerReading> = {
    var table = FieldTable<AutoscalerReading> { table in
      table.part(
        "scaleTargetRef", \.target, referenceFields, Note("Whose scale it sets.").required)
      table.field(
        "minReplicas", \.minReplicas,
        .bounded(from: 1, "must be greater than or equal to 1"), Note("The fewest replicas."))
      table.custom(
        "maxReplicas", .scalar(name: "integer", json: ["integer"], unit: ""),
        Note("The most replicas.").required, text: { String($0.maxReplicas) }, readMaximum)
      table.field(
        "metrics", \.metrics, Codec<MetricSpec>.metric.list, Note("What it follows."))
      table.field(
        "behavior", \.behavior,
        Codec<HorizontalPodAutoscalerBehavior>.behavior.optional(written: nil),
        Note("How fast it scales."))
      table.field(
        "targetCPUUtilizationPercentage", \.cpuPercentage,
        Codec<Int32>.bounded(from: 1, "must be greater than 0").optional(written: nil),
        Note("The CPU percentage that autoscaling/v1 follows."))
    }
    table.isOrdered = true
    return table
  }()

  static let referenceFields = FieldTable<CrossVersionObjectReference> { table in
    table.field("apiVersion", \.apiVersion, .text, Note("The object's API version."))
    table.field("kind", \.kind, .name, Note("The object's kind.").required)
    table.field("name", \.name, .name, Note("The object's name.").required)
  }

  private static func readMaximum(
    _ value: ManifestValue, into root: inout AutoscalerReading, _ reader: inout Reader
  ) {
    let codec = Codec<Int32>.bounded(from: 1, "must be greater than 0")
    guard let maximum = codec.decode(value, &reader) else { return }
    root.maxReplicas = maximum
    guard maximum < root.minReplicas else { return }
    reader.invalid(value, "must be greater than or equal to `minReplicas`")
  }
}

extension Reader {
  /// Reports a value as the API server's validation does.
  mutating func invalid(_ value: ManifestValue, _ reason: String) {
    let text = value.text ?? value.flowText
    error(
      at: value.place, "wrong-value", "Invalid value: \(text): \(reason)", width: text.count)
  }

  /// Reports that something is missing as the API server's validation does.
  mutating func required(_ value: ManifestValue, _ reason: String) {
    error(at: value.place, "missing-key", "Required value: \(reason)")
  }
}

extension Codec where Value == Int32 {
  /// A whole number in a range, with Kubernetes' words for one that is out of it.
  static func bounded(
    from low: Int32, to high: Int32 = .max, _ tooLow: String, _ tooHigh: String = ""
  ) -> Codec {
    let expected = high == .max ? "a whole number from \(low)" : "a whole number to \(high)"
    return .scalar(
      "integer", json: ["integer", "string"], expected: expected,
      parse: { text throws(ScalarError) in
        guard let number = Int32(text) else {
          throw ScalarError(code: "wrong-value", message: "\"\(text)\" is not a whole number")
        }
        guard number >= low else {
          throw ScalarError(code: "out-of-range", message: "Invalid value: \(text): \(tooLow)")
        }
        guard number <= high else {
          throw ScalarError(code: "out-of-range", message: "Invalid value: \(text): \(tooHigh)")
        }
        return number
      },
      encode: { String($0) })
  }
}

// MARK: - Behaviour

/// One direction of `spec.behavior` before its defaults.
private struct RulesReading: Sendable {
  var window: Int32?
  var selectPolicy = HPAScalingRules.SelectPolicy.max
  var policies: [HPAScalingPolicy]?
  var tolerance: Double?

  static let codec = Codec<RulesReading>.object(
    FieldTable<RulesReading> { table in
      table.field(
        "stabilizationWindowSeconds", \.window,
        Codec<Int32>.bounded(
          from: 0, to: 3600, "must be greater than or equal to zero",
          "must be less than or equal to 3600"
        ).optional(written: nil), Note("For how long earlier recommendations restrain, in s."))
      table.field(
        "selectPolicy", \.selectPolicy, .choice, Note("Which of several policies counts."))
      table.field(
        "policies", \.policies, policies.optional(written: nil), Note("Bounds per period."))
      table.field(
        "tolerance", \.tolerance, Codec<Double>.tolerance.optional(written: nil),
        Note("How far the ratio may be off."))
    }
  ) { RulesReading() }

  private static let policies: Codec<[HPAScalingPolicy]> = {
    var codec = Codec<HPAScalingPolicy>.object(
      FieldTable<HPAScalingPolicy> { table in
        table.field("type", \.kind, .choice, Note("What is bounded.").required)
        table.field(
          "value", \.value, .bounded(from: 1, "must be greater than zero"),
          Note("The bound.").required)
        table.field(
          "periodSeconds", \.periodSeconds,
          .bounded(
            from: 1, to: 1800, "must be greater than zero", "must be less than or equal to 1800"),
          Note("The period in s.").required)
      }
    ) { HPAScalingPolicy(.pods, value: 1, periodSeconds: 1) }.list
    let decode = codec.decode
    codec.decode = { value, reader in
      guard value.elements.isEmpty, !value.isNull else { return decode(value, &reader) }
      reader.required(value, "must specify at least one Policy")
      return nil
    }
    return codec
  }()

  func rules(_ defaults: HPAScalingRules) -> HPAScalingRules {
    HPAScalingRules(
      stabilizationWindowSeconds: window ?? defaults.stabilizationWindowSeconds,
      selectPolicy: selectPolicy, policies: policies ?? defaults.policies, tolerance: tolerance)
  }
}

extension Codec where Value == Double {
  /// A tolerance: a quantity, as the number that Kubernetes computes with.
  static let tolerance = Codec.scalar(
    "quantity", json: ["string", "number"], expected: "a quantity from 0, such as 0.05 or 50m",
    parse: { text throws(ScalarError) in
      let quantity = try ScalarError.translating { () throws(QuantityError) in
        try Quantity.parse(text)
      }
      guard quantity.nanos >= 0 else {
        throw ScalarError(
          code: "negative", message: "Invalid value: \(text): must be greater than or equal to 0")
      }
      return approximate(quantity)
    }, encode: { plain($0) })

  /// The number as Kubernetes' `AsApproximateFloat64` gives it of the stored, canonical text: the
  /// digits before the suffix times the suffix.
  private static func approximate(_ quantity: Quantity) -> Double {
    let nanos = quantity.nanos
    if nanos % 1_000_000_000 == 0 { return Double(nanos / 1_000_000_000) }
    if nanos % 1_000_000 == 0 { return Double(nanos / 1_000_000) * 1e-3 }
    return nanos % 1000 == 0 ? Double(nanos / 1000) * 1e-6 : Double(nanos) * 1e-9
  }
}

extension Codec where Value == HorizontalPodAutoscalerBehavior {
  /// `scaleUp` and `scaleDown`, each with its defaults.
  static let behavior = Codec.object(
    FieldTable<HorizontalPodAutoscalerBehavior> { table in
      table.field(
        "scaleUp", \.scaleUp,
        RulesReading.codec.map({ $0.rules(.defaultScaleUp) }, RulesReading.init),
        Note("How it scales up."))
      table.field(
        "scaleDown", \.scaleDown,
        RulesReading.codec.map({ $0.rules(.defaultScaleDown) }, RulesReading.init),
        Note("How it scales down."))
    }
  ) { HorizontalPodAutoscalerBehavior() }
}

extension RulesReading {
  fileprivate init(_ rules: HPAScalingRules) {
    window = rules.stabilizationWindowSeconds
    selectPolicy = rules.selectPolicy
    policies = rules.policies
    tolerance = rules.tolerance
  }
}
