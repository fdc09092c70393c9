import Infrastructure
import Quantities
import TestSupport
import Testing

@Suite("Token buckets and workers")
struct TokenBucketTests {
  /// Nanoseconds of `count` intervals at `events` per `seconds`, to the nearest.
  private func span(_ count: Int, events: Int, seconds: Int) -> Int64 {
    let (numerator, denominator) = (Int128(count) * Int128(seconds) * 1_000_000_000, Int128(events))
    return Int64((2 * numerator + denominator) / (2 * denominator))
  }

  @Test(
    "The n-th of n calls asked at once passes after exactly max(0, n − b)/r",
    arguments: [(3, 1), (7, 1), (20, 1), (1000, 60), (1500, 60), (17, 3600), (999_983, 1)])
  func burst(events: Int, seconds: Int) throws {
    let rate = try Rate.parse("\(events)/\(seconds == 1 ? "s" : seconds == 60 ? "min" : "h")")
    for burst in [1, 2, 30] {
      for start in [Instant.zero, .seconds(1.5), Instant(nanoseconds: -7)] {
        var bucket = TokenBucket(rate: rate, burst: burst)
        let wrong = (1...2000).filter { n in
          let wait = span(max(0, n - burst), events: events, seconds: seconds)
          return bucket.take(at: start).nanoseconds != start.nanoseconds + wait
        }
        #expect(wrong.isEmpty)
      }
    }
  }

  /// A bucket that counts its tokens: the textbook's, and slower.
  private struct CountedBucket {
    let interval: Double
    let burst: Double
    var tokens: Double
    var last = 0.0

    init(interval: Double, burst: Int) {
      self.interval = interval
      self.burst = Double(burst)
      tokens = Double(burst)
    }

    mutating func take(at now: Double) -> Double {
      let asked = max(now, last)
      tokens = min(burst, tokens + (asked - last) / interval) - 1
      last = asked
      guard tokens < 0 else { return asked }
      last = asked - tokens * interval
      tokens = 0
      return last
    }
  }

  private func disagreement(burst: Int, against other: Int) -> Double {
    var generator = SeededGenerator(seed: 11)
    var bucket = TokenBucket(rate: Rate(perSecond: 8), burst: burst)
    var oracle = CountedBucket(interval: 0.125, burst: other)
    var now = Instant.zero
    var worst = 0.0
    for _ in 0..<5000 {
      now = now + .milliseconds(generator.below(4) == 0 ? generator.below(2000) : 0)
      worst = max(worst, abs(bucket.take(at: now).seconds - oracle.take(at: now.seconds)))
    }
    return worst
  }

  @Test("Calls that come in crowds with pauses between pass as from a bucket that counts tokens")
  func counted() {
    #expect(disagreement(burst: 5, against: 5) < 1e-6)
    expectDetects("one token more") { #expect(disagreement(burst: 5, against: 6) < 1e-6) }
  }

  @Test("An unlimited bucket lets everything through, one of rate zero its burst only")
  func extremes() {
    var open = TokenBucket(rate: .unlimited, burst: 1)
    var shut = TokenBucket(rate: Rate(perSecond: 0), burst: 3)
    let opened = (0..<100).map { _ in open.take(at: .seconds(1.0)) }
    #expect(opened.allSatisfy { $0 == .seconds(1.0) })
    let through = (0..<100).filter { _ in shut.take(at: .seconds(1.0)) == .seconds(1.0) }
    #expect(through == [0, 1, 2])
    let late = shut.take(at: .seconds(9.0))
    #expect(late > .seconds(1e9))
    #expect(open.isUnlimited && !shut.isUnlimited)
  }

  @Test("Workers take jobs in the order in which they come")
  func workers() {
    var pool = WorkerPool<Int>(size: 2)
    let taken = (0..<2000).filter { pool.offer($0) }
    #expect(taken == [0, 1])
    #expect(pool.waitingCount == 1998)
    let next = (2..<2000).map { _ in pool.release() }
    #expect(next == Array(2..<2000))
    #expect(pool.busy == 2)
    let none = [pool.release(), pool.release()]
    #expect(none == [nil, nil])
    #expect(pool.busy == 0)
    var many = WorkerPool<Int>(size: nil)
    let all = (0..<100).filter { many.offer($0) }
    #expect(all.count == 100)
  }
}
