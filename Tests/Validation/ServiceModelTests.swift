import CloudSimulation
import Statistics
import TestSupport
import Testing

/// The services of scenario files at constant load against the closed forms of queues.
///
/// A quantity agrees if the known value lies in Student's interval that misses the truth once in a
/// million times: with 30 replications within 6.2 standard errors of the mean. Each replication
/// counts the requests of 19,500 s.
@Suite("Services of scenario files", .serialized)
struct ServiceModelTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var id: String
    var scenario: ServiceScenario
    var testDescription: String { id }
  }

  private static func rate(_ value: Double) -> String { "diurnal: {base: \(value), amplitude: 0}" }

  private static func queue(
    _ id: String, _ course: String, places: Int = 1,
    _ serviceTime: String = "exponential(mean: 1s)",
    queue: Int? = nil, sharing: Bool = false
  ) -> Case {
    var scenario = ServiceScenario()
    scenario.course = course
    scenario.serviceTime = serviceTime
    scenario.concurrency = places
    if let queue { scenario.requests = ", queue: \(queue)" }
    if sharing {
      // Every request uses a core while it is served, and there is one core.
      scenario.cpu = "1s"
      scenario.concurrency = 100_000
    }
    return Case(id: id, scenario: scenario)
  }

  static let cases = [
    queue("M/M/1-002", rate(0.8)),
    queue("M/M/c-005", rate(1.5), places: 2),
    queue("M/M/c-006", rate(3.2), places: 4),
    queue("M/M/c-008", rate(45), places: 50),
    queue("M/M/c/K-011", rate(1), queue: 9),
    queue("M/M/c/K-012", rate(2), places: 3, queue: 0),
    queue("M/M/c/K-013", rate(5), places: 4, queue: 8),
    queue("M/G/1-018", rate(0.8), "1s"),
    queue("M/G/1-019", rate(0.7), "erlang(shape: 3, mean: 1s)"),
    queue("M/G/1-022", rate(0.4), "lognormal(1s, 1)"),
    queue("M/G/1-PS-026", rate(0.7), sharing: true),
    queue("M/G/1-PS-028", rate(0.9), "1s", sharing: true),
    queue("GI/M/1-035", "arrivals: {interarrival: 1.25s}"),
  ]

  private func expectAgreement(_ results: [RequestResult], with vector: QueueingVector) throws {
    let means = ServiceScenario.means(results)
    #expect(means.count == 30)
    let known = try #require(vector.expected["W"])
    #expect(
      ServiceScenario.covers(means, known),
      "\(vector.id) W: \(known), found \(Sample(means).mean ?? 0)")
    guard let blocked = vector.expected["P_block"] else { return }
    let shares = results.map { Double($0.dropped) / Double($0.arrived) }
    #expect(
      ServiceScenario.covers(shares, blocked),
      "\(vector.id) P_block: \(blocked), found \(Sample(shares).mean ?? 0)")
  }

  @Test("Constant load meets the closed form", arguments: cases)
  func agreement(item: Case) throws {
    try expectAgreement(item.scenario.run(), with: QueueingVector.named(item.id))
  }

  private func expectDetected(
    _ id: String, _ mutant: Comment, _ change: (inout ServiceScenario) -> Void
  ) throws {
    var scenario = try #require(Self.cases.first { $0.id == id }).scenario
    change(&scenario)
    let results = try scenario.run(seed: 2)
    let vector = try QueueingVector.named(id)
    expectDetects(mutant) { try expectAgreement(results, with: vector) }
  }

  /// W = 5 with a standard error of √(1976 / (30 · 15,600)) = 0.065; at a service rate of 0.95 it is
  /// 6.67: 26 of them.
  @Test("M/M/1 with a service 5 % slower is noticed")
  func slower() throws {
    try expectDetected("M/M/1-002", "The service is 5 % slower.") {
      $0.serviceTime = "exponential(mean: 1.0526s)"
    }
  }

  /// One place of 50 more: Wq falls from 0.0728 to 0.052, with a standard error of 0.0008.
  @Test("M/M/c with one place in fifty too many is noticed")
  func placeTooMany() throws {
    try expectDetected("M/M/c-008", "There is a place more.") { $0.concurrency += 1 }
  }

  /// One by one instead of shared, at c² = 0: W falls from 10 to 5.5, the standard error is 0.2.
  @Test("A limit that doesn't slow requests down is noticed")
  func noSharing() throws {
    try expectDetected("M/G/1-PS-028", "Requests are served one by one.") {
      $0.concurrency = 1
    }
  }

  /// A place more in the queue: P(block) falls from 1/11 to 1/12, standard error 0.0007.
  @Test("A bound of the queue that is off by one is noticed")
  func boundOffByOne() throws {
    try expectDetected("M/M/c/K-011", "One more may wait.") { $0.requests = ", queue: 10" }
  }

  // MARK: Examples that stand for all

  /// A crowd at 160 Pods: their load goes from 0.5 to 1.3 and back, requests back up, time out, are
  /// tried again, and drain.
  private static func crowd(followed: Int) -> ServiceScenario {
    var scenario = ServiceScenario()
    scenario.pods = 160
    scenario.course =
      "flashCrowd: {at: 5m, from: 160, peak: 416, rise: 1m, hold: 2m, decay: 1m}"
    scenario.serviceTime = "exponential(mean: 500ms)"
    scenario.requests = ", deadline: 4s, retries: 1, retryBudget: 0.1, queue: 30"
    scenario.followedRate = "\(followed)/s"
    scenario.timeout = "8s"
    scenario.duration = 900
    scenario.from = 120
    scenario.tail = 0
    return scenario
  }

  private func shares(_ results: [RequestResult]) -> [[Double]] {
    [
      ServiceScenario.means(results),
      results.map { Double($0.late + $0.openLate) / Double($0.arrived) },
      results.map { Double($0.dropped) / Double($0.arrived) },
      results.compactMap { $0.latency(0.95) },
    ]
  }

  private func expectAlike(_ some: [RequestResult], _ all: [RequestResult]) {
    for (one, other) in zip(shares(some), shares(all)) {
      let difference = ConfidenceInterval.pairedDifference(one, other, confidence: 1 - 1e-6)
      #expect(difference?.excludesZero == false, "\(String(describing: difference))")
    }
  }

  /// Every request followed against about one in ten: 160 Pods by themselves, and 16 that stand for
  /// ten each. The standard error of the paired difference of the mean time is 1 % of it.
  @Test("Examples come to the same as all Pods, through an overload and out of it")
  func aggregation() throws {
    let all = try Self.crowd(followed: 1000).run()
    let some = try Self.crowd(followed: 40).run()
    expectAlike(some, all)
    var slow = Self.crowd(followed: 40)
    slow.serviceTime = "exponential(mean: 530ms)"
    let wrong = try slow.run()
    expectDetects("Service takes 6 % longer.") { expectAlike(wrong, all) }
  }
}
