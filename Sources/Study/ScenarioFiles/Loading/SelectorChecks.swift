import ClusterModel

extension Checks {
  /// Workloads that can't tell their Pods apart: the selector of each matches the Pods of the other.
  /// In a cluster they would fight over them; what a cluster printed is warned of, not refused.
  mutating func checkSelectors() {
    var known: [(document: Document, reading: WorkloadReading)] = []
    for (document, read) in zip(world.native, world.nativeReads) {
      guard case .workload(let kind, let reading) = read.native, kind != .job,
        let selector = reading.selector, reading.metadata.controller == nil
      else { continue }
      let rival = known.first { other in
        other.document.namespace == document.namespace
          && selector.matches(other.reading.templateMetadata.labels)
          && (other.reading.selector?.matches(reading.templateMetadata.labels) ?? false)
      }
      if let rival {
        reportRivals(rival.document, document, isStored: reading.metadata.created != nil)
      }
      known.append((document, reading))
    }
  }

  private mutating func reportRivals(_ first: Document, _ second: Document, isStored: Bool) {
    report(
      isStored ? .warning : .error, at: ["spec", "selector"], in: second, "two-controllers",
      "\(second.path()) and \(first.path()) select each other's Pods: two controllers own them",
      expected: "a selector, and labels of its Pods, of its own",
      notes: ["the first is at \(world.sources.describe(first.namePlace))"])
  }
}
