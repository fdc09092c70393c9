import CloudSimulation
import ClusterModel
import Infrastructure
import Workloads

/// Takes the documents of files apart into objects: lists into their items, short forms into
/// objects of their own.
struct DocumentReading {
  /// The texts that places refer to.
  var sources = Sources()
  private(set) var documents: [Document] = []
  private(set) var diagnostics: [Diagnostic] = []
  /// How many objects there are of kinds that nothing is known about, by kind, in order of kind.
  private(set) var otherKinds: [(kind: String, count: Int)] = []
  /// Paths that a `Scenario` includes.
  private(set) var includes: [ManifestValue] = []

  /// Adds what a document of a file holds.
  mutating func add(_ value: ManifestValue) {
    guard case .mapping = value.content else {
      error(
        value.place, "wrong-type", "a document that isn't an object",
        expected: "apiVersion, kind and metadata")
      return
    }
    guard let kind = text(value, "kind"), let version = text(value, "apiVersion")
    else { return }
    if kind == "List" || (kind.hasSuffix("List") && value["items"] != nil) {
      for item in value["items"]?.elements ?? [] { add(item) }
    } else if version.contains("spillway") || ScenarioKinds.apiVersion == version {
      addOwn(value, kind: kind, version: version)
    } else {
      addNative(value, kind: kind, version: version)
    }
  }

  private mutating func text(_ value: ManifestValue, _ key: String) -> String? {
    guard let field = value[key], !field.isNull else {
      let suggestion = nearest(to: key, among: value.entries.map(\.key))
      let place = value.entries.first { $0.key == suggestion }?.keyPlace ?? value.place
      error(
        place, "missing-key", "\"\(key)\" is missing",
        expected: key == "kind"
          ? "kind: Deployment, Scenario or another" : "apiVersion: v1 or another",
        suggestion: suggestion.map { _ in key })
      return nil
    }
    guard let text = field.text else {
      error(field.place, "wrong-type", "\"\(key)\" must be a text", expected: "a text")
      return nil
    }
    return text
  }

  mutating func error(
    _ place: Place, _ code: String, _ message: String,
    expected: String? = nil, suggestion: String? = nil, width: Int = 1
  ) {
    diagnostics.append(
      sources.diagnostic(
        .error, at: place, code, message, expected: expected, suggestion: suggestion, width: width))
  }
}

// MARK: - Kubernetes' kinds

extension DocumentReading {
  private mutating func addNative(
    _ value: ManifestValue, kind: String, version: String
  ) {
    let parts = version.split(separator: "/", omittingEmptySubsequences: false)
    let group = parts.count > 1 ? String(parts[0]) : ""
    guard let native = NativeKind.named(kind), native.groups.contains(group), parts.count <= 2,
      Self.isVersion(parts.last ?? "")
    else {
      addOther(value, kind: kind, version: version, group: group)
      return
    }
    if !native.versions.isEmpty, !native.versions.contains(String(parts.last ?? "")) {
      let known = "\(group)/\(native.versions[0])"
      error(
        value["apiVersion"]?.place ?? value.place, "wrong-value",
        "no \(kind) has the API version \"\(version)\"", expected: known, suggestion: known,
        width: version.count)
      return
    }
    guard native.isNamed else {
      documents.append(
        Document(
          kind: kind, name: "scheduler", isOwn: false, tree: value, place: value.place,
          namePlace: value["kind"]?.place ?? value.place))
      return
    }
    let metadata = value["metadata"]
    let given = metadata?["name"] ?? metadata?["generateName"]
    guard let name = given?.text, !name.isEmpty else {
      let keys = (metadata ?? value).entries
      let meant = nearest(to: metadata == nil ? "metadata" : "name", among: keys.map(\.key))
      let near = keys.first { $0.key == meant }?.keyPlace
      error(
        given?.place ?? near ?? metadata?.place ?? value.place, "missing-key",
        "a \(kind) without a name", expected: "metadata.name",
        suggestion: near == nil ? nil : metadata == nil ? "metadata" : "name")
      return
    }
    var document = Document(
      kind: kind, name: name, isOwn: false, tree: value, place: value.place,
      namePlace: given?.place ?? value.place)
    if native.isNamespaced {
      document.namespace = metadata?["namespace"]?.text ?? "default"
      if let place = metadata?["namespace"]?.place, !document.namespace.isEmpty {
        checkName(document.namespace, of: "Namespace", at: place)
      }
    }
    if metadata?["name"] == nil {
      let index = documents.count { $0.kind == kind && $0.name.hasPrefix(name) }
      document.name = "\(name)\(index)"
      document.tree["metadata"]?["name"] = ManifestValue(
        .scalar(document.name, isQuoted: false), at: document.namePlace)
    }
    checkName(document.name, of: kind, at: document.namePlace)
    documents.append(document)
  }

