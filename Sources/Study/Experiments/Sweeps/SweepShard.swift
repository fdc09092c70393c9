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
    guard parts.count == 2, let index = Int(parts[0]), let count = Int(parts[1]) else {
      return nil
    }
    self.init(number: index, of: count)
  }

  /// The shard of a number, from 1; nil if there is none.
  init?(number: Int, of count: Int) {
    guard count >= 1, (1...count).contains(number) else { return nil }
    self.init(index: number - 1, count: count)
  }

  init(index: Int, count: Int) {
    self.index = index
    self.count = count
  }

  /// `I/N`, as ``init(_:)`` reads it.
  public var text: String { "\(index + 1)/\(count)" }

  /// The runs of a plan that it carries out, ascending.
  ///
  /// Stretches, so that putting shards together is putting their files one behind the other.
  public func runs(of plan: SweepPlan) -> Range<Int> {
    plan.runs * index / count..<plan.runs * (index + 1) / count
  }

  /// The name of its file.
  var fileName: String { "shard-\(index + 1)-of-\(count).csv" }

  /// The shard whose file has a name; nil for any other file.
  init?(fileName name: String) {
    guard name.hasPrefix("shard-"), name.hasSuffix(".csv") else { return nil }
    let parts = name.dropFirst(6).dropLast(4).split(separator: "-")
    guard parts.count == 3, parts[1] == "of" else { return nil }
    self.init("\(parts[0])/\(parts[2])")
  }
}

/// A shard as the variables of an engine that runs arrays of tasks name it.
public struct ArrayTask: Hashable, Sendable {
  /// The shard.
  public var shard: SweepShard
  /// The variable that told its number.
  public var variable: String

  /// The variable that overrides every engine: `I/N`.
  public static let override = "SPILLWAY_SHARD"

  /// What overrides every engine; nil if that variable isn't set, or empty.
  public static func overriding(_ environment: [String: String]) -> String? {
    environment[override].flatMap { $0.isEmpty ? nil : $0 }
  }

  /// How an engine tells a task its number.
  private struct Engine: Sendable {
    /// The task's number.
    var index: String
    /// The first task's number where no variable says.
    var base: Int
    /// The first task's number.
    var first: String?
    /// The distance of numbers.
    var step: String?
    /// How many tasks there are.
    var count: String?
    /// The last task's number.
    var last: String?
  }

  /// Engines in the order in which they are asked: Slurm; Kubernetes' Indexed Jobs, whose manifest
  /// has to set the number of completions; AWS Batch; PBS; Grid Engine; LSF; GNU parallel, which
  /// doesn't tell how many jobs it has.
  private static let engines = [
    Engine(
      index: "SLURM_ARRAY_TASK_ID", base: 0, first: "SLURM_ARRAY_TASK_MIN",
      step: "SLURM_ARRAY_TASK_STEP", count: "SLURM_ARRAY_TASK_COUNT",
      last: "SLURM_ARRAY_TASK_MAX"),
    Engine(index: "JOB_COMPLETION_INDEX", base: 0, count: "JOB_COMPLETIONS"),
    Engine(index: "AWS_BATCH_JOB_ARRAY_INDEX", base: 0, count: "AWS_BATCH_JOB_ARRAY_SIZE"),
    Engine(index: "PBS_ARRAY_INDEX", base: 1),
    Engine(
      index: "SGE_TASK_ID", base: 1, first: "SGE_TASK_FIRST", step: "SGE_TASK_STEPSIZE",
      last: "SGE_TASK_LAST"),
    Engine(index: "LSB_JOBINDEX", base: 1, step: "LSB_JOBINDEX_STEP", last: "LSB_JOBINDEX_END"),
    Engine(index: "PARALLEL_SEQ", base: 1),
  ]

  /// Reads the variables of the engine that runs the process.
  ///
  /// - Parameter shards: how many shards there are, where the engine doesn't tell.
  /// - Throws: ``ArrayTaskError`` if no engine's variables are there, or they don't make a shard.
  public init(environment: [String: String], shards: Int? = nil) throws(ArrayTaskError) {
    if let text = Self.overriding(environment) {
      guard let shard = SweepShard(text) else {
        throw ArrayTaskError("\(Self.override) is \"\(text)\": expected I/N, such as 3/10")
      }
      self.init(shard: shard, variable: Self.override)
      return
    }
    guard let engine = Self.engines.first(where: { Self.number($0.index, environment) != nil })
    else {
      let known = Self.engines.map(\.index).joined(separator: ", ")
      throw ArrayTaskError("none of \(known) is set; set \(Self.override)=I/N")
    }
    self.init(
      shard: try Self.shard(engine, environment, shards: shards), variable: engine.index)
  }

  private init(shard: SweepShard, variable: String) {
    self.shard = shard
    self.variable = variable
  }

  private static func number(_ name: String?, _ environment: [String: String]) -> Int? {
    name.flatMap { environment[$0] }.flatMap { Int($0) }
  }

  private static func shard(
    _ engine: Engine, _ environment: [String: String], shards: Int?
  ) throws(ArrayTaskError) -> SweepShard {
    let index = number(engine.index, environment) ?? 0
    let first = number(engine.first, environment) ?? engine.base
    let step = max(1, number(engine.step, environment) ?? 1)
    let told =
      number(engine.count, environment)
      ?? number(engine.last, environment).map { ($0 - first) / step + 1 }
    guard let count = told ?? shards else {
      throw ArrayTaskError(
        "\(engine.index) is \(index), but nothing says of how many; add --shards N")
    }
    // Some tasks of an array, run again, are numbered as before and counted anew.
    if let told, let shards, told != shards {
      throw ArrayTaskError(
        "\(engine.index) is one of \(told), --shards says \(shards); set \(override)=I/\(shards)")
    }
    guard index >= first, (index - first) % step == 0,
      let shard = SweepShard(number: (index - first) / step + 1, of: count)
    else {
      throw ArrayTaskError("\(engine.index) is \(index), not one of \(count) from \(first) on")
    }
    return shard
  }
}

/// Why no shard can be told from the variables of an engine (exit status 64).
public struct ArrayTaskError: Error, Hashable, Sendable, CustomStringConvertible {
  /// One sentence that says what to set.
  public let description: String

  init(_ description: String) { self.description = description }
}
