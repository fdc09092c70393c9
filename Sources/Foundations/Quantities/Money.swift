/// An exact amount of money in some currency, in units of 10⁻¹² of it.
///
/// Prices per core and second have eight decimals; sums of products with whole seconds and
/// thousandths of cores stay exact.
public struct Money: Hashable, Comparable, BitwiseCopyable, Sendable {
  /// The amount in 10⁻¹² of the currency's unit.
  public var picounits: Int128
  /// So many 10⁻¹² of the currency's unit.
  public init(picounits: Int128) { self.picounits = picounits }
  /// No money.
  public static let zero = Money(picounits: 0)
  /// The amount as a floating-point number of the currency's units.
  public var units: Double { Double(picounits) / 1e12 }
  /// Whether `a` is less than `b`.
  public static func < (a: Money, b: Money) -> Bool { a.picounits < b.picounits }
  /// The sum of two amounts.
  public static func + (a: Money, b: Money) -> Money { Money(picounits: a.picounits + b.picounits) }
  /// The difference of two amounts.
  public static func - (a: Money, b: Money) -> Money { Money(picounits: a.picounits - b.picounits) }
  /// Adds an amount.
  public static func += (a: inout Money, b: Money) { a.picounits += b.picounits }
  /// A multiple of an amount.
  public static func * (a: Money, factor: Int64) -> Money {
    Money(picounits: a.picounits * Int128(factor))
  }
}
