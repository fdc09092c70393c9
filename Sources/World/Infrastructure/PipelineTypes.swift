import ClusterModel
import Probability
import Quantities

/// What a Pod's annotations change about how a provider starts, holds and bills it.
public struct SandboxOptions: BitwiseCopyable, Sendable {
  /// The processors asked for first; nil: the pool's.
  public var cpuType: ServerlessPool.CPUType?
  /// Those taken where the first are sold out.
  public var otherCPUType: ServerlessPool.CPUType?
  /// The size taken where the Pod's is sold out: thousandths of a core and halves of a GiB.
  public var upgrade: (millicores: Int64, halfGiB: Int64)?
  /// Whether images come from a snapshot; nil: as the pool has it.
  public var usesImageCache: Bool?
  /// The number of the key whose kept disks it may take over; negative: its workload's.
  public var diskKey: Int32 = -1
  /// How long the start waits for Services' rules.
  public var ruleWait = TimeSpan.zero
  /// How long the sandbox stays after the Pod succeeded.
  public var keptAfterSuccess = TimeSpan.zero
  /// The sandbox stays only if the Pod worked for a shorter time; nil: in any case.
  public var keptIfShorterThan: TimeSpan?
  /// How long its disk stays for others; nil: as the pool has it.
  public var diskRetention: TimeSpan?
  /// The numbers of the security groups that it joins, a bit for each; none: the pool's.
  public var securityGroups: UInt64 = 0
  /// How long its address stays for the Pod that has its place next; nil: not at all.
  public var addressRetention: TimeSpan?
  /// Whether it is billed at the spot price.
  public var isSpot = false
  /// What its GPU cards cost together per hour, in picounits of the currency.
  public var gpuHour: Int64 = 0
  /// Its ephemeral storage beyond what is free, in GiB.
  public var diskGiB: Int64 = 0
  /// As the pool has everything.
  public init() {}
}

/// What the start pipeline must know about a Pod that was bound.
public struct StartOrder: BitwiseCopyable, Sendable {
  /// The Pod.
  public var pod: PodID
  /// Its identity in the demand, for draws.
  public var subject: UInt64
  /// How many Pods held its place before, for draws.
  public var number: UInt32
  /// The place it starts at.
  public var place: Int
  /// Serverless: the subnet's number; a machine: the node's slot.
  public var spot: Int
  /// The number of its workload, for quotas and kept disks.
  public var workload: Int
  /// The number of its profile.
  public var profile: Int
  /// Its size in thousandths of a core, after rounding.
  public var millicores: Int64
  /// Its memory in halves of a GiB, after rounding.
  public var halfGiB: Int64
  /// The number of its set of images.
  public var imageSet: Int
  /// From the containers' start to the first probe; nil if there is no probe.
  public var probeDelay: TimeSpan?
  /// Between probes.
  public var probePeriod: TimeSpan
  /// Successes needed.
  public var probeThreshold: Int
  /// Whether it ends by itself after working.
  public var runsToCompletion: Bool
  /// How long it works; nil: by its profile's law.
  public var work: TimeSpan?
  /// What its annotations change.
  public var options: SandboxOptions

  /// An order from its parts.
  public init(
    pod: PodID, subject: UInt64, number: UInt32, place: Int, spot: Int, workload: Int,
    profile: Int, millicores: Int64, halfGiB: Int64, imageSet: Int, probeDelay: TimeSpan?,
    probePeriod: TimeSpan,
    probeThreshold: Int, runsToCompletion: Bool, work: TimeSpan? = nil,
    options: SandboxOptions = SandboxOptions()
  ) {
    self.pod = pod
    self.subject = subject
    self.number = number
    self.place = place
    self.spot = spot
    self.workload = workload
    self.profile = profile
    self.millicores = millicores
    self.halfGiB = halfGiB
    self.imageSet = imageSet
    self.probeDelay = probeDelay
    self.probePeriod = probePeriod
    self.probeThreshold = probeThreshold
    self.runsToCompletion = runsToCompletion
    self.work = work
    self.options = options
  }
}

extension StartOrder {
  /// The number of those whose kept disks it may take over and leaves its own to: its workload, or
  /// all with the same key.
  var diskNumber: Int { options.diskKey < 0 ? workload * 2 : Int(options.diskKey) * 2 + 1 }
}

/// What a timer of the start pipeline means when it comes up.
public enum PipelineStep: UInt8, BitwiseCopyable, Sendable {
  case retry, called, booted, addressed, pull, imaged, containersUp, serving, probed
  case runningStored, readyStored, worked, endStored, stopped, sandboxEnded
}

/// What the rest of the world must learn from the pipeline.
public enum PipelineReport: BitwiseCopyable, Sendable {
  /// The provider refused the Pod, for now.
  case refused(PodID, RefusalReason)
  /// The provider accepted the Pod.
  case accepted(PodID)
  /// A Pod that works to an end begins to.
  case working(PodID)
  /// The API server stores phase Running.
  case running(PodID)
  /// The API server stores Ready=True.
  case ready(PodID)
  /// The API server stores phase Succeeded.
  case succeeded(PodID)
  /// The Pod is stopped and its node has let go of it.
  case gone(PodID)
}

