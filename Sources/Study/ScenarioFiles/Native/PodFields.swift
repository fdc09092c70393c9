import ClusterModel
import Quantities

/// A condition of an object's status.
struct ConditionReading: Sendable {
  var type = ""
  var status = ""
  var reason = ""
  /// Since 1970.
  var transition: Instant?

  static let codec = Codec<ConditionReading>.object(
    FieldTable<ConditionReading> { table in
      table.field("type", \.type, .text, Note("Which condition."))
      table.field("status", \.status, .text, Note("True, False or Unknown."))
      table.field("reason", \.reason, .text, Note("Why."))
      table.field(
        "lastTransitionTime", \.transition, Codec<Instant>.timestamp.optional(written: nil),
        Note("When its status last changed."))
    }
  ) { ConditionReading() }
}

/// What the kubelet says about a container's resources.
struct ContainerStatusReading: Sendable {
  var name = ""
  /// What its node has set aside.
  var allocated: ResourceList?
  /// What it runs with.
  var actual: ResourceList?

  static let codec = Codec<ContainerStatusReading>.object(
    FieldTable<ContainerStatusReading> { table in
      table.field("name", \.name, .text, Note("Which container."))
      table.field(
        "allocatedResources", \.allocated, Codec<ResourceList>.resources.optional(written: nil),
        Note("What its node has set aside for it."))
      table.group("resources", Note("What it runs with.")) { table in
        table.field(
          "requests", \.actual, Codec<ResourceList>.resources.optional(written: nil),
          Note("The requests that have taken effect."))
      }
    }
  ) { ContainerStatusReading() }
}

/// A Pod as its manifest has it.
struct PodReading: Sendable {
  var metadata = Metadata()
  var template = PodTemplate()
  var hasPriority = false
  var hasPreemptionPolicy = false
  var nodeName: String?
  var nominatedNodeName: String?
  var phase = Phase.pending
  /// Since 1970.
  var started: Instant?
  var conditions: [ConditionReading] = []
  var containerStatuses: [ContainerStatusReading] = []
  var initContainerStatuses: [ContainerStatusReading] = []
  /// The state of a resize before v1.33, which has a condition for it.
  var resize = ""

  enum Phase: String, CaseIterable, Sendable {
    case pending = "Pending"
    case running = "Running"
    case succeeded = "Succeeded"
    case failed = "Failed"
    case unknown = "Unknown"
  }

  static let fields: FieldTable<PodReading> = {
    var table = FieldTable<PodReading> { table in
      table.part("metadata", \.metadata, Metadata.fields, Note("Who it is."))
      table.group("spec", Note("What it needs."), of: specFields)
      table.group("status", Note("How it is.")) { table in
        table.field("phase", \.phase, .choice, Note("Where it is in its life."))
        table.field(
          "startTime", \.started, Codec<Instant>.timestamp.optional(written: nil),
          Note("When its node acknowledged it."))
        table.field(
          "nominatedNodeName", \.nominatedNodeName, Codec<String>.text.optional(written: ""),
          Note("The node it is nominated to."))
        table.field("conditions", \.conditions, ConditionReading.codec.list, Note("What is so."))
        table.field(
          "containerStatuses", \.containerStatuses, ContainerStatusReading.codec.list,
          Note("How its containers are."))
        table.field(
          "initContainerStatuses", \.initContainerStatuses, ContainerStatusReading.codec.list,
          Note("How its init containers are."))
        table.field("resize", \.resize, .text, Note("How far a resize in place is."))
      }
    }
    table.isOrdered = true
    return table
  }()

  private static let specFields = FieldTable<PodReading> { table in
    for field in PodTemplate.specFields.fields { table.add(field.lifted(\.template)) }
    table.field(
      "nodeName", \.nodeName, Codec<String>.text.optional(written: ""),
      Note("The node it is bound to."))
  }

  /// Whether it holds nothing any more.
  var isFinished: Bool { phase == .succeeded || phase == .failed }

  /// The Pod as the cluster's state takes it, its instants still since 1970.
  var object: PodObject {
    var template = template
    template.labels = metadata.labels
    template.annotations = metadata.annotations
    template.namespace = metadata.namespace.isEmpty ? "default" : metadata.namespace
    if nodeName != nil {
      Self.resize(&template.containers, by: containerStatuses, infeasible: isResizeInfeasible)
      Self.resize(
        &template.initContainers, by: initContainerStatuses, infeasible: isResizeInfeasible)
    }
    var object = PodObject(name: metadata.name, template: template)
    object.owner = metadata.controller
    object.nodeName = nodeName
    object.nominatedNodeName = nominatedNodeName
    object.phase =
      switch phase {
      case .pending: .pending
      case .running, .unknown: .running
      case .succeeded: .succeeded
      case .failed: .failed
      }
    object.created = metadata.created ?? .zero
    object.started = started
    object.readyTransition = conditions.first { $0.type == "Ready" }?.transition
    object.flags = flags
    return object
  }

  private var isResizeInfeasible: Bool {
    resize == "Infeasible"
      || conditions.contains {
        $0.type == "PodResizePending" && $0.status == "True" && $0.reason == "Infeasible"
      }
  }

  /// A container that is resized in place holds the most of what is asked, set aside and in effect;
  /// what is asked doesn't count where it can't be had.
  ///
  /// > Source: kube-scheduler v1.36, `determineContainerReqs` (S).
  private static func resize(
    _ containers: inout [Container], by statuses: [ContainerStatusReading], infeasible: Bool
  ) {
    for status in statuses where status.allocated != nil || status.actual != nil {
      guard let place = containers.firstIndex(where: { $0.name == status.name }) else { continue }
      var held = infeasible ? ResourceList() : containers[place].requests
      held.formMaximum(status.allocated ?? ResourceList())
      held.formMaximum(status.actual ?? ResourceList())
      containers[place].requests = held
    }
  }

  /// > Source: the annotation is `kubernetes.io/config.mirror` (S, Kubernetes' documentation of
  /// > static Pods).
  private var flags: PodFlags {
    var flags: PodFlags = []
    if metadata.annotations["kubernetes.io/config.mirror"] != nil { flags.insert(.mirror) }
    if metadata.deleted != nil { flags.insert(.terminating) }
    for condition in conditions {
      switch (condition.type, condition.status, condition.reason) {
      case ("Ready", "True", _): flags.insert(.ready)
      case ("PodScheduled", "False", "Unschedulable"): flags.insert(.unschedulable)
      case ("DisruptionTarget", "True", "PreemptionByScheduler"): flags.insert(.preempted)
      case ("ContainersReady", "True", _): flags.insert(.started)
      default: break
      }
    }
    return flags
  }
}
