import Autoscaling
import CloudSimulation
import ClusterModel
import Infrastructure
import Quantities

extension Checks {
  mutating func checkSwitches(
    _ annotations: Labels, of template: PodTemplate, _ kind: WorkloadKind, _ scenario: Scenario,
    _ document: Document
  ) {
    let keys = ["spec", "template", "metadata", "annotations"]
    checkNumber(annotations[EksConfig.replicasKey], keys + [EksConfig.replicasKey], document)
    if let name = annotations[BurstConfiguration.policyKey] {
      checkPolicy(name, at: keys + [BurstConfiguration.policyKey], scenario, document)
    }
    if let text = annotations[BurstConfiguration.shareKey],
      !(Double(text).map { (0...1).contains($0) } ?? false)
    {
      report(
        at: keys + [BurstConfiguration.shareKey], in: document, "out-of-range",
        "\"\(text)\" is no part of a whole", expected: "a number from 0 to 1, such as 0.3")
    }
    checkCards(annotations, scenario, document)
    checkWishes(annotations, document)
    let isOn = EksConfig.switchValue(annotations[EksConfig.switchKey])
    if isOn == false, annotations[EksConfig.replicasKey] != nil {
      report(
        at: keys + [EksConfig.replicasKey], in: document, "wrong-value",
        "\(EksConfig.switchKey) is off, so that \(EksConfig.replicasKey) means nothing",
        expected: "\(EksConfig.switchKey): \"true\" beside it, or neither")
    }
    guard isOn == true else { return }
    if kind == .daemonSet {
      report(
        at: keys + [EksConfig.switchKey], in: document, "wrong-value",
        "a DaemonSet's Pods never go to virtual nodes", expected: "no \(EksConfig.switchKey)")
    } else if !Self.admitsCloud(template, scenario) {
      report(
        at: keys + [EksConfig.switchKey], in: document, "wrong-value",
        "\(EksConfig.switchKey) sends Pods to virtual nodes, and the node selector keeps them off",
        expected: "a node selector that some virtual node matches")
    }
  }

  /// Whether some virtual node has the labels that a template selects; without any, nobody knows.
  private static func admitsCloud(_ template: PodTemplate, _ scenario: Scenario) -> Bool {
    let nodes =
      scenario.serverlessPools.flatMap(\.virtualNodes)
      + scenario.cluster.nodes.filter(\.isVirtual)
    guard !nodes.isEmpty else { return true }
    let selector = LabelSelector(matchLabels: template.nodeSelector)
    return nodes.contains { node in
      guard selector.matches(node.labels) else { return false }
      guard let terms = template.affinity.requiredNodeTerms else { return true }
      return terms.contains { term in
        term.matchFields.isEmpty && term.matchExpressions.allSatisfy { $0.matches(node.labels) }
      }
    }
  }

  // MARK: Wishes

  private static let annotationKeys = ["spec", "template", "metadata", "annotations"]

  /// What a template's burst policy says against TKE's own switches beside it.
  private mutating func checkWishes(_ annotations: Labels, _ document: Document) {
    guard let policy = annotations[BurstConfiguration.policyKey] else {
      if annotations[BurstConfiguration.shareKey] != nil, annotations[EksConfig.switchKey] != nil {
        contradict(BurstConfiguration.shareKey, annotations, document)
      }
      return
    }
    if annotations[EksConfig.switchKey] != nil {
      contradict(BurstConfiguration.policyKey, annotations, document)
    } else if annotations[EksConfig.replicasKey] != nil,
      policy != BurstPolicyName.keepLocal.rawValue
    {
      report(
        at: Self.annotationKeys + [EksConfig.replicasKey], in: document, "contradiction",
        "\(EksConfig.replicasKey) keeps replicas local, and \(BurstConfiguration.policyKey) asks for"
          + " \(policy)", expected: "one of them")
    }
  }

  /// TKE's switch decides about a Pod by itself: a policy beside it would never be asked.
  private mutating func contradict(
    _ key: String, _ annotations: Labels, _ document: Document
  ) {
    let value = annotations[EksConfig.switchKey] ?? ""
    let replicas = annotations[EksConfig.replicasKey].flatMap { EksConfig.replicas($0) } ?? 0
    let meaning =
      value != "true"
      ? "keeps its Pods as they are"
      : replicas > 0 ? "keeps \(replicas) local" : "sends every Pod to virtual nodes"
    report(
      at: Self.annotationKeys + [key], in: document, "contradiction",
      "\(EksConfig.switchKey): \"\(value)\" \(meaning), so that \(key) means nothing",
      expected: "one of them")
  }

  // MARK: The provider's annotations

  /// Whether cards have a price.
  private mutating func checkCards(
    _ annotations: Labels, _ scenario: Scenario, _ document: Document
  ) {
    let key = EksAnnotations.prefix + "gpu-type"
    guard let text = annotations[key] else { return }
    var problems: [EksAnnotations.Problem] = []
    let models = EksAnnotations([key: text], problems: &problems).gpuTypes
    guard problems.isEmpty, !models.contains(where: { scenario.prices.cardHour(of: $0) != nil })
    else { return }
    let known = models.filter { PriceSheet.cards.contains($0) }
    guard known.isEmpty else {
      report(
        at: Self.annotationKeys + [key], in: document, "missing-price",
        "\(scenario.prices.name) has no price for a card of \(known.joined(separator: " or "))",
        expected: "PriceSheet:spec.\(known[0].lowercased())Hour, what one costs for an hour")
      return
    }
    report(
      at: Self.annotationKeys + [key], in: document, "wrong-value",
      "no card of \"\(text)\" has a price, so that it would cost nothing",
      expected: "one of \(PriceSheet.cards.joined(separator: ", ")) among them")
  }

  /// What can't be read of the annotations that `eks-config` gives every Pod on virtual nodes, and
  /// what changes nothing.
  mutating func checkCommonAnnotations(_ map: ConfigMap.Reading, _ document: Document) {
    let keys = ["data", EksConfig.annotationsKey]
    let object = ConfigMap(
      namespace: EksConfig.namespace, name: EksConfig.name, data: map.data)
    let annotations = EksConfig([object]).podAnnotations
    var problems: [EksAnnotations.Problem] = []
    _ = EksAnnotations(annotations, problems: &problems)
    for problem in problems {
      report(
        at: keys, in: document, "wrong-value",
        "\"\(annotations[problem.key] ?? "")\" can't be the annotation \(problem.key)",
        expected: problem.expected)
    }
    for (name, reason) in EksAnnotations.withoutEffect
    where annotations[EksAnnotations.prefix + name] != nil {
      report(
        .warning, at: keys, in: document, "no-effect",
        "the annotation \(EksAnnotations.prefix)\(name) is read and has no effect here: \(reason)")
    }
  }

  /// At most as many security groups as a run can tell apart.
  mutating func checkSecurityGroups(_ scenario: Scenario) {
    let key = EksAnnotations.prefix + "security-group-id"
    var groups: [String] = []
    for (document, read) in zip(world.native, world.nativeReads) {
      guard case .workload(_, let workload) = read.native,
        let text = workload.templateMetadata.annotations[key]
      else { continue }
      var problems: [EksAnnotations.Problem] = []
      for group in EksAnnotations([key: text], problems: &problems).securityGroups
      where !groups.contains(group) {
        groups.append(group)
        if groups.count == EksAnnotations.mostSecurityGroups + 1 {
          report(
            at: Self.annotationKeys + [key], in: document, "out-of-range",
            "more security groups than a run can tell apart",
            expected: "at most \(EksAnnotations.mostSecurityGroups) in all")
        }
      }
    }
  }
}