  /// A kind that nothing is known about is counted; a misspelt one is an error.
  private mutating func addOther(
    _ value: ManifestValue, kind: String, version: String, group: String
  ) {
    let names = NativeKind.all.map(\.name) + ScenarioKinds.all.map { $0.kind }
    if let native = NativeKind.named(kind) {
      let known = native.groups[0].isEmpty ? "v1" : "\(native.groups[0])/v1"
      let isForeign = group.contains(".") && !native.groups.contains(group)
      if !isForeign {
        error(
          value["apiVersion"]?.place ?? value.place, "wrong-value",
          "no \(kind) has the API version \"\(version)\"", expected: known,
          suggestion: nearest(to: version, among: [known, ScenarioKinds.apiVersion]) ?? known,
          width: version.count)
        return
      }
    } else if let suggestion = nearest(to: kind, among: names),
      let native = NativeKind.named(suggestion),
      native.groups.contains(group), !Self.lookalikes.contains(kind)
    {
      error(
        value["kind"]?.place ?? value.place, "unknown-kind", "unknown kind \"\(kind)\"",
        expected: "one of \(names.joined(separator: ", "))", suggestion: suggestion,
        width: kind.count)
      return
    }
    let index = otherKinds.firstIndex { $0.kind >= kind } ?? otherKinds.count
    if index < otherKinds.count, otherKinds[index].kind == kind {
      otherKinds[index].count += 1
    } else {
      otherKinds.insert((kind, 1), at: index)
    }
  }

  /// Kinds of Kubernetes whose names are near those of others.
  private static let lookalikes = ["CronJob", "PodTemplate", "Endpoints", "Event"]

  private static func isVersion(_ text: Substring) -> Bool {
    guard text.first == "v" else { return false }
    let digits = text.dropFirst().prefix { $0.isNumber }
    let rest = text.dropFirst(1 + digits.count)
    let stage = rest.prefix { $0.isLetter }
    let isKnown = rest.isEmpty || ["alpha", "beta"].contains(stage)
    return digits.count == 1 && isKnown && rest.dropFirst(stage.count).allSatisfy(\.isNumber)
  }
}

// MARK: - Kinds of ours

extension DocumentReading {
  private mutating func addOwn(
    _ value: ManifestValue, kind: String, version: String
  ) {
    guard version == ScenarioKinds.apiVersion else {
      error(
        value["apiVersion"]?.place ?? value.place, "wrong-value",
        "unknown API version \"\(version)\"", expected: ScenarioKinds.apiVersion,
        suggestion: ScenarioKinds.apiVersion, width: version.count)
      return
    }
    let names = ScenarioKinds.all.map { $0.kind }
    guard names.contains(kind) else {
      error(
        value["kind"]?.place ?? value.place, "unknown-kind", "unknown kind \"\(kind)\"",
        expected: "one of \(names.joined(separator: ", "))",
        suggestion: nearest(to: kind, among: names), width: kind.count)
      return
    }
    var reader = Reader(sources, object: kind, isStrict: true)
    var envelope = Envelope()
    Envelope.fields.read(value, into: &envelope, &reader)
    diagnostics += reader.diagnostics
    guard !envelope.name.isEmpty else { return }
    let spec = value["spec"] ?? ManifestValue(.mapping([]), at: value.place)
    var document = Document(
      kind: kind, name: envelope.name, isOwn: true,
      tree: Self.tree(spec, keyPlace: value.entries.first { $0.key == "spec" }?.keyPlace),
      place: value.place, namePlace: value.value(at: ["metadata", "name"])?.place ?? value.place)
    document.annotations = envelope.annotations
    expand(document)
  }

