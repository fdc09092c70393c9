import ClusterModel
import Quantities

extension Codec where Value == CountOrPercent {
  /// A whole number, or a percentage.
  static let countOrPercent = Codec.scalar(
    "integer or percentage", json: ["integer", "string"],
    expected: "a whole number or a percentage, such as 1 or 25%",
    parse: { text throws(ScalarError) in
      let isPercent = text.hasSuffix("%")
      guard let number = Int32(isPercent ? String(text.dropLast()) : text) else {
        throw ScalarError(code: "wrong-value", message: "\"\(text)\" is no number of Pods")
      }
      guard number >= 0 else {
        throw ScalarError(code: "negative", message: "\"\(text)\" is negative")
      }
      return isPercent ? .percent(number) : .count(number)
    },
    encode: { value in
      switch value {
      case .count(let count): "\(count)"
      case .percent(let percent): "\(percent)%"
      }
    })
}

/// A Deployment, ReplicaSet, StatefulSet, DaemonSet or Job as its manifest has it.
struct WorkloadReading: Sendable {
  var metadata = Metadata()
  var templateMetadata = Metadata()
  var template = PodTemplate()
  var hasPriority = false
  var hasPreemptionPolicy = false
  var selector: LabelSelector?
  var replicas: Int32 = 1
  var strategy = RolloutStrategy()
  var job = JobShape()
  var succeeded: Int32 = 0
  var conditions: [ConditionReading] = []

  /// Whether it is a Job that has ended.
  var isOver: Bool {
    conditions.contains { ["Complete", "Failed"].contains($0.type) && $0.status == "True" }
  }

  init(_ kind: WorkloadKind) {
    guard kind == .daemonSet else { return }
    strategy.maxSurge = .count(0)
    strategy.maxUnavailable = .count(1)
  }

  /// The fields of a kind.
  static func fields(_ kind: WorkloadKind) -> FieldTable<WorkloadReading> {
    switch kind {
    case .deployment: deployment
    case .replicaSet: replicaSet
    case .replicationController: replicationController
    case .statefulSet: statefulSet
    case .daemonSet: daemonSet
    case .job: jobFields
    }
  }

  /// The workload as the cluster's state takes it, its instant still since 1970.
  func object(_ kind: WorkloadKind) -> WorkloadObject {
    let namespace = metadata.namespace.isEmpty ? "default" : metadata.namespace
    var template = template
    template.labels = templateMetadata.labels
    template.annotations = templateMetadata.annotations
    template.namespace = namespace
    var object = WorkloadObject(
      kind: kind, namespace: namespace, name: metadata.name, template: template)
    object.labels = metadata.labels
    object.annotations = metadata.annotations
    object.owner = metadata.controller
    object.selector = selector
    object.replicas = kind == .job ? job.parallelism : replicas
    object.strategy = strategy
    object.job = job
    if let completions = job.completions {
      object.job.completions = max(0, completions - succeeded)
    }
    object.created = metadata.created ?? .zero
    return object
  }

  // MARK: Tables

  private static func table(
    _ fill: (inout FieldTable<WorkloadReading>) -> Void
  ) -> FieldTable<WorkloadReading> {
    FieldTable { table in
      table.part("metadata", \.metadata, Metadata.fields, Note("Who it is."))
      table.group("spec", Note("What it asks for.").required) { table in
        let template = FieldTable<WorkloadReading> { table in
          table.isOrdered = true
          table.custom("metadata", .object([]), Note("Labels of its Pods.")) {
            value, root, reader in
            Metadata.fields.read(value, into: &root.templateMetadata, &reader)
            reader.mergedLabels = root.templateMetadata.labels
          }
          table.part("spec", \.template, PodTemplate.specFields, Note("Its Pods.").required)
        }
        table.group("template", Note("What its Pods look like.").required, of: template)
        fill(&table)
      }
    }
  }

  private static func addReplicas(to table: inout FieldTable<WorkloadReading>) {
    table.field("replicas", \.replicas, .integer(), Note("Pods wanted."))
    addSelector(to: &table)
  }

  private static func addSelector(to table: inout FieldTable<WorkloadReading>) {
    table.field(
      "selector", \.selector, Codec<LabelSelector>.selector.optional(written: nil),
      Note("Which Pods it counts as its own."))
  }

  private static func addRollingUpdate(to table: inout FieldTable<WorkloadReading>) {
    table.group("rollingUpdate", Note("How many at once.")) { table in
      table.field(
        "maxSurge", \.strategy.maxSurge, .countOrPercent, Note("Pods more than desired."))
      table.field(
        "maxUnavailable", \.strategy.maxUnavailable, .countOrPercent,
        Note("Pods fewer than desired."))
    }
  }

  private static let deployment = table { table in
    addReplicas(to: &table)
    table.group("strategy", Note("How Pods are replaced.")) { table in
      table.field(
        "type", \.strategy.recreates, .words(yes: "Recreate", no: "RollingUpdate"),
        Note("Whether all old Pods go first."))
      addRollingUpdate(to: &table)
    }
  }

  private static let replicaSet = table { addReplicas(to: &$0) }

  private static let replicationController = table { table in
    table.field("replicas", \.replicas, .integer(), Note("Pods wanted."))
    table.field(
      "selector", \.selector,
      Codec<Labels>.labels.map(
        { LabelSelector(matchLabels: $0) }, { $0?.matchLabels ?? Labels() }),
      Note("Labels of the Pods that it counts as its own."))
  }

  private static let statefulSet = table { table in
    addReplicas(to: &table)
    table.field(
      "podManagementPolicy", \.strategy.isParallel, .words(yes: "Parallel", no: "OrderedReady"),
      Note("Whether Pods start without waiting for each other."))
    table.unsupported("volumeClaimTemplates", "persistent volume claims")
  }

  private static let daemonSet = table { table in
    addSelector(to: &table)
    table.group("updateStrategy", Note("How Pods are replaced.")) { addRollingUpdate(to: &$0) }
  }

  private static let jobFields: FieldTable<WorkloadReading> = {
    var table = jobSpec
    table.group("status", Note("How it stands.")) { table in
      table.field("succeeded", \.succeeded, .integer(), Note("Completions reached."))
      table.field("conditions", \.conditions, ConditionReading.codec.list, Note("What is so."))
    }
    return table
  }()

  private static let jobSpec = table { table in
    addSelector(to: &table)
    table.field(
      "completions", \.job.completions, Codec<Int32>.integer().optional(written: nil),
      Note("Successes that complete it."))
    table.field("parallelism", \.job.parallelism, .integer(), Note("Pods that run at once."))
    table.field("backoffLimit", \.job.backoffLimit, .integer(), Note("Failures it survives."))
    table.field(
      "completionMode", \.job.isIndexed, .words(yes: "Indexed", no: "NonIndexed"),
      Note("Whether each completion has an index."))
    table.unsupported("suspend", "suspended Jobs")
  }
}
