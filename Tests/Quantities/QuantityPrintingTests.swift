import Quantities
import TestSupport
import Testing

@Suite("Printing and comparing quantities")
struct QuantityPrintingTests {
  @Test(
    "The canonical form has no decimals and the largest suffix that loses nothing",
    arguments: [
      ("1.5", "1500m"), ("1.5Gi", "1536Mi"), ("1024Mi", "1Gi"), ("1000M", "1G"), ("0.001T", "1G"),
      ("307200Ki", "300Mi"), ("1025024Mi", "1001Gi"), ("1024Gi", "1Ti"), ("1025", "1025"),
      ("1024", "1024"),
      ("1000", "1k"), ("1000u", "1m"), ("1080000000n", "1080m"), ("1.08", "1080m"),
      ("0.5Ki", "512"),
      ("1023.5Ki", "1048064"), ("0.9Gi", "966367641600m"), (".001Ki", "1024m"),
      (".000001Ki", "1024u"),
      (".000000001Ki", "1024n"), (".000000000001Ki", "2n"), ("1.0000001Ki", "1024000102400n"),
      ("0.3", "300m"), ("0.30000000000000004", "300000001n"), (".001e12", "1e9"),
      ("0.001e0", "1e-3"),
      ("1e4", "10e3"), ("1000e-12", "1e-9"), ("5e0", "5"), ("00", "0"), ("0Gi", "0"), ("-0e5", "0"),
      ("+5k", "5k"),
      ("-1.5", "-1500m"), ("-1024Mi", "-1Gi"), ("1E", "1E"), ("1000P", "1E"), ("1024Pi", "1Ei"),
      ("9223372036854775807", "9223372036854775807"), ("1234567M", "1234567M"),
      ("1000Ki", "1000Ki"),
    ])
  func prints(text: String, canonical: String) throws {
    #expect(try Quantity.parse(text).description == canonical)
  }

  @Test("Made from integers, a quantity prints as kubectl does")
  func printsIntegers() {
    #expect(Quantity(milli: 1).description == "1m")
    #expect(Quantity(milli: 1_234_000).description == "1234")
    #expect(Quantity(milli: 1024, format: .binarySI).description == "1024m")
    #expect(Quantity(milli: 1_048_576, format: .binarySI).description == "1048576m")
    #expect(Quantity(milli: 1_000_000, format: .decimalExponent).description == "1e3")
    #expect(Quantity(1 << 20, format: .binarySI).description == "1Mi")
    // Below 1024, a binary quantity prints as a decimal one does.
    #expect(Quantity(1000, format: .binarySI).description == "1k")
    #expect(Quantity(.max).description == "9223372036854775807")
    #expect(Quantity(-1024, format: .binarySI).description == "-1Ki")
    #expect(CPU(millicores: 2000).formatted == "2")
    #expect(CPU(millicores: 250).formatted == "250m")
    #expect(Bytes(1 << 29).formatted == "512Mi")
  }

  @Test("Amounts compare, not spellings")
  func compares() throws {
    func amount(_ text: String) throws -> Quantity { try Quantity.parse(text) }
    #expect(try amount("1Ki") == amount("1024"))
    #expect(try amount("1Ki").hashValue == amount("1.024k").hashValue)
    #expect(try amount("100m") > amount("50m"))
    #expect(try amount("10000T") > amount("100Gi"))
    #expect(try amount("1G") < amount("1Gi"))
    #expect(try amount("-1") < amount("0"))
    #expect(try amount("1n") > amount("0"))
    #expect(try !(amount("1k") < amount("1e3")))
  }

  /// A well-formed text, and the same amount as a fraction of integers: mantissa · 10^tens · 2^twos.
  private static func sample(_ random: inout SeededGenerator) -> (text: String, nanos: Int128?) {
    let digits = 1 + random.below(11)
    let mantissa = (0..<digits).reduce(Int128(0)) { sum, _ in sum * 10 + Int128(random.below(10)) }
    let decimals = random.below(digits + 1)
    var written = String(mantissa)
    written = String(repeating: "0", count: max(0, digits - written.count)) + written
    let suffixes: [(String, tens: Int, twos: Int)] = [
      ("n", -9, 0), ("u", -6, 0), ("m", -3, 0), ("", 0, 0), ("k", 3, 0), ("M", 6, 0), ("G", 9, 0),
      ("e-5", -5, 0),
      ("E2", 2, 0), ("Ki", 0, 10), ("Mi", 0, 20), ("Gi", 0, 30), ("Ti", 0, 40), ("Ei", 0, 60),
    ]
    let suffix = random.pick(suffixes)
    let text = written.dropLast(decimals) + "." + written.suffix(decimals) + suffix.0
    let tens = 9 + suffix.tens - decimals
    var nanos = mantissa << Int128(suffix.twos)
    for _ in 0..<max(0, tens) { nanos *= 10 }
    for _ in 0..<max(0, -tens) { nanos = (nanos + 9) / 10 }
    return (
      String(text), nanos.magnitude <= Int128(Int64.max).magnitude * 1_000_000_000 ? nanos : nil
    )
  }

  @Test(
    "Made-up texts: the amount agrees with plain integer arithmetic, and printing loses nothing")
  func roundTrips() throws {
    var random = SeededGenerator(seed: 1)
    var refused = 0
    for _ in 0..<4000 {
      let (text, nanos) = Self.sample(&random)
      guard let nanos else {
        refused += 1
        #expect(throws: QuantityError.self, "\(text)") { try Quantity.parse(text) }
        continue
      }
      let quantity = try Quantity.parse(text)
      #expect(quantity.nanos == nanos, "\(text)")
      let again = try Quantity.parse(quantity.description)
      #expect(again == quantity, "\(text)")
      #expect(again.description == quantity.description, "\(text)")
      #expect(!quantity.description.contains("."), "\(text)")
      #expect(try Quantity.parse("-\(text)").nanos == -nanos, "\(text)")
    }
    #expect(refused > 50, "the sample must reach beyond the range")
  }
}
