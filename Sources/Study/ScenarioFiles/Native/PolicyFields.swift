import ClusterModel
import Quantities

extension Service {
  /// A Service with its metadata.
  struct Reading: Sendable {
    var metadata = Metadata()
    var selector = Labels()

    static let fields = FieldTable<Reading> { table in
      table.part("metadata", \.metadata, Metadata.fields, Note("Who it is."))
      table.group("spec", Note("Whom it names.")) { table in
        table.field("selector", \.selector, .labels, Note("Labels that its Pods carry."))
      }
    }
  }
}

extension Namespace {
  /// The fields of a Namespace.
  static let fields = FieldTable<Metadata> { table in
    table.part("metadata", \.self, Metadata.fields, Note("Who it is."))
  }
}

extension PriorityClass {
  /// A PriorityClass with its metadata.
  struct Reading: Sendable {
    var metadata = Metadata()
    var value: Int32 = 0
    var isGlobalDefault = false
    var neverPreempts = false

    static let fields = FieldTable<Reading> { table in
      table.part("metadata", \.metadata, Metadata.fields, Note("Who it is."))
      table.field("value", \.value, .integer(from: .min), Note("The priority.").required)
      table.field(
        "globalDefault", \.isGlobalDefault, .flag, Note("Whether Pods without a class get it."))
      table.field(
        "preemptionPolicy", \.neverPreempts, .words(yes: "Never", no: "PreemptLowerPriority"),
        Note("Whether its Pods preempt others."))
    }
  }
}

extension PodDisruptionBudget {
  /// A PodDisruptionBudget with its metadata.
  struct Reading: Sendable {
    var metadata = Metadata()
    var selector: LabelSelector?
    var minAvailable: CountOrPercent?
    var maxUnavailable: CountOrPercent?
    var disruptionsAllowed: Int32?
    var disruptedPods = Labels()

    static let fields = FieldTable<Reading> { table in
      table.part("metadata", \.metadata, Metadata.fields, Note("Who it is."))
      table.group("spec", Note("What it protects.")) { table in
        let count = Codec<CountOrPercent>.countOrPercent.optional(written: nil)
        table.field(
          "selector", \.selector, Codec<LabelSelector>.selector.optional(written: nil),
          Note("Which Pods."))
        table.field("minAvailable", \.minAvailable, count, Note("Pods that must stay."))
        table.field("maxUnavailable", \.maxUnavailable, count, Note("Pods that may be missing."))
      }
      table.group("status", Note("How it stands.")) { table in
        table.field(
          "disruptionsAllowed", \.disruptionsAllowed, Codec<Int32>.integer().optional(written: nil),
          Note("Pods that may go now."))
        table.field(
          "disruptedPods", \.disruptedPods, .labels, Note("Pods already counted as going."))
      }
    }

    /// How many Pods may go, for a budget without a status: what the disruption controller would
    /// find among a cluster's Pods.
    func allowed(among pods: [PodObject]) -> Int32 {
      if let disruptionsAllowed { return disruptionsAllowed }
      guard let selector else { return 0 }
      let namespace = metadata.namespace.isEmpty ? "default" : metadata.namespace
      let own = pods.filter {
        $0.template.namespace == namespace && selector.matches($0.template.labels)
      }
      let expected = Int32(own.count)
      let healthy = Int32(own.count { $0.flags.contains(.ready) })
      if let minAvailable {
        return max(0, healthy - minAvailable.resolved(of: expected, roundingUp: true))
      }
      let missing = maxUnavailable?.resolved(of: expected, roundingUp: true) ?? 1
      return max(0, healthy - (expected - missing))
    }
  }
}

extension ResourceQuota {
  /// A ResourceQuota with its metadata.
  struct Reading: Sendable {
    var metadata = Metadata()
    var hard = ResourceList()

    static let fields = FieldTable<Reading> { table in
      table.part("metadata", \.metadata, Metadata.fields, Note("Who it is."))
      table.group("spec", Note("What it limits.")) { table in
        table.field("hard", \.hard, .resources, Note("The limits."))
        table.unsupported("scopes", "quotas for some Pods only")
        table.unsupported("scopeSelector", "quotas for some Pods only")
      }
    }
  }
}

extension LimitRange {
  /// One of a LimitRange's limits.
  struct Item: Sendable {
    var type = ""
    var limits = ResourceList()
    var requests = ResourceList()
    var maximum = ResourceList()
  }

  /// A LimitRange with its metadata.
  struct Reading: Sendable {
    var metadata = Metadata()
    var items: [Item] = []

    static let fields = FieldTable<Reading> { table in
      table.part("metadata", \.metadata, Metadata.fields, Note("Who it is."))
      table.group("spec", Note("What it sets.")) { table in
        table.field("limits", \.items, item.list, Note("The limits by type."))
      }
    }

    private static let item = Codec<Item>.object(
      FieldTable<Item> { table in
        table.field("type", \.type, .text, Note("Container, Pod or PersistentVolumeClaim."))
        table.field("default", \.limits, .resources, Note("Limits of containers that name none."))
        table.field(
          "defaultRequest", \.requests, .resources, Note("Requests of containers that name none."))
        table.field("max", \.maximum, .resources, Note("The most; the default limit where absent."))
      }
    ) { Item() }

    /// The defaults for containers.
    ///
    /// > Source: Kubernetes' `SetDefaults_LimitRangeItem` (M): the default limit is the maximum,
    /// > the default request the default limit.
    var object: LimitRange {
      var range = LimitRange(
        namespace: metadata.namespace.isEmpty ? "default" : metadata.namespace,
        name: metadata.name, defaultRequests: ResourceList(), defaultLimits: ResourceList())
      for item in items where item.type == "Container" {
        range.defaultLimits.formMaximum(item.maximum)
        for entry in item.limits.entries { range.defaultLimits[entry.name] = entry.nano }
        range.defaultRequests.formMaximum(range.defaultLimits)
        for entry in item.requests.entries { range.defaultRequests[entry.name] = entry.nano }
      }
      return range
    }
  }
}
