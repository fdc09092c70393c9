import Autoscaling
import ClusterModel
import Foundation
import Quantities

/// A recorded case of the genuine controller of HorizontalPodAutoscalers: what it saw at each sync,
/// and what it did.
struct AutoscalerVector {
  /// The key among `metrics.errors` that says that the scale's write was refused: runs record it, the
  /// genuine controller's cases have none.
  static let refusedScale = "scale"

  /// One sync.
  struct Step {
    var at: Instant
    /// The specification from this step on; nil: as before.
    var spec: HorizontalPodAutoscalerSpec?
    var replicas: Int32
    var statusReplicas: Int32
    var selector: LabelSelector?
    var set: [PodObject]
    var removed: [String]
    var metrics: ManifestValue?
    /// Whether the write of the scale is refused.
    var isRefused: Bool { metrics?["errors"]?[AutoscalerVector.refusedScale] != nil }
    var expected: ManifestValue
  }
  var configuration: HorizontalPodAutoscalerConfiguration
  var autoscaler: HorizontalPodAutoscalerObject
  var steps: [Step] = []
  /// Instant zero since 1970.
  var start: Int64

  /// Why a case can't be read.
  struct Unreadable: Error, CustomStringConvertible {
    var description: String
  }

  init(file: String) throws {
    guard let data = FileManager.default.contents(atPath: file) else {
      throw Unreadable(description: "can't be read")
    }
    var sources = Sources()
    let text = SourceText(name: file, bytes: [UInt8](data), countsBytes: true)
    let number = sources.add(text)
    var root: ManifestValue?
    do {
      try text.documents(number: number) { root = $0 }
    } catch let error as ParsingError {
      throw Unreadable(description: sources.diagnostic(error).text)
    }
    guard let root, !(root["steps"]?.elements.isEmpty ?? true) else {
      throw Unreadable(description: "a case without steps")
    }
    try self.init(root, sources)
  }

  private init(_ root: ManifestValue, _ sources: Sources) throws {
    var reader = Reader(sources, object: "", isStrict: false)
    configuration = try Self.configuration(root["controller"])
    autoscaler = try Self.autoscaler(root["horizontalPodAutoscaler"], &reader)
    start = 0
    for (index, value) in (root["steps"]?.elements ?? []).enumerated() {
      guard let at = value["time"]?.text.flatMap(timestamp) else {
        throw Unreadable(description: "steps[\(index)].time is no time")
      }
      if index == 0 { start = at }
      steps.append(try step(value, at: Instant(nanoseconds: at - start), &reader))
    }
    if let problem = reader.diagnostics.first(where: { $0.severity == .error }) {
      throw Unreadable(description: problem.text)
    }
  }

  private static func configuration(
    _ value: ManifestValue?
  ) throws -> HorizontalPodAutoscalerConfiguration {
    var configuration = HorizontalPodAutoscalerConfiguration()
    func number(_ key: String) throws -> Double? {
      guard let text = value?[key]?.text else { return nil }
      guard let number = Double(text) else {
        throw Unreadable(description: "controller.\(key) is no number")
      }
      return number
    }
    if let tolerance = try number("tolerance") { configuration.tolerance = tolerance }
    if let span = try number("downscaleStabilizationSeconds") {
      configuration.downscaleStabilization = .seconds(span)
    }
    if let span = try number("cpuInitializationPeriodSeconds") {
      configuration.cpuInitializationPeriod = .seconds(span)
    }
    if let span = try number("initialReadinessDelaySeconds") {
      configuration.initialReadinessDelay = .seconds(span)
    }
    return configuration
  }

  private static func autoscaler(
    _ value: ManifestValue?, _ reader: inout Reader
  ) throws -> HorizontalPodAutoscalerObject {
    guard let value else { throw Unreadable(description: "no horizontalPodAutoscaler") }
    var reading = AutoscalerReading()
    AutoscalerReading.fields.read(value, into: &reading, &reader)
    return reading.object
  }

