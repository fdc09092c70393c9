import ClusterModel
import Quantities

extension ManifestReading {
  static func template(_ spec: Object, metadata: Object) throws -> PodTemplate {
    var template = PodTemplate(
      namespace: text(metadata["namespace"]), labels: labels(metadata["labels"]),
      containers: try items(spec["containers"]).map(container))
    template.initContainers = try items(spec["initContainers"]).map(container)
    template.overhead = try resources(spec["overhead"])
    if let requests = object(spec["resources"])["requests"] {
      template.podRequests = try resources(requests)
    }
    template.nodeSelector = labels(spec["nodeSelector"])
    template.affinity = affinity(object(spec["affinity"]))
    template.tolerations = items(spec["tolerations"]).map(toleration)
    template.topologySpread = items(spec["topologySpreadConstraints"]).map(constraint)
    template.priority = Int32(number(spec["priority"]) ?? 0)
    template.neverPreempts = text(spec["preemptionPolicy"]) == "Never"
    template.schedulerName = text(spec["schedulerName"])
    template.schedulingGates = items(spec["schedulingGates"]).map { text($0["name"]) }
    template.hostNetwork = flag(spec["hostNetwork"])
    return template
  }

  private static func container(_ item: Object) throws -> Container {
    Container(
      name: text(item["name"]), image: text(item["image"]),
      requests: try resources(object(item["resources"])["requests"]),
      hostPorts: items(item["ports"]).compactMap { port in
        guard let number = number(port["hostPort"]), number > 0 else { return nil }
        return HostPort(
          hostIP: text(port["hostIP"]), transport: text(port["protocol"]), port: Int32(number))
      },
      isSidecar: text(item["restartPolicy"]) == "Always")
  }

  private static func toleration(_ item: Object) -> Toleration {
    Toleration(
      key: text(item["key"]),
      comparison: Toleration.Operator(rawValue: text(item["operator"])) ?? .equal,
      value: text(item["value"]), effect: TaintEffect(rawValue: text(item["effect"])),
      seconds: number(item["tolerationSeconds"]).map(Int64.init))
  }

  private static func constraint(_ item: Object) -> TopologySpreadConstraint {
    TopologySpreadConstraint(
      maxSkew: Int32(number(item["maxSkew"]) ?? 1), topologyKey: text(item["topologyKey"]),
      isRequired: text(item["whenUnsatisfiable"]) == "DoNotSchedule",
      labelSelector: selector(item["labelSelector"]),
      minDomains: Int32(number(item["minDomains"]) ?? 1),
      nodeAffinityPolicy: text(item["nodeAffinityPolicy"]) == "Ignore" ? .ignore : .honor,
      nodeTaintsPolicy: text(item["nodeTaintsPolicy"]) == "Honor" ? .honor : .ignore,
      matchLabelKeys: texts(item["matchLabelKeys"]))
  }

  private static let required = "requiredDuringSchedulingIgnoredDuringExecution"
  private static let preferred = "preferredDuringSchedulingIgnoredDuringExecution"

  private static func affinity(_ item: Object) -> Affinity {
    var affinity = Affinity()
    let node = object(item["nodeAffinity"])
    if let required = node[required] {
      affinity.requiredNodeTerms = items(object(required)["nodeSelectorTerms"]).map(nodeTerm)
    }
    affinity.preferredNodeTerms = items(node[preferred]).map {
      PreferredNodeTerm(
        weight: Int32(number($0["weight"]) ?? 0), preference: nodeTerm(object($0["preference"])))
    }
    let near = object(item["podAffinity"])
    affinity.requiredPodAffinity = items(near[required]).map(podTerm)
    affinity.preferredPodAffinity = items(near[preferred]).map(weighted)
    let apart = object(item["podAntiAffinity"])
    affinity.requiredPodAntiAffinity = items(apart[required]).map(podTerm)
    affinity.preferredPodAntiAffinity = items(apart[preferred]).map(weighted)
    return affinity
  }

  private static func nodeTerm(_ item: Object) -> NodeSelectorTerm {
    NodeSelectorTerm(
      matchExpressions: requirements(item["matchExpressions"]),
      matchFields: requirements(item["matchFields"]))
  }

  private static func weighted(_ item: Object) -> WeightedPodAffinityTerm {
    WeightedPodAffinityTerm(
      weight: Int32(number(item["weight"]) ?? 0), term: podTerm(object(item["podAffinityTerm"])))
  }

  private static func podTerm(_ item: Object) -> PodAffinityTerm {
    PodAffinityTerm(
      labelSelector: selector(item["labelSelector"]), namespaces: texts(item["namespaces"]),
      namespaceSelector: selector(item["namespaceSelector"]),
      topologyKey: text(item["topologyKey"]))
  }
}
