import Autoscaling
import ClusterModel
import Infrastructure

extension HybridCloud {
  /// The template that a pool's admission makes of one whose Pods it matches: they tolerate virtual
  /// nodes and are put on none but its own. The first pool that matches counts.
  ///
  /// > Source: EKS's Fargate admission, which matches namespace and labels (D).
  mutating func matched(_ template: TemplateID) -> TemplateID {
    let index = Int(template.index)
    while layout.matchedTemplates.count <= index {
      layout.matchedTemplates.append(nil)
    }
    if let known = layout.matchedTemplates[index] { return known }
    var made = template
    var changed = cluster.templates[index]
    if let pool = layout.poolOfPlace.lazy.compactMap({ $0 }).first(where: { pool in
      pool.admits.contains { $0.matches(changed) }
    }) {
      usage.insert(.admission)
      changed.tolerations.append(VirtualNodeTolerationConfiguration.toleration)
      let own = SelectorRequirement(
        key: "kubernetes.io/hostname", comparison: .isIn, values: pool.virtualNodes.map(\.name))
      var terms = changed.affinity.requiredNodeTerms ?? [NodeSelectorTerm()]
      for index in terms.indices { terms[index].matchExpressions.append(own) }
      changed.affinity.requiredNodeTerms = terms
      made = cluster.addTemplate(changed)
    }
    layout.matchedTemplates[index] = made
    return made
  }
}

extension PodMatch {
  /// Whether a template's Pods are meant.
  func matches(_ template: PodTemplate) -> Bool {
    template.namespace == namespace
      && LabelSelector(matchLabels: labels).matches(template.labels)
  }
}
