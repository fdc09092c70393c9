import ClusterModel
import Quantities

/// A metric's `target` before it is known which kind it must be.
private struct TargetReading: Sendable {
  var type = ""
  var utilization: Int32?
  var averageValue: Int64?
  var value: Int64?

  static let fields = FieldTable<TargetReading> { table in
    table.field("type", \.type, .text, Note("Utilization, Value or AverageValue."))
    table.field(
      "averageUtilization", \.utilization,
      Codec<Int32>.bounded(from: 1, "must be greater than 0").optional(written: nil),
      Note("A percentage of what the Pods request."))
    table.field(
      "averageValue", \.averageValue, Codec<Int64>.positiveMilli.optional(written: nil),
      Note("So much per Pod."))
    table.field(
      "value", \.value, Codec<Int64>.positiveMilli.optional(written: nil), Note("So much in all."))
  }
}

extension Codec where Value == Int64 {
  /// A positive quantity in thousandths of its unit.
  fileprivate static let positiveMilli = Codec.scalar(
    "quantity", json: ["string", "number"], expected: "a quantity above 0, such as 100 or 500m",
    parse: { text throws(ScalarError) in
      let milli = try ScalarError.translating { () throws(QuantityError) in
        try Quantity.parse(text).milliValue
      }
      guard milli > 0 else {
        throw ScalarError(
          code: "out-of-range", message: "Invalid value: \(text): must be positive")
      }
      return milli
    }, encode: { "\(Quantity(milli: $0))" })
}

/// One kind of source in `spec.metrics[]`: `resource`, `pods` and so on.
private struct SourceReading: Sendable {
  var resource = ""
  var container = ""
  var metric = MetricIdentifier(name: "")
  var object = CrossVersionObjectReference(apiVersion: "", kind: "", name: "")
  var target = TargetReading()

  static func fields(of source: MetricSourceKind) -> FieldTable<SourceReading> {
    FieldTable { table in
      switch source {
      case .resource, .containerResource:
        table.field("name", \.resource, .text, Note("The resource."))
        if source == .containerResource {
          table.field("container", \.container, .text, Note("The container."))
        }
      case .pods, .external:
        table.part("metric", \.metric, identifierFields, Note("The metric."))
      case .object:
        table.part("metric", \.metric, identifierFields, Note("The metric."))
        table.part(
          "describedObject", \.object, AutoscalerReading.referenceFields,
          Note("What it describes.").required)
      }
      table.part("target", \.target, TargetReading.fields, Note("What it is kept at."))
    }
  }

  static let identifierFields = FieldTable<MetricIdentifier> { table in
    table.field("name", \.name, .text, Note("The metric's name."))
    table.field(
      "selector", \.selector, Codec<LabelSelector>.selector.optional(written: nil),
      Note("Which of its series."))
  }
}

/// The kinds of metrics, as `type` names them.
enum MetricSourceKind: String, CaseIterable, Sendable {
  case containerResource = "ContainerResource"
  case external = "External"
  case object = "Object"
  case pods = "Pods"
  case resource = "Resource"

  /// The key under which the kind's fields stand.
  var key: String { rawValue.prefix(1).lowercased() + rawValue.dropFirst() }
}

extension Codec where Value == MetricSpec {
  /// `type`, and the fields of the source that it names.
  static let metric = Codec(
    shape: .object(
      MetricSourceKind.allCases.map { kind in
        FieldTable<SourceReading> { table in
          table.group(
            kind.key, Note("A metric of type \(kind.rawValue)."), of: SourceReading.fields(of: kind)
          )
        }.outlines(SourceReading())[0]
      }),
    decode: { value, reader in read(value, &reader) },
    encode: { "\($0.sourceKind.rawValue)" })

