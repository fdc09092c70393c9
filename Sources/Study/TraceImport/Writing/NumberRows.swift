/// Rows of numbers on their way into a file, as bytes: millions of them come from one trace.
struct NumberRows {
  private(set) var bytes: [UInt8]

  /// Rows below a heading, or none.
  init(heading: String = "") { bytes = Array(heading.utf8) }

  /// Appends a text as it is.
  mutating func text(_ text: StaticString) {
    text.withUTF8Buffer { bytes.append(contentsOf: $0) }
  }

  /// Appends a whole number.
  mutating func whole(_ value: Int64) {
    if value < 0 { bytes.append(UInt8(ascii: "-")) }
    var rest = value.magnitude
    let start = bytes.count
    repeat {
      bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
      rest /= 10
    } while rest > 0
    bytes[start...].reverse()
  }

  /// Appends seconds with at most six digits behind the point, rounded.
  mutating func seconds(_ nanoseconds: Int64) {
    if nanoseconds < 0 { bytes.append(UInt8(ascii: "-")) }
    let micros = (nanoseconds.magnitude + 500) / 1000
    whole(Int64(micros / 1_000_000))
    var fraction = micros % 1_000_000
    guard fraction > 0 else { return }
    bytes.append(UInt8(ascii: "."))
    var unit: UInt64 = 100_000
    while fraction > 0 {
      bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: fraction / unit))
      fraction %= unit
      unit /= 10
    }
  }

  /// Appends a number with at most six digits behind the point.
  mutating func figure(_ value: Double) {
    let rounded = (value * 1e6).rounded() / 1e6
    if rounded == rounded.rounded(), abs(rounded) < 1e15 {
      whole(Int64(rounded))
    } else {
      bytes.append(contentsOf: "\(rounded)".utf8)
    }
  }
}
