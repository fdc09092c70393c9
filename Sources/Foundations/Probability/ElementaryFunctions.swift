import CGSL

/// `base` to the power of `exponent`, by the platform's libm.
public func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }

/// The sine of an angle in radians, by the platform's libm.
public func sine(_ angle: Double) -> Double { sin(angle) }
