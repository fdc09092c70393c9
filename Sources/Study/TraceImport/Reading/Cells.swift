import Foundation

/// The cells of a line of comma-separated values, as ranges of its bytes.
///
/// > Source: RFC 4180. A quoted cell may hold commas and doubled quotes, but no line end.
struct Cells {
  private(set) var line = UnsafeRawBufferPointer(start: nil, count: 0)
  private var starts: [Int32] = []
  private var ends: [Int32] = []
  /// How many cells there are.
  var count: Int { starts.count }

  /// Takes a line apart, which must stay where it is for as long as cells are looked at.
  mutating func split(_ line: UnsafeRawBufferPointer) {
    self.line = line
    starts.removeAll(keepingCapacity: true)
    ends.removeAll(keepingCapacity: true)
    var start = 0
    while true {
      var end = start
      if end < line.count, line[end] == UInt8(ascii: "\"") {
        end = closingQuote(after: start)
      }
      if end < line.count, let comma = memchr(line.baseAddress! + end, 44, line.count - end) {
        end = UnsafeRawPointer(comma) - line.baseAddress!
        add(start, end)
        start = end + 1
      } else {
        add(start, line.count)
        return
      }
    }
  }

  private func closingQuote(after start: Int) -> Int {
    var index = start + 1
    while index < line.count {
      if line[index] == UInt8(ascii: "\"") {
        if index + 1 < line.count, line[index + 1] == UInt8(ascii: "\"") {
          index += 2
          continue
        }
        return index + 1
      }
      index += 1
    }
    return line.count
  }

  private mutating func add(_ start: Int, _ end: Int) {
    var start = start
    var end = end
    while start < end, line[start] == 32 || line[start] == 9 { start += 1 }
    while end > start, line[end - 1] == 32 || line[end - 1] == 9 { end -= 1 }
    if end - start >= 2, line[start] == UInt8(ascii: "\""), line[end - 1] == UInt8(ascii: "\"") {
      start += 1
      end -= 1
    }
    starts.append(Int32(start))
    ends.append(Int32(end))
  }

  /// The bytes of a cell; none of a cell that isn't there.
  func bytes(_ index: Int) -> UnsafeRawBufferPointer {
    guard index >= 0, index < count else { return UnsafeRawBufferPointer(start: nil, count: 0) }
    return UnsafeRawBufferPointer(rebasing: line[Int(starts[index])..<Int(ends[index])])
  }

  /// The text of a cell.
  func text(_ index: Int) -> String { String(decoding: bytes(index), as: UTF8.self) }

  /// The column of a cell, from 1.
  func column(_ index: Int) -> Int { index < count && index >= 0 ? Int(starts[index]) + 1 : 1 }
}

/// Numbers and times as traces write them.
enum Figures {
  /// A number; nil for anything else, infinite ones included.
  ///
  /// Up to 15 digits with at most 22 behind the point are exact as one product or quotient of
  /// floating-point numbers; what has more goes through the standard library.
  static func number(_ bytes: UnsafeRawBufferPointer) -> Double? {
    var index = 0
    let isNegative = bytes.first == UInt8(ascii: "-")
    if isNegative { index = 1 }
    var mantissa: UInt64 = 0
    var digits = 0
    var behind = 0
    var isFraction = false
    while index < bytes.count {
      let digit = bytes[index] &- UInt8(ascii: "0")
      if digit < 10 {
        mantissa = mantissa &* 10 &+ UInt64(digit)
        if mantissa > 0 { digits += 1 }
        if isFraction { behind += 1 }
        if digits > 15 { return slow(bytes) }
      } else if bytes[index] == UInt8(ascii: "."), !isFraction {
        isFraction = true
      } else {
        return slow(bytes)
      }
      index += 1
    }
    guard bytes.count > (isNegative ? 1 : 0), bytes.contains(where: { $0 &- 48 < 10 }), behind <= 22
    else {
      return slow(bytes)
    }
    let value = Double(mantissa) / powers[behind]
    return isNegative ? -value : value
  }

  private static let powers: [Double] = (0...22).map { pow(10, Double($0)) }

  private static func slow(_ bytes: UnsafeRawBufferPointer) -> Double? {
    // The standard library would take hexadecimal digits and infinity as well.
    let isPlain = bytes.allSatisfy {
      (48..<58).contains($0) || $0 == 43 || $0 == 45 || $0 == 46 || $0 == 69 || $0 == 101
    }
    guard bytes.count <= 64, isPlain, let value = Double(String(decoding: bytes, as: UTF8.self)),
      value.isFinite
    else { return nil }
    return value
  }

  /// A date and time such as `2016-02-25T08:04:32.5Z` or `2016-02-25 08:04:32+00:00`, in nanoseconds
  /// since 1970; without a zone it is UTC's. Nil for anything else, and for years before 1970 or after 2199.
  ///
  /// Days by the proleptic Gregorian calendar, counted from March on.
  static func date(_ bytes: UnsafeRawBufferPointer) -> Int64? {
    func part(_ start: Int, _ length: Int) -> Int64? {
      guard start + length <= bytes.count else { return nil }
      var value: Int64 = 0
      for index in start..<start + length {
        let digit = bytes[index] &- UInt8(ascii: "0")
        guard digit < 10 else { return nil }
        value = value * 10 + Int64(digit)
      }
      return value
    }
    guard bytes.count >= 19, bytes[4] == 45, bytes[7] == 45, bytes[10] == 32 || bytes[10] == 84,
      bytes[13] == 58, bytes[16] == 58, let year = part(0, 4), let month = part(5, 2),
      let day = part(8, 2), let hour = part(11, 2), let minute = part(14, 2),
      let second = part(17, 2), (1...12).contains(month), (1...31).contains(day), hour < 24,
      minute < 60, second <= 60, (1970..<2200).contains(year)
    else { return nil }
    var index = 19
    var fraction: Int64 = 0
    if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
      index += 1
      var unit: Int64 = 100_000_000
      while index < bytes.count, bytes[index] &- 48 < 10 {
        fraction += Int64(bytes[index] &- 48) * unit
        unit /= 10
        index += 1
      }
    }
    var offset: Int64 = 0
    if index < bytes.count, bytes[index] == 43 || bytes[index] == 45 {
      guard let hours = part(index + 1, 2) else { return nil }
      let minutes = part(index + 4, 2) ?? 0
      offset = (hours * 60 + minutes) * (bytes[index] == 45 ? -60 : 60)
    } else if index < bytes.count, bytes[index] != 90 || index + 1 != bytes.count {
      return nil
    }
    let shifted = month <= 2 ? year - 1 : year
    let era = shifted / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let days =
      era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    let seconds = days * 86_400 + hour * 3600 + minute * 60 + second - offset
    return seconds * 1_000_000_000 + fraction
  }
}
