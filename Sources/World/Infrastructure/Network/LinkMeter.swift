import Quantities

/// What crosses links.
public enum LinkUse: Int, Hashable, Sendable, CaseIterable {
  /// Layers of images on their way from registries.
  case images
  /// Kubelets' reports about Pods.
  case reports
  /// Calls to create serverless Pods.
  case creates
  /// Renewals of nodes' leases.
  case leases
  /// What nodes watch.
  case watches
  /// Requests to services and their answers.
  case requests
  /// Traffic of others.
  case others
}

/// Counts the bytes that cross each link, by what they are and by direction.
///
/// It is read from what the network's classes have moved, so that counting costs no transfer
/// anything; only a class that is given another way is settled.
struct LinkMeter: Sendable {
  private struct Entry: Sendable {
    let kind: Int
    let use: LinkUse
    /// The share of its bytes that goes along its way; the rest comes back.
    let along: Double
    var way: [(link: Int, isForward: Bool)]
    /// What the class had moved when it took its way.
    var before = 0.0
  }
  private var entries: [Entry] = []
  private var entryOfClass: [Int] = []
  /// By link, use and direction.
  private var settled: [Double]

  /// Whether there are links at all.
  var hasLinks: Bool { !settled.isEmpty }

  init(links: Int) {
    settled = Array(repeating: 0, count: links * LinkUse.allCases.count * 2)
  }

  /// Watches a class of the network.
  mutating func add(
    _ kind: Int, _ use: LinkUse, along: Double = 1, way: [(link: Int, isForward: Bool)]
  ) {
    while entryOfClass.count <= kind { entryOfClass.append(-1) }
    entryOfClass[kind] = entries.count
    entries.append(Entry(kind: kind, use: use, along: along, way: way))
  }

  /// A class takes another way from now on.
  mutating func move(_ kind: Int, to way: [(link: Int, isForward: Bool)], moved: Double) {
    let index = entryOfClass[kind]
    add(entries[index], bytes: moved - entries[index].before, to: &settled)
    entries[index].way = way
    entries[index].before = moved
  }

  private func add(_ entry: Entry, bytes: Double, to sums: inout [Double]) {
    for hop in entry.way {
      let place = (hop.link * LinkUse.allCases.count + entry.use.rawValue) * 2
      sums[place + (hop.isForward ? 0 : 1)] += bytes * entry.along
      sums[place + (hop.isForward ? 1 : 0)] += bytes * (1 - entry.along)
    }
  }

  /// Bytes by link, by use, and from the link's first end to its second before those back.
  ///
  /// - Parameter moved: what a class has carried.
  func bytes(_ moved: (Int) -> Double) -> [Double] {
    var sums = settled
    for entry in entries { add(entry, bytes: moved(entry.kind) - entry.before, to: &sums) }
    return sums
  }
}

/// The bytes that crossed links, by number, use and direction.
public struct LinkBytes: Hashable, Sendable {
  private let sums: [Double]

  init(_ sums: [Double]) { self.sums = sums }

  /// Bytes of a kind that crossed a link, either way.
  public func bytes(ofLink link: Int, _ use: LinkUse) -> Double {
    let place = (link * LinkUse.allCases.count + use.rawValue) * 2
    return sums[place] + sums[place + 1]
  }

  /// All bytes that crossed a link from its first end to its second, or back.
  public func bytes(ofLink link: Int, forward: Bool) -> Double {
    LinkUse.allCases.reduce(0) { sum, use in
      sum + sums[(link * LinkUse.allCases.count + use.rawValue) * 2 + (forward ? 0 : 1)]
    }
  }
}
