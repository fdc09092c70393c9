import CloudSimulation
import Probability
import Statistics

/// Everything that decides what a sweep's numbers are: equal plans give equal bytes.
public struct SweepPlan: Codable, Hashable, Sendable {
  /// A factor's value at a point.
  public struct Setting: Codable, Hashable, Sendable {
    /// The parameter's path.
    public var path: String
    /// Its value, as a file would write it.
    public var value: String
  }
  /// By which response the best point is looked for.
  public struct Ranking: Codable, Hashable, Sendable {
    /// The response.
    public var response: String
    /// The difference that doesn't matter, in its unit.
    public var indifference: Double
    /// How sure the answer has to be.
    public var confidence: Double
    /// A question from its parts.
    public init(response: String, indifference: Double, confidence: Double = 0.95) {
      self.response = response
      self.indifference = indifference
      self.confidence = confidence
    }
  }
  /// The scenario's name.
  public var scenario: String
  /// The experiment's name.
  public var experiment: String
  /// The digest of the input.
  public var digest: String
  /// Spillway's version.
  public var version: String
  /// The seed.
  public var seed: UInt64
  /// Replications per point.
  public var replications: Int
  /// Windows of a trace that they are shared out among; 1: none.
  public var windows: Int
  /// The names of what is recorded.
  public var responses: [String]
  /// Their units.
  public var units: [String]
  /// By which of them the best point is looked for.
  public var rankings: [Ranking] = []
  /// The settings of every point; the first point is the base.
  public var points: [[Setting]]

  /// How many runs it takes.
  public var runs: Int { points.count * replications }

  /// A word that differs between different plans, in hexadecimal.
  public var identity: String {
    let parts = [scenario, experiment, digest, version, "\(seed)", "\(replications)", "\(windows)"]
    let settings = points.map { $0.map { "\($0.path)=\($0.value)" }.joined(separator: "\n") }
    let text = (parts + responses + settings).joined(separator: "\u{0}")
    let word = String(Subject(text).raw, radix: 16)
    return String(repeating: "0", count: 16 - word.count) + word
  }

  /// The plan of a scenario as it is: one point.
  init(
    scenario: String, digest: String, version: String, seed: UInt64, replications: Int,
    windows: Int, responses: [String], units: [String]
  ) {
    self.scenario = scenario
    experiment = scenario
    self.digest = digest
    self.version = version
    self.seed = seed
    self.replications = replications
    self.windows = windows
    self.responses = responses
    self.units = units
    points = [[]]
  }

  /// The plan of an experiment with a source's scenario.
  ///
  /// - Throws: ``SweepError``, ``StudyError``, or what the source throws for a path or a value.
  public init(
    _ experiment: Experiment, source: any ScenarioSource, digest: String, seed: UInt64? = nil
  ) throws {
    let scenario = try source.scenario(setting: [])
    self.scenario = scenario.name
    self.experiment = experiment.name
    self.digest = digest
    version = Spillway.version
    self.seed = seed ?? scenario.seed
    replications = experiment.replications
    windows = try Blocks(replications: replications, windows: scenario.windows).windows
    let columns = try SweepResponses(experiment.responses, in: scenario).columns
    responses = columns.map(\.name)
    units = columns.map(\.unit)
    rankings = try Self.rankings(of: experiment, among: columns)
    points = try Self.points(of: experiment, source: source, seed: self.seed)
    // What is wrong with a combination of values is told before anything has run.
    for point in points.prefix(Self.mostChecked) where !point.isEmpty {
      _ = try source.scenario(
        setting: point.map { ParameterSetting(path: $0.path, value: $0.value) })
    }
  }

  /// Points that are checked beforehand; the others when their turn comes.
  private static let mostChecked = 1_000

