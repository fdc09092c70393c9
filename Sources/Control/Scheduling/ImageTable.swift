import ClusterModel

/// The images that a Pod's containers use.
struct ImageSet: Hashable, Sendable {
  /// Normalised names, one per use.
  var names: [String]
  /// Containers and init containers, which set the upper threshold.
  var containers: Int64
}

/// Which nodes hold which images.
struct ImageTable: Sendable {
  /// An image name and how many nodes hold it.
  private struct State: Sendable {
    /// The size that the first node which reported the name gave.
    var size: Int64
    var nodes: Int
  }
  /// For name look-up only.
  private var states: [String: State] = [:]
  /// What Pods use, by number.
  private(set) var sets: [ImageSet] = []
  /// For name look-up only.
  private var setNumbers: [ImageSet: Int32] = [:]
  /// Each set's score on each node, as long as no node and no image changed.
  private var scores: [[Int64]?] = []
  /// Whether no node holds any image.
  var isEmpty: Bool { states.isEmpty }

  /// Adds a node's images.
  mutating func add(_ images: [NodeImage]) {
    for image in images {
      for name in image.names {
        if states[name] != nil {
          states[name]!.nodes += 1
        } else {
          states[name] = State(size: image.size, nodes: 1)
        }
      }
    }
  }

  /// Removes a node's images.
  mutating func remove(_ images: [NodeImage]) {
    for image in images {
      for name in image.names {
        guard let state = states[name] else { continue }
        states[name] = state.nodes > 1 ? State(size: state.size, nodes: state.nodes - 1) : nil
      }
    }
  }

  /// Forgets every score: a node or an image changed.
  mutating func forgetScores() {
    for place in scores.indices where scores[place] != nil { scores[place] = nil }
  }

  /// The number of a set.
  mutating func number(of set: ImageSet) -> Int32 {
    if let known = setNumbers[set] { return known }
    sets.append(set)
    scores.append(nil)
    setNumbers[set] = Int32(sets.count - 1)
    return Int32(sets.count - 1)
  }

  /// Makes sure that a set's scores are known.
  mutating func prepare(_ set: Int32, nodes: [Node?], nodeCount: Int) {
    guard !isEmpty, scores[Int(set)] == nil else { return }
    scores[Int(set)] = nodes.map { node in
      guard let node else { return 0 }
      return ImageLocalityScore.score(sets[Int(set)], on: node, of: nodeCount) { name in
        states[name].map { ($0.size, $0.nodes) }
      }
    }
  }

  /// A set's score on a node, after ``prepare(_:nodes:nodeCount:)``.
  func score(_ set: Int32, on slot: Int) -> Int64 { scores[Int(set)]?[slot] ?? 0 }
}

extension SchedulerCache {
  /// The number of a template's images.
  mutating func imageSet(of template: PodTemplate) -> Int32 {
    let all = template.initContainers + template.containers
    let names = all.map(\.image) + template.volumes.images
    return images.number(
      of: ImageSet(
        names: names.map(ImageLocalityScore.normalised), containers: Int64(all.count)))
  }
}