  private func step(
    _ value: ManifestValue, at instant: Instant, _ reader: inout Reader
  ) throws -> Step {
    let scale = value["scale"]
    func count(_ path: [String]) -> Int32 {
      scale?.value(at: path)?.text.flatMap(Int32.init) ?? 0
    }
    let written = scale?.value(at: ["status", "selector"])?.text ?? ""
    guard let selector = LabelSelector(written: written) else {
      throw Unreadable(description: "\"\(written)\" is no selector")
    }
    let assembly = ClusterAssembly(start: start, keepsTerminating: true, keepsFinished: true)
    var pods: [NativeObject] = []
    for pod in value.value(at: ["pods", "set"])?.elements ?? [] {
      if let object = NativeKind.named("Pod")?.read(pod, &reader) { pods.append(object) }
    }
    return Step(
      at: instant,
      spec: try value["horizontalPodAutoscaler"].map { try Self.autoscaler($0, &reader).spec },
      replicas: count(["spec", "replicas"]), statusReplicas: count(["status", "replicas"]),
      selector: written.isEmpty ? nil : selector, set: assembly.cluster(of: pods).pods,
      removed: value.value(at: ["pods", "remove"])?.elements.compactMap(\.text) ?? [],
      metrics: value["metrics"],
      expected: value["expected"] ?? ManifestValue(.mapping([]), at: value.place))
  }
}

extension LabelSelector {
  /// Reads a selector as a Scale's status gives it: `app=web,tier in (a, b),!old`.
  init?(written text: String) {
    self.init()
    for part in Self.parts(of: text) {
      if let range = part.range(of: " notin ") ?? part.range(of: " in ") {
        let isIn = part[range] == " in "
        let list = part[range.upperBound...].trimmingCharacters(in: .whitespaces)
        guard list.hasPrefix("("), list.hasSuffix(")") else { return nil }
        matchExpressions.append(
          SelectorRequirement(
            key: part[..<range.lowerBound].trimmingCharacters(in: .whitespaces),
            comparison: isIn ? .isIn : .notIn,
            values: list.dropFirst().dropLast().split(separator: ",")
              .map { $0.trimmingCharacters(in: .whitespaces) }))
      } else if part.hasPrefix("!") {
        matchExpressions.append(
          SelectorRequirement(key: String(part.dropFirst()), comparison: .doesNotExist))
      } else if let range = part.range(of: "!=") {
        matchExpressions.append(
          SelectorRequirement(
            key: String(part[..<range.lowerBound]), comparison: .notIn,
            values: [String(part[range.upperBound...])]))
      } else if let range = part.range(of: "==") ?? part.range(of: "=") {
        matchLabels[String(part[..<range.lowerBound])] = String(part[range.upperBound...])
      } else {
        matchExpressions.append(SelectorRequirement(key: part, comparison: .exists))
      }
    }
  }

  /// The selector as a Scale's status gives it.
  var written: String {
    var parts = matchLabels.entries.map { "\($0.key)=\($0.value)" }
    for requirement in matchExpressions {
      let list = "(\(requirement.values.sorted().joined(separator: ",")))"
      switch requirement.comparison {
      case .isIn: parts.append("\(requirement.key) in \(list)")
      case .notIn: parts.append("\(requirement.key) notin \(list)")
      case .doesNotExist: parts.append("!\(requirement.key)")
      case .exists, .greaterThan, .lessThan: parts.append(requirement.key)
      }
    }
    return parts.joined(separator: ",")
  }

  /// The parts between commas that stand in no parentheses.
  private static func parts(of text: String) -> [String] {
    var parts: [String] = []
    var part = ""
    var depth = 0
    for character in text {
      if character == "(" { depth += 1 }
      if character == ")" { depth -= 1 }
      if character == ",", depth == 0 {
        parts.append(part)
        part = ""
      } else {
        part.append(character)
      }
    }
    parts.append(part)
    return parts.map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
  }
}
