import ClusterModel
import Scheduling

/// One object of the input: where it stands, what it is called, and its values as written.
struct Document: Sendable {
  /// Its kind.
  var kind: String
  /// Its namespace; empty for kinds without one, `default` where a manifest gives none.
  var namespace = ""
  /// Its name.
  var name: String
  /// A second name that paths may use.
  var alias: String?
  /// Whether the kind is one of ours.
  var isOwn: Bool
  /// Whether no file mentions it: an object that a scenario has all the same.
  var isImplied = false
  /// The values: of Kubernetes' kinds the whole manifest, of ours `spec` alone.
  var tree: ManifestValue
  /// Where it begins.
  var place: Place
  /// Where its name stands.
  var namePlace: Place
  /// Its annotations.
  var annotations = Labels()

  /// The object as paths write it, with the namespace where one is needed.
  func path(qualified: Bool = false) -> String {
    qualified && !namespace.isEmpty ? "\(kind)/\(namespace)/\(name)" : "\(kind)/\(name)"
  }
}

/// What comes of an object when its fields are read.
struct ReadDocument: Sendable {
  /// An object of Kubernetes' kinds; nil for ours.
  var native: NativeObject?
  /// An object of ours; nil for Kubernetes'.
  var own: (any ScenarioKind)?
  /// What is wrong with it.
  var diagnostics: [Diagnostic]
  /// What was read of it.
  var counts: FieldCounts
}

extension Document {
  /// Reads the object's fields.
  /// - Parameter plugins: the scheduler's besides its own, which the object may name.
  func read(_ sources: Sources, _ plugins: PluginRegistry) -> ReadDocument {
    var reader = Reader(sources, object: path(), isStrict: isOwn)
    reader.plugins = plugins
    if let kind = isOwn ? ScenarioKinds.named(self.kind) : nil {
      let own = read(as: kind, &reader)
      return ReadDocument(
        native: nil, own: own, diagnostics: reader.diagnostics, counts: reader.counts)
    }
    let native = NativeKind.named(kind)?.read(tree, &reader)
    return ReadDocument(
      native: native, own: nil, diagnostics: reader.diagnostics, counts: reader.counts)
  }

  private func read<Kind: ScenarioKind>(as kind: Kind.Type, _ reader: inout Reader) -> Kind {
    var object = Kind.blank(name)
    let spec = tree["spec"] ?? ManifestValue(.mapping([]), at: place)
    reader.within("spec") { Kind.fields.read(spec, into: &object, &$0) }
    return object
  }
}

/// The number of an object in a ``World``.
struct DocumentIndex: Hashable {
  var isOwn: Bool
  var index: Int
}
