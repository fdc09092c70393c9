import ClusterModel

/// The Pods that each selector finds, followed in the change log.
///
/// Pods are listed by template, and templates found by a pair of namespace and label, so that ten
/// thousand selectors cost no more to follow than one.
struct SelectedPods: Sendable {
  /// A selector with the templates that it has been compared with.
  struct Selection: Sendable {
    let namespace: String
    let selector: LabelSelector
    fileprivate let bucket: Int
    fileprivate var compared = 0
    /// Templates that it matches, ascending.
    fileprivate(set) var templates: [Int32] = []
  }

  private var cursor = -1
  /// By template, in no order that means anything.
  private var pods: [[PodID]] = []
  /// By Pod slot: its template, and its place in the list above; negative: not listed.
  private var places: [(template: Int32, place: Int32)] = []
  /// Templates that share a namespace and a label.
  private var buckets: [[Int32]] = []
  private var bucketNumbers: [String: Int] = [:]  // name look-up
  /// By template: how many autoscalers select it, and which was the first.
  private var claims: [Int32] = []

  // MARK: Following

  mutating func follow(_ cluster: borrowing ClusterState, upTo position: Int) {
    for index in pods.count..<max(pods.count, cluster.templates.count) {
      pods.append([])
      claims.append(0)
      let template = cluster.templates[index]
      file(index, under: Self.key(template.namespace, nil))
      for label in template.labels.entries {
        file(index, under: Self.key(template.namespace, label))
      }
    }
    guard cursor < position else { return }
    if cursor >= 0, let changes = cluster.changes(since: cursor, upTo: position) {
      for change in changes where change.fields.contains(.pod) {
        if !change.fields.isDisjoint(with: [.created, .deleted, .spec]) {
          update(Int(change.slot), cluster)
        }
      }
      cursor = position
    } else {
      for slot in 0..<cluster.podSlotCount { update(slot, cluster) }
      cursor = cluster.logEnd
    }
  }

  private mutating func update(_ slot: Int, _ cluster: borrowing ClusterState) {
    while places.count <= slot { places.append((-1, -1)) }
    let (template, place) = places[slot]
    if place >= 0 {
      let last = pods[Int(template)].removeLast()
      if last.index != slot {
        pods[Int(template)][Int(place)] = last
        places[last.index].place = place
      }
      places[slot].place = -1
    }
    guard let pod = cluster.pod(slot: slot) else { return }
    places[slot] = (pod.template.index, Int32(pods[Int(pod.template.index)].count))
    pods[Int(pod.template.index)].append(pod.id)
  }

  private static func key(_ namespace: String, _ label: Labels.Entry?) -> String {
    label.map { "\(namespace)\u{0}\($0.key)\u{0}\($0.value)" } ?? namespace
  }

  private mutating func bucket(_ key: String) -> Int {
    if let known = bucketNumbers[key] { return known }
    bucketNumbers[key] = buckets.count
    buckets.append([])
    return buckets.count - 1
  }

  private mutating func file(_ template: Int, under key: String) {
    buckets[bucket(key)].append(Int32(template))
  }

  // MARK: Selecting

  /// A selection that has found nothing yet.
  mutating func selection(of selector: LabelSelector, in namespace: String) -> Selection {
    Selection(
      namespace: namespace, selector: selector,
      bucket: bucket(Self.key(namespace, selector.matchLabels.entries.first)))
  }

  /// Compares a selection with the templates that have come since, and claims those that it
  /// matches.
  mutating func refresh(_ selection: inout Selection, _ cluster: borrowing ClusterState) {
    while selection.compared < buckets[selection.bucket].count {
      let template = buckets[selection.bucket][selection.compared]
      selection.compared += 1
      if selection.selector.matches(cluster.templates[Int(template)].labels) {
        selection.templates.append(template)
        claims[Int(template)] += 1
      }
    }
  }

  /// Gives up what a selection has claimed.
  mutating func release(_ selection: Selection) {
    for template in selection.templates { claims[Int(template)] -= 1 }
  }

  /// Whether another selection, too, finds Pods of this one.
  func isAmbiguous(_ selection: Selection) -> Bool {
    selection.templates.contains { claims[Int($0)] > 1 && !pods[Int($0)].isEmpty }
  }

  /// The Pods of a template.
  func pods(of template: Int32) -> [PodID] { pods[Int(template)] }
}
