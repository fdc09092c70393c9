import ClusterModel

/// Reads files of Kubernetes' own objects, without a scenario around them.
public enum ManifestReader {
  /// The cluster that a file or folder of manifests describes.
  ///
  /// Instants are relative to the newest of the input.
  /// - Parameters:
  ///   - file: the file's or folder's path.
  ///   - keepsTerminating: whether Pods that were told to go stay in, as reference vectors of the
  ///     scheduler need them.
  /// - Throws: ``InvalidInput`` with everything that is wrong with the files.
  public static func clusterObjects(
    file: String, keepsTerminating: Bool = false
  ) throws(InvalidInput) -> ClusterObjects {
    var files = FileReading()
    files.read(file)
    return try cluster(files, keepsTerminating)
  }

  /// The cluster that a text of manifests describes.
  ///
  /// - Parameters:
  ///   - text: YAML or JSON.
  ///   - name: what diagnostics call it.
  ///   - start: the date and time that instants are relative to; nil: the newest of the input.
  ///   - keepsTerminating: whether Pods that were told to go stay in.
  /// - Throws: ``InvalidInput`` with everything that is wrong with the text.
  public static func clusterObjects(
    text: String, called name: String, start: String? = nil, keepsTerminating: Bool = false
  ) throws(InvalidInput) -> ClusterObjects {
    var files = FileReading()
    files.read(text, called: name)
    return try cluster(files, keepsTerminating, start: start.flatMap { timestamp($0) })
  }

  private static func cluster(
    _ files: FileReading, _ keepsTerminating: Bool, start: Int64? = nil
  ) throws(InvalidInput) -> ClusterObjects {
    var world = World(
      sources: files.sources, documents: files.reading.documents,
      otherKinds: files.reading.otherKinds)
    let diagnostics =
      files.diagnostics + files.reading.diagnostics + world.duplicates() + world.readAll()
    guard !diagnostics.contains(where: { $0.severity == .error }) else {
      throw InvalidInput(diagnostics: world.sources.sorted(diagnostics))
    }
    let assembly = ClusterAssembly(start: start, keepsTerminating: keepsTerminating)
    return assembly.cluster(of: world.nativeReads.compactMap(\.native))
  }
}
