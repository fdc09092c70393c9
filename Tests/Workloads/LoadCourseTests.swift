import Probability
import Quantities
import TestSupport
import Testing
import Workloads

@Suite("Courses of loads")
struct LoadCourseTests {
  private let hour = Instant.zero + .hours(1)

  private func course(
    _ shape: LoadProfile.Shape, drives: LoadProfile.Drive = .replicas, initial: Int = 3,
    until horizon: Instant? = nil, replication: Int = 0, name: String = "load"
  ) -> [(at: Double, change: LoadChange)] {
    var load = LoadProfile(name: name, target: "Deployment/web", shape: shape)
    load.drives = drives
    var course = LoadCourse(
      load, initial: initial, luck: RandomSource(seed: 4, replication: replication),
      horizon: horizon ?? hour)
    var changes: [(Double, LoadChange)] = []
    while let change = course.next() { changes.append((change.at.seconds, change.change)) }
    return changes
  }

  private func level(_ changes: [(at: Double, change: LoadChange)], at time: Double) -> Int? {
    guard case .level(let level) = changes.last(where: { $0.at <= time })?.change else {
      return nil
    }
    return level
  }

  @Test("A step goes from one level to another at its time, and starts where the manifest is")
  func step() {
    var step = LoadProfile.Step()
    step.at = .minutes(2)
    step.to = 9
    #expect(course(.step(step)).map(\.change) == [.level(9)])
    step.from = 3
    #expect(course(.step(step)).map(\.change) == [.level(9)])
    step.from = 5
    #expect(course(.step(step)).map(\.at) == [0, 120])
    #expect(course(.step(step)).map(\.change) == [.level(5), .level(9)])
    #expect(course(.step(step), drives: .jobs).map(\.change) == [.arrive(9)])
  }

  @Test("A ramp is straight, up or down, and a ramp in no time a step")
  func ramp() {
    var ramp = LoadProfile.Ramp()
    ramp.at = .seconds(60)
    ramp.over = .seconds(100)
    ramp.from = 0
    ramp.to = 50
    let up = course(.ramp(ramp))
    for second in 0...100 {
      let exact = Double(second) / 2
      let found = Double(level(up, at: 60 + Double(second)) ?? -1)
      #expect(abs(found - exact) <= 0.5)
    }
    #expect(level(up, at: 59) == 0)
    #expect(level(up, at: 3000) == 50)
    ramp.to = 0
    ramp.from = 10
    #expect(level(course(.ramp(ramp)), at: 110) == 5)
    ramp.over = .zero
    let now = course(.ramp(ramp))
    #expect(level(now, at: 60) == 0 || level(now, at: 61) == 0)
    #expect(level(now, at: 59.9) == 10)
  }

  @Test("A flash crowd rises by equal factors, stays, and halves its excess again and again")
  func flashCrowd() {
    var crowd = LoadProfile.FlashCrowd()
    crowd.at = .seconds(100)
    crowd.from = 3
    crowd.peak = 1023
    crowd.rise = .seconds(80)
    crowd.hold = .seconds(200)
    crowd.decay = .seconds(60)
    let changes = course(.flashCrowd(crowd))
    #expect(level(changes, at: 99) == 3)
    // From 4 to 1024 in eight doublings, one every ten seconds.
    #expect(level(changes, at: 110) == 7)
    #expect(level(changes, at: 150) == 127)
    #expect(level(changes, at: 180) == 1023)
    #expect(level(changes, at: 379) == 1023)
    #expect(level(changes, at: 440) == 513)
    #expect(level(changes, at: 500) == 258)
    #expect(level(changes, at: 3600) == 3)
    #expect(changes.allSatisfy { $0.at <= 3600 })
  }

  @Test("A day's course is looked at every interval, and never negative")
  func diurnal() {
    var day = LoadProfile.Diurnal()
    day.base = 100
    day.amplitude = 0.5
    let changes = course(.diurnal(day), until: .zero + .hours(24))
    #expect(level(changes, at: 6 * 3600) == 150)
    #expect(level(changes, at: 18 * 3600) == 50)
    #expect(level(changes, at: 12 * 3600) == 100)
    day.second = 1.5
    let low = course(.diurnal(day), until: .zero + .hours(24))
    #expect(low.allSatisfy { if case .level(let n) = $0.change { n >= 0 } else { false } })
  }

