import ClusterModel
import Infrastructure
import Quantities

/// An owner as `metadata.ownerReferences` lists it.
struct OwnerReading: Sendable {
  var kind = ""
  var name = ""
  var isController = false

  static let fields = FieldTable<OwnerReading> { table in
    table.field("kind", \.kind, .name, Note("The owner's kind.").required)
    table.field("name", \.name, .name, Note("The owner's name.").required)
    table.field("controller", \.isController, .flag, Note("Whether it controls the object."))
  }
}

/// What every object's `metadata` says.
struct Metadata: Sendable {
  var name = ""
  var namespace = ""
  var generateName = ""
  var labels = Labels()
  var annotations = Labels()
  /// Since 1970; nil if the object hasn't been stored.
  var created: Instant?
  var deleted: Instant?
  var owners: [OwnerReading] = []

  /// The owner that controls the object.
  var controller: OwnerReference? {
    owners.first(where: \.isController).map { OwnerReference(kind: $0.kind, name: $0.name) }
  }

  static let fields = FieldTable<Metadata> { table in
    table.field("name", \.name, .text, Note("The object's name."))
    table.field("namespace", \.namespace, .text, Note("Its namespace; default if absent."))
    table.field("generateName", \.generateName, .text, Note("What its name begins with."))
    table.field("labels", \.labels, .labels, Note("Its labels."))
    table.field("annotations", \.annotations, .annotations, Note("Its annotations."))
    table.field(
      "creationTimestamp", \.created, Codec<Instant>.timestamp.optional(written: nil),
      Note("When it was created."))
    table.field(
      "deletionTimestamp", \.deleted, Codec<Instant>.timestamp.optional(written: nil),
      Note("When it was told to go."))
    table.field(
      "ownerReferences", \.owners,
      Codec<OwnerReading>.object(OwnerReading.fields) { OwnerReading() }.list,
      Note("Whose it is."))
  }
}

extension Codec where Value == Labels {
  /// Texts by key; those for serverless Pods are checked, and named where they change nothing.
  fileprivate static let annotations = Codec(
    shape: Codec<Labels>.labels.shape,
    decode: { value, reader in
      guard let labels = Codec<Labels>.labels.decode(value, &reader) else { return nil }
      var problems: [EksAnnotations.Problem] = []
      _ = EksAnnotations(labels, problems: &problems)
      for problem in problems {
        let text = labels[problem.key] ?? ""
        reader.error(
          at: value[problem.key]?.place ?? value.place, "wrong-value",
          "\"\(text)\" can't be the annotation \(problem.key)", expected: problem.expected,
          width: text.count)
      }
      for (name, reason) in EksAnnotations.withoutEffect {
        let key = EksAnnotations.prefix + name
        guard let text = labels[key] else { continue }
        reader.counts.unsupported.append("annotation \(key)")
        reader.warning(
          at: value[key]?.place ?? value.place, "no-effect",
          "the annotation \(key) is read and has no effect here: \(reason)", width: text.count)
      }
      return labels
    },
    encode: { Codec<Labels>.labels.encode($0) })
}
