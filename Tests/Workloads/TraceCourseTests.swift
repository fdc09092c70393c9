import Probability
import Quantities
import Testing
import Workloads

@Suite("Courses of loads as they were recorded")
struct TraceCourseTests {
  private func changes(
    _ rows: [(Double, Double)], drives: LoadProfile.Drive, scale: Double = 1
  ) -> [(at: Instant, change: LoadChange)] {
    var trace = LoadProfile.Trace()
    trace.rows = rows.map { LoadProfile.Trace.Row(at: .seconds($0.0), value: $0.1) }
    trace.scale = scale
    var load = LoadProfile(name: "load", target: "Job/work", shape: .trace(trace))
    load.drives = drives
    var course = LoadCourse(
      load, initial: 3, luck: RandomSource(seed: 1), horizon: .zero + .hours(1))
    var result: [(Instant, LoadChange)] = []
    while let change = course.next() { result.append(change) }
    return result
  }

  private func arrivals(_ count: Int, scale: Double) -> Int {
    changes((0..<count).map { (Double($0), 5) }, drives: .jobs, scale: scale)
      .reduce(0) { sum, change in
        guard case .arriveWorking(let jobs, let work) = change.change, work == .seconds(5) else {
          return sum
        }
        return sum + jobs
      }
  }

  @Test("Jobs come when they came, and work as long as they worked")
  func jobs() {
    let found = changes([(0, 30), (12.5, 0.25), (12.5, 600)], drives: .jobs)
    #expect(found.map(\.at) == [.zero, .zero + .seconds(12.5), .zero + .seconds(12.5)])
    #expect(
      found.map(\.change) == [
        .arriveWorking(1, .seconds(30)), .arriveWorking(1, .seconds(0.25)),
        .arriveWorking(1, .seconds(600)),
      ])
  }

  @Test("A scale lets so many more or fewer Jobs come, to the nearest one")
  func scaledJobs() {
    #expect(arrivals(10, scale: 1) == 10)
    #expect(arrivals(10, scale: 2) == 20)
    #expect(arrivals(10, scale: 0.3) == 3)
    #expect(arrivals(10, scale: 1.25) == 13)
    #expect(arrivals(10, scale: 0) == 0)
  }

  @Test("Levels hold from their row on, and equal ones are no change")
  func levels() {
    let found = changes([(0, 3.4), (60, 2.6), (120, 9), (180, 0)], drives: .replicas)
    #expect(found.map(\.change) == [.level(3), .level(9), .level(0)])
    #expect(found.map(\.at) == [.zero, .zero + .minutes(2), .zero + .minutes(3)])
    #expect(
      changes([(0, 3), (60, 5)], drives: .replicas, scale: 2).map(\.change) == [
        .level(6), .level(10),
      ])
  }
}
