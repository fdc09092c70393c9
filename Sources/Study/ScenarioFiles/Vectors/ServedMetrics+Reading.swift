import ClusterModel
import Quantities

extension ServedMetrics {
  /// What the metrics APIs answer at a step of a recorded case.
  ///
  /// - Parameters:
  ///   - pods: the Pods by name.
  ///   - start: instant zero since 1970.
  init(
    _ value: ManifestValue?, pods: [String: PodID], namespace: String, start: Int64
  ) {
    self.init()
    func instant(_ text: String?) -> Instant {
      Instant(nanoseconds: (text.flatMap(timestamp) ?? start) - start)
    }
    for item in value?.value(at: ["resource", "items"])?.elements ?? [] {
      guard let pod = item.value(at: ["metadata", "name"])?.text.flatMap({ pods[$0] }) else {
        continue
      }
      let usages = (item["containers"]?.elements ?? []).map { container in
        ContainerUsage(
          container: containerNumber(of: container["name"]?.text ?? ""),
          cpuNano: Self.nano(container.value(at: ["usage", "cpu"])).map { Int64(clamping: $0) },
          memory: Self.nano(container.value(at: ["usage", "memory"])).map {
            Int64(clamping: ($0 + 999_999_999) / 1_000_000_000)
          })
      }
      setSample(
        of: pod, timestamp: instant(item["timestamp"]?.text),
        window: item["window"]?.text.flatMap { try? TimeSpan.parse($0) } ?? .zero, usages: usages)
    }
    for item in value?.value(at: ["custom", "items"])?.elements ?? [] {
      let metric = MetricIdentifier(
        name: item.value(at: ["metric", "name"])?.text ?? "",
        selector: Self.selector(item.value(at: ["metric", "selector"])))
      let described = item["describedObject"]
      let value = MetricValue(
        milli: Self.milli(item["value"]) ?? 0, timestamp: instant(item["timestamp"]?.text))
      if described?["kind"]?.text == "Pod" {
        guard let pod = described?["name"]?.text.flatMap({ pods[$0] }) else { continue }
        setValue(value, of: metric, for: pod)
      } else {
        setValue(
          value, of: metric,
          for: DescribedObject(
            namespace: described?["namespace"]?.text ?? namespace,
            kind: described?["kind"]?.text ?? "", name: described?["name"]?.text ?? ""))
      }
    }
    addExternal(value?.value(at: ["external", "items"])?.elements ?? [], instant)
    for entry in value?["errors"]?.entries ?? [] {
      let text = entry.value.text ?? ""
      if entry.key == "resource" {
        resourceFailure = text
      } else if entry.key.hasPrefix("custom:") {
        setCustomFailure(text, of: String(entry.key.dropFirst("custom:".count)))
      } else if entry.key.hasPrefix("external:") {
        setExternalFailure(text, of: String(entry.key.dropFirst("external:".count)))
      }
    }
  }

  private mutating func addExternal(_ items: [ManifestValue], _ instant: (String?) -> Instant) {
    var names: [String] = []
    for item in items {
      if let name = item["metricName"]?.text, !names.contains(name) { names.append(name) }
    }
    for name in names {
      let series = items.filter { $0["metricName"]?.text == name }.map { item in
        var labels = Labels()
        for entry in item["metricLabels"]?.entries ?? [] { labels[entry.key] = entry.value.text }
        return ExternalSeries(
          labels: labels,
          value: MetricValue(
            milli: Self.milli(item["value"]) ?? 0, timestamp: instant(item["timestamp"]?.text)))
      }
      setExternal(series, of: name)
    }
  }

  private static func selector(_ value: ManifestValue?) -> LabelSelector? {
    guard let value, !value.isNull else { return nil }
    var reader = Reader(Sources(), object: "", isStrict: false)
    return Codec<LabelSelector>.selector.decode(value, &reader)
  }

  private static func nano(_ value: ManifestValue?) -> Int128? {
    value?.text.flatMap { try? Quantity.parse($0) }?.nanos
  }

  /// A quantity in thousandths, rounded up.
  static func milli(_ value: ManifestValue?) -> Int64? {
    value?.text.flatMap { try? Quantity.parse($0) }.flatMap { try? $0.milliValue }
  }
}