  @Test("Quiet and busy times alternate, with their mean lengths")
  func mmpp() {
    var mmpp = LoadProfile.MMPP()
    mmpp.low = 10
    mmpp.high = 70
    mmpp.meanLow = .minutes(20)
    mmpp.meanHigh = .minutes(5)
    let changes = course(.mmpp(mmpp), until: .zero + .hours(2000))
    var spans = (low: 0.0, high: 0.0)
    var counts = (low: 0, high: 0)
    for (change, next) in zip(changes, changes.dropFirst()) {
      #expect(change.change != next.change)
      if change.change == .level(10) {
        spans.low += next.at - change.at
        counts.low += 1
      } else {
        spans.high += next.at - change.at
        counts.high += 1
      }
    }
    // About 4,800 times of each kind: a mean's standard error is 1.4 %; a tenth is seven of them.
    #expect(abs(spans.low / Double(counts.low) / 1200 - 1) < 0.06)
    #expect(abs(spans.high / Double(counts.high) / 300 - 1) < 0.06)
    expectDetects("busy times a tenth longer") {
      #expect(abs(spans.high / Double(counts.high) / 330 - 1) < 0.06)
    }
  }

  @Test("Batches come at their times, in order, again after each period")
  func batch() {
    var batch = LoadProfile.Batch()
    batch.at = [.minutes(90), .minutes(5)]
    batch.jobs = 2
    #expect(course(.batch(batch), drives: .jobs).map(\.at) == [300])
    batch.every = .hours(1)
    let changes = course(.batch(batch), drives: .jobs, until: .zero + .hours(3))
    // The second of one period comes after the first of the next.
    #expect(changes.map(\.at) == [300, 3900, 5400, 7500, 9000])
    #expect(changes.allSatisfy { $0.change == .arrive(2) })
  }

  /// How many Jobs arrive, over many replications.
  private func count(
    _ shape: LoadProfile.Shape, from: Double = 0, to: Double, replications: Int = 200
  ) -> Double {
    var total = 0
    for replication in 0..<replications {
      let arrivals = course(
        shape, drives: .jobs, until: .seconds(to), replication: replication)
      total += arrivals.count { $0.at >= from }
    }
    return Double(total)
  }

  @Test("Jobs of a day's course arrive as often as the curve's integral says")
  func nonHomogeneous() {
    var day = LoadProfile.Diurnal()
    day.base = 30
    day.amplitude = 0.8
    day.period = .hours(4)
    // Over the first half of the period: base · (2 + amplitude · period / π); over the second less.
    // Some 6·200·… arrivals: the standard error of a Poisson count N is √N, four of them allowed.
    let busy = 200 * 30 * (2 + 0.8 * 4 / Double.pi)
    let quiet = 200 * 30 * (2 - 0.8 * 4 / Double.pi)
    let first = count(.diurnal(day), to: 7200)
    let second = count(.diurnal(day), from: 7200, to: 14_400)
    #expect(abs(first - busy) < 4 * busy.squareRoot())
    #expect(abs(second - quiet) < 4 * quiet.squareRoot())
    expectDetects("a curve without its amplitude") {
      #expect(abs(first - 200 * 60) < 4 * Double(200 * 60).squareRoot())
    }
  }

  @Test("Jobs of a ramp, a crowd and a law arrive as often as expected")
  func counts() {
    func check(_ found: Double, _ expected: Double) {
      #expect(abs(found - expected) < 4 * expected.squareRoot())
    }
    var ramp = LoadProfile.Ramp()
    ramp.at = .seconds(600)
    ramp.over = .seconds(1200)
    ramp.from = 60
    ramp.to = 180
    check(count(.ramp(ramp), to: 3600), 200 * (10 + 40 + 90))
    var crowd = LoadProfile.FlashCrowd()
    crowd.from = 0
    crowd.peak = 360
    crowd.rise = .seconds(5)
    crowd.hold = .seconds(1795)
    crowd.decay = .seconds(60)
    // The fall's integral is peak · decay / ln 2.
    let fall = 360.0 / 3600 * 60 / 0.693147
    check(count(.flashCrowd(crowd), to: 3600), 200 * (0.1 * 1797.5 + fall))
    var arrivals = LoadProfile.Arrivals()
    arrivals.from = .seconds(100)
    arrivals.until = .seconds(1900)
    arrivals.interarrival = .exponential(mean: 30)
    check(count(.arrivals(arrivals), to: 3600), 200 * 60)
    expectDetects("a mean gap a tenth shorter") {
      check(count(.arrivals(arrivals), to: 3600), 200 * 60 / 0.9)
    }
    let gaps = course(.arrivals(arrivals), drives: .jobs)
    #expect((gaps.first?.at ?? 0) >= 100)
    #expect((gaps.last?.at ?? 0) <= 1900)
  }

  @Test("A course depends on its load's name and the replication alone")
  func luck() {
    let shape = LoadProfile.Shape.arrivals(LoadProfile.Arrivals())
    let times = course(shape, drives: .jobs).map(\.at)
    #expect(times == course(shape, drives: .jobs, initial: 50).map(\.at))
    #expect(times != course(shape, drives: .jobs, name: "other").map(\.at))
    #expect(times != course(shape, drives: .jobs, replication: 1).map(\.at))
    let longer = course(shape, drives: .jobs, until: .zero + .hours(2)).map(\.at)
    #expect(Array(longer.prefix(times.count)) == times)
  }
}