/// A stage that a Pod passed.
public struct StageMark: BitwiseCopyable, Sendable {
  /// The Pod.
  public var pod: PodID
  /// The stage.
  public var stage: Stage
  /// When it began.
  public var start: Instant
  /// When it ended.
  public var end: Instant
  /// Why the provider refused; nil if the Pod went on.
  public var refusal: RefusalReason?
  /// A mark from its parts.
  public init(
    pod: PodID, stage: Stage, start: Instant, end: Instant, refusal: RefusalReason? = nil
  ) {
    self.pod = pod
    self.stage = stage
    self.start = start
    self.end = end
    self.refusal = refusal
  }
}

/// What a pass through the pipeline asks for; emptied by the driver.
public struct PipelineOutbox: Sendable {
  /// A timer to be set.
  public struct Timer: BitwiseCopyable, Sendable {
    /// When it comes up.
    public var instant: Instant
    /// Whose it is.
    public var pod: PodID
    /// What it means.
    public var step: PipelineStep
  }
  /// Timers to be set.
  public private(set) var timers: [Timer] = []
  /// Stages passed.
  public private(set) var marks: [StageMark] = []
  /// News for the API server.
  public private(set) var reports: [PipelineReport] = []

  /// An empty outbox.
  public init() {}

  mutating func set(_ step: PipelineStep, for pod: PodID, at instant: Instant) {
    timers.append(Timer(instant: instant, pod: pod, step: step))
  }
  mutating func mark(
    _ pod: PodID, _ stage: Stage, from start: Instant, to end: Instant,
    refusal: RefusalReason? = nil
  ) {
    marks.append(StageMark(pod: pod, stage: stage, start: start, end: end, refusal: refusal))
  }
  mutating func report(_ report: PipelineReport) { reports.append(report) }

  /// Forgets everything.
  public mutating func clear() {
    if !timers.isEmpty { timers.removeAll(keepingCapacity: true) }
    if !marks.isEmpty { marks.removeAll(keepingCapacity: true) }
    if !reports.isEmpty { reports.removeAll(keepingCapacity: true) }
  }
}

/// What a serverless Pod is billed for.
public struct BilledStay: BitwiseCopyable, Sendable {
  /// The Pod's place (serverless pool).
  public var place: Int
  /// Its size in thousandths of a core, after rounding.
  public var millicores: Int64
  /// Its memory in halves of a GiB, after rounding.
  public var halfGiB: Int64
  /// From when.
  public var start: Instant
  /// Until when.
  public var end: Instant
  /// The processors it ran on.
  public var cpuType: ServerlessPool.CPUType
  /// Whether it is billed at the spot price.
  public var isSpot: Bool
  /// What its GPU cards cost together per hour, in picounits of the currency.
  public var gpuHour: Int64
  /// Its ephemeral storage beyond what is free, in GiB.
  public var diskGiB: Int64

  /// A stay from its parts.
  public init(
    place: Int, millicores: Int64, halfGiB: Int64, start: Instant, end: Instant,
    cpuType: ServerlessPool.CPUType, isSpot: Bool, gpuHour: Int64, diskGiB: Int64 = 0
  ) {
    self.place = place
    self.millicores = millicores
    self.halfGiB = halfGiB
    self.start = start
    self.end = end
    self.cpuType = cpuType
    self.isSpot = isSpot
    self.gpuHour = gpuHour
    self.diskGiB = diskGiB
  }
}

/// The streams of chance that the pipeline draws from, by purpose.
struct PipelineStreams: BitwiseCopyable, Sendable {
  let call, boot, address, roundTrip, imageBytes, cacheMount, diskReuse: KeyedStream
  let callRoundTrip: KeyedStream
  let container, startup, write, runTime, shutdown: KeyedStream

  init(_ source: RandomSource) {
    call = source.stream("call")
    boot = source.stream("boot")
    address = source.stream("address")
    roundTrip = source.stream("image/round-trip")
    callRoundTrip = source.stream("probe/round-trip")
    imageBytes = source.stream("image/bytes")
    cacheMount = source.stream("image/cache-mount")
    diskReuse = source.stream("image/disk-reuse")
    container = source.stream("start/container")
    startup = source.stream("start/application")
    write = source.stream("probe/write")
    runTime = source.stream("run-time")
    shutdown = source.stream("shutdown")
  }
}

/// The laws of a workload's Pods that the pipeline draws from.
public struct PipelineProfile: Sendable {
  /// Bytes of all images together.
  public var imageBytes: Law
  /// Seconds from the containers' start until the application serves.
  public var startup: Law
  /// Seconds that a Job's Pod works.
  public var runTime: Law
  /// Laws from their parts.
  public init(imageBytes: Law, startup: Law, runTime: Law) {
    self.imageBytes = imageBytes
    self.startup = startup
    self.runTime = runTime
  }
}
