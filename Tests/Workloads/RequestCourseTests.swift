import Probability
import Quantities
import Testing
import Workloads

@Suite("How requests come")
struct RequestCourseTests {
  private let luck = RandomSource(seed: 1)

  private func rate(_ shape: LoadProfile.Shape, at seconds: Double) -> Double? {
    var load = LoadProfile(name: "load", target: "Deployment/web", shape: shape)
    load.drives = .requests
    let course = RequestCourse(load, luck: luck, horizon: .zero + .hours(24))
    guard case .rate(let rate) = course else { return nil }
    return rate.rate(at: .seconds(seconds))
  }

  @Test("A step holds its levels, the second from its instant on")
  func step() {
    var step = LoadProfile.Step()
    step.at = .seconds(60)
    step.to = 50
    #expect(rate(.step(step), at: 59.999) == 0)
    #expect(rate(.step(step), at: 60) == 50)
    step.from = 7
    #expect(rate(.step(step), at: 0) == 7)
  }

  @Test("A ramp is straight, a crowd follows its curve, a day its sines")
  func curves() throws {
    var ramp = LoadProfile.Ramp()
    ramp.from = 10
    ramp.to = 30
    ramp.over = .seconds(100)
    #expect(rate(.ramp(ramp), at: 25) == 15)
    #expect(rate(.ramp(ramp), at: 1000) == 30)
    var crowd = LoadProfile.FlashCrowd()
    crowd.peak = 100
    crowd.decay = .seconds(100)
    #expect(rate(.flashCrowd(crowd), at: 60) == 100)
    let later = try #require(rate(.flashCrowd(crowd), at: 760))
    #expect(abs(later - 50) < 0.5)
    var day = LoadProfile.Diurnal()
    day.base = 100
    let noon = try #require(rate(.diurnal(day), at: 6 * 3600))
    #expect(abs(noon - 150) < 0.1)
  }

  @Test("A series holds each count for its interval and is zero after the last")
  func series() {
    var series = LoadProfile.Series()
    series.counts = [60, 0, 120]
    series.scale = 2
    #expect(rate(.series(series), at: 0) == 2)
    #expect(rate(.series(series), at: 59.9) == 2)
    #expect(rate(.series(series), at: 60) == 0)
    #expect(rate(.series(series), at: 179.9) == 4)
    #expect(rate(.series(series), at: 180) == 0)
  }

  @Test("The states of mmpp are those that other loads of that course have on the same luck")
  func states() throws {
    let shape = LoadProfile.Shape.mmpp(.init())
    var other = LoadCourse(
      LoadProfile(name: "load", target: "Deployment/web", shape: shape), initial: 1, luck: luck,
      horizon: .zero + .hours(24))
    var changes = 0
    while let (at, change) = other.next() {
      guard case .level(let level) = change else { continue }
      #expect(rate(shape, at: at.seconds) == Double(level))
      changes += 1
    }
    #expect(changes > 10)
  }

  @Test("Requests change no replicas")
  func noReplicas() {
    var load = LoadProfile(name: "load", target: "Deployment/web", shape: .step(.init()))
    load.drives = .requests
    var course = LoadCourse(load, initial: 1, luck: luck, horizon: .zero + .hours(1))
    let next = course.next()
    #expect(next == nil)
  }
}
