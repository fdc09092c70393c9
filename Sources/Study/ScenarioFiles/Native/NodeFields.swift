import ClusterModel
import Quantities

/// A Node as its manifest has it.
struct NodeReading: Sendable {
  var metadata = Metadata()
  var taints: [Taint] = []
  var isUnschedulable = false
  var allocatable: ResourceList?
  var capacity: ResourceList?
  var images: [NodeImage] = []
  var conditions: [ConditionReading] = []

  static let fields = FieldTable<NodeReading> { table in
    table.part("metadata", \.metadata, Metadata.fields, Note("Who it is."))
    table.group("spec", Note("What is asked of it.")) { table in
      table.field("taints", \.taints, Codec<Taint>.taint.list, Note("What repels Pods."))
      table.field("unschedulable", \.isUnschedulable, .flag, Note("Whether it is cordoned."))
    }
    table.group("status", Note("How it is.")) { table in
      let resources = Codec<ResourceList>.resources.optional(written: nil)
      table.field("allocatable", \.allocatable, resources, Note("What Pods may use."))
      table.field("capacity", \.capacity, resources, Note("What there is."))
      table.field("images", \.images, image.list, Note("The images it holds."))
      table.field("conditions", \.conditions, ConditionReading.codec.list, Note("What is so."))
    }
  }

  private static let image = Codec<NodeImage>.object(
    FieldTable<NodeImage> { table in
      table.field("names", \.names, Codec<String>.text.list, Note("Every name it goes by."))
      table.field("sizeBytes", \.size, .integer(unit: "bytes"), Note("Its size."))
    }
  ) { NodeImage(names: [], size: 0) }

  /// The node; one without `allocatable` gets its capacity.
  var object: Node {
    var node = Node(
      name: metadata.name, labels: metadata.labels,
      allocatable: (allocatable ?? capacity ?? ResourceList()).rounded())
    node.annotations = metadata.annotations
    node.created = metadata.created ?? .zero
    if allocatable != nil { node.capacity = capacity?.rounded() }
    node.taints = taints
    node.isUnschedulable = isUnschedulable
    node.images = images
    node.readiness =
      switch conditions.first(where: { $0.type == "Ready" })?.status {
      case nil, "True": .ready
      case "Unknown": .unknown
      default: .notReady
      }
    return node
  }
}
