/// Unpacks gzip as it comes in, in a fixed amount of memory.
///
/// Members that follow each other are one text, as `gzip -dc` prints them; zeros after the last are
/// passed over. Every member's checksum and length are checked.
///
/// > Source: RFC 1951 (deflate), RFC 1952 (gzip).
public struct GzipStream: ~Copyable {
  /// Fills a buffer with the next packed bytes and says how many they are; 0 at the end.
  public typealias Source = (UnsafeMutableRawBufferPointer) throws -> Int

  private enum State { case start, block, stored(Int), coded, finished }

  private static let reach = 32_768
  private static let output = 4 * reach
  private static let longestMatch = 258

  private let source: Source
  private let packed = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
  private var packedStart = 0
  private var packedEnd = 0
  private var offset = 0
  private var bits: UInt64 = 0
  private var bitCount = 0

  /// What was unpacked last, after as much from before as matches can reach back to.
  private let window = UnsafeMutablePointer<UInt8>.allocate(
    capacity: reach + output + longestMatch)
  private var filled = 0
  private var history = 0
  /// Where the member begins: no match reaches back beyond it.
  private var floor = 0

  private var state = State.start
  private var isFirst = true
  private var isLastBlock = false
  private var checksum = Checksum()
  private var length: UInt32 = 0
  private var literals = PrefixCode(lengths: FixedCodes.literals)!
  private var distances = PrefixCode(lengths: FixedCodes.distances)!

  /// A stream that takes its packed bytes from a source.
  public init(_ source: @escaping Source) { self.source = source }

  deinit {
    packed.deallocate()
    window.deallocate()
  }

  /// The next unpacked bytes, valid until the next call; none at the end.
  ///
  /// - Throws: a ``GzipError``, or what the source throws.
  public mutating func next() throws -> UnsafeRawBufferPointer {
    let kept = min(filled, Self.reach)
    if filled > kept { window.update(from: window + (filled - kept), count: kept) }
    floor = max(0, floor - (filled - kept))
    filled = kept
    history = kept
    while filled == kept {
      switch state {
      case .start: try beginMember()
      case .block: try beginBlock()
      case .stored(let left): try copyStored(left)
      case .coded: try decode()
      case .finished: return UnsafeRawBufferPointer(start: nil, count: 0)
      }
    }
    let bytes = UnsafeRawBufferPointer(start: window + history, count: filled - history)
    checksum.update(bytes)
    length &+= UInt32(truncatingIfNeeded: bytes.count)
    return bytes
  }

  private func failure(_ kind: GzipError.Kind, _ message: String) -> GzipError {
    GzipError(kind, message, at: offset - bitCount / 8)
  }

  private var limit: Int { Self.reach + Self.output }
}

// MARK: - Bits

extension GzipStream {
  /// Has at least 48 bits ready, or all that are left.
  @inline(__always)
  private mutating func refill() throws {
    if bitCount >= 48 { return }
    if packedEnd - packedStart >= 8 {
      let word = packed.loadUnaligned(fromByteOffset: packedStart, as: UInt64.self).littleEndian
      bits |= word << UInt64(bitCount)
      let bytes = (63 - bitCount) >> 3
      packedStart += bytes
      offset += bytes
      bitCount += bytes * 8
      // Bits above the count would be there twice.
      bits &= bitCount == 64 ? .max : (1 << UInt64(bitCount)) - 1
      return
    }
    try refillSlowly()
  }

  private mutating func refillSlowly() throws {
    while bitCount <= 56 {
      if packedStart == packedEnd {
        packedEnd = try source(packed)
        packedStart = 0
        if packedEnd == 0 { return }
      }
      bits |= UInt64(packed[packedStart]) << UInt64(bitCount)
      packedStart += 1
      offset += 1
      bitCount += 8
    }
  }

  @inline(__always)
  private mutating func drop(_ count: Int) {
    bits >>= UInt64(count)
    bitCount -= count
  }

  private mutating func take(_ count: Int) throws -> Int {
    try refill()
    guard bitCount >= count else { throw failure(.truncated, "the compressed data ends early") }
    let value = Int(bits & ((1 << UInt64(count)) - 1))
    drop(count)
    return value
  }

  private mutating func alignToByte() { drop(bitCount & 7) }
}

// MARK: - Members and blocks

