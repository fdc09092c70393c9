import Foundation
import Probability
import Quantities
import ScenarioFiles
import Statistics

/// A file while it is imported: where it is read, what became of its rows, and what was found.
final class Intake {
  /// The file or folder.
  let path: String
  /// How the trace is changed.
  let options: ImportOptions
  /// What became of the rows.
  var counts = RowCounts()
  /// Columns and fields that nothing was made of.
  var ignored: [String] = []
  /// What matters and isn't modelled.
  var unsupported: [String] = []
  /// What was taken for granted.
  var assumptions: [String] = []
  /// What was found.
  var content = ImportedContent()
  private let choices: KeyedStream
  private var origin: Int64?
  private var latest = Int64.min

  /// What was read of manifests, by kind.
  var input: [InputSummary] = []
  /// Opens the file for a cluster's objects.
  let openSpool: () throws -> ObjectSpool

  init(path: String, options: ImportOptions, openSpool: @escaping () throws -> ObjectSpool) {
    self.path = path
    self.options = options
    self.openSpool = openSpool
    choices = RandomSource(seed: options.seed).stream("import")
  }

  /// The file's name without folder and endings, as Kubernetes' names may be.
  var name: String {
    let last = path.split(separator: "/").last.map(String.init) ?? "trace"
    let base = last.split(separator: ".").first.map(String.init) ?? last
    return Self.label(base, orElse: "trace")
  }

  /// A text as Kubernetes' names may be: lower-case letters, digits and dashes, at most 40.
  static func label(_ text: String, orElse other: String) -> String {
    let allowed = text.lowercased().unicodeScalars.map { scalar -> Character in
      let isPlain = ("a"..."z").contains(scalar) || ("0"..."9").contains(scalar)
      return isPlain ? Character(scalar) : "-"
    }
    let label = String(allowed.prefix(40)).split(separator: "-").joined(separator: "-")
    return label.isEmpty ? other : label
  }

  func error(
    line: Int, column: Int = 1, _ code: String, _ message: String, expected: String? = nil,
    excerpt: String? = nil, width: Int = 1
  ) -> InvalidInput {
    InvalidInput(
      file: path, line: line, column: column, code: code, message: message, expected: expected,
      excerpt: excerpt, width: width)
  }

  // MARK: Time

  /// A row's instant after the start of the trace, in nanoseconds; the first row's is the start.
  ///
  /// - Throws: ``InvalidInput`` if it is earlier than the row before.
  func inOrder(_ time: Int64, line: Int, column: Int, _ text: @autoclosure () -> String) throws
    -> Int64
  {
    guard time >= latest else {
      throw error(
        line: line, column: column, "out-of-order",
        "\(text()) is earlier than the row before: time goes back",
        expected: "rows in the order of time", width: text().count)
    }
    latest = time
    if origin == nil { origin = time }
    return time - (origin ?? time)
  }

  /// A row's instant in the run, in nanoseconds: after the window's start, and shifted; nil if it is
  /// outside the window.
  func placed(_ time: Int64) -> Int64? {
    if let window = options.window {
      guard time >= window.lowerBound.nanoseconds, time < window.upperBound.nanoseconds else {
        return nil
      }
      return time - window.lowerBound.nanoseconds + options.shift.nanoseconds
    }
    return time + options.shift.nanoseconds
  }

  // MARK: Choice

  /// How often row number `row` comes: 0 if it isn't in the sample.
  ///
  /// Depends on the seed and the row's number alone, so that more rows don't change it.
  func copies(ofRow row: Int) -> Int {
    if case .share(let share) = options.sample,
      choices.uniform(for: UInt64(row), number: 0) >= share
    {
      return 0
    }
    let whole = Int(options.inflate)
    let rest = options.inflate - Double(whole)
    guard rest > 0 else { return whole }
    return whole + (choices.uniform(for: UInt64(row), number: 1) < rest ? 1 : 0)
  }

  /// Which `count` of `all` things are in a sample, as a flag for each.
  func chosen(_ count: Int, of all: Int) -> [Bool] {
    guard count < all else { return [Bool](repeating: true, count: all) }
    let keys = (0..<all).map { (choices.uniform(for: UInt64($0), number: 2), $0) }
    var flags = [Bool](repeating: false, count: all)
    for (_, index) in keys.sorted(by: { $0 < $1 }).prefix(count) { flags[index] = true }
    return flags
  }

  /// The reason for which rows outside the window are dropped.
  static let outside = "outside the window"
  /// The reason for which rows outside the sample are dropped.
  static let unsampled = "not in the sample"
  /// The reason for which a last line that was cut is dropped.
  static let cut = "last line cut"
}
