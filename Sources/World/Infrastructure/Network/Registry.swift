import Quantities

/// Where images come from.
public struct Registry: Hashable, Sendable {
  /// The registry's name.
  public var name: String
  /// The site it stands in.
  public var site: String
  /// How much it sends at once in all. Default 10 Gbit/s (E, model card 3.9).
  public var egress = Bandwidth(bitsPerSecond: 10_000_000_000)
  /// Requests that it answers per second: one for a manifest and one for each layer. Unlimited by
  /// default.
  public var requestRate = Rate.unlimited
  /// Requests at once after a pause. Default 100 (A, 10–1,000).
  public var requestBurst = 100
  /// A registry with a name at a site.
  public init(name: String, site: String) {
    self.name = name
    self.site = site
  }
}
