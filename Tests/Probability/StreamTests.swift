import Probability
import Quantities
import Testing

@Suite struct PhiloxTests {
  /// The known-answer vectors that Random123, the algorithm's reference implementation, ships.
  @Test(arguments: [
    (
      SIMD4<UInt32>(repeating: 0), SIMD2<UInt32>(repeating: 0),
      SIMD4<UInt32>(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8)
    ),
    (
      SIMD4<UInt32>(repeating: .max), SIMD2<UInt32>(repeating: .max),
      SIMD4<UInt32>(0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd)
    ),
    (
      SIMD4<UInt32>(0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344),
      SIMD2<UInt32>(0xa409_3822, 0x299f_31d0),
      SIMD4<UInt32>(0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1)
    ),
  ])
  func `a block equals the published one`(
    counter: SIMD4<UInt32>, key: SIMD2<UInt32>, block: SIMD4<UInt32>
  ) {
    #expect(Philox.block(counter: counter, key: key) == block)
  }
}

@Suite struct StreamTests {
  private let source = RandomSource(seed: 20_240_501, replication: 3)

  @Test func `a draw depends on seed, replication, name, subject and number`() {
    let stream = source.stream("boot")
    let bits = stream.bits(for: 5, number: 2)
    #expect(
      RandomSource(seed: 20_240_501, replication: 3).stream("boot").bits(for: 5, number: 2) == bits)
    let others = [
      RandomSource(seed: 20_240_502, replication: 3).stream("boot").bits(for: 5, number: 2),
      RandomSource(seed: 20_240_501, replication: 4).stream("boot").bits(for: 5, number: 2),
      source.stream("boost").bits(for: 5, number: 2),
      stream.bits(for: 6, number: 2),
      stream.bits(for: 5, number: 3),
      stream.bits(for: 5 << 32, number: 2),
    ]
    #expect(!others.contains(bits))
    #expect(Set(others).count == others.count)
  }

  @Test func `a stream is eight bytes and bits, uniform and pair read the same block`() {
    #expect(MemoryLayout<KeyedStream>.size == 8)
    let stream = source.stream("any")
    let (first, second) = stream.uniformPair(for: 9, number: 1)
    #expect(first == stream.uniform(for: 9, number: 1))
    #expect(first == Double(stream.bits(for: 9, number: 1) >> 11) * 0x1p-53)
    #expect(first != second)
  }

  @Test func `all 64 bits of seed and subject count`() {
    var keys: Set<UInt64> = []
    for bit in 0..<64 {
      let stream = RandomSource(seed: 1 << UInt64(bit)).stream("x")
      keys.insert(stream.bits(for: 0))
      keys.insert(source.stream("x").bits(for: 1 << UInt64(bit)))
    }
    #expect(keys.count == 128)
  }

  @Test func `a draw of a span is the draw in seconds to the nanosecond`() {
    let law = Law.lognormal(median: 5, sigma: 0.5)
    let stream = source.stream("boot")
    for subject in 0..<100 as Range<UInt64> {
      let seconds = stream.draw(law, for: subject)
      #expect(abs(stream.drawSpan(law, for: subject).seconds - seconds) <= 5.1e-10)
    }
    #expect(stream.drawSpan(.constant(0.5), for: 1) == .milliseconds(500))
  }

  @Test func `a child's identity is fixed for ever and differs along every step of its path`() {
    // Written down once: a change would give every scenario other luck.
    #expect(Subject("web").child(3).raw == 9_984_899_052_859_314_910)
    #expect(
      RandomSource(seed: 1).stream("boot").bits(for: Subject("web").raw)
        == 4_000_367_330_248_212_196)
    let web = Subject("web")
    let others = [
      web, web.child(0), web.child(1), web.child("1"), web.child(0).child(1), web.child(1).child(0),
      Subject("web1"), Subject("").child("web"), Subject("web").child(""),
    ]
    #expect(Set(others).count == others.count)
    #expect(Set((0..<50_000).map { web.child($0) }).count == 50_000)
  }
}

@Suite struct IndependenceTests {
  /// The uniform at a step along one axis of the key.
  static let axes: [(name: String, uniform: @Sendable (Int) -> Double)] = [
    ("seed", { RandomSource(seed: UInt64($0)).stream("a").uniform(for: 1) }),
    ("replication", { RandomSource(seed: 7, replication: $0).stream("a").uniform(for: 1) }),
    ("name", { RandomSource(seed: 7).stream("a\($0)").uniform(for: 1) }),
    ("subject", { RandomSource(seed: 7).stream("a").uniform(for: UInt64($0)) }),
    ("child", { RandomSource(seed: 7).stream("a").uniform(for: Subject("w").child($0).raw) }),
    ("number", { RandomSource(seed: 7).stream("a").uniform(for: 1, number: UInt32($0)) }),
  ]

  /// 20,000 pairs of neighbours: 4.4 standard errors of correlation are 0.031 (both sides 10⁻⁵),
  /// and chi-squared over 16 × 16 cells finds what is dependent without being correlated.
  static func looksIndependent(_ uniform: (Int) -> Double) -> Bool {
    let count = 20_000
    let values = (0...count).map(uniform)
    var cells = [Int](repeating: 0, count: 256)
    var product = 0.0
    for index in 0..<count {
      let (u, v) = (values[index], values[index + 1])
      cells[Int(u * 16) * 16 + Int(v * 16)] += 1
      product += (u - 0.5) * (v - 0.5)
    }
    let correlation = product / Double(count) * 12
    let expected = Double(count) / 256
    let statistic = cells.reduce(0.0) {
      $0 + (Double($1) - expected) * (Double($1) - expected) / expected
    }
    return abs(correlation) < 4.4 / Double(count).squareRoot()
      && Distributions.chiSquaredTail(statistic, degrees: 255) > 1e-5
  }

  @Test(arguments: axes.map(\.name))
  func `neighbours along an axis are independent`(axis: String) throws {
    let uniform = try #require(Self.axes.first { $0.name == axis }).uniform
    #expect(Self.looksIndependent(uniform))
  }

  @Test func `a lattice and a repeated value are recognised`() {
    #expect(
      !Self.looksIndependent {
        (Double($0) * 0.618_033_988_749_895).truncatingRemainder(dividingBy: 1)
      })
    #expect(
      !Self.looksIndependent { RandomSource(seed: 7).stream("a").uniform(for: UInt64($0 / 8)) })
  }

  @Test func `the two halves of a block and its first bits are independent of each other`() {
    let stream = RandomSource(seed: 99).stream("pairs")
    #expect(
      Self.looksIndependent {
        let pair = stream.uniformPair(for: UInt64($0 / 2))
        return $0 % 2 == 0 ? pair.0 : pair.1
      })
    #expect(
      Self.looksIndependent { Double(stream.bits(for: UInt64($0)) & 0xFFFF) / 65_536 })
  }
}
