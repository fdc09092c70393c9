import Statistics
import TestSupport
import Testing

@Suite("Means of skewed observations")
struct SkewedMeanTests {
  /// Twelve numbers with skewness G₁ = 2.7508, as scipy's `skew(bias=False)` has it.
  private static let skewed: [Double] = [1, 1, 2, 2, 2, 3, 3, 4, 5, 7, 12, 31]

  @Test("Hall's interval moves both ends towards the tail, by the numbers of another program")
  func hall() throws {
    let student = try #require(ConfidenceInterval.mean(of: Self.skewed))
    let found = try #require(ConfidenceInterval.reportedMean(of: Self.skewed))
    #expect(found.estimate == student.estimate)
    #expect(found.low > student.low && found.high > student.high)
    #expect(abs(found.low - Self.low) < 1e-9 && abs(found.high - Self.high) < 1e-9)
    expectDetects("the skewness left out") {
      #expect(abs(student.high - Self.high) < 1e-9)
    }
    // Mirrored observations have the mirrored interval.
    let mirrored = try #require(ConfidenceInterval.reportedMean(of: Self.skewed.map { -$0 }))
    #expect(abs(mirrored.low + found.high) < 1e-12 && abs(mirrored.high + found.low) < 1e-12)
  }

  private static let low = 2.563582369037524
  private static let high = 24.00928894866551

  @Test("Few, equal or even observations keep Student's interval")
  func student() {
    for data in [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], Array(Self.skewed.suffix(9)), [3, 3, 3]] {
      #expect(
        ConfidenceInterval.reportedMean(of: data) == ConfidenceInterval.mean(of: data))
    }
    #expect(ConfidenceInterval.reportedMean(of: [1]) == nil)
  }
}
