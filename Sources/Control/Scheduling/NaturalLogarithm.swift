#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The platform's natural logarithm: topology spreading weighs domains by it.
func naturalLogarithm(_ value: Double) -> Double { log(value) }
