/// Where a place's images come from: the registry's number, and the link's that pulls cross.
public struct ImageSource: Hashable, BitwiseCopyable, Sendable {
  /// The registry, by number.
  public var registry: Int
  /// The link, by number; nil: the registry stands at the same site.
  public var link: Int?
  /// A source from its parts.
  public init(registry: Int = 0, link: Int? = nil) {
    self.registry = registry
    self.link = link
  }
}
