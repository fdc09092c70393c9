import Infrastructure

/// Providers' defaults for their serverless Pods, each a file beside this one that a `ServerlessPool` could be read from.
enum PresetFiles {
  /// The presets' names with their texts.
  private static let texts: [(name: String, bytes: [UInt8])] = [
    ("tke-eks", PackageResources.tke_eks_yaml),
    ("aws-fargate", PackageResources.aws_fargate_yaml),
    ("aws-fargate-eks", PackageResources.aws_fargate_eks_yaml),
    ("aliyun-eci", PackageResources.aliyun_eci_yaml),
  ]

  /// The presets' names.
  static var names: [String] { texts.map(\.name) }

  /// A pool as a preset has it, under a name; nil: there is no such preset.
  static func pool(_ preset: String, named name: String) -> ServerlessPool? {
    guard let text = texts.first(where: { $0.name == preset }) else { return nil }
    var pool = ServerlessPool(name: name)
    read(text.bytes, called: preset, by: ServerlessPool.fields, into: &pool)
    return pool
  }

  /// Reads the `spec` of a file that is built in.
  static func read<Root>(
    _ bytes: [UInt8], called preset: String, by fields: FieldTable<Root>, into root: inout Root
  ) {
    var sources = Sources()
    let source = SourceText(name: preset, bytes: bytes)
    let number = sources.add(source)
    var problems: [Diagnostic] = []
    do {
      try source.documents(number: number) { document in
        var reader = Reader(sources, object: preset, isStrict: true)
        if let spec = document["spec"] {
          fields.read(spec, into: &root, &reader)
        }
        problems += reader.diagnostics
      }
    } catch {
      preconditionFailure("the preset \(preset) is no YAML: \(error)")
    }
    precondition(problems.isEmpty, "the preset \(preset): \(Diagnostic.text(of: problems))")
  }
}
