import ClusterModel

extension ConfigMap {
  /// A ConfigMap with its metadata.
  struct Reading: Sendable {
    var metadata = Metadata()
    var data = Labels()

    static let fields = FieldTable<Reading> { table in
      table.part("metadata", \.metadata, Metadata.fields, Note("Who it is."))
      table.field(
        "data", \.data, .labels,
        Note("Texts by key; what they say matters to whoever reads the map by its name."))
    }

    /// The ConfigMap as the cluster's state takes it.
    var object: ConfigMap {
      ConfigMap(
        namespace: metadata.namespace.isEmpty ? "default" : metadata.namespace,
        name: metadata.name, data: data)
    }
  }
}
