import ClusterModel
import Statistics

extension LoadedScenario {
  /// What was read of the input, in order of kind; kinds that nothing is known about have objects
  /// only.
  public var input: [InputSummary] {
    var kinds: [InputSummary] = []
    func index(_ kind: String) -> Int {
      let place = kinds.firstIndex { $0.kind >= kind } ?? kinds.count
      if place == kinds.count || kinds[place].kind != kind {
        kinds.insert(InputSummary(kind: kind), at: place)
      }
      return place
    }
    let all =
      zip(world.own, world.ownReads).map { ($0, $1) }
      + zip(world.native, world.nativeReads).map { ($0, $1) }
    for (document, read) in all where !document.isImplied {
      let kind = index(document.kind)
      kinds[kind].objects += 1
      kinds[kind].read += read.counts.read
      kinds[kind].ignored += read.counts.ignored
      kinds[kind].unsupported += read.counts.unsupported.count
      for field in read.counts.unsupported where !kinds[kind].unsupportedFields.contains(field) {
        kinds[kind].unsupportedFields.append(field)
      }
      if !read.counts.unsupported.isEmpty, let touched = touched(document, read.native) {
        kinds[kind].podsTouched.append(touched)
      }
    }
    for other in world.otherKinds { kinds[index(other.kind)].objects += other.count }
    return kinds
  }

  /// What the reader of a result must know about the input: what was taken for granted, and what
  /// wasn't understood.
  public var caveats: [String] {
    var caveats = missing
    for kind in input where kind.unsupported > 0 {
      let pods = kind.podsTouched
      let listed = pods.prefix(5).joined(separator: ", ")
      let more = pods.count > 5 ? " and \(pods.count - 5) more" : ""
      let effect =
        pods.isEmpty ? "the run goes without it" : "\(listed)\(more) treated as unconstrained by it"
      caveats.append(
        "\(kind.unsupportedFields.joined(separator: ", ")) of \(kind.kind) isn't modelled: "
          + effect)
    }
    let gone = world.nativeReads.filter {
      if case .pod(let pod) = $0.native {
        pod.metadata.deleted != nil && !pod.isFinished
      } else {
        false
      }
    }.count
    if gone > 0 {
      caveats.append(
        "left out, being told to go already: \(gone) Pod\(gone == 1 ? "" : "s"), whose places count"
          + " as free")
    }
    if !world.otherKinds.isEmpty {
      let kinds = world.otherKinds.map { "\($0.kind) (\($0.count))" }.joined(separator: ", ")
      caveats.append("left out, being of kinds that nothing is known about: \(kinds)")
    }
    return caveats
  }

  private func touched(_ document: Document, _ object: NativeObject?) -> String? {
    switch object {
    case .pod(let pod):
      return pod.isFinished || pod.metadata.deleted != nil
        ? nil : "\(document.namespace)/\(document.name)"
    case .workload: return document.path(qualified: true)
    default: return nil
    }
  }
}
