import Quantities

/// What spot Pods of a pool cost over time against the list price, as published.
public struct SpotPriceCourse: Hashable, Sendable {
  /// A new price.
  public struct Change: Hashable, Sendable {
    /// From when on it holds.
    public var at: Instant
    /// The price over the list price.
    public var factor: Double
    /// A change from its parts.
    public init(at: Instant, factor: Double) {
      self.at = at
      self.factor = factor
    }
  }
  /// The zones in which the pool has subnets.
  public var zones: [String]
  /// Its changes, the first one first.
  public var changes: [Change]
  /// A course from its parts.
  public init(zones: [String], changes: [Change]) {
    self.zones = zones
    self.changes = changes
  }

  /// Writes the present price into what a policy sees: where pools share a zone, the lowest counts.
  func show(in sight: inout BurstSight) {
    guard let factor = changes.last(where: { $0.at <= sight.now })?.factor else { return }
    for zone in zones {
      if let place = sight.spotZones.firstIndex(where: { $0.zone == zone }) {
        sight.spotZones[place].factor = min(sight.spotZones[place].factor, factor)
      } else {
        sight.spotZones.append(SpotZone(zone: zone, factor: factor))
      }
    }
    sight.spotFactor = sight.spotZones.map(\.factor).min() ?? factor
  }
}

/// What spot Pods cost in a zone at present.
public struct SpotZone: Hashable, Sendable {
  /// The zone.
  public var zone: String
  /// The price over the list price.
  public var factor: Double
  /// A zone with its price.
  public init(zone: String, factor: Double) {
    self.zone = zone
    self.factor = factor
  }
}
