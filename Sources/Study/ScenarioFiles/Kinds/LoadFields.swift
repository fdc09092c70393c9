import CloudSimulation
import Infrastructure
import Probability
import Quantities
import Workloads

extension WorkloadProfile: ScenarioKind {
  static let kind = "WorkloadProfile"
  static let shortForm: String? = "profiles"
  static func blank(_ name: String) -> WorkloadProfile { WorkloadProfile(name: name) }
  static func add(_ object: WorkloadProfile, to scenario: inout Scenario) {
    scenario.profiles.append(object)
  }

  static let fields = FieldTable<WorkloadProfile> { table in
    table.field(
      "target", \.target, Codec<String>.name.optional(written: nil),
      Note("The workload it describes; otherwise all without a profile of their own."))
    table.field(
      "imageBytes", \.imageBytes, .byteLaw,
      Note("Bytes of all the Pod's images together, compressed.").graded("A", "chosen")
        .range("300M", "500M").used(.serverlessPull.union(.machinePull)))
    table.field(
      "startup", \.startup, .durationLaw,
      Note("From the containers' start until the application can serve.").graded("A", "chosen")
        .range("1s", "30s").used(.application))
    table.field(
      "runTime", \.runTime, .durationLaw,
      Note("How long a Job's Pod works.").graded("A", "chosen").range("10s", "10m")
        .used(.jobs))
    table.part(
      "checkpoint", \.orNoCheckpoint, Checkpointing.fields,
      Note("How a Job's Pods save their work; otherwise they begin anew."),
      isPresent: { $0.checkpoint != nil })
    table.field(
      "cpuUsed", \.cpuUsed, .numberLaw,
      Note("CPU used over CPU requested while ready.")
        .graded("A", "chosen; typical servers use 6 to 40 %").range("0.06", "0.4")
        .used(.service))
    table.field(
      "memoryUsed", \.memoryUsed, .numberLaw,
      Note("Memory used over memory requested while ready.").graded("A", "chosen")
        .range("0.3", "0.9").used(.service))
    table.field(
      "serviceTime", \.serviceTime, .durationLaw,
      Note("How long one request takes.").graded("A", "chosen").range("10ms", "500ms")
        .used(.service))
    table.field(
      "concurrency", \.concurrency, .integer(from: 1),
      Note("Requests that one Pod serves at once.").graded("A", "chosen").range("1", "100")
        .used(.service))
    table.part(
      "requests", \.requests, RequestParameters.fields,
      Note("What requests do to it, if a load sends any."))
  }
}

extension LoadProfile: ScenarioKind {
  static let kind = "LoadProfile"
  static let shortForm: String? = "load"
  static func blank(_ name: String) -> LoadProfile {
    LoadProfile(name: name, target: "", shape: .step(Step()))
  }
  static func add(_ object: LoadProfile, to scenario: inout Scenario) {
    scenario.loads.append(object)
  }

  /// The keys of the courses that a load can take.
  static let courses = [
    "step", "ramp", "diurnal", "mmpp", "flashCrowd", "batch", "arrivals", "series", "trace",
  ]

  /// The key of the course that it takes.
  var course: String {
    switch shape {
    case .step: "step"
    case .ramp: "ramp"
    case .diurnal: "diurnal"
    case .mmpp: "mmpp"
    case .flashCrowd: "flashCrowd"
    case .batch: "batch"
    case .arrivals: "arrivals"
    case .series: "series"
    case .trace: "trace"
    }
  }

  static let fields = FieldTable<LoadProfile> { table in
    table.field(
      "target", \.target, .name,
      Note("The workload it drives: Kind/name or Kind/namespace/name.").required)
    table.field(
      "drives", \.drives, .choice,
      Note(
        "Whether it sets the target's replicas, has copies of the target Job arrive, or sends "
          + "requests to the target's Pods."))
    table.field(
      "followedRate", \.followedRate, .perSecond,
      Note("Requests per second up to which every one is followed; beyond, examples stand for all.")
        .graded("C", "a minute then holds 6,000, of which 1 % can be told from 1.4 %")
        .used(.requests))
    table.field(
      "ingress", \.ingress, Codec<String>.name.optional(written: nil),
      Note("The site where its requests come in; those to Pods elsewhere cross the links between."))
    table.part(
      "step", \.step, Step.fields, Note("One jump.").oneWay(to: "course"),
      isPresent: { $0.course == "step" })
    table.part(
      "ramp", \.ramp, Ramp.fields, Note("A straight rise or fall.").oneWay(to: "course"),
      isPresent: { $0.course == "ramp" })
    table.part(
      "diurnal", \.diurnal, Diurnal.fields, Note("A day's course.").oneWay(to: "course"),
      isPresent: { $0.course == "diurnal" })
    table.part(
      "mmpp", \.mmpp, MMPP.fields, Note("Quiet and busy times.").oneWay(to: "course"),
      isPresent: { $0.course == "mmpp" })
    table.part(
      "flashCrowd", \.flashCrowd, FlashCrowd.fields,
      Note("A crowd that comes fast and goes.").oneWay(to: "course"),
      isPresent: { $0.course == "flashCrowd" })
    table.part(
      "batch", \.batch, Batch.fields, Note("Jobs at given times.").oneWay(to: "course"),
      isPresent: { $0.course == "batch" })
    table.part(
      "arrivals", \.arrivals, Arrivals.fields,
      Note("Jobs or requests one after another.").oneWay(to: "course"),
      isPresent: { $0.course == "arrivals" })
    table.part(
      "series", \.series, Series.fields,
      Note("Requests counted in intervals.").oneWay(to: "course"),
      isPresent: { $0.course == "series" })
    table.part(
      "trace", \.trace, Trace.fields,
      Note("Jobs or replicas as they were recorded.").oneWay(to: "course"),
      isPresent: { $0.course == "trace" })
  }
}

// MARK: - Courses as parts

extension LoadProfile {
  fileprivate var step: Step {
    get { if case .step(let step) = shape { step } else { Step() } }
    set { shape = .step(newValue) }
  }
  fileprivate var ramp: Ramp {
    get { if case .ramp(let ramp) = shape { ramp } else { Ramp() } }
    set { shape = .ramp(newValue) }
  }
  fileprivate var diurnal: Diurnal {
    get { if case .diurnal(let diurnal) = shape { diurnal } else { Diurnal() } }
    set { shape = .diurnal(newValue) }
  }
  fileprivate var mmpp: MMPP {
    get { if case .mmpp(let mmpp) = shape { mmpp } else { MMPP() } }
    set { shape = .mmpp(newValue) }
  }
  fileprivate var flashCrowd: FlashCrowd {
    get { if case .flashCrowd(let crowd) = shape { crowd } else { FlashCrowd() } }
    set { shape = .flashCrowd(newValue) }
  }
  fileprivate var batch: Batch {
    get { if case .batch(let batch) = shape { batch } else { Batch() } }
    set { shape = .batch(newValue) }
  }
  fileprivate var series: Series {
    get { if case .series(let series) = shape { series } else { Series() } }
    set { shape = .series(newValue) }
  }
  fileprivate var trace: Trace {
    get { if case .trace(let trace) = shape { trace } else { Trace() } }
    set { shape = .trace(newValue) }
  }
  fileprivate var arrivals: Arrivals {
    get { if case .arrivals(let arrivals) = shape { arrivals } else { Arrivals() } }
    set { shape = .arrivals(newValue) }
  }
}
