import CGSL

/// Low-discrepancy sequences of the GNU Scientific Library: points that fill the unit cube more
/// evenly than chance does.
public enum QuasiRandomSequence: Int32, CaseIterable, Sendable {
  /// I. M. Sobol's sequence with the numbers of P. Bratley and B. L. Fox, *ACM TOMS* 14 (1988);
  /// without the point at the origin.
  case sobol = 0
  /// H. Niederreiter's sequence in base 2.
  case niederreiter = 1
  /// J. H. Halton's sequence, from index 1.
  case halton = 2
  /// Halton's sequence with B. Vandewoestyne and R. Cools' reversed digits.
  case reverseHalton = 3

  /// The name that the library gives it.
  public var nameInGSL: String { String(cString: cgsl_qrng_type(rawValue).pointee.name) }

  /// The most dimensions it has.
  public var mostDimensions: Int { Int(cgsl_qrng_type(rawValue).pointee.max_dimension) }

  /// The first points, each with a coordinate in [0, 1) per dimension.
  ///
  /// - Precondition: 1 ≤ dimension ≤ ``mostDimensions``.
  public func points(_ count: Int, dimension: Int) -> [[Double]] {
    precondition(
      (1...mostDimensions).contains(dimension), "A sequence has only so many dimensions.")
    guard let generator = gsl_qrng_alloc(cgsl_qrng_type(rawValue), UInt32(dimension)) else {
      preconditionFailure("No memory for a sequence of points.")
    }
    defer { gsl_qrng_free(generator) }
    var point = [Double](repeating: 0, count: dimension)
    return (0..<count).map { _ in
      _ = gsl_qrng_get(generator, &point)
      return point
    }
  }
}