extension GzipStream {
  private mutating func beginMember() throws {
    try refill()
    if !isFirst {
      while bitCount >= 8, bits & 0xFF == 0 {
        drop(8)
        try refill()
      }
      if bitCount == 0 {
        state = .finished
        return
      }
    }
    guard try take(8) == 0x1F, try take(8) == 0x8B else {
      throw failure(.corrupt, isFirst ? "not gzip" : "something else follows the compressed data")
    }
    guard try take(8) == 8 else { throw failure(.corrupt, "an unknown way of compression") }
    let flags = try take(8)
    for _ in 0..<6 { _ = try take(8) }
    if flags & 4 != 0 {
      let extra = try take(16)
      for _ in 0..<extra { _ = try take(8) }
    }
    for flag in [8, 16] where flags & flag != 0 {
      while try take(8) != 0 {}
    }
    if flags & 2 != 0 { _ = try take(16) }
    isFirst = false
    isLastBlock = false
    checksum = Checksum()
    length = 0
    floor = filled
    state = .block
  }

  private mutating func endMember() throws {
    alignToByte()
    let wantedSum = UInt32(try take(16)) | UInt32(try take(16)) << 16
    let wantedLength = UInt32(try take(16)) | UInt32(try take(16)) << 16
    guard wantedSum == checksum.value, wantedLength == length else {
      throw failure(.corrupt, "the checksum differs: the data was damaged")
    }
    state = .start
  }

  private mutating func beginBlock() throws {
    if isLastBlock {
      try endMember()
      return
    }
    isLastBlock = try take(1) == 1
    switch try take(2) {
    case 0:
      alignToByte()
      let count = try take(16)
      guard count ^ 0xFFFF == (try take(16)) else {
        throw failure(.corrupt, "a stored block has two lengths")
      }
      state = .stored(count)
    case 1:
      literals = PrefixCode(lengths: FixedCodes.literals)!
      distances = PrefixCode(lengths: FixedCodes.distances)!
      state = .coded
    case 2:
      try readCodes()
      state = .coded
    default: throw failure(.corrupt, "a block of an unknown kind")
    }
  }

  private mutating func copyStored(_ count: Int) throws {
    var left = count
    while left > 0, filled < limit {
      window[filled] = UInt8(try take(8))
      filled += 1
      left -= 1
    }
    state = left > 0 ? .stored(left) : .block
  }

  private static let lengthOrder = [
    16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15,
  ]

  private mutating func readCodes() throws {
    let literalCount = try take(5) + 257
    let distanceCount = try take(5) + 1
    let lengthCount = try take(4) + 4
    var lengths = [UInt8](repeating: 0, count: 19)
    for index in 0..<lengthCount { lengths[Self.lengthOrder[index]] = UInt8(try take(3)) }
    guard let code = PrefixCode(lengths: lengths[...]) else {
      throw failure(.corrupt, "a code that is none")
    }
    lengths = []
    while lengths.count < literalCount + distanceCount {
      switch try symbol(of: code) {
      case let length where length < 16: lengths.append(UInt8(length))
      case 16:
        guard let last = lengths.last else { throw failure(.corrupt, "a length repeats nothing") }
        lengths += [UInt8](repeating: last, count: 3 + (try take(2)))
      case 17: lengths += [UInt8](repeating: 0, count: 3 + (try take(3)))
      default: lengths += [UInt8](repeating: 0, count: 11 + (try take(7)))
      }
    }
    guard lengths.count == literalCount + distanceCount, lengths[256] > 0,
      let literals = PrefixCode(lengths: lengths[..<literalCount]),
      let distances = PrefixCode(lengths: lengths[literalCount...])
    else { throw failure(.corrupt, "a code that is none") }
    self.literals = literals
    self.distances = distances
  }

  private mutating func symbol(of code: PrefixCode) throws -> Int {
    try refill()
    let entry = Int(code.entries[Int(bits & ((1 << UInt64(code.bits)) - 1))])
    guard entry != 0 else { throw failure(.corrupt, "a word that is none") }
    guard entry & 15 <= bitCount else {
      throw failure(.truncated, "the compressed data ends early")
    }
    drop(entry & 15)
    return entry >> 4
  }
}

// MARK: - Symbols

