import Quantities

/// The times that a cron expression names, on a clock with a fixed distance from UTC.
///
/// Five fields (minute, hour, day of the month, month, day of the week) or six, with seconds before
/// them, as TKE's HPC and many others have it. A field is `*`, a number, a name of a month or day,
/// a range, a list of these, each with a step; Sunday is 0 or 7. Where both days are restricted,
/// either may match.
///
/// > Source: the crontab(5) of POSIX and Vixie's cron (M); seconds first: document 457/56753 (D).
public struct CronSchedule: Hashable, Sendable {
  /// Why a text is no cron expression.
  public struct ParsingError: Error, Hashable, Sendable {
    /// What is wrong, in words.
    public var message: String
  }

  private var seconds: UInt64
  private var minutes: UInt64
  private var hours: UInt64
  private var days: UInt64
  private var months: UInt64
  private var weekdays: UInt64
  private var eitherDay: Bool

  /// Reads an expression.
  public init(_ text: String) throws(ParsingError) {
    let fields = text.split(separator: " ", omittingEmptySubsequences: true)
    guard fields.count == 5 || fields.count == 6 else {
      throw ParsingError(message: "\(fields.count) fields instead of five, or six with seconds")
    }
    let rest = fields.suffix(5).map { $0 }
    seconds =
      fields.count == 6 ? try Self.bits(fields[0], 0...59, "seconds", []) : 1
    minutes = try Self.bits(rest[0], 0...59, "minutes", [])
    hours = try Self.bits(rest[1], 0...23, "hours", [])
    days = try Self.bits(rest[2], 1...31, "days of the month", [])
    months = try Self.bits(rest[3], 1...12, "months", Self.monthNames)
    weekdays = try Self.bits(rest[4], 0...7, "days of the week", Self.dayNames)
    if weekdays >> 7 & 1 != 0 { weekdays |= 1 }
    eitherDay = !Self.isOpen(rest[2]) && !Self.isOpen(rest[4])
  }

  /// A schedule without any time.
  public static let never: CronSchedule = {
    guard var schedule = try? CronSchedule("0 0 1 1 *") else { preconditionFailure("it is valid") }
    schedule.months = 0
    return schedule
  }()

  private static let monthNames = [
    "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC",
  ]
  private static let dayNames = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]

  private static func isOpen(_ field: Substring) -> Bool { field.first == "*" || field == "?" }

  private static func bits(
    _ field: Substring, _ range: ClosedRange<Int>, _ what: String, _ names: [String]
  ) throws(ParsingError) -> UInt64 {
    var bits: UInt64 = 0
    for part in field.split(separator: ",", omittingEmptySubsequences: false) {
      let pieces = part.split(separator: "/", omittingEmptySubsequences: false)
      let step = pieces.count == 2 ? Int(pieces[1]) : 1
      guard pieces.count <= 2, let step, step > 0 else {
        throw ParsingError(message: "\"\(part)\" is no step through \(what)")
      }
      var low = range.lowerBound
      var high = range.upperBound
      if !isOpen(pieces[0]) || pieces[0].count != 1 {
        let ends = pieces[0].split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count <= 2, let first = number(ends[0], range, names),
          let last = ends.count == 2 ? number(ends[1], range, names) : first, first <= last
        else {
          throw ParsingError(
            message: "\"\(part)\" is none of the \(what), \(range.lowerBound) to "
              + "\(range.upperBound)")
        }
        low = first
        high = ends.count == 1 && pieces.count == 2 ? range.upperBound : last
      }
      for value in stride(from: low, through: high, by: step) { bits |= 1 << UInt64(value) }
    }
    return bits
  }

  private static func number(
    _ text: Substring, _ range: ClosedRange<Int>, _ names: [String]
  ) -> Int? {
    if let place = names.firstIndex(of: text.uppercased()) { return place + range.lowerBound }
    guard let number = Int(text), range.contains(number) else { return nil }
    return number
  }

  // MARK: Times

  /// The first time after another, in seconds since 1970 on the schedule's own clock; nil if there
  /// is none within eight years, as on February 30.
  public func next(after second: Int64) -> Int64? {
    let start = second + 1
    var day = start >= 0 ? start / 86_400 : (start - 86_399) / 86_400
    var from = Int(start - day * 86_400)
    for _ in 0..<2922 {
      if matches(day: day), let time = firstTime(from: from) { return day * 86_400 + Int64(time) }
      day += 1
      from = 0
    }
    return nil
  }

  /// Whether a time is one of the schedule's.
  public func matches(_ second: Int64) -> Bool { next(after: second - 1) == second }

  private func matches(day: Int64) -> Bool {
    let (month, date) = Self.civil(day)
    guard months >> UInt64(month) & 1 != 0 else { return false }
    let weekday = ((day + 4) % 7 + 7) % 7
    let byDate = days >> UInt64(date) & 1 != 0
    let byWeekday = weekdays >> UInt64(weekday) & 1 != 0
    return eitherDay ? byDate || byWeekday : byDate && byWeekday
  }

  /// The first matching second of a day from one on.
  private func firstTime(from: Int) -> Int? {
    for hour in from / 3600..<24 where hours >> UInt64(hour) & 1 != 0 {
      let startsHere = hour == from / 3600
      for minute in (startsHere ? from / 60 % 60 : 0)..<60 where minutes >> UInt64(minute) & 1 != 0
      {
        let first = startsHere && minute == from / 60 % 60 ? from % 60 : 0
        for second in first..<60 where seconds >> UInt64(second) & 1 != 0 {
          return hour * 3600 + minute * 60 + second
        }
      }
    }
    return nil
  }

  /// Month and day of the month of a day since 1970-01-01.
  ///
  /// > Source: Howard Hinnant's formula for the proleptic Gregorian calendar (M).
  private static func civil(_ day: Int64) -> (month: Int64, day: Int64) {
    let shifted = day + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let part = (5 * dayOfYear + 2) / 153
    return (part < 10 ? part + 3 : part - 9, dayOfYear - (153 * part + 2) / 5 + 1)
  }
}
