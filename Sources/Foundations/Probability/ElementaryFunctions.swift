import CGSL

/// `base` to the power of `exponent`, by the platform's libm.
public func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }

/// The sine of an angle in radians, by the platform's libm.
public func sine(_ angle: Double) -> Double { sin(angle) }

/// The version of GSL that is linked, for manifests: last bits of results may depend on it.
public var libraryVersion: String { String(cString: cgsl_version()) }
