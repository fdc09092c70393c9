import DiscreteEvents
import Quantities
import TestSupport
import Testing

@Suite("Lazy timers")
struct LazyTimerTests {
  /// Timers that are moved at random, against a plain list of their deadlines.
  @Test("Every timer expires exactly when its last deadline passes", arguments: 0..<8)
  func againstDeadlines(seed: Int) {
    var random = SeededGenerator(seed: UInt64(seed))
    var agenda = EventList<UInt32>()
    var timers = [LazyTimer](repeating: LazyTimer(), count: 50)
    var deadlines = [Instant?](repeating: nil, count: timers.count)
    var expiries = 0
    for _ in 0..<3_000 {
      let mover = random.below(timers.count)
      if random.below(5) == 0 {
        timers[mover].cancel()
        deadlines[mover] = nil
      } else {
        let deadline = agenda.now + TimeSpan(nanoseconds: Int64(1 + random.below(500)))
        timers[mover].arm(at: deadline, posting: UInt32(mover), on: &agenda)
        deadlines[mover] = deadline
      }
      let until = agenda.now + TimeSpan(nanoseconds: Int64(random.below(8)))
      while let event = agenda.next(notAfter: until) {
        let timer = Int(event)
        if timers[timer].expired(posting: event, on: &agenda) {
          let now = agenda.now
          #expect(deadlines[timer] == now)
          deadlines[timer] = nil
          expiries += 1
        }
      }
      let now = agenda.now
      #expect(deadlines.allSatisfy { $0 == nil || $0! >= now })
    }
    #expect(expiries > 100)
  }

  @Test("A deadline that keeps moving later needs one entry")
  func oneEntry() {
    var agenda = EventList<UInt32>()
    var timer = LazyTimer()
    var most = 0
    for step in 0..<1_000 {
      let instant = Instant.seconds(Double(step))
      timer.arm(at: instant + .seconds(300), posting: 1, on: &agenda)
      while let event = agenda.next(notAfter: instant) {
        let expired = timer.expired(posting: event, on: &agenda)
        #expect(!expired)
      }
      most = max(most, agenda.count)
    }
    #expect(most == 1)
    let last = agenda.next()
    #expect(last == 1)
    #expect(timer.isPosted)
  }

  @Test("A cancelled timer doesn't expire, and can be armed again")
  func cancelled() {
    var timer = LazyTimer()
    let first = timer.arm(at: .seconds(10))
    #expect(first)
    timer.cancel()
    #expect(!timer.isArmed)
    #expect(timer.comeUp(at: .seconds(10)) == .stale)
    let again = timer.arm(at: .seconds(20))
    #expect(again)
    #expect(timer.comeUp(at: .seconds(20)) == .expired)
    #expect(!timer.isArmed && !timer.isPosted)
  }

  @Test("A deadline moved earlier gets an entry of its own, and the old one means nothing")
  func earlier() {
    var timer = LazyTimer()
    let posts = [timer.arm(at: .seconds(10)), timer.arm(at: .seconds(5))]
    #expect(posts == [true, true])
    #expect(timer.comeUp(at: .seconds(5)) == .expired)
    #expect(timer.comeUp(at: .seconds(10)) == .stale)
  }

  @Test("An entry that comes up before a moved deadline is posted again")
  func movedLater() {
    var timer = LazyTimer()
    let posts = [timer.arm(at: .seconds(10)), timer.arm(at: .seconds(25))]
    #expect(posts == [true, false])
    #expect(timer.comeUp(at: .seconds(10)) == .post(.seconds(25)))
    #expect(timer.comeUp(at: .seconds(25)) == .expired)
  }
}
