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
  /// The names of what is recorded.
  public var responses: [String]
  /// The settings of every point; the first point is the base.
  public var points: [[Setting]]

  /// How many runs it takes.
  public var runs: Int { points.count * replications }

  /// A word that differs between different plans, in hexadecimal.
  public var identity: String {
    let parts = [scenario, experiment, digest, version, "\(seed)", "\(replications)"]
    let settings = points.map { $0.map { "\($0.path)=\($0.value)" }.joined(separator: "\n") }
    let text = (parts + responses + settings).joined(separator: "\u{0}")
    let word = String(Subject(text).raw, radix: 16)
    return String(repeating: "0", count: 16 - word.count) + word
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
    responses = try SweepResponses(experiment.responses, in: scenario).columns.map(\.name)
    points = try Self.points(of: experiment, source: source, seed: self.seed)
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

  /// A point's factors and values, for people.
  public func label(_ point: Int) -> String {
    points[point].isEmpty
      ? "as it is" : points[point].map { "\($0.path)=\($0.value)" }.joined(separator: " ")
  }
}

/// Which of the runs of a sweep one process carries out: the I-th of N stretches of them.
public struct SweepShard: Hashable, Sendable {
  /// The number, from 0.
  public var index: Int
  /// How many there are.
  public var count: Int

  /// The whole sweep.
  public static let whole = SweepShard(index: 0, count: 1)

  /// Reads `I/N`, I from 1; nil for anything else.
  public init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let index = Int(parts[0]), let count = Int(parts[1]), count >= 1,
      (1...count).contains(index)
    else { return nil }
    self.init(index: index - 1, count: count)
  }

  init(index: Int, count: Int) {
    self.index = index
    self.count = count
  }

  /// The shard that the variables of an engine name; nil if none does.
  ///
  /// `SPILLWAY_SHARD` (`I/N`) overrides; Slurm's `SLURM_ARRAY_TASK_ID`, `_MIN` and `_COUNT`;
  /// Kubernetes' `JOB_COMPLETION_INDEX` with `JOB_COMPLETIONS`, which the manifest sets; GNU
  /// parallel's `PARALLEL_SEQ` with `PARALLEL_JOBSLOTS_TOTAL`, which the caller sets.
  public init?(environment: [String: String]) {
    func number(_ name: String) -> Int? { environment[name].flatMap { Int($0) } }
    if let text = environment["SPILLWAY_SHARD"] {
      self.init(text)
    } else if let task = number("SLURM_ARRAY_TASK_ID"),
      let count = number("SLURM_ARRAY_TASK_COUNT")
    {
      self.init("\(task - (number("SLURM_ARRAY_TASK_MIN") ?? 0) + 1)/\(count)")
    } else if let task = number("JOB_COMPLETION_INDEX"), let count = number("JOB_COMPLETIONS") {
      self.init("\(task + 1)/\(count)")
    } else if let task = number("PARALLEL_SEQ"), let count = number("PARALLEL_JOBSLOTS_TOTAL") {
      self.init("\(task)/\(count)")
    } else {
      return nil
    }
  }

  /// The runs of a plan that it carries out, ascending.
  ///
  /// Stretches, so that putting shards together is putting their files one behind the other.
  func runs(of plan: SweepPlan) -> Range<Int> {
    plan.runs * index / count..<plan.runs * (index + 1) / count
  }

  /// The name of its file.
  var fileName: String { "shard-\(index + 1)-of-\(count).csv" }
}
