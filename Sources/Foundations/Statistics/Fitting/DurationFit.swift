import Probability

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A duration that was seen only in whole steps, and perhaps not to its end.
public struct SteppedDuration: Hashable, BitwiseCopyable, Sendable {
  /// How many steps; at least 1.
  public var steps: Int
  /// Whether it went on when nobody looked any more.
  public var isCut: Bool
  /// A duration of so many steps.
  public init(steps: Int, isCut: Bool) {
    self.steps = steps
    self.isCut = isCut
  }
}

/// A law fitted to durations, by maximum likelihood.
///
/// A duration of k steps is known to lie within half a step of k (the shortest: anywhere below one and
/// a half), a cut one only to be longer than k − ½: the likelihood is that of these intervals, so that
/// coarse steps don't bias the shape.
public struct DurationFit: Hashable, Sendable {
  /// The families tried.
  public enum Family: String, Hashable, Sendable, CaseIterable {
    case exponential, weibull, gamma, lognormal
  }
  /// A parameter with the standard error that the likelihood's curvature gives it.
  public struct Parameter: Hashable, Sendable {
    /// Its name, as laws are written.
    public var name: String
    /// Its value; in seconds where it is a time.
    public var value: Double
    /// Its standard error; nil where the likelihood is flat.
    public var error: Double?
  }
  /// The family.
  public let family: Family
  /// The law, in seconds.
  public let law: Law
  /// Its parameters.
  public let parameters: [Parameter]
  /// The logarithm of the likelihood.
  public let logLikelihood: Double
  /// H. Akaike's criterion: 2 × parameters − 2 log-likelihood; the least is best.
  public let akaike: Double
  /// The largest distance of the fitted from the observed distribution at whole steps, cut durations
  /// aside.
  public let distance: Double
  /// K. Pearson's chi-squared over classes of at least five expected: the chance of a fit as bad; nil
  /// with too few classes.
  public let pValue: Double?

  /// The fit of a family; nil for fewer than two whole durations, or if all are equal.
  public init?(_ durations: [SteppedDuration], step: Double, family: Family) {
    let counts = Counts(durations)
    guard counts.whole >= 2, counts.mean > 0, counts.isVaried else { return nil }
    func cost(_ point: [Double]) -> Double {
      -counts.logLikelihood(DurationShape(family, point))
    }
    let start = DurationShape.start(family, mean: counts.mean)
    let best = Simplex.minimum(of: cost, from: start)
    let shape = DurationShape(family, best)
    self.family = family
    law = shape.law(step: step)
    logLikelihood = -cost(best)
    akaike = 2 * Double(best.count) - 2 * logLikelihood
    let errors = Simplex.standardErrors(of: cost, at: best)
    parameters = zip(shape.named(step: step), errors).map { pair, error in
      // All but a lognormal's median are fitted as logarithms too, so that the error is relative.
      Parameter(name: pair.name, value: pair.value, error: error.map { $0 * pair.value })
    }
    distance = counts.distance(from: shape)
    pValue = counts.chiSquared(shape, fitted: best.count)
  }

  /// The fits of every family, the best by Akaike's criterion first.
  public static func all(_ durations: [SteppedDuration], step: Double) -> [DurationFit] {
    Family.allCases.compactMap { DurationFit(durations, step: step, family: $0) }
      .sorted { $0.akaike < $1.akaike }
  }
}

extension DurationShape {
  /// The chance of a whole duration of k steps.
  fileprivate func chance(_ steps: Int) -> Double {
    tail(steps == 1 ? 0 : Double(steps) - 0.5) - tail(Double(steps) + 0.5)
  }
}

/// Durations by their number of steps.
private struct Counts {
  private var steps: [Int] = []
  private var ended: [Double] = []
  private var cut: [Double] = []
  private(set) var whole = 0.0
  private(set) var mean = 0.0

  init(_ durations: [SteppedDuration]) {
    for one in durations.sorted(by: { $0.steps < $1.steps }) {
      if steps.last != one.steps {
        steps.append(one.steps)
        ended.append(0)
        cut.append(0)
      }
      if one.isCut {
        cut[cut.count - 1] += 1
      } else {
        ended[ended.count - 1] += 1
        whole += 1
        mean += Double(one.steps)
      }
    }
    if whole > 0 { mean /= whole }
  }

  var isVaried: Bool { ended.count { $0 > 0 } > 1 }

  func logLikelihood(_ shape: DurationShape) -> Double {
    var sum = 0.0
    for (index, k) in steps.enumerated() {
      if ended[index] > 0 { sum += ended[index] * log(max(shape.chance(k), 1e-300)) }
      if cut[index] > 0, k > 1 {
        sum += cut[index] * log(max(shape.tail(Double(k) - 0.5), 1e-300))
      }
    }
    return sum
  }

  func distance(from shape: DurationShape) -> Double {
    var below = 0.0
    var largest = 0.0
    for (index, k) in steps.enumerated() where ended[index] > 0 {
      let before = k == 1 ? 0 : 1 - shape.tail(Double(k) - 0.5)
      largest = max(largest, abs(below / whole - before))
      below += ended[index]
      largest = max(largest, abs(below / whole - (1 - shape.tail(Double(k) + 0.5))))
    }
    return largest
  }

  /// Classes hold at least five expected durations each; those cut off count nowhere.
  func chiSquared(_ shape: DurationShape, fitted: Int) -> Double? {
    var statistic = 0.0
    var classes = 0
    var observed = 0.0
    var edge = 1.0
    for (index, k) in steps.enumerated() {
      observed += ended[index]
      let tail = shape.tail(Double(k) + 0.5)
      let expected = (edge - tail) * whole
      let rest = tail * whole
      guard expected >= 5, rest >= 5 else { continue }
      statistic += (observed - expected) * (observed - expected) / expected
      classes += 1
      observed = 0
      edge = tail
    }
    let last = edge * whole
    statistic += (observed - last) * (observed - last) / max(last, 1e-300)
    classes += 1
    let degrees = classes - 1 - fitted
    return degrees > 0
      ? Distributions.chiSquaredTail(statistic, degrees: Double(degrees)) : nil
  }
}
