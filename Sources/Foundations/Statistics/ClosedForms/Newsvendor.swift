/// How much capacity to own for a demand that varies, if what is missing is rented.
///
/// A unit that is owned costs the same whether it is used or not, one that is rented costs while it is
/// used. The last unit that is worth owning is in use for at least the share of time that owning costs
/// against renting: capacity up to the 1 − own/rented quantile of demand (the newsvendor's; K. J. Arrow,
/// T. Harris and J. Marschak, *Econometrica* 19, 1951).
public enum Newsvendor {
  /// A level of demand and for what share of the time, or how long, it holds.
  public typealias Level = (demand: Double, weight: Double)

  /// The least demand whose share of time at or below it reaches 1 − own/rented: the cheapest
  /// capacity; nil without a level.
  ///
  /// - Parameters:
  ///   - own: what an owned unit costs for a time.
  ///   - rented: what a rented one costs for the same time, if it is used all along.
  public static func capacity(for levels: [Level], own: Double, rented: Double) -> Double? {
    let sorted = levels.sorted { $0.demand < $1.demand }
    let whole = sorted.reduce(0) { $0 + $1.weight }
    guard whole > 0 else { return nil }
    guard own < rented else { return 0 }
    var below = 0.0
    for level in sorted {
      below += level.weight
      if below >= (1 - own / rented) * whole * (1 - 1e-12) { return level.demand }
    }
    return sorted.last?.demand
  }

  /// What a capacity costs on average for a unit of time, with what it is short of rented.
  public static func cost(
    of capacity: Double, for levels: [Level], own: Double, rented: Double
  ) -> Double {
    let whole = levels.reduce(0) { $0 + $1.weight }
    let short = levels.reduce(0) { $0 + $1.weight * max(0, $1.demand - capacity) }
    return capacity * own + (whole > 0 ? short / whole * rented : 0)
  }
}
