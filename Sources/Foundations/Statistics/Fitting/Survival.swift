/// The share that survives a time, from observations of which some ended early (censored).
///
/// E. L. Kaplan and P. Meier, *JASA* 53 (1958), with M. Greenwood's standard errors.
public struct SurvivalCurve: Hashable, Sendable {
  /// One step of the curve.
  public struct Step: Hashable, BitwiseCopyable, Sendable {
    /// When something ended.
    public let time: Double
    /// The share that survives it.
    public let survival: Double
    /// That share's standard error; 0 where none survives.
    public let error: Double
  }
  /// The steps in the order of time.
  public let steps: [Step]

  /// The curve of times, each with whether it ended by the event or was only seen that long.
  public init(_ observations: [(time: Double, isEvent: Bool)]) {
    let sorted = observations.sorted { $0.time < $1.time }
    var steps: [Step] = []
    var (survival, sum) = (1.0, 0.0)
    var index = 0
    while index < sorted.count {
      let time = sorted[index].time
      let atRisk = Double(sorted.count - index)
      var events = 0.0
      while index < sorted.count, sorted[index].time == time {
        if sorted[index].isEvent { events += 1 }
        index += 1
      }
      guard events > 0 else { continue }
      survival *= 1 - events / atRisk
      sum += atRisk > events ? events / (atRisk * (atRisk - events)) : 0
      steps.append(Step(time: time, survival: survival, error: survival * sum.squareRoot()))
    }
    self.steps = steps
  }
}

/// How evenly something is shared.
public enum Fairness {
  /// R. Jain's index (Σx)²/(n Σx²): 1 where all have the same, 1/n where one has all; 1 for nothing.
  public static func jain(_ shares: [Double]) -> Double {
    let sum = shares.reduce(0, +)
    let squares = shares.reduce(0) { $0 + $1 * $1 }
    return squares > 0 ? sum * sum / (Double(shares.count) * squares) : 1
  }

  /// C. Gini's coefficient Σ(2i − n − 1) x₍ᵢ₎ / (n Σx): 0 where all have the same; 0 for nothing.
  public static func gini(_ shares: [Double]) -> Double {
    let n = Double(shares.count)
    let sum = shares.reduce(0, +)
    guard sum > 0 else { return 0 }
    let weighted = shares.sorted().enumerated().reduce(0) { total, share in
      total + (2 * Double(share.offset + 1) - n - 1) * share.element
    }
    return weighted / (n * sum)
  }
}
