/// How far a response moves when each assumed value goes to the ends of its range, on the same luck.
public struct SensitivitySummary: Sendable {
  /// The response.
  public var response: String
  /// Its unit.
  public var unit: String
  /// Its mean with every value as it is; nil if it doesn't exist.
  public var base: Double?
  /// How many replications each end was run with.
  public var replications: Int
  /// The values that move it, the widest swing first.
  public var bars: [Bar] = []
  /// How many values were moved and changed nothing.
  public var idle = 0

  /// A response of which nothing has been moved yet.
  public init(response: String, unit: String, base: Double?, replications: Int) {
    self.response = response
    self.unit = unit
    self.base = base
    self.replications = replications
  }

  /// What moving one value does.
  public struct Bar: Sendable {
    /// The parameter's path.
    public var path: String
    /// Its evidence grade.
    public var grade: String
    /// Its present value.
    public var value: String
    /// What it does at the low end of its range; nil if it is there already.
    public var low: End?
    /// What it does at the high end.
    public var high: End?
    /// A bar from its parts.
    public init(path: String, grade: String, value: String, low: End?, high: End?) {
      self.path = path
      self.grade = grade
      self.value = value
      self.low = low
      self.high = high
    }

    /// How far apart the response is at the two ends, or at one and as it is; infinite where it
    /// stops existing.
    public var swing: Double {
      let ends = [low, high].compactMap { $0 }
      if ends.contains(where: { $0.difference == nil }) { return .infinity }
      let moves = ends.compactMap(\.difference) + [0]
      return (moves.max() ?? 0) - (moves.min() ?? 0)
    }
  }

  /// One end of a range.
  public struct End: Sendable {
    /// The value there.
    public var value: String
    /// The mean paired difference from the base; nil if the response stops existing.
    public var difference: Double?
    /// The lower end of its interval; nil below two pairs.
    public var lowest: Double?
    /// The upper end of its interval.
    public var highest: Double?
    /// An end from its parts.
    public init(value: String, difference: Double?, lowest: Double?, highest: Double?) {
      self.value = value
      self.difference = difference
      self.lowest = lowest
      self.highest = highest
    }
  }
}
