import Quantities
import Statistics
import Testing

@Suite("Tallies")
struct TallyTests {
  @Test("Mean and variance survive a large offset")
  func stable() {
    let tally = Tally([1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16])
    #expect(tally.mean == 1e9 + 10)
    #expect(tally.variance == 30)
    #expect(tally.minimum == 1e9 + 4)
    #expect(tally.maximum == 1e9 + 16)
  }

  @Test("What doesn't exist is nil")
  func empty() {
    #expect(Tally().mean == nil)
    #expect(Tally().minimum == nil)
    #expect(Tally([3.0]).variance == nil)
    #expect(IntegerTally().mean == nil)
    #expect(IntegerTally().variance == nil)
    #expect(IntegerTally().maximum == nil)
    #expect(Sample([]).quantile(0.5) == nil)
    #expect(Sample([]).mean == nil)
  }

  @Test("Merged tallies equal one tally up to rounding, at every cut")
  func merge() throws {
    let values = (0..<40).map { Double(($0 * 7919) % 101) + 1e6 }
    let whole = Tally(values)
    for cut in 0...40 {
      var parts = Tally(values[..<cut])
      parts.merge(Tally(values[cut...]))
      #expect(parts.count == whole.count)
      #expect(abs(try #require(parts.mean) - whole.mean!) < 1e-9)
      #expect(abs(try #require(parts.variance) / whole.variance! - 1) < 1e-9)
      #expect(parts.minimum == whole.minimum && parts.maximum == whole.maximum)
    }
  }

  @Test("An integer tally is the same in every order and after every merge")
  func integerOrder() {
    let values: [Int64] = (0..<60).map { ($0 * 7919) % 101 * 1_000_000_007 - 40_000_000_000 }
    var forward = IntegerTally()
    var backward = IntegerTally()
    for value in values { forward.add(value) }
    for value in values.reversed() { backward.add(value) }
    var merged = IntegerTally()
    var rest = IntegerTally()
    for value in values[..<23] { rest.add(value) }
    for value in values[23...] { merged.add(value) }
    merged.merge(rest)
    #expect(forward == backward)
    #expect(forward == merged)
    let floating = Tally(values.map(Double.init))
    #expect(abs(forward.mean! / floating.mean! - 1) < 1e-12)
    #expect(abs(forward.variance! / floating.variance! - 1) < 1e-12)
  }

  @Test("Squares beyond 128 bits are carried")
  func carries() {
    var tally = IntegerTally()
    for _ in 0..<8 {
      tally.add(.max)
      tally.add(.min)
    }
    // Eight values of ±2⁶³ each: the variance is 16/15 · 2¹²⁶.
    let expected: Double = 16.0 / 15 * 0x1p126
    let error = abs(tally.variance! / expected - 1)
    #expect(error < 1e-15)
    #expect(tally.sum == -8)
  }
}

@Suite("Averages over time")
struct TimeWeightedAverageTests {
  @Test("The area is the sum of values times spans")
  func area() {
    var curve = TimeWeightedAverage(2, at: .seconds(1))
    curve.add(3, at: .seconds(3))
    curve.set(1, at: .seconds(4))
    curve.add(-1, at: .seconds(8))
    let seconds: Int128 = 2 * 2 + 5 * 1 + 1 * 4
    #expect(curve.area(until: .seconds(10)) == seconds * 1_000_000_000)
    #expect(curve.average(until: .seconds(11)) == 1.3)
    #expect(curve.maximum == 5)
    #expect(TimeWeightedAverage(4, at: .seconds(2)).average(until: .seconds(2)) == nil)
  }

  @Test("A restart forgets the past and keeps the value")
  func restart() {
    var curve = TimeWeightedAverage(9, at: .zero)
    curve.set(4, at: .seconds(5))
    curve.restart(at: .seconds(10))
    curve.set(6, at: .seconds(11))
    #expect(curve.average(until: .seconds(12)) == 5)
    #expect(curve.maximum == 6)
  }

  @Test("An average before the last change is refused")
  func backwards() async {
    await #expect(processExitsWith: .failure) {
      var curve = TimeWeightedAverage()
      curve.set(1, at: .seconds(2))
      curve.set(2, at: .seconds(1))
    }
  }
}
