/// A quantity's name that ends in a number: `P17` is the probability of 17, `W_p95` the 95 %
/// quantile of W.
enum IndexedName {
  case probability(of: Int)
  case quantile(of: String, at: Double)

  init?(_ name: String) {
    if let mark = Self.quantileMark(name) {
      self = .quantile(of: String(name[..<mark.start]), at: mark.share)
    } else if name.first == "P", let n = Self.whole(name.dropFirst()) {
      self = .probability(of: n)
    } else {
      return nil
    }
  }

  /// Where `_p<percent>` starts at the end of a name, and the share it stands for.
  private static func quantileMark(_ name: String) -> (start: String.Index, share: Double)? {
    guard let p = name.lastIndex(of: "p"), p > name.startIndex else { return nil }
    let start = name.index(before: p)
    let digits = name[name.index(after: p)...]
    guard name[start] == "_", start > name.startIndex else { return nil }
    // `p99.9` and `p999` both mean 99.9 %.
    if digits.contains(".") {
      guard digits.allSatisfy({ $0.isNumber || $0 == "." }), let percent = Double(digits),
        percent > 0, percent < 100
      else { return nil }
      return (start, percent / 100)
    }
    guard let whole = whole(digits), whole > 0 else { return nil }
    let scale = (0..<max(digits.count, 2)).reduce(1.0) { scale, _ in scale * 10 }
    return (start, Double(whole) / scale)
  }

  private static func whole(_ digits: Substring) -> Int? {
    guard !digits.isEmpty, digits.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
    return Int(digits)
  }
}
