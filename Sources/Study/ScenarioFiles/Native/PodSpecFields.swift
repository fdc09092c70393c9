import ClusterModel

extension ReadinessProbe {
  static let fields = FieldTable<ReadinessProbe> { table in
    table.field(
      "initialDelaySeconds", \.initialDelaySeconds, .integer(unit: "s"),
      Note("Seconds after the container's start before the first probe."))
    table.field(
      "periodSeconds", \.periodSeconds, .integer(unit: "s"), Note("Seconds between probes."))
    table.field(
      "successThreshold", \.successThreshold, .integer(),
      Note("Successes in a row that make the container ready."))
  }
}

/// A port as a container lists it; only those of the host matter.
private struct PortReading: Sendable {
  var hostIP = ""
  var transport = "TCP"
  var hostPort: Int32 = 0
  var containerPort: Int32 = 0

  static let fields = FieldTable<PortReading> { table in
    table.field("hostIP", \.hostIP, .text, Note("The host's address."))
    table.field("protocol", \.transport, .text, Note("TCP, UDP or SCTP."))
    table.field("hostPort", \.hostPort, .integer(to: 65_535), Note("The port on the node."))
    table.field(
      "containerPort", \.containerPort, .integer(to: 65_535),
      Note("The port in the Pod, and with the host's network on the node."))
  }
}

extension Container {
  static let fields = FieldTable<Container> { table in
    table.field("name", \.name, .text, Note("Its name."))
    table.field("image", \.image, .text, Note("Its image."))
    table.group("resources", Note("What it needs.")) { table in
      table.field("requests", \.requests, .resources, Note("What is set aside for it."))
      table.field("limits", \.limits, .resources, Note("What it may use at most."))
      table.unsupported("claims", "resource claims of containers")
    }
    let ports = Codec<PortReading>.object(PortReading.fields) { PortReading() }.list
    table.custom("ports", ports.shape, Note("Ports of the node that it claims.")) {
      value, container, reader in
      for port in ports.decode(value, &reader) ?? [] {
        // A port without a host's is kept with a negative number until the network is known.
        if port.containerPort > 0 { container.containerPorts.append(port.containerPort) }
        let number = port.hostPort > 0 ? port.hostPort : -port.containerPort
        if number != 0 {
          container.hostPorts.append(
            HostPort(hostIP: port.hostIP, transport: port.transport, port: number))
        }
      }
    }
    table.field(
      "restartPolicy", \.isSidecar, .words(yes: "Always", no: "Never"),
      Note("Of an init container: Always makes it a sidecar."))
    table.field(
      "readinessProbe", \.readinessProbe,
      Codec<ReadinessProbe>.object(ReadinessProbe.fields) { ReadinessProbe() }
        .optional(written: nil), Note("When it is ready."))
  }
}

/// A kernel parameter of a Pod.
private struct SysctlReading: Sendable {
  var name = ""
  var value = ""

  static let fields = FieldTable<SysctlReading> { table in
    table.field("name", \.name, .text, Note("The parameter."))
    table.field("value", \.value, .text, Note("Its value."))
  }

  /// The range that `net.ipv4.ip_local_port_range` gives.
  var localPorts: ClosedRange<Int32>? {
    guard name == "net.ipv4.ip_local_port_range" else { return nil }
    let ends = value.split(whereSeparator: { " \t-".contains($0) }).compactMap { Int32($0) }
    guard ends.count == 2, ends[0] <= ends[1] else { return nil }
    return ends[0]...ends[1]
  }
}

extension PodVolumes {
  /// What one volume refers to.
  fileprivate struct Reading: Sendable {
    var claim = ""
    var image = ""
    var name = ""
    var isEphemeral = false
    /// Whether it takes up the node's disk.
    var isLocal = false
  }

  fileprivate static let volume = FieldTable<Reading> { table in
    table.field("name", \.name, .text, Note("Its name."))
    table.custom("emptyDir", .object([]), Note("A folder on the node's disk.")) {
      value, volume, _ in
      volume.isLocal = value["medium"]?.text != "Memory"
    }
    table.custom("hostPath", .object([]), Note("A folder of the node.")) { _, volume, _ in
      volume.isLocal = true
    }
    table.group("persistentVolumeClaim", Note("A claim by name.")) { table in
      table.field("claimName", \.claim, .name, Note("The claim's name."))
    }
    table.group("image", Note("An image as a volume.")) { table in
      table.field("reference", \.image, .text, Note("The image."))
    }
    table.custom("ephemeral", .object([]), Note("A claim of the Pod's own.")) { _, volume, _ in
      volume.isEphemeral = true
    }
  }

