#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The platform's natural logarithm: topology spreading weighs domains by it.
func naturalLogarithm(_ value: Double) -> Double { log(value) }

/// The platform's exponential function: the GPU policies' logistic function needs it.
func naturalExponential(_ value: Double) -> Double { exp(value) }
