import CloudSimulation
import Infrastructure
import Probability
import Quantities

extension FaultPlan: ScenarioKind {
  static let kind = "FaultPlan"
  static let shortForm: String? = "faults"
  static func blank(_ name: String) -> FaultPlan { FaultPlan(name: name) }
  static func add(_ object: FaultPlan, to scenario: inout Scenario) {
    scenario.faults.append(object)
  }

  static let fields = FieldTable<FaultPlan> { table in
    table.field(
      "scripted", \.scripted, Codec<ScriptedFault>.scripted.list,
      Note("Failures at given times."))
    table.field(
      "random", \.random, Codec<RandomFault>.random.list,
      Note("Failures by chance: each target by itself works and fails in turn."))
    table.field(
      "bursts", \.bursts, Codec<FaultBurst>.burst.list,
      Note("Failures that strike several machines of a group within a short time."))
    table.field(
      "traces", \.traces, Codec<FaultTrace>.trace.list,
      Note("Failures of machines as somebody recorded them."))
  }
}

private let target = Codec<String>.name.optional(written: nil)
private let targetNote = Note(
  "Which: a node, node pool, zone, link, serverless pool or registry by name; otherwise all.")
private let downNote = Note("How long it stays failed.")
  .graded("A", "chosen; Ford et al., OSDI 2010: fewer than 10 % last over 15 min")
  .range("5m", "2h").used(.failures)

extension Codec where Value == ScriptedFault {
  /// `fails`, `of`, `at` and `for`.
  static let scripted = Codec.object(
    FieldTable<ScriptedFault> { table in
      table.field("fails", \.kind, .choice, Note("What fails.").required)
      table.field("of", \.target, target, targetNote)
      table.field("at", \.at, .duration, Note("When.").required)
      table.field(
        "for", \.lasting, Codec<TimeSpan>.lastingDuration.optional(written: nil),
        Note("How long; otherwise to the end."))
    }
  ) { ScriptedFault() }
}

extension Codec where Value == RandomFault {
  /// `fails`, `of`, `up` and `down`.
  static let random = Codec.object(
    FieldTable<RandomFault> { table in
      table.field("fails", \.kind, .choice, Note("What fails.").required)
      table.field("of", \.target, target, targetNote)
      table.field(
        "up", \.up, Codec<Law>.durationLaw.optional(written: "never"),
        Note("How long it works; never: it doesn't fail.")
          .graded("M", "Schroeder & Gibson, DSN 2006 (Weibull); Ford et al., OSDI 2010 (mean)")
          .used(.failures))
      table.field("down", \.down, .durationLaw, downNote)
    }
  ) { RandomFault() }
}

extension Codec where Value == FaultBurst {
  /// `by`, `every`, `share`, `within` and `down`.
  static let burst = Codec.object(
    FieldTable<FaultBurst> { table in
      table.field(
        "by", \.group, .name, Note("The node label whose equal values make a group.").required)
      table.field(
        "every", \.meanInterval, Codec<TimeSpan>.lastingDuration.optional(written: "never"),
        Note("The mean time between bursts in one group; never: there are none.")
          .graded("M", "a rack's 10 years, Ford et al., OSDI 2010").used(.failures))
      table.field(
        "share", \.share, .number(),
        Note("The probability with which each machine of the group is struck.")
          .graded("A", "chosen").range("0.1", "1").used(.failures))
      table.field(
        "within", \.window, .duration,
        Note("The time within which they fail one after another.")
          .graded("M", "the window by which Ford et al., OSDI 2010, tell bursts").used(.failures))
      table.field("down", \.down, .durationLaw, downNote)
    }
  ) { FaultBurst(group: "") }
}

extension Codec where Value == FaultTrace {
  /// `file`, `timeScale` and `down`.
  static let trace = Codec.object(
    FieldTable<FaultTrace> { table in
      table.custom(
        "file", .scalar(name: "path", json: ["string"], unit: ""),
        Note("A CSV file with columns node and time, relative to this file.").required
      ) { value, trace, reader in
        guard let path = reader.scalar(value, expected: "a path") else { return }
        FaultTraceReading.read(path, at: value.place, into: &trace, &reader)
      }
      table.field(
        "timeScale", \.timeScale, .number(),
        Note("Shortens (below 1) or stretches the file's time."))
      table.field("down", \.down, .durationLaw, downNote)
    }
  ) { FaultTrace(file: "") }
}
