import Probability

/// How much of an output's variance each input explains: alone, and with all its interactions.
///
/// I. M. Sobol, *Mathematical Modelling and Computational Experiments* 1 (1993).
public struct SobolIndices: Hashable, Sendable {
  /// The output's variance.
  public let variance: Double
  /// The first-order index of each input.
  public let first: [Double]
  /// The total index of each input.
  public let total: [Double]

  init(variance: Double, first: [Double], total: [Double]) {
    self.variance = variance
    self.first = first
    self.total = total
  }

  /// The estimates from two independent samples of the inputs in the unit cube: first order by
  /// A. Saltelli et al. (*Computer Physics Communications* 181, 2010), total by M. J. W. Jansen
  /// (*ibid.* 117, 1999). The model runs (k + 2) times per pair of rows.
  ///
  /// - Precondition: as many rows in either, at least two, all of one length.
  public static func estimate(
    _ a: [[Double]], _ b: [[Double]], model: ([Double]) throws -> Double
  ) rethrows -> SobolIndices {
    precondition(a.count == b.count && a.count >= 2, "Indices need two samples of one size.")
    let fromA = try a.map(model)
    let fromB = try b.map(model)
    let all = Tally(fromA + fromB)
    let count = Double(all.count)
    let variance = (all.variance ?? 0) * (count - 1) / count
    var (first, total) = ([Double](), [Double]())
    for input in a[0].indices {
      var (alone, together) = (0.0, 0.0)
      for row in a.indices {
        var mixed = a[row]
        mixed[input] = b[row][input]
        let value = try model(mixed)
        alone += fromB[row] * (value - fromA[row])
        together += (fromA[row] - value) * (fromA[row] - value)
      }
      let n = Double(a.count)
      first.append(variance > 0 ? alone / n / variance : 0)
      total.append(variance > 0 ? together / (2 * n) / variance : 0)
    }
    return SobolIndices(variance: variance, first: first, total: total)
  }
}

/// T. Ishigami and T. Homma's function (ISUMA 1990): sin x₁ + a sin² x₂ + b x₃⁴ sin x₁ for x
/// uniform on (−π, π), a test of sensitivity analysis with known indices.
public struct IshigamiFunction: Hashable, BitwiseCopyable, Sendable {
  /// The weight of the second input.
  public let a: Double
  /// The weight of the interaction of the first and the third.
  public let b: Double

  /// The function with these weights.
  public init(a: Double = 7, b: Double = 0.1) {
    self.a = a
    self.b = b
  }

  /// The value at a point of the unit cube, which is stretched to (−π, π).
  public func value(at point: [Double]) -> Double {
    let x = point.map { -Double.pi + 2 * Double.pi * $0 }
    return sine(x[0]) + a * sine(x[1]) * sine(x[1]) + b * power(x[2], 4) * sine(x[0])
  }

  /// The exact indices.
  public var indices: SobolIndices {
    let pi4 = power(Double.pi, 4)
    let alone = power(1 + b * pi4 / 5, 2) / 2
    let second = a * a / 8
    let together = b * b * pi4 * pi4 * (1.0 / 18 - 1.0 / 50)
    let variance = alone + second + together
    return SobolIndices(
      variance: variance, first: [alone / variance, second / variance, 0],
      total: [(alone + together) / variance, second / variance, together / variance])
  }
}

/// Sobol's g-function Π(|4x − 2| + a)/(1 + a) over the unit cube: inputs with a small `a` matter.
public struct GFunction: Hashable, Sendable {
  /// One weight per input, not below 0.
  public let a: [Double]

  /// The function with these weights.
  public init(a: [Double]) { self.a = a }

  /// The value at a point of the unit cube.
  public func value(at point: [Double]) -> Double {
    zip(point, a).reduce(1) { $0 * (abs(4 * $1.0 - 2) + $1.1) / (1 + $1.1) }
  }

  /// The exact indices.
  public var indices: SobolIndices {
    let partial = a.map { 1 / (3 * (1 + $0) * (1 + $0)) }
    let product = partial.reduce(1) { $0 * (1 + $1) }
    let variance = product - 1
    return SobolIndices(
      variance: variance, first: partial.map { $0 / variance },
      total: partial.map { $0 * product / (1 + $0) / variance })
  }
}
