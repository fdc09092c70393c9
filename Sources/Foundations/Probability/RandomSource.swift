import CRandom
import Quantities

/// The luck of one replication: where its named streams come from.
public struct RandomSource: Hashable, BitwiseCopyable, Sendable {
  private let root: UInt64

  /// The luck of a replication (counted from 0) under a seed.
  public init(seed: UInt64, replication: Int = 0) {
    root = Mixing.join(Mixing.spread(seed), UInt64(bitPattern: Int64(replication)))
  }

  /// The stream of a process, such as `"boot"` or `"spot price"`.
  ///
  /// Equal names are the same stream; adding a stream shifts no other.
  public func stream(_ name: String) -> KeyedStream {
    KeyedStream(key: Mixing.join(root, Mixing.word(name)))
  }
}

/// A named source of random numbers without a position: a draw is a pure function of
/// (seed, replication, name, subject, number).
///
/// The subject is a ``Subject``'s word; the number is something the subject already knows, such as
/// its attempt, its restart or the index of an arrival. The same subject and number give the same
/// randomness to every law, so one purpose per stream.
public struct KeyedStream: Hashable, BitwiseCopyable, Sendable {
  @usableFromInline let key: UInt64

  init(key: UInt64) { self.key = key }

  /// A number drawn from a law, in the law's unit.
  ///
  /// Constant laws cost nothing. The law must be valid (see ``Law/validate()``); what an invalid
  /// one gives isn't specified.
  @inlinable
  public func draw(_ law: Law, for subject: UInt64, number: UInt32 = 0) -> Double {
    if case .constant(let value) = law { return value }
    return drawVariate(law, subject, number)
  }

  /// A span drawn from a law in seconds, rounded to the nearest nanosecond.
  @inlinable
  public func drawSpan(_ law: Law, for subject: UInt64, number: UInt32 = 0) -> TimeSpan {
    TimeSpan.seconds(draw(law, for: subject, number: number))
  }

  /// A number uniform on [0, 1), a multiple of 2⁻⁵³.
  public func uniform(for subject: UInt64, number: UInt32 = 0) -> Double {
    Philox.fraction(words(subject, number).first)
  }

  /// 64 uniform random bits.
  public func bits(for subject: UInt64, number: UInt32 = 0) -> UInt64 {
    words(subject, number).first
  }

  /// Two independent numbers uniform on [0, 1), at the cost of one.
  public func uniformPair(for subject: UInt64, number: UInt32 = 0) -> (Double, Double) {
    let words = words(subject, number)
    return (Philox.fraction(words.first), Philox.fraction(words.second))
  }

  /// A standard normal number.
  public func gaussian(for subject: UInt64, number: UInt32 = 0) -> Double {
    crandom_gaussian(key, subject, number)
  }

  @inline(__always)
  private func words(_ subject: UInt64, _ number: UInt32) -> crandom_words {
    crandom_philox(key, UInt64(number) << 32, subject)
  }
}
