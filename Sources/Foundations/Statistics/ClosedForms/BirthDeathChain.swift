#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The stationary probabilities of a birth–death chain on 0, 1, 2, …
///
/// p(n+1) / p(n) = birth(n) / death(n+1): Kleinrock, *Queueing Systems* 1, section 3.1. Products
/// run outward from the most likely state, so that neither end overflows and each probability
/// keeps its relative precision, however small.
struct BirthDeathChain {
  let probabilities: [Double]

  /// - Parameter last: the last state; without one, the chain goes on until what follows is below
  ///   10⁻⁴³ of the most likely state (the deaths must outrun the births).
  init(last: Int? = nil, birth: (Int) -> Double, death: (Int) -> Double) {
    var (logWeight, largest, mode, end) = (0.0, 0.0, 0, 0)
    while end != last {
      let ratio = birth(end) / death(end + 1)
      logWeight += log(ratio)
      end += 1
      if logWeight > largest { (largest, mode) = (logWeight, end) }
      if last == nil, ratio < 1, logWeight < largest - 100 { break }
    }
    var weights = [Double](repeating: 0, count: end + 1)
    weights[mode] = 1
    for n in mode..<end { weights[n + 1] = weights[n] * birth(n) / death(n + 1) }
    for n in stride(from: mode, to: 0, by: -1) {
      weights[n - 1] = weights[n] * death(n) / birth(n - 1)
    }
    // Small terms first.
    let total = weights[mode...].reversed().reduce(0, +) + weights[..<mode].reduce(0, +)
    probabilities = weights.map { $0 / total }
  }

  /// The expected value of a function of the state.
  func mean(_ value: (Int) -> Double) -> Double {
    probabilities.indices.reduce(0) { $0 + value($1) * probabilities[$1] }
  }

  /// The probability of a range of states.
  func probability(_ states: Range<Int>) -> Double {
    states.clamped(to: probabilities.indices).reduce(0) { $0 + probabilities[$1] }
  }
}
