import Quantities
import Workloads

/// Which Pods a claim is about.
public struct BurstWindow: Hashable, Sendable {
  /// The number of the load whose burst is meant; nil: no Pods are, but a batch queue's jobs.
  public var load: Int?
  /// When the window begins.
  public var from: Instant
  /// When it ends.
  public var to: Instant
  /// Sites whose Pods count, besides those bound nowhere; empty: all.
  public var sites: [String]
}

extension Scenario {
  /// The load that a claim is about: the one it names, else the only one with a step; of a claim
  /// about requests, the only one that drives any.
  public func load(of claim: Claim) -> Int? {
    if let name = claim.load { return loads.firstIndex { $0.name == name } }
    if claim.metric.isAboutRequests {
      let driving = loads.indices.filter { loads[$0].drives == .requests }
      return driving.count == 1 ? driving[0] : nil
    }
    let stepped = loads.indices.filter {
      loads[$0].stepWindow != nil && loads[$0].drives != .requests
    }
    if stepped.count == 1 { return stepped[0] }
    return loads.count == 1 && claim.from != nil ? 0 : nil
  }

  /// The batch queue that a claim is about: the one it names, else the only one.
  func batchQueue(of claim: Claim) -> Int? {
    if let name = claim.queue { return batchClusters.firstIndex { $0.name == name } }
    return batchClusters.count == 1 ? 0 : nil
  }

  /// The window of a claim: as it says, else from its load's step, or of requests from the start, to
  /// the horizon.
  public func window(of claim: Claim) -> BurstWindow? {
    if claim.metric.isAboutBatch {
      guard batchQueue(of: claim) != nil else { return nil }
      return BurstWindow(load: nil, from: .zero, to: .zero + horizon, sites: [])
    }
    guard let load = load(of: claim) else { return nil }
    let begin =
      claim.from ?? (claim.metric.isAboutRequests ? .zero : loads[load].stepWindow?.at)
    guard let begin else { return nil }
    return BurstWindow(
      load: load, from: .zero + begin, to: .zero + (claim.to ?? horizon), sites: claim.sites)
  }

  /// One window per claim, in order; without claims, that of the first load with a step.
  public var measuredBursts: [BurstWindow] {
    if claims.isEmpty {
      guard
        let load = loads.firstIndex(where: { $0.stepWindow != nil && $0.drives != .requests }),
        let step = loads[load].stepWindow
      else { return [] }
      return [BurstWindow(load: load, from: .zero + step.at, to: .zero + horizon, sites: [])]
    }
    return claims.compactMap { window(of: $0) }
  }
}
