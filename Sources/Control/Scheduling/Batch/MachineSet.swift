/// A set of machines numbered from 0, as bits.
public struct MachineSet: Hashable, Sendable {
  private var words: [UInt64]

  /// No machines, with room for so many.
  public init(capacity: Int) {
    words = [UInt64](repeating: 0, count: (capacity + 63) / 64)
  }

  /// All of the first `count` machines.
  public init(first count: Int) {
    self.init(capacity: count)
    for machine in 0..<count { insert(machine) }
  }

  /// How many machines there are in it.
  public var count: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

  /// The machines' numbers, ascending.
  public var numbers: [Int] {
    var numbers: [Int] = []
    for (index, word) in words.enumerated() {
      var rest = word
      while rest != 0 {
        numbers.append(index * 64 + rest.trailingZeroBitCount)
        rest &= rest - 1
      }
    }
    return numbers
  }

  /// Adds a machine.
  public mutating func insert(_ machine: Int) { words[machine / 64] |= 1 << UInt64(machine % 64) }

  /// Adds the machines of another set of the same capacity.
  public mutating func formUnion(_ other: MachineSet) {
    for index in words.indices { words[index] |= other.words[index] }
  }

  /// Takes the machines of another set of the same capacity out.
  public mutating func subtract(_ other: MachineSet) {
    for index in words.indices { words[index] &= ~other.words[index] }
  }

  /// The `count` machines with the lowest numbers; nil if there are fewer.
  public func lowest(_ count: Int) -> MachineSet? {
    var chosen = self
    var open = count
    for index in words.indices {
      let here = words[index].nonzeroBitCount
      if here <= open {
        open -= here
      } else {
        var word = words[index]
        for _ in 0..<(here - open) { word &= ~(1 << UInt64(63 - word.leadingZeroBitCount)) }
        chosen.words[index] = word
        open = 0
      }
    }
    return open == 0 ? chosen : nil
  }
}