  private static func rankings(
    of experiment: Experiment, among columns: [SweepResponses.Response]
  ) throws(SweepError) -> [Ranking] {
    var rankings: [Ranking] = []
    let responses = columns.map(\.name)
    for (number, asked) in experiment.ranking.enumerated() {
      func refuse(_ reason: String) -> SweepError { .noRanking(number: number, reason: reason) }
      guard responses.contains(asked.response) else {
        throw refuse(
          "no response is called '\(asked.response)'; this experiment records "
            + responses.joined(separator: ", "))
      }
      guard SweepResults.isHigherBetter(asked.response) != nil else {
        throw refuse("neither more nor less of \(asked.response) is better")
      }
      guard asked.indifference > 0 else { throw refuse("an indifference zone is above 0") }
      let unit = columns.first { $0.name == asked.response }?.unit ?? ""
      guard let factor = Self.factor(from: asked.unit, to: unit) else {
        throw refuse(
          "'\(asked.unit)' isn't the unit of \(asked.response), which is "
            + (unit.isEmpty ? "a number without one" : unit))
      }
      rankings.append(
        Ranking(
          response: asked.response, indifference: asked.indifference * factor,
          confidence: asked.confidence))
    }
    return rankings
  }

  /// What a number in one unit is multiplied by for another; nil where that makes no sense.
  private static func factor(from unit: String, to other: String) -> Double? {
    if unit.isEmpty || unit == other { return 1 }
    let spans = [("ms", 0.001), ("s", 1), ("min", 60), ("h", 3_600), ("d", 86_400)]
    guard let own = spans.first(where: { $0.0 == unit }),
      let wanted = spans.first(where: { $0.0 == other })
    else { return nil }
    return own.1 / wanted.1
  }

  private static func points(
    of experiment: Experiment, source: any ScenarioSource, seed: UInt64
  ) throws -> [[Setting]] {
    let factors = experiment.factors
    guard !factors.isEmpty else { return [[]] }
    func onLevels(_ levels: [[Int]]) -> [[Setting]] {
      levels.map { point in
        zip(factors, point).map { Setting(path: $0.path, value: $0.values[$1]) }
      }
    }
    let count = experiment.points
    let cube: [[Double]]
    switch experiment.design {
    case .fullFactorial: return onLevels(Design.fullFactorial(factors.map(\.values.count)))
    case .oneAtATime: return onLevels(Design.oneAtATime(factors.map(\.values.count)))
    case .latinHypercube:
      cube = Design.latinHypercube(
        count, dimension: factors.count, on: RandomSource(seed: seed).stream("design"))
    case .sobol: cube = QuasiRandomSequence.sobol.points(count, dimension: factors.count)
    case .halton: cube = QuasiRandomSequence.halton.points(count, dimension: factors.count)
    }
    return try cube.map { point in
      try zip(factors, point).map { factor, fraction in
        let value = source.interpolate(
          factor.path, from: factor.values[0], to: factor.values[factor.values.count - 1],
          fraction: fraction)
        guard let value else { throw SweepError.noRange(path: factor.path) }
        return Setting(path: factor.path, value: value)
      }
    }
  }

  /// In what another plan differs, in a few words; empty for an equal one.
  func difference(from other: SweepPlan) -> String {
    var parts: [String] = []
    func compare<Value: Equatable>(_ what: String, _ value: Value, _ theirs: Value) {
      if value != theirs { parts.append("\(what) \(value) instead of \(theirs)") }
    }
    compare("scenario", scenario, other.scenario)
    compare("experiment", experiment, other.experiment)
    compare("version", version, other.version)
    compare("seed", seed, other.seed)
    compare("replications", replications, other.replications)
    compare("windows", windows, other.windows)
    if digest != other.digest { parts.append("another input") }
    if responses != other.responses { parts.append("other responses") }
    if points != other.points { parts.append("other points") }
    return parts.joined(separator: ", ")
  }

  /// A point's factors and values, for people.
  public func label(_ point: Int) -> String {
    points[point].isEmpty
      ? "as it is" : points[point].map { "\($0.path)=\($0.value)" }.joined(separator: " ")
  }
}