  fileprivate mutating func read(_ value: ManifestValue, _ reader: inout Reader) {
    for element in reader.elements(value, expected: "a list of volumes") ?? [] {
      var volume = Reading()
      let ignored = reader.counts.ignored
      Self.volume.read(element, into: &volume, &reader)
      reader.counts.ignored = ignored
      if !volume.image.isEmpty { images.append(volume.image) }
      if volume.isLocal { local.append(volume.name) }
      if !volume.claim.isEmpty || volume.isEphemeral {
        claims.append(volume.claim.isEmpty ? "ephemeral" : volume.claim)
        reader.counts.unsupported.append("\(reader.currentPath) (persistent volume claims)")
      }
    }
  }
}

extension PodTemplate {
  /// The fields of a Pod's `spec`.
  static let specFields = FieldTable<PodTemplate> { table in
    let container = Codec<Container>.object(Container.fields) { Container() }
    table.field(
      "containers", \.containers, container.list, Note("Containers side by side.").required)
    table.field("initContainers", \.initContainers, container.list, Note("Containers before them."))
    table.field("overhead", \.overhead, .resources, Note("What the sandbox itself costs."))
    table.group("resources", Note("Requests of the Pod as a whole.")) { table in
      table.field(
        "requests", \.podRequests, Codec<ResourceList>.resources.optional(written: nil),
        Note("They replace the sum of the containers'."))
    }
    addPlacement(to: &table)
    table.field("priority", \.priority, .integer(from: .min), Note("The resolved priority."))
    table.field(
      "priorityClassName", \.priorityClassName, Codec<String>.text.optional(written: ""),
      Note("The priority class named."))
    table.field(
      "preemptionPolicy", \.neverPreempts, .words(yes: "Never", no: "PreemptLowerPriority"),
      Note("Whether the Pod preempts others."))
    table.field("schedulerName", \.schedulerName, .name, Note("Who schedules the Pod."))
    let gate = Codec<String>.object(
      FieldTable<String> { $0.field("name", \.self, .name, Note("The gate's name.")) }
    ) { "" }
    table.field("schedulingGates", \.schedulingGates, gate.list, Note("Gates that hold it back."))
    table.field("hostNetwork", \.hostNetwork, .flag, Note("Whether it shares the node's network."))
    table.group("securityContext", Note("What its processes may.")) { table in
      let sysctls = Codec<SysctlReading>.object(SysctlReading.fields) { SysctlReading() }.list
      table.custom("sysctls", sysctls.shape, Note("Kernel parameters.")) {
        value, template, reader in
        template.localPorts = (sysctls.decode(value, &reader) ?? []).compactMap(\.localPorts).last
      }
    }
    table.field("restartPolicy", \.restartPolicy, .choice, Note("When containers start again."))
    table.field(
      "terminationGracePeriodSeconds", \.terminationGracePeriodSeconds, .integer(unit: "s"),
      Note("Seconds between the request to stop and the kill."))
    table.custom("volumes", .list(.object([])), Note("What the volumes refer to.")) {
      value, template, reader in
      template.volumes.read(value, &reader)
    }
    table.custom("resourceClaims", .list(.object([])), Note("Claims of devices.")) {
      value, template, reader in
      template.volumes.resourceClaims = value.elements.count
      if !value.elements.isEmpty {
        reader.counts.unsupported.append("\(reader.currentPath) (resource claims)")
      }
    }
  }

  private static func addPlacement(to table: inout FieldTable<PodTemplate>) {
    table.field("nodeSelector", \.nodeSelector, .labels, Note("Labels a node must have."))
    table.part("affinity", \.affinity, Affinity.fields, Note("Where it must or would rather run."))
    table.field(
      "tolerations", \.tolerations, Codec<Toleration>.toleration.list, Note("Taints it bears."))
    table.field(
      "topologySpreadConstraints", \.topologySpread,
      Codec<TopologySpreadConstraint>.spreadConstraint.list, Note("How its like are spread."))
  }

  /// What the API server fills in when it reads a Pod: requests from limits, host ports from the
  /// host's network.
  ///
  /// > Source: Kubernetes' `SetDefaults_Pod` and `defaultHostNetworkPorts` (M).
  mutating func applyServerDefaults() {
    for index in containers.indices { applyServerDefaults(&containers[index]) }
    for index in initContainers.indices { applyServerDefaults(&initContainers[index]) }
  }

  private func applyServerDefaults(_ container: inout Container) {
    for entry in container.limits.entries where container.requests[entry.name] == nil {
      container.requests[entry.name] = entry.nano
    }
    container.hostPorts = container.hostPorts.compactMap { port in
      guard port.port < 0 else { return port }
      return hostNetwork
        ? HostPort(hostIP: port.hostIP, transport: port.transport, port: -port.port) : nil
    }
  }
}
