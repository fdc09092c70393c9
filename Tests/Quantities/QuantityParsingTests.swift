import Quantities
import TestSupport
import Testing

@Suite("Reading Kubernetes quantities")
struct QuantityParsingTests {
  /// Text, 10⁻⁹ units, format; after the grammar and the examples that Kubernetes documents for
  /// its `resource.Quantity`.
  static let readings: [(String, Int128, Quantity.Format)] = [
    ("0", 0, .decimalSI), ("00", 0, .decimalSI), ("0.0", 0, .decimalSI), ("0Ki", 0, .binarySI),
    ("1", 1_000_000_000, .decimalSI), ("007", 7_000_000_000, .decimalSI),
    ("5n", 5, .decimalSI), ("4u", 4000, .decimalSI), ("3m", 3_000_000, .decimalSI),
    ("8k", 8_000 * n, .decimalSI), ("7M", 7_000_000 * n, .decimalSI),
    ("6G", 6_000_000_000 * n, .decimalSI), ("5T", 5_000_000_000_000 * n, .decimalSI),
    ("2P", 2_000_000_000_000_000 * n, .decimalSI),
    ("1E", 1_000_000_000_000_000_000 * n, .decimalSI),
    ("1Ki", n << 10, .binarySI), ("7Mi", 7 * n << 20, .binarySI), ("6Gi", 6 * n << 30, .binarySI),
    ("5Ti", 5 * n << 40, .binarySI), ("4Pi", 4 * n << 50, .binarySI),
    ("3Ei", 3 * n << 60, .binarySI), ("7Ei", 7 * n << 60, .binarySI),
    ("1E3", 1000 * n, .decimalExponent), ("1e3", 1000 * n, .decimalExponent),
    ("1E+3", 1000 * n, .decimalExponent), ("1e-3", 1_000_000, .decimalExponent),
    ("1.3E+6", 1_300_000 * n, .decimalExponent), ("0.5e0", 500_000_000, .decimalExponent),
    ("1e00003", 1000 * n, .decimalExponent),
    ("1e18", 1_000_000_000_000_000_000 * n, .decimalExponent),
    (".5", 500_000_000, .decimalSI), ("5.", 5 * n, .decimalSI),
    ("1.G", 1_000_000_000 * n, .decimalSI),
    (".0001k", 100_000_000, .decimalSI), ("0.00050k", 500_000_000, .decimalSI),
    ("100.035k", 100_035 * n, .decimalSI), ("9.01", 9_010_000_000, .decimalSI),
    ("1.5Gi", 1536 * n << 20, .binarySI), ("0.5Mi", 512 * n << 10, .binarySI),
    ("100.035Ki", 102_435_840_000_000, .binarySI),
    ("0.025Ti", 27_487_790_694_400_000_000, .binarySI),
    // A binary quantity below one unit becomes a decimal one.
    ("0.0005Ki", 512_000_000, .decimalSI), ("0.000000000001Ki", 2, .decimalSI),
    ("-0.0005Ki", -512_000_000, .decimalSI), ("0.0009765625Ki", n, .binarySI),
    // Finer than 10⁻⁹: away from zero.
    ("3.001n", 4, .decimalSI), ("0.9n", 1, .decimalSI), ("0.0000000001", 1, .decimalSI),
    ("0.0000000005", 1, .decimalSI), ("0.00000012345", 124, .decimalSI),
    ("0.00000012354", 124, .decimalSI), ("1.1E-9", 2, .decimalExponent),
    ("0.5e-9", 1, .decimalExponent), ("-3.001n", -4, .decimalSI), ("1e-400", 1, .decimalExponent),
    ("0e99999999999999999999", 0, .decimalExponent),
    ("1e-99999999999999999999", 1, .decimalExponent),
    // Signs.
    ("+1.5", 1_500_000_000, .decimalSI), ("-1.5", -1_500_000_000, .decimalSI),
    ("-0", 0, .decimalSI), ("+1Ki", n << 10, .binarySI), ("-1Ki", -n << 10, .binarySI),
    // The ends of the range.
    ("9223372036854775807", Int128(Int64.max) * n, .decimalSI),
    ("-9223372036854775807", -Int128(Int64.max) * n, .decimalSI),
    ("9223372036854775806.999999999", Int128(Int64.max) * n - 1, .decimalSI),
    ("9.223372036854775807E", Int128(Int64.max) * n, .decimalSI),
    ("9007199254740991Ki", (Int128(Int64.max) - 1023) * n, .binarySI),
  ]
  static let n: Int128 = 1_000_000_000

  @Test("Every form of the grammar has its exact amount and format", arguments: readings)
  func reads(text: String, nanos: Int128, format: Quantity.Format) throws {
    let quantity = try Quantity.parse(text)
    #expect(quantity.nanos == nanos)
    #expect(quantity.format == format)
  }

