import CRandom

/// The counter-based generator under every draw: Philox 4x32 with ten rounds.
///
/// Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC'11.
/// A block is a pure function of a 64-bit key and a 128-bit counter.
public enum Philox {
  /// The four words of one block.
  public static func block(counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> SIMD4<UInt32> {
    func join(_ low: UInt32, _ high: UInt32) -> UInt64 { UInt64(high) << 32 | UInt64(low) }
    let words = crandom_philox(
      join(key.x, key.y), join(counter.x, counter.y), join(counter.z, counter.w))
    return SIMD4(
      UInt32(truncatingIfNeeded: words.first), UInt32(truncatingIfNeeded: words.first >> 32),
      UInt32(truncatingIfNeeded: words.second), UInt32(truncatingIfNeeded: words.second >> 32))
  }

  /// A fraction in [0, 1) from the upper 53 bits of a word.
  @inline(__always)
  static func fraction(_ word: UInt64) -> Double { Double(word >> 11) * 0x1p-53 }
}
