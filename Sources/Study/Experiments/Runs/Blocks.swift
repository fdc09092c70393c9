import CloudSimulation
import Statistics

/// What a verdict and an interval count: replications one by one, or windows of a trace, inside
/// which replications are averaged first.
struct Blocks: Hashable, Sendable {
  /// Windows; 1: there are none, and every replication counts by itself.
  let windows: Int
  /// Blocks in all.
  let count: Int
  /// Replications in each.
  let seeds: Int

  /// Every replication by itself.
  init(replications: Int) {
    windows = 1
    count = replications
    seeds = 1
  }

  /// Replications shared out among windows of a trace, if there are several.
  ///
  /// - Throws: ``StudyError/unequalWindows(replications:windows:)`` if windows would get different
  ///   numbers of replications.
  init(replications: Int, windows: Int) throws(StudyError) {
    guard windows <= 1 || replications >= windows && replications % windows == 0 else {
      throw .unequalWindows(replications: replications, windows: windows)
    }
    self.windows = max(1, windows)
    count = windows > 1 ? windows : replications
    seeds = windows > 1 ? replications / windows : 1
  }

  /// The numbers of a block's replications.
  func replications(of block: Int) -> [Int] { (0..<seeds).map { block + $0 * windows } }

  /// What replications gave, from number 0 on, block by block.
  func grouped<Element>(_ elements: [Element]) -> [[Element]] {
    guard windows > 1 else { return elements.map { [$0] } }
    return (0..<min(windows, elements.count)).map { window in
      stride(from: window, to: elements.count, by: windows).map { elements[$0] }
    }
  }

  /// The average of each block; nil where a value doesn't exist in every replication of it.
  func averages(_ values: [Double?]) -> [Double?] {
    guard windows > 1 else { return values }
    return grouped(values).map(Self.average)
  }

  /// The mean of some values if all of them exist.
  static func average(_ values: [Double?]) -> Double? {
    let present = values.compactMap { $0 }
    return present.count == values.count ? Tally(present).mean : nil
  }
}
