import Statistics
import TestSupport
import Testing

@Suite("A histogram whose buckets grow")
struct LogarithmicHistogramTests {
  private func exact(_ values: [Int64], _ p: Double) -> Double {
    let rank = max(1, Int((p * Double(values.count)).rounded(.up)))
    return Double(values.sorted()[rank - 1])
  }

  @Test("Quantiles are off by less than 0.8 %, over eighteen orders of magnitude")
  func quantiles() throws {
    var generator = SeededGenerator(seed: 3)
    for bits in stride(from: 1, through: 62, by: 3) {
      let values = (0..<500).map { _ in Int64(generator.next() >> UInt64(64 - bits)) }
      var histogram = LogarithmicHistogram()
      for value in values { histogram.add(value) }
      for p in [0.0, 0.01, 0.5, 0.95, 0.99, 1] {
        let right = exact(values, p)
        let found = try #require(histogram.quantile(p))
        #expect(abs(found - right) <= right * 0.008, "\(bits) bits, \(p)")
      }
    }
  }

  @Test("Whole numbers below 128 are kept as they are")
  func small() {
    for value in Int64(0)..<128 {
      var histogram = LogarithmicHistogram()
      histogram.add(value, times: 3)
      #expect(histogram.quantile(0.5) == Double(value))
      #expect(histogram.mean == Double(value))
      #expect(histogram.count == 3)
    }
  }

  @Test("Two together are as if one had counted everything, and an empty one says nothing")
  func together() {
    var one = LogarithmicHistogram()
    var other = LogarithmicHistogram()
    var all = LogarithmicHistogram()
    for value in Int64(1)...1000 {
      all.add(value * value)
      if value % 3 == 0 { one.add(value * value) } else { other.add(value * value) }
    }
    one.add(other)
    #expect(one == all)
    #expect(LogarithmicHistogram().quantile(0.5) == nil)
    #expect(LogarithmicHistogram().mean == nil)
  }

  @Test("What was added since a state is that state's rest, and adds up with it to the whole")
  func since() {
    var all = LogarithmicHistogram()
    var late = LogarithmicHistogram()
    for value in Int64(1)...500 { all.add(value) }
    let before = all
    for value in Int64(400)...2000 {
      all.add(value, times: 2)
      late.add(value, times: 2)
    }
    let rest = all.added(since: before)
    #expect(rest.count == late.count)
    #expect(rest.mean == late.mean)
    #expect(rest.quantile(0.95) == late.quantile(0.95))
    #expect(all.added(since: all).quantile(0.5) == nil)
  }
}
