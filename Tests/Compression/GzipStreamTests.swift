import Compression
import Foundation
import TestSupport
import Testing

struct GzipStreamTests {
  /// What gzip makes of a file, packed as hard as asked.
  private func packed(_ bytes: [UInt8], level: Int, in folder: String) throws -> [UInt8] {
    let file = "\(folder)/\(UUID().uuidString)"
    try Data(bytes).write(to: URL(filePath: file))
    let result = try Program.run("/usr/bin/env", ["gzip", "-\(level)", file])
    try #require(result.status == 0, "\(result.errors)")
    return [UInt8](try Data(contentsOf: URL(filePath: "\(file).gz")))
  }

  /// Unpacks bytes that come in stretches of a length.
  private func unpacked(_ bytes: [UInt8], by length: Int = 1 << 16) throws -> [UInt8] {
    var position = 0
    var stream = GzipStream { buffer in
      let count = min(length, buffer.count, bytes.count - position)
      buffer.copyBytes(from: bytes[position..<position + count])
      position += count
      return count
    }
    var result: [UInt8] = []
    while true {
      let part = try stream.next()
      if part.isEmpty { return result }
      result.append(contentsOf: part)
    }
  }

  /// Texts that compress well, hardly and not at all.
  private func samples() -> [[UInt8]] {
    var generator = SeededGenerator(seed: 5)
    let noise = (0..<70_000).map { _ in UInt8.random(in: 0...255, using: &generator) }
    let rows = (0..<20_000).map { "\($0),\(generator.below(50)),2013-08-12 13:40:46\n" }.joined()
    let far = Array(noise.prefix(32_768)) + Array(noise.prefix(32_768))
    return [
      [], [65], Array(rows.utf8), noise, [UInt8](repeating: 7, count: 300_000), far,
      Array(rows.utf8) + noise + Array(rows.utf8),
    ]
  }

  @Test("What gzip packs is unpacked, at every level and however the bytes come in")
  func roundTrip() throws {
    try withTemporaryFolder { folder in
      for (number, sample) in samples().enumerated() {
        for level in [1, 6, 9] {
          let bytes = try packed(sample, level: level, in: folder)
          let isSame = try unpacked(bytes) == sample
          #expect(isSame, "sample \(number), level \(level)")
          let isSameInPieces = try unpacked(bytes, by: 7) == sample
          #expect(isSameInPieces, "sample \(number), level \(level), in pieces")
        }
      }
    }
  }

  @Test("Members that follow each other are one text, and zeros after them are passed over")
  func members() throws {
    try withTemporaryFolder { folder in
      let sample = samples()[2]
      let bytes = try packed(sample, level: 6, in: folder)
      let isTwice = try unpacked(bytes + bytes + [0, 0, 0]) == sample + sample
      #expect(isTwice)
    }
  }

  @Test("A file that was cut is told, wherever it was cut")
  func truncated() throws {
    try withTemporaryFolder { folder in
      let bytes = try packed(Array(samples()[2].prefix(5000)), level: 6, in: folder)
      for count in 0..<bytes.count {
        do {
          _ = try unpacked(Array(bytes[..<count]))
          Issue.record("cut after \(count) bytes")
        } catch let error as GzipError {
          #expect(error.kind == .truncated, "cut after \(count) bytes: \(error)")
          #expect(error.offset <= count)
        }
      }
    }
  }

  @Test("A flipped bit is found by the code or by the checksum, and never crashes")
  func damaged() throws {
    try withTemporaryFolder { folder in
      let bytes = try packed(Array(samples()[2].prefix(3000)), level: 6, in: folder)
      // Flags, time and name of the head don't change the text.
      let start = (bytes[10...].firstIndex(of: 0) ?? 9) + 1
      // The byte before the checksum ends with bits that mean nothing.
      for index in start..<bytes.count where index != bytes.count - 9 {
        for bit in [0, 3, 7] {
          var damaged = bytes
          damaged[index] ^= 1 << UInt8(bit)
          #expect(throws: GzipError.self, "byte \(index), bit \(bit)") { try unpacked(damaged) }
        }
      }
    }
  }

  @Test("What isn't gzip is told at its first byte")
  func notGzip() {
    #expect(throws: GzipError.self) { try unpacked(Array("not gzip".utf8)) }
  }
}
