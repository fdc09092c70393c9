import Quantities
import Testing
import Workloads

@testable import CloudSimulation

@Suite("Batch systems beside the cluster")
struct BatchClusterTests {
  /// A job by submission, run time and machines, in seconds; it asks for the time that it runs.
  private static func job(_ number: Int, _ at: Int, _ runs: Int, _ machines: Int) -> RecordedJob {
    RecordedJob(
      number: number, submitted: .zero + .seconds(at), runTime: .seconds(runs),
      processors: machines, requestedTime: .seconds(runs))
  }

  /// On four machines: the second job waits for the first, the third could run beside the first
  /// without delaying the second, the fourth couldn't.
  private static let jobs = [
    job(1, 0, 100, 3), job(2, 10, 100, 4), job(3, 20, 50, 1), job(4, 30, 300, 1),
  ]

  private static func result(
    _ policy: BatchCluster.Policy, of replication: Int = 0, windows: Int = 1,
    for duration: TimeSpan = .hours(1)
  ) -> BatchResult {
    var cluster = BatchCluster(name: "hpc")
    cluster.machines = 4
    cluster.policy = policy
    cluster.windows = windows
    cluster.jobs = jobs
    var scenario = Scenario(name: "batch")
    scenario.duration = duration
    scenario.batchClusters = [cluster]
    return scenario.simulate(replication: replication).batches[0]
  }

  @Test("In a cancelled task it stops and says where, and its result is that up to there")
  func stopped() async {
    var cluster = BatchCluster(name: "hpc")
    cluster.machines = 4
    cluster.jobs = Self.jobs
    let task = Task { [cluster] in
      withUnsafeCurrentTask { $0?.cancel() }
      return cluster.result(of: 0, horizon: .zero + .hours(1))
    }
    let result = await task.value
    #expect(result.stoppedAt == .zero)
    #expect(result.submitted == 1 && result.completed == 0 && result.makespan == nil)
    let whole = cluster.result(of: 0, horizon: .zero + .hours(1))
    #expect(whole.stoppedAt == nil && whole.completed == 4)
  }

  @Test(
    "What each policy makes of four jobs, worked out by hand",
    arguments: [
      // Starts: 0, 100, 200, 200.
      (BatchCluster.Policy.strict, 0 + 90 + 180 + 170), (.easy, 0 + 90 + 0 + 170),
      (.easyTextbook, 0 + 90 + 0 + 170), (.easyRLScheduler, 0 + 90 + 0 + 170),
      (.conservative, 0 + 90 + 0 + 170),
    ])
  func waits(policy: BatchCluster.Policy, total: Int) throws {
    let result = Self.result(policy)
    #expect(result.submitted == 4 && result.completed == 4)
    #expect(try #require(result.wait) == Double(total) / 4)
    #expect(try #require(result.turnaround) == Double(total + 550) / 4)
    // 300 + 400 + 50 + 300 machine seconds, over 500 s on four machines.
    #expect(abs(try #require(result.utilisation) - 1050.0 / 2000) < 1e-12)
  }

  @Test("The makespan is from the first submission to the last end, and needs all jobs to end")
  func makespan() {
    // Starts under `strict`: 0, 100, 200, 200; the last ends after 500 s.
    #expect(Self.result(.strict).makespan == 500)
    #expect(Self.result(.strict, for: .seconds(499)).makespan == nil)
    #expect(Self.result(.strict, of: 1, windows: 2).makespan == 310)
  }

  @Test("A claim about a batch queue sees its jobs, beside claims that see Pods, also in branches")
  func claims() throws {
    var cluster = BatchCluster(name: "hpc")
    cluster.machines = 4
    cluster.policy = .strict
    cluster.jobs = Self.jobs
    var scenario = Scenario(name: "batch")
    scenario.duration = .hours(1)
    scenario.batchClusters = [BatchCluster(name: "empty"), cluster]
    var claim = Claim(name: "soon")
    claim.metric = .batchWait
    claim.queue = "hpc"
    var open = Claim(name: "which")
    open.metric = .batchWait
    scenario.claims = [claim]
    #expect(scenario.window(of: claim) != nil && scenario.window(of: open) == nil)
    let result = scenario.simulate()
    #expect(result.bursts.count == 1 && result.bursts[0].places == 0)
    #expect(result.bursts[0].batch == Self.result(.strict))
    let branch = scenario.simulate(switchingAt: .minutes(1), to: scenario)
    #expect(branch.batches == result.batches && branch.bursts[0].batch == result.batches[1])
  }

  @Test(
    "A window's jobs count from its first one, on an empty cluster, and replications take turns")
  func windows() throws {
    let (first, second, third) = (
      Self.result(.strict, of: 0, windows: 2), Self.result(.strict, of: 1, windows: 2),
      Self.result(.strict, of: 2, windows: 2)
    )
    #expect(first == third)
    #expect(first.submitted == 2 && first.wait == 45)
    #expect(second.submitted == 2 && second.wait == 0)
  }

  @Test("Jobs that the horizon cuts off wait until then, and count as not ended")
  func horizon() throws {
    let result = Self.result(.strict, for: .seconds(150))
    #expect(result.submitted == 4 && result.completed == 1)
    #expect(try #require(result.wait) == Double(0 + 90 + 130 + 120) / 4)
    // Three machines for 100 s and four for 50 s, of four for 150 s.
    #expect(abs(try #require(result.utilisation) - 500.0 / 600) < 1e-12)
  }
}
