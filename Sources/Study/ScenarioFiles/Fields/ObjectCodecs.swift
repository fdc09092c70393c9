import ClusterModel
import Quantities

extension Codec where Value == Labels {
  /// Texts by key.
  static let labels = Codec(
    shape: .dictionary(
      .scalar(name: "text", json: ["string", "number", "boolean", "null"], unit: "")),
    decode: { value, reader in
      guard let entries = reader.entries(value, expected: "texts by key") else { return nil }
      var labels = Labels()
      for entry in entries {
        if entry.value.isNull {
          labels[entry.key] = ""
        } else {
          labels[entry.key] = reader.within("[\(entry.key)]") {
            $0.scalar(entry.value, expected: "a text")
          }
        }
      }
      return labels
    },
    encode: { labels in
      "{" + labels.entries.map { "\($0.key): \($0.value)" }.joined(separator: ", ") + "}"
    })
}

extension Codec where Value == ResourceList {
  /// Kubernetes quantities by resource.
  static let resources = Codec(
    shape: .dictionary(.scalar(name: "quantity", json: ["string", "number"], unit: "")),
    decode: { value, reader in
      guard let entries = reader.entries(value, expected: "quantities by resource") else {
        return nil
      }
      var list = ResourceList()
      for entry in entries {
        reader.within("[\(entry.key)]") { reader in
          if let nanos = quantity(entry, &reader) { list[entry.key] = nanos }
        }
      }
      return list
    },
    encode: { list in
      let parts = list.entries.map { "\($0.name): \(Quantity(nanos: $0.nano))" }
      return "{" + parts.joined(separator: ", ") + "}"
    })

  /// A quantity in 10⁻⁹ of its unit; reports one that isn't, or is negative.
  private static func quantity(_ entry: ManifestValue.Entry, _ reader: inout Reader) -> Int128? {
    let expected = "a Kubernetes quantity, such as 4, 500m, 1.5 or 16Gi"
    let value = entry.value
    guard let text = reader.scalar(value, expected: expected) else { return nil }
    do {
      let quantity = try Quantity.parse(text)
      let bound = Int128(Int64.max) * (entry.key == "cpu" ? 1_000_000 : 1_000_000_000)
      if quantity.nanos < 0 {
        reader.error(
          at: value.place, "negative", "\"\(text)\" is negative", expected: expected,
          width: text.count)
      } else if quantity.nanos > bound {
        reader.error(
          at: value.place, "out-of-range", "\"\(text)\" is out of range", expected: expected,
          width: text.count)
      } else {
        if entry.key == "memory", quantity.nanos > 0, quantity.nanos % 1_000_000_000 != 0 {
          reader.warning(
            at: value.place, "odd-unit",
            "\"\(text)\" is less than whole bytes: m means a thousandth",
            suggestion: text.hasSuffix("m") ? "\(text.dropLast())M" : nil, width: text.count)
        }
        return quantity.nanos
      }
    } catch {
      let problem = ScalarError(error)
      reader.error(
        at: value.place, problem.code, problem.message, expected: problem.expected,
        suggestion: problem.suggestion, width: text.count)
    }
    return nil
  }
}

extension Codec where Value == Resources {
  /// What a node offers, as the scheduler counts it.
  static let roundedResources = Codec<ResourceList>.resources.map(
    { $0.rounded() },
    { resources in
      var list = ResourceList(cpuMilli: resources.cpu, memory: resources.memory)
      if resources.ephemeralStorage > 0 {
        list["ephemeral-storage"] = Int128(resources.ephemeralStorage) * 1_000_000_000
      }
      if resources.pods > 0 { list["pods"] = Int128(resources.pods) * 1_000_000_000 }
      for scalar in resources.scalars {
        list[scalar.name] = Int128(scalar.amount) * 1_000_000_000
      }
      return list
    })
}

extension Codec where Value == LabelSelector {
  /// `matchLabels` and `matchExpressions`.
  static let selector = Codec.object(LabelSelector.fields) { LabelSelector() }
}

extension LabelSelector {
  static let fields = FieldTable<LabelSelector> { table in
    table.field("matchLabels", \.matchLabels, .labels, Note("Labels that must be equal."))
    table.field(
      "matchExpressions", \.matchExpressions, Codec<SelectorRequirement>.requirement.list,
      Note("Conditions that must hold."))
  }
}

extension Codec where Value == SelectorRequirement {
  /// `key`, `operator` and `values`.
  static let requirement = Codec.object(SelectorRequirement.fields) {
    SelectorRequirement(key: "", comparison: .exists)
  }
}

extension SelectorRequirement {
  static let fields = FieldTable<SelectorRequirement> { table in
    table.field("key", \.key, .name, Note("The label's key.").required)
    table.field("operator", \.comparison, .choice, Note("How the value is compared.").required)
    table.field("values", \.values, Codec<String>.text.list, Note("What it is compared with."))
  }
}

extension Codec where Value == Taint {
  /// `key`, `value` and `effect`.
  static let taint = Codec.object(
    FieldTable<Taint> { table in
      table.field("key", \.key, .name, Note("The taint's key.").required)
      table.field("value", \.value, .text, Note("The taint's value."))
      table.field("effect", \.effect, .choice, Note("What it does.").required)
    }
  ) { Taint(key: "", effect: .noSchedule) }
}

extension Codec where Value == Toleration {
  /// `key`, `operator`, `value`, `effect` and `tolerationSeconds`.
  static let toleration = Codec.object(
    FieldTable<Toleration> { table in
      table.field("key", \.key, .text, Note("The taint's key; empty for every key."))
      table.field("operator", \.comparison, .choice, Note("How the value is compared."))
      table.field("value", \.value, .text, Note("The value compared with."))
      table.field(
        "effect", \.effect, Codec<TaintEffect>.choice.optional(written: ""),
        Note("The taint's effect; empty for every effect."))
      table.field(
        "tolerationSeconds", \.seconds,
        Codec<Int64>.integer(from: .min, unit: "s").optional(written: nil),
        Note("How long a NoExecute taint is borne."))
    }
  ) { Toleration() }
}
