/// The mixing behind keys: names and numbers become well-spread 64-bit words.
enum Mixing {
  /// Spreads a word over all 64 bits, one to one.
  ///
  /// Source: the finaliser of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014; Stafford's variant 13).
  static func spread(_ word: UInt64) -> UInt64 {
    var z = word
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// Joins two words; for a fixed one, one to one in the other, and not symmetric.
  static func join(_ first: UInt64, _ second: UInt64) -> UInt64 {
    spread(spread(first &+ 0x9E37_79B9_7F4A_7C15) ^ second)
  }

  /// A word for a text: FNV-1a over its UTF-8 bytes (Fowler, Noll, Vo; RFC 9923).
  static func word(_ text: String) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    return hash
  }
}

/// The identity of what a number is drawn for, the same under every policy.
///
/// A subject is built from names and ordinals that the *demand* or the market knows (workload and
/// the Pod's ordinal in it, machine, job, instance type and zone), never from a slot or an order
/// of creation, so that two policies see the same luck. Equal paths give equal subjects in every
/// process and version; different paths collide with probability 2⁻⁶⁴ each.
public struct Subject: Hashable, BitwiseCopyable, Sendable {
  /// The identity as the word that keyed streams take.
  public let raw: UInt64

  /// The subject with this identity word.
  public init(raw: UInt64) { self.raw = raw }

  /// The root subject of a name.
  public init(_ name: String) { raw = Mixing.join(1, Mixing.word(name)) }

  /// The subject number `n` inside this one.
  public func child(_ n: Int) -> Subject {
    Subject(raw: Mixing.join(raw ^ 2, UInt64(bitPattern: Int64(n))))
  }

  /// The subject named `name` inside this one.
  public func child(_ name: String) -> Subject {
    Subject(raw: Mixing.join(raw ^ 3, Mixing.word(name)))
  }
}
