import CGSL

/// Numerical integration, by GSL.
public enum Integration {
  /// The integral of a function over a finite interval.
  ///
  /// Adaptive Gauss–Kronrod with 21 points, and Wynn's epsilon algorithm against singular ends
  /// (QUADPACK's QAGS: Piessens et al., 1983).
  /// - Returns: NaN if the estimated relative error stays above 10⁻⁸.
  public static func integral(
    of function: (Double) -> Double, from low: Double, to high: Double
  ) -> Double {
    typealias Integrand = (Double) -> Double
    return withoutActuallyEscaping(function) { escaping in
      var integrand: Integrand = escaping
      return withUnsafeMutablePointer(to: &integrand) { pointer in
        var described = gsl_function(
          function: { x, context in
            guard let context else { return .nan }
            return context.assumingMemoryBound(to: Integrand.self).pointee(x)
          },
          params: pointer)
        let subintervals = 1000
        guard let workspace = gsl_integration_workspace_alloc(subintervals) else { return .nan }
        defer { gsl_integration_workspace_free(workspace) }
        var (result, error) = (0.0, 0.0)
        gsl_integration_qags(
          &described, low, high, 0, 1e-12, subintervals, workspace, &result, &error)
        return error <= 1e-8 * abs(result) ? result : .nan
      }
    }
  }
}
