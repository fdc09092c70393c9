/// A prefix code as a table that bits are looked up in, as many at a time as its longest word has.
///
/// > Source: RFC 1951, section 3.2.2: words of a length follow each other in the order of their
/// > symbols, and the first bit of a word comes first.
struct PrefixCode {
  /// Symbol times 16 plus the length of its word; 0 where no word begins so.
  private(set) var entries: [UInt16]
  /// Bits that are looked up.
  private(set) var bits: Int

  /// A code of one length for each symbol, 0 for symbols without a word.
  ///
  /// - Returns: nil if no code has these lengths. A single word may have a partner without a symbol.
  init?(lengths: ArraySlice<UInt8>) {
    var counts = [Int](repeating: 0, count: 16)
    for length in lengths { counts[Int(length)] += 1 }
    counts[0] = 0
    let longest = counts.lastIndex { $0 > 0 } ?? 0
    var room = 1
    var next = [Int](repeating: 0, count: 17)
    var word = 0
    for length in 1...15 {
      room = room * 2 - counts[length]
      if room < 0 { return nil }
      word = (word + counts[length - 1]) << 1
      next[length] = word
    }
    if room > 0, longest > 1 { return nil }
    bits = max(1, longest)
    entries = [UInt16](repeating: 0, count: 1 << bits)
    for (symbol, length) in lengths.enumerated() where length > 0 {
      let own = Self.reversed(next[Int(length)], Int(length))
      next[Int(length)] += 1
      let entry = UInt16(symbol << 4 | Int(length))
      var index = own
      while index < entries.count {
        entries[index] = entry
        index += 1 << Int(length)
      }
    }
  }

  private static func reversed(_ word: Int, _ length: Int) -> Int {
    var result = 0
    for bit in 0..<length where word >> bit & 1 == 1 { result |= 1 << (length - 1 - bit) }
    return result
  }
}