extension GzipStream {
  /// Unpacks until the block ends or the window is full.
  private mutating func decode() throws {
    let literals = literals
    let distances = distances
    try literals.entries.withUnsafeBufferPointer { literalWords in
      try distances.entries.withUnsafeBufferPointer { distanceWords in
        try decode(literalWords, distanceWords)
      }
    }
  }

  private mutating func decode(
    _ literalWords: UnsafeBufferPointer<UInt16>, _ distanceWords: UnsafeBufferPointer<UInt16>
  ) throws {
    let literalMask = UInt64(literalWords.count - 1)
    let distanceMask = UInt64(distanceWords.count - 1)
    let window = window
    let limit = limit
    var filled = filled
    defer { self.filled = filled }
    while filled < limit {
      try refill()
      var entry = Int(literalWords[Int(bits & literalMask)])
      // 48 bits hold three literals, whose words have 15 at most.
      if entry != 0, entry < 256 << 4, bitCount >= 48 {
        window[filled] = UInt8(truncatingIfNeeded: entry >> 4)
        filled += 1
        drop(entry & 15)
        entry = Int(literalWords[Int(bits & literalMask)])
        if entry != 0, entry < 256 << 4 {
          window[filled] = UInt8(truncatingIfNeeded: entry >> 4)
          filled += 1
          drop(entry & 15)
          continue
        }
        try refill()
      }
      guard entry != 0 else { throw failure(.corrupt, "a word that is none") }
      guard entry & 15 <= bitCount else { throw early }
      drop(entry & 15)
      let symbol = entry >> 4
      if symbol < 256 {
        window[filled] = UInt8(truncatingIfNeeded: symbol)
        filled += 1
        continue
      }
      if symbol == 256 {
        state = .block
        return
      }
      guard symbol < 286 else { throw failure(.corrupt, "a match of no length") }
      let extra = FixedCodes.lengthBits(symbol - 257)
      guard extra <= bitCount else { throw early }
      let length = FixedCodes.lengthBase(symbol - 257) + Int(bits & ((1 << UInt64(extra)) - 1))
      drop(extra)
      try refill()
      let place = Int(distanceWords[Int(bits & distanceMask)])
      guard place != 0, place >> 4 < 30 else { throw failure(.corrupt, "a match from nowhere") }
      guard place & 15 <= bitCount else { throw early }
      drop(place & 15)
      let more = max(0, (place >> 4) / 2 - 1)
      guard more <= bitCount else { throw early }
      let distance = FixedCodes.distanceBase(place >> 4) + Int(bits & ((1 << UInt64(more)) - 1))
      drop(more)
      guard distance <= filled - floor else {
        throw failure(.corrupt, "a match from before the data")
      }
      let from = window + (filled - distance)
      let to = window + filled
      if distance >= length {
        to.update(from: from, count: length)
      } else {
        for index in 0..<length { to[index] = from[index] }
      }
      filled += length
    }
  }

  private var early: GzipError { failure(.truncated, "the compressed data ends early") }
}

/// The codes that a block needn't bring along, and what the symbols of lengths and distances mean.
///
/// > Source: RFC 1951, sections 3.2.5 and 3.2.6.
enum FixedCodes {
  static let literals: ArraySlice<UInt8> =
    ([UInt8](repeating: 8, count: 144) + [UInt8](repeating: 9, count: 112)
    + [UInt8](repeating: 7, count: 24) + [UInt8](repeating: 8, count: 8))[...]
  static let distances = [UInt8](repeating: 5, count: 32)[...]

  /// Further bits of a length's symbol, from 257 on: four symbols for each number of bits from 1.
  @inline(__always)
  static func lengthBits(_ symbol: Int) -> Int { symbol < 8 || symbol == 28 ? 0 : symbol / 4 - 1 }

  /// The shortest match of a length's symbol.
  @inline(__always)
  static func lengthBase(_ symbol: Int) -> Int {
    if symbol < 8 { return 3 + symbol }
    return symbol == 28 ? 258 : 3 + ((4 + symbol % 4) << (symbol / 4 - 1))
  }

  /// The nearest match of a distance's symbol.
  @inline(__always)
  static func distanceBase(_ symbol: Int) -> Int {
    symbol < 4 ? 1 + symbol : 1 + ((2 + symbol % 2) << (symbol / 2 - 1))
  }
}