  private static func tree(_ spec: ManifestValue, keyPlace: Place?) -> ManifestValue {
    let entry = ManifestValue.Entry(key: "spec", keyPlace: keyPlace ?? spec.place, value: spec)
    return ManifestValue(.mapping([entry]), at: spec.place)
  }

  /// Adds an object and those that are written inside it in short.
  private mutating func expand(_ document: Document) {
    var document = document
    guard var spec = document.tree["spec"] else { return }
    var inner: [Document] = []
    if document.kind == Scenario.kind {
      includes += spec["include"]?.elements ?? []
      for kind in ScenarioKinds.all {
        guard let key = kind.shortForm, let value = spec[key] else { continue }
        let elements = value.elements.isEmpty ? [value] : value.elements
        guard elements.allSatisfy({ if case .mapping = $0.content { true } else { false } }) else {
          continue
        }
        for (index, element) in elements.enumerated() {
          reportNamelessName(element)
          inner.append(Self.short(element, kind: kind.kind, key: key, index: index))
        }
        spec[key] = nil
      }
    } else if document.kind == Site.kind, let value = spec["serverless"],
      case .mapping = value.content
    {
      reportNamelessName(value)
      var pool = Self.short(value, kind: ServerlessPool.kind, key: "serverless", index: nil)
      if pool.name.isEmpty { pool.name = document.name }
      if pool.tree.value(at: ["spec", "site"]) == nil {
        pool.tree["spec"]?["site"] = ManifestValue(
          .scalar(document.name, isQuoted: false), at: document.namePlace)
      }
      inner.append(pool)
      spec["serverless"] = nil
    }
    document.tree["spec"] = spec
    if ObjectNameRule.binds(document.kind) {
      checkName(document.name, of: document.kind, at: document.namePlace)
    }
    documents.append(document)
    for document in inner { expand(document) }
  }

  /// Reports a `name` that isn't one.
  private mutating func reportNamelessName(_ value: ManifestValue) {
    guard let entry = value.entries.first(where: { $0.key == "name" }),
      entry.value.text?.isEmpty ?? true
    else { return }
    error(
      entry.keyPlace, "missing-value", "\"name\" has no value", expected: "a name",
      width: 4)
  }

  /// An object from its short form: its fields beside its name.
  private static func short(
    _ value: ManifestValue, kind: String, key: String, index: Int?
  ) -> Document {
    var spec = value
    let name = spec["name"]
    spec["name"] = nil
    let number = index.map { "-\($0)" } ?? ""
    var document = Document(
      kind: kind, name: name?.text ?? (index == nil ? "" : kind.lowercased() + number),
      isOwn: true, tree: tree(spec, keyPlace: nil), place: value.place,
      namePlace: name?.place ?? value.place)
    if name == nil, index != nil { document.alias = key + number }
    return document
  }

  /// What surrounds the `spec` of a kind of ours.
  private struct Envelope: Sendable {
    var name = ""
    var annotations = Labels()

    static let fields = FieldTable<Envelope> { table in
      let text = Shape.scalar(name: "text", json: ["string"], unit: "")
      table.custom("apiVersion", text, Note("The version of the form.")) { _, _, _ in }
      table.custom("kind", text, Note("What it is.")) { _, _, _ in }
      table.group("metadata", Note("What it is called.").required) { table in
        table.field("name", \.name, .name, Note("Its name.").required)
        table.field("annotations", \.annotations, .labels, Note("Its annotations."))
        table.custom("labels", .dictionary(text), Note("Its labels.")) { _, _, _ in }
      }
      table.custom("spec", .object([]), Note("What it says.")) { _, _, _ in }
    }
  }
}
