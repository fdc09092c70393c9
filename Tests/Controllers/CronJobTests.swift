import ClusterModel
import Controllers
import Quantities
import TestSupport
import Testing

@Suite struct CronJobTests {
  /// Tuesday, 2026-11-10, midnight.
  private let origin: Int64 = 1_794_268_800

  private func api(
    _ schedule: String, call: TimeSpan = .zero, _ edit: (inout CronJob) -> Void = { _ in }
  ) throws -> MemoryAPI {
    var job = CronJob(
      namespace: "default", name: "report", job: Manifests.workload(.job, "pattern"))
    job.job.job.completions = 1
    job.job.job.backoffLimit = 0
    job.schedule = try CronSchedule(schedule)
    edit(&job)
    var delays = MemoryAPI.Delays()
    delays.start = .milliseconds(100)
    delays.call = call
    var api = MemoryAPI(Manifests.cluster(), delays: delays)
    api.cronJobs = [job]
    api.join(JobController())
    api.join(CronJobController(jobs: [job], origin: origin))
    return api
  }

  /// The instants at which Jobs were created, in seconds.
  private func starts(_ api: borrowing MemoryAPI) -> [Double] {
    api.issued.compactMap { entry in
      if case .createJob = entry.command { entry.time.seconds } else { nil }
    }
  }

  private func deletions(_ api: borrowing MemoryAPI) -> Int {
    api.issued.count { if case .deleteWorkload = $0.command { true } else { false } }
  }

  /// Ends every running Pod.
  private func end(_ api: inout MemoryAPI, as phase: PodPhase) {
    for slot in 0..<api.state.podSlotCount {
      if let pod = api.state.pod(slot: slot), pod.phase == .running {
        api.change { $0.setPhase(pod.id, to: phase) }
      }
    }
  }

  @Test func `a Job starts 100 ms after each of its times, also while others run`() throws {
    var api = try api("*/10 * * * *")
    api.run(until: .seconds(3700))
    let times = starts(api)
    #expect(times == [600.1, 1200.1, 1800.1, 2400.1, 3000.1, 3600.1])
    #expect(deletions(api) == 0)
    var names: [String] = []
    for slot in 0..<api.state.workloadSlotCount {
      if let workload = api.state.workload(slot: slot) { names.append(workload.name) }
    }
    #expect(names.count == 6)
    #expect(names[0] == "report-\((origin + 600) / 60)")
  }

  @Test func `with Forbid a run that came due meanwhile starts when the earlier one is over`()
    throws
  {
    var api = try api("*/10 * * * *") { $0.concurrency = .forbid }
    api.run(until: .seconds(1900))
    let first = starts(api)
    #expect(first == [600.1])
    end(&api, as: .succeeded)
    api.run(until: .seconds(2000))
    // The run of 1,200 is given up for that of 1,800.
    let second = starts(api)
    #expect(second.count == 2)
    #expect(abs(second[1] - 1900) < 0.001)
  }

  @Test func `with a deadline it starts only if it isn't too late`() throws {
    var api = try api("*/10 * * * *") {
      $0.concurrency = .forbid
      $0.startingDeadlineSeconds = 60
    }
    api.run(until: .seconds(1900))
    end(&api, as: .succeeded)
    api.run(until: .seconds(2390))
    let first = starts(api)
    #expect(first == [600.1])
    api.run(until: .seconds(2500))
    let second = starts(api)
    #expect(second == [600.1, 2400.1])
  }

  @Test func `with Replace the earlier Job is deleted with its Pod`() throws {
    var api = try api("*/10 * * * *") { $0.concurrency = .replace }
    api.run(until: .seconds(1900))
    let times = starts(api)
    #expect(times == [600.1, 1200.1, 1800.1])
    let deleted = deletions(api)
    #expect(deleted == 2)
    var running = 0
    for slot in 0..<api.state.podSlotCount where api.state.pod(slot: slot) != nil { running += 1 }
    #expect(running == 1)
  }

  @Test func `of Jobs that are over three and one are kept`() throws {
    var api = try api("*/10 * * * *")
    for run in 1...12 {
      api.run(until: .seconds(Double(run) * 600 + 300))
      end(&api, as: run.isMultiple(of: 3) ? .failed : .succeeded)
    }
    api.run(until: .seconds(8000))
    var left: [String] = []
    for slot in 0..<api.state.workloadSlotCount {
      if let workload = api.state.workload(slot: slot) { left.append(workload.name) }
    }
    // Eight succeeded and four failed: five and three are deleted, and the thirteenth runs.
    let deleted = deletions(api)
    #expect(deleted == 8)
    #expect(left.count == 5)
  }

  @Test func `of runs missed before the start only the newest is made up for, however many`()
    throws
  {
    for (hours, limit) in [(2.0, nil), (30, nil), (30, 300)] as [(Double, Int64?)] {
      var api = try api("*/10 * * * *") {
        $0.created = .seconds(-hours * 3600 - 30)
        $0.startingDeadlineSeconds = limit
      }
      api.run(until: .seconds(650))
      let times = starts(api)
      // The newest time is midnight itself.
      #expect(times == [0, 600.1])
    }
    var late = try api("5 * * * *") {
      $0.created = .seconds(-7200)
      $0.startingDeadlineSeconds = 60
    }
    late.run(until: .seconds(400))
    let times = starts(late)
    #expect(times == [300.1])
  }

  @Test func `with a time zone its times are on that zone's clock`() throws {
    // The scenario's midnight is 8 o'clock there.
    for (shift, expected) in [(0, [28_800.1]), (28_800, [0.1]), (28_800 + 1800, [])]
      as [(Int64, [Double])]
    {
      var api = try api("0 8 * * *") {
        $0.clockShift = shift
        $0.created = .seconds(-1)
      }
      api.run(until: .seconds(40_000))
      let times = starts(api).map { ($0 * 10).rounded() / 10 }
      #expect(times.count == expected.count)
      for (time, right) in zip(times, expected) { #expect(abs(time - right) <= 0.1) }
    }
  }

  @Test func `more than a hundred missed starts are noted once a look, a hundred aren't`() throws {
    // Every ten minutes since before the run's begin: k times are missed at the first look.
    for (missed, noted) in [(99, 0), (100, 0), (101, 1), (5000, 1)] {
      var job = CronJob(
        namespace: "default", name: "report", job: Manifests.workload(.job, "pattern"))
      job.schedule = try CronSchedule("*/10 * * * *")
      job.created = .seconds(-600 * Double(missed - 1) - 30)
      var controller = CronJobController(jobs: [job], origin: origin)
      let state = ClusterState(Manifests.cluster())
      var out = CommandBuffer()
      _ = controller.reconcile(
        state, in: ControllerPass(now: .zero, position: state.logEnd), into: &out)
      let counts = controller.counts
      let commands = out.commands.count
      #expect(counts.manyMissed == noted, "\(missed)")
      // However many, the newest is started.
      #expect(commands == 1)
    }
  }

  @Test func `a suspended CronJob does nothing, and a refused Job is tried again`() throws {
    var idle = try api("* * * * *") { $0.isSuspended = true }
    idle.run(until: .seconds(600))
    let none = starts(idle)
    #expect(none.isEmpty)
    var api = try api("*/10 * * * *")
    api.forbids = { _, command in
      if case .createJob = command { true } else { false }
    }
    api.run(until: .seconds(601))
    let tries = starts(api)
    #expect(tries.count == 8)
    api.forbids = nil
    api.run(until: .seconds(700))
    let jobs = api.state.workloadSlotCount
    #expect(jobs == 1)
  }
}
