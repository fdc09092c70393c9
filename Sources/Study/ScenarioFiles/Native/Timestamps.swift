import Quantities

/// Reads a date and time as RFC 3339 has it, such as `2026-11-10T23:58:00+08:00`, in nanoseconds
/// since 1970.
///
/// Days by Howard Hinnant's formula for the proleptic Gregorian calendar.
func timestamp(_ text: String) -> Int64? {
  let bytes = Array(text.utf8)
  func number(_ start: Int, _ length: Int) -> Int64? {
    guard start + length <= bytes.count else { return nil }
    var result: Int64 = 0
    for byte in bytes[start..<start + length] {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
      result = result * 10 + Int64(byte - UInt8(ascii: "0"))
    }
    return result
  }
  func has(_ character: Character, at index: Int) -> Bool {
    index < bytes.count && Character(Unicode.Scalar(bytes[index])).uppercased() == String(character)
  }
  guard let year = number(0, 4), has("-", at: 4), let month = number(5, 2), has("-", at: 7),
    let day = number(8, 2), has("T", at: 10), let hour = number(11, 2), has(":", at: 13),
    let minute = number(14, 2), has(":", at: 16), let second = number(17, 2),
    (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second <= 60
  else { return nil }
  var index = 19
  var fraction: Int64 = 0
  if has(".", at: index) {
    let digits = bytes[(index + 1)...].prefix {
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
    }
    guard !digits.isEmpty, digits.count <= 9, let value = number(index + 1, digits.count) else {
      return nil
    }
    fraction = (digits.count..<9).reduce(value) { value, _ in value * 10 }
    index += 1 + digits.count
  }
  var offset: Int64 = 0
  if has("Z", at: index) {
    guard index + 1 == bytes.count else { return nil }
  } else {
    guard has("+", at: index) || has("-", at: index), let hours = number(index + 1, 2),
      has(":", at: index + 3), let minutes = number(index + 4, 2), index + 6 == bytes.count
    else { return nil }
    offset = (hours * 60 + minutes) * (has("-", at: index) ? -60 : 60)
  }
  let shifted = month <= 2 ? year - 1 : year
  let era = shifted / 400
  let yearOfEra = shifted - era * 400
  let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
  let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
  let days = era * 146_097 + dayOfEra - 719_468
  let seconds = days * 86_400 + hour * 3600 + minute * 60 + second - offset
  let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
  return overflow ? nil : whole + fraction
}

/// What a clock at a date and time's own distance from UTC shows, in seconds since 1970.
func clockSeconds(_ text: String) -> Int64? {
  guard let instant = timestamp(text) else { return nil }
  var offset: Int64 = 0
  if text.last.map({ $0 != "Z" && $0 != "z" }) ?? false {
    let zone = text.suffix(6)
    let hours = Int64(zone.dropFirst().prefix(2)) ?? 0
    let minutes = Int64(zone.suffix(2)) ?? 0
    offset = (hours * 3600 + minutes * 60) * (zone.first == "-" ? -1 : 1)
  }
  return instant / 1_000_000_000 + offset
}

extension Codec where Value == Instant {
  /// A date and time, kept as nanoseconds since 1970 until the scenario's start is known.
  static let timestamp = Codec.scalar(
    "timestamp", expected: "a date and time, such as 2026-11-10T23:58:00+08:00",
    parse: { text throws(ScalarError) in
      guard let nanoseconds = ScenarioFiles.timestamp(text) else {
        throw ScalarError(code: "wrong-value", message: "\"\(text)\" is not a date and time")
      }
      return Instant(nanoseconds: nanoseconds)
    }, encode: { _ in nil })
}

/// The date and time of nanoseconds since 1970, as RFC 3339 has it, in UTC and with as many decimals
/// of a second as it takes.
///
/// Days by Howard Hinnant's formula for the proleptic Gregorian calendar.
func timestampText(_ nanoseconds: Int64) -> String {
  func padded(_ number: Int64, _ width: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, width - text.count)) + text
  }
  let (fraction, second) = {
    let rest = ((nanoseconds % 1_000_000_000) + 1_000_000_000) % 1_000_000_000
    return (rest, (nanoseconds - rest) / 1_000_000_000)
  }()
  let time = ((second % 86_400) + 86_400) % 86_400
  let days = (second - time) / 86_400 + 719_468
  let era = (days >= 0 ? days : days - 146_096) / 146_097
  let dayOfEra = days - era * 146_097
  let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
  let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
  let shiftedMonth = (5 * dayOfYear + 2) / 153
  let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
  let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
  let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  var decimals = ""
  if fraction > 0 {
    decimals = padded(fraction, 9)
    while decimals.hasSuffix("0") { decimals.removeLast() }
    decimals = "." + decimals
  }
  return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))T\(padded(time / 3600, 2)):"
    + "\(padded(time / 60 % 60, 2)):\(padded(time % 60, 2))\(decimals)Z"
}