  private static func read(_ value: ManifestValue, _ reader: inout Reader) -> MetricSpec? {
    guard reader.entries(value, expected: "a metric with its type") != nil else { return nil }
    guard let type = value["type"] else {
      reader.required(value, "must specify a metric source type")
      return nil
    }
    let words = MetricSourceKind.allCases.map(\.rawValue)
    guard let text = reader.scalar(type, expected: "one of \(words.joined(separator: ", "))") else {
      return nil
    }
    reader.counts.read += 1
    guard let kind = MetricSourceKind(rawValue: text) else {
      let listed = words.map { "\"\($0)\"" }.joined(separator: ", ")
      reader.error(
        at: type.place, "wrong-value",
        "Unsupported value: \"\(text)\": supported values: \(listed)",
        suggestion: nearest(to: text, among: words), width: text.count)
      return nil
    }
    guard let body = value[kind.key], !body.isNull else {
      reader.required(value, "must populate information for the given metric source")
      return nil
    }
    if let other = MetricSourceKind.allCases.first(where: { $0 != kind && value[$0.key] != nil }) {
      reader.error(
        at: value[other.key]!.place, "wrong-value",
        "Forbidden: must populate the given metric source only")
      return nil
    }
    return reader.within(kind.key) { reader in
      let before = reader.diagnostics.count
      var source = SourceReading()
      SourceReading.fields(of: kind).read(body, into: &source, &reader)
      guard reader.diagnostics.count == before else { return nil }
      return metric(kind, source, body, &reader)
    }
  }

  private static func metric(
    _ kind: MetricSourceKind, _ source: SourceReading, _ value: ManifestValue,
    _ reader: inout Reader
  ) -> MetricSpec? {
    switch kind {
    case .resource, .containerResource:
      guard !source.resource.isEmpty else {
        reader.required(value, "must specify a resource name")
        return nil
      }
      if kind == .containerResource, source.container.isEmpty {
        reader.required(value, "must specify a container")
        return nil
      }
    case .pods, .object, .external:
      guard !source.metric.name.isEmpty else {
        reader.required(value, "must specify a metric name")
        return nil
      }
    }
    guard let target = target(of: kind, source.target, value["target"] ?? value, &reader) else {
      return nil
    }
    return switch kind {
    case .resource: .resource(name: source.resource, target: target)
    case .containerResource:
      .containerResource(name: source.resource, container: source.container, target: target)
    case .pods: .pods(source.metric, target: target)
    case .object: .object(source.object, source.metric, target: target)
    case .external: .external(source.metric, target: target)
    }
  }

  private static func target(
    of kind: MetricSourceKind, _ target: TargetReading, _ value: ManifestValue,
    _ reader: inout Reader
  ) -> MetricTarget? {
    let types = ["Utilization", "Value", "AverageValue"]
    guard !target.type.isEmpty else {
      reader.required(value, "must specify a metric target type")
      return nil
    }
    guard types.contains(target.type) else {
      reader.error(
        at: value["type"]?.place ?? value.place, "wrong-value",
        "Invalid value: \"\(target.type)\": must be either Utilization, Value, or AverageValue",
        suggestion: nearest(to: target.type, among: types), width: target.type.count)
      return nil
    }
    switch kind {
    case .resource, .containerResource:
      if target.utilization != nil, target.averageValue != nil {
        reader.error(
          at: value.place, "wrong-value",
          "Forbidden: may not set both a target raw value and a target utilization")
        return nil
      }
      if let percent = target.utilization { return .averageUtilization(percent) }
      if let average = target.averageValue { return .averageValue(milli: average) }
      reader.required(value, "must set either a target raw value or a target utilization")
    case .pods:
      if let average = target.averageValue { return .averageValue(milli: average) }
      reader.required(value, "must specify a positive target averageValue")
    case .object, .external:
      if target.value != nil, target.averageValue != nil {
        reader.error(
          at: value.place, "wrong-value",
          "Forbidden: may not set both a target value for metric and a per-pod target")
        return nil
      }
      if let average = target.averageValue { return .averageValue(milli: average) }
      if let total = target.value { return .value(milli: total) }
      reader.required(
        value, "must set either a target value for metric or a per-pod target")
    }
    return nil
  }
}

extension MetricSpec {
  /// The word for its kind.
  var sourceKind: MetricSourceKind {
    switch self {
    case .resource: .resource
    case .containerResource: .containerResource
    case .pods: .pods
    case .object: .object
    case .external: .external
    }
  }
}
