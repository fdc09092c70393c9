import CloudSimulation
import Quantities
import Statistics

extension Study {
  /// Groups of Pods per site that a report shows at most.
  private static let groupsPerSite = 10

  /// What stood where in the first replication that kept its rows.
  static func history(_ results: [ReplicationResult]) -> WorldHistory {
    var history = WorldHistory()
    guard
      let result = results.first(where: { !$0.placements.isEmpty || !$0.nodeBlocks.isEmpty })
    else { return history }
    history.replication = result.replication
    history.step = result.nodeSampling.seconds
    history.nodes = result.nodeBlocks
    history.pods = podGroups(result.placements)
    return history
  }

  /// Pods by site, those bound nowhere last, cut into groups of about equal size by creation.
  private static func podGroups(_ rows: [PlacementRecord]) -> [WorldHistory.PodGroup] {
    var sites: [String] = []
    for row in rows {
      let site = row.site ?? ""
      if !sites.contains(site) { sites.append(site) }
    }
    sites.sort { ($0.isEmpty ? 1 : 0, $0) < ($1.isEmpty ? 1 : 0, $1) }
    var groups: [WorldHistory.PodGroup] = []
    for site in sites {
      let members = rows.filter { ($0.site ?? "") == site }
        .sorted { ($0.created, $0.namespace, $0.pod) < ($1.created, $1.namespace, $1.pod) }
      let count = min(groupsPerSite, members.count)
      for group in 0..<count {
        let part = members[(group * members.count / count)..<((group + 1) * members.count / count)]
        groups.append(
          WorldHistory.PodGroup(
            site: site, count: part.count,
            instants: [
              median(part.map { $0.created }), median(part.map(\.scheduled)),
              median(part.map(\.bound)), median(part.map(\.ready)), median(part.map(\.end)),
            ]))
      }
    }
    return groups
  }

  /// The median of the instants in seconds, those that never came counted as later than all.
  private static func median(_ instants: [Instant?]) -> Double? {
    let known = instants.compactMap { $0 }.sorted()
    let middle = (instants.count - 1) / 2
    return middle < known.count ? max(0, known[middle].seconds) : nil
  }
}
