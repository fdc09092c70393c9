/// Where a place stands and where its images come from, by number.
public struct ImageSource: Hashable, BitwiseCopyable, Sendable {
  /// The registry, whose number is that of its egress among the network's resources; nil: images
  /// cross nothing that is shared.
  public var registry: Int?
  /// The registry's site.
  public var registrySite: Int
  /// The place's own site.
  public var site: Int
  /// A source from its parts.
  public init(registry: Int? = nil, registrySite: Int = 0, site: Int = 0) {
    self.registry = registry
    self.registrySite = registrySite
    self.site = site
  }
}

/// A place's classes of transfers and the links that they cross at present.
struct PlaceRoutes: Sendable {
  let source: ImageSource
  /// The class of its pulls, how fast one goes at most by itself, and by how many connections.
  let pulls: Int
  let pullLimit: Double
  let connections: Int
  var pullWay: [Int]
  /// The class of what seeds fetch for peers, and how fast one does at most by itself; nil: no
  /// image is had from peers.
  let seeds: Int?
  let seedLimit: Double
  /// The class of its reports to the API server; nil: that stands at the same site, or is reached
  /// some way that isn't modelled.
  let calls: Int?
  var callWay: [Int]
  /// Whether no way leads from the registry to it at present.
  var isCut = false
}
