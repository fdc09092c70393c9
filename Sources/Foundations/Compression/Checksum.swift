/// The checksum that gzip keeps of what it packed, eight bytes at a time.
///
/// > Source: CRC-32 of RFC 1952, section 8; the tables for bytes further ahead follow Kounavis and
/// > Berry, "A systematic approach to building high performance software-based CRC generators", 2005.
struct Checksum {
  /// Table t says what a byte does that has t further bytes after it.
  private static let tables: [UInt32] = {
    var tables = [UInt32](repeating: 0, count: 8 * 256)
    for byte in 0..<256 {
      var value = UInt32(byte)
      for _ in 0..<8 { value = value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
      tables[byte] = value
    }
    for table in 1..<8 {
      for byte in 0..<256 {
        let before = tables[(table - 1) * 256 + byte]
        tables[table * 256 + byte] = tables[Int(before & 0xFF)] ^ (before >> 8)
      }
    }
    return tables
  }()

  private var state: UInt32 = 0xFFFF_FFFF
  /// The checksum of the bytes so far.
  var value: UInt32 { ~state }

  mutating func update(_ bytes: UnsafeRawBufferPointer) {
    var state = state
    Self.tables.withUnsafeBufferPointer { tables in
      var index = 0
      while index + 8 <= bytes.count {
        let low = bytes.loadUnaligned(fromByteOffset: index, as: UInt32.self).littleEndian ^ state
        let high = bytes.loadUnaligned(fromByteOffset: index + 4, as: UInt32.self).littleEndian
        let first = tables[1792 + Int(low & 0xFF)] ^ tables[1536 + Int((low >> 8) & 0xFF)]
        let second = tables[1280 + Int((low >> 16) & 0xFF)] ^ tables[1024 + Int(low >> 24)]
        let third = tables[768 + Int(high & 0xFF)] ^ tables[512 + Int((high >> 8) & 0xFF)]
        let fourth = tables[256 + Int((high >> 16) & 0xFF)] ^ tables[Int(high >> 24)]
        state = first ^ second ^ third ^ fourth
        index += 8
      }
      while index < bytes.count {
        state = tables[Int((state ^ UInt32(bytes[index])) & 0xFF)] ^ (state >> 8)
        index += 1
      }
    }
    self.state = state
  }
}
