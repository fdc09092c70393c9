import Quantities

/// An image, layer by layer, so that images that share layers share their bytes.
public struct Image: Hashable, Sendable {
  /// A layer, as it is sent.
  public struct Layer: Hashable, Sendable {
    /// What tells it from others.
    public var digest = ""
    /// Its compressed size in bytes.
    public var size: Int64 = 0
    /// An empty layer.
    public init() {}
  }

  /// The object's name.
  public var name: String
  /// What containers call it; nil: the object's name.
  public var reference: String?
  /// Its layers.
  public var layers: [Layer] = []
  /// An image with a name.
  public init(name: String) { self.name = name }

  /// What containers call it.
  public var image: String { reference ?? name }
}

/// How the machines or instances of a place hand pieces of images on to each other.
///
/// The first of them to ask has a seed fetch the image once from the registry; everybody who has
/// asked sends what it has. As a fluid, what is sent is the seed's and the peers' bandwidth together,
/// nobody has an image before the seed does, and so nobody before the bound of Kumar and Ross,
/// max(S/B, S/d, nS/(B + nu)), is reached.
///
/// > Source: Kumar & Ross, "Peer-Assisted File Distribution: The Minimum Distribution Time" (2006,
/// > M); the numbers below from model card 3.9.
public struct PeerSharing: Hashable, Sendable {
  /// What a peer sends at most. Default 1 Gbit/s (E, 1–10).
  public var up = Bandwidth(bitsPerSecond: 1_000_000_000)
  /// What the seed receives and sends at most. Default 10 Gbit/s (E).
  public var seed = Bandwidth(bitsPerSecond: 10_000_000_000)
  /// How much of its bandwidth a peer has pieces to use for. Default 0.8 (A, 0.5–1).
  public var efficiency = 0.8
  /// The defaults above.
  public init() {}
}

/// Images that machines pull before anybody asks for them.
public struct Preheating: Hashable, Sendable {
  /// When they begin.
  public var at = TimeSpan.zero
  /// The images, as containers call them.
  public var images: [String] = []
  /// Nothing at the start.
  public init() {}
}

/// The room that a machine has for images.
public struct ImageDisk: Hashable, Sendable {
  /// Bytes for images; nil: as many as needed, so that none is ever deleted.
  public var size: Int64?
  /// The share of it from which on unused images are deleted. Default 0.8 (D, TKE, model card 3.9;
  /// the kubelet's own default is 0.85).
  public var highThreshold = 0.8
  /// The share down to which they are. Default 0.75 (D, TKE; the kubelet's own is 0.8).
  public var lowThreshold = 0.75
  /// Room without end.
  public init() {}
}