  @Test(
    "What isn't a quantity is refused as malformed",
    arguments: [
      ".", "-", "+", "-.", "--1", "+-1", "1.1.M", "1+1.0M", " 1", "1 ", "1 Gi", "1,5", "1_000",
      "-3.01e-",
      "1e+", "1e1.5", "1e 3", "0x10", "Infinity", "nan", "١", "½", "1e3k", "1Ki5", "1\n", "lots",
    ])
  func refusesMalformed(text: String) {
    let error = #expect(throws: QuantityError.self) { try Quantity.parse(text) }
    #expect(error?.reason == .malformed || error?.reason == .unknownUnit)
    #expect(error?.message.contains(text) == true)
    #expect(error?.expected.contains("16Gi") == true)
  }

  @Test("The empty text is refused as such")
  func refusesEmpty() {
    #expect(throws: Quantity.grammar(.empty)) { try Quantity.parse("") }
  }

  @Test(
    "An unknown suffix is refused, with the suffix meant where there is one",
    arguments: [
      ("1K", "1k"), ("1KI", "1Ki"), ("16gb", "16G"), ("16GB", "16G"), ("16GiB", "16Gi"),
      ("0.1mi", "0.1Mi"),
      ("1gi", "1Gi"), ("10KB", "10k"), ("5B", "5"), ("1i", nil), (".5i", nil), ("1core", nil),
      ("0.1am", nil),
      ("1Zi", nil), ("1Y", nil), ("1e", "1E"),
    ])
  func refusesUnknownSuffix(text: String, suggestion: String?) {
    let error = #expect(throws: QuantityError.self) { try Quantity.parse(text) }
    #expect(error?.reason == .unknownUnit)
    #expect(error?.suggestion == suggestion)
  }

  @Test(
    "Beyond ±(2^63 - 1) is an error, also if only rounding leads there",
    arguments: [
      "9223372036854775808", "-9223372036854775808", "9223372036854775807.0000000001", "12E", "10E",
      "9.3E",
      "8Ei", "9Ei", "9007199254740992Ki", "9223372036854775807Ki", "1e19", "1e400", "-1e19",
      "1e99999999999999999999", "100000000000000000000000000000000000000000",
      "340282366920938463463374607431768211457", "170141183460469231731687303715884105727Ei",
    ])
  func refusesOverflow(text: String) {
    let error = #expect(throws: QuantityError.self) { try Quantity.parse(text) }
    #expect(error?.reason == .outOfRange)
  }

  @Test(
    "Whole units and thousandths round away from zero",
    arguments: [
      ("0", 0, 0), ("1", 1, 1000), ("1n", 1, 1), ("-1n", -1, -1), ("1m", 1, 1), ("1001m", 2, 1001),
      ("-1001m", -2, -1001), ("1.0001", 2, 1001), ("-1.0001", -2, -1001), ("999999999n", 1, 1000),
      ("100m", 1, 100), ("1Ki", 1024, 1_024_000),
      ("9223372036854775807m", 9_223_372_036_854_776, .max),
    ] as [(String, Int64, Int64)])
  func rounds(text: String, value: Int64, milli: Int64) throws {
    let quantity = try Quantity.parse(text)
    #expect(quantity.value == value)
    #expect(try quantity.milliValue == milli)
  }

  @Test("Thousandths that don't fit are an error, not a wrapped number")
  func milliOverflow() throws {
    let large = try Quantity.parse("9223372036854775808m")
    #expect(throws: QuantityError.self) { try large.milliValue }
    #expect(large.value == 9_223_372_036_854_776)
    #expect(throws: QuantityError.self) { try CPU.parse("10P") }
    #expect(try CPU.parse("9P").millicores == 9_000_000_000_000_000_000)
    #expect(try Bytes.parse("7Ei").count == 7 << 60)
  }

  @Test("Fractions of a byte are noticed")
  func wholeness() throws {
    #expect(try !Quantity.parse("100m").isWhole)
    #expect(try Quantity.parse("1000m").isWhole)
    #expect(try Quantity.parse("-1.5Ki").isWhole)
  }

  @Test("Any number of decimals rounds by the last of them")
  func longFractions() throws {
    for zeros in [0, 1, 20, 70, 78, 79, 80, 81, 200, 5000] {
      let zeroes = String(repeating: "0", count: zeros)
      #expect(try Quantity.parse("1.\(zeroes)1Ei").nanos > Self.n << 60)
      #expect(try Quantity.parse("0.\(zeroes)0").nanos == 0)
      #expect(try Quantity.parse("0.\(zeroes)1n").nanos == 1)
      #expect(try Quantity.parse("2.\(zeroes)").nanos == 2 * Self.n)
    }
    #expect(try Quantity.parse("0." + String(repeating: "9", count: 500)).nanos == Self.n)
  }
}

extension Quantity {
  /// The error of an empty text, told apart from every other.
  static func grammar(_ reason: QuantityError.Reason) -> QuantityError {
    QuantityError(
      reason, text: "", message: "nothing where a quantity should be",
      expected: "a Kubernetes quantity, such as 4, 500m, 1.5 or 16Gi")
  }
}
