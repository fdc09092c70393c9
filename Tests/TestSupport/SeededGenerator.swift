/// A generator whose numbers are the same on every run, for tests of properties on made-up input.
///
/// > Source: SplitMix64 of Steele, Lea and Flood, "Fast splittable pseudorandom number generators",
/// > 2014.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// The generator of a seed.
  public init(seed: UInt64) { state = seed }

  /// The next 64 bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }

  /// A number below a bound, which must be above zero.
  public mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }

  /// One of a collection's elements, which must have some.
  public mutating func pick<C: RandomAccessCollection>(_ choices: C) -> C.Element
  where C.Index == Int {
    choices[choices.startIndex + below(choices.count)]
  }
}
