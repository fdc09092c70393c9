import Probability

/// What a driver must know of a link.
public struct Line: Sendable {
  /// The numbers of the sites that it joins; nil: not two.
  public var ends: (Int, Int)?
  /// Its number among the network's resources.
  public var resource: Int
  /// Bytes per second that each of its lines carries.
  public var capacity: Double
  /// How many lines it has.
  public var lines: Int
  /// Round-trip time, in seconds.
  public var roundTrip: Law
  /// The share of packets that are lost, outside and inside bursts of loss.
  public var loss: (usual: Double, burst: Double)
  /// A link from its parts.
  public init(
    ends: (Int, Int)?, resource: Int, capacity: Double, lines: Int = 1, roundTrip: Law,
    loss: (usual: Double, burst: Double) = (0, 0)
  ) {
    self.ends = ends
    self.resource = resource
    self.capacity = capacity
    self.lines = lines
    self.roundTrip = roundTrip
    self.loss = loss
    meanRoundTrip = roundTrip.mean
  }

  let meanRoundTrip: Double
  /// Lines that have failed.
  var failed = 0
  /// Scripted outages that are going on.
  var outages = 0
  /// Whether it loses packets in a burst just now.
  var losesMore = false
  var works: Bool { failed < lines }
  /// Bytes per second that it carries now.
  var presentCapacity: Double {
    works && outages == 0 ? capacity * Double(lines - failed) : 0
  }
  var presentLoss: Double { losesMore ? loss.burst : loss.usual }
}

/// Sites and the links between them, by number.
public struct Topology: Sendable {
  /// The links.
  public internal(set) var lines: [Line]
  private let siteCount: Int

  /// A topology from its parts; without links every site is its own.
  public init(sites: Int = 1, lines: [Line] = []) {
    siteCount = sites
    self.lines = lines
  }

  /// The way from one site to another with the fewest links, and of those the one whose links come
  /// first; nil: there is none.
  ///
  /// - Parameter onlyWorking: whether links that have failed are left out.
  public func way(from start: Int, to end: Int, onlyWorking: Bool) -> [Int]? {
    if start == end { return [] }
    var cameBy = [Int](repeating: -1, count: siteCount)
    var cameFrom = cameBy
    var reached = [start]
    var next = 0
    while next < reached.count {
      let site = reached[next]
      next += 1
      for (number, line) in lines.enumerated() where line.works || !onlyWorking {
        guard let (a, b) = line.ends, a == site || b == site else { continue }
        let other = a == site ? b : a
        guard other != start, cameBy[other] < 0 else { continue }
        cameBy[other] = number
        cameFrom[other] = site
        reached.append(other)
      }
    }
    guard cameBy[end] >= 0 else { return nil }
    var way: [Int] = []
    var site = end
    while site != start {
      way.append(cameBy[site])
      site = cameFrom[site]
    }
    return way.reversed()
  }

  /// For each link of a way from a site: whether it is crossed from its first end to its second.
  func directions(of way: [Int], from start: Int) -> [(link: Int, isForward: Bool)] {
    var site = start
    return way.map { number in
      let ends = lines[number].ends ?? (site, site)
      let isForward = ends.0 == site
      site = isForward ? ends.1 : ends.0
      return (number, isForward)
    }
  }

  /// How fast one transfer by several connections goes at most that crosses links, in bytes per
  /// second: a packet must survive each, and their round trips add up.
  func transportLimit(_ way: [Int], connections: Int) -> Double {
    var survival = 1.0
    var roundTrip = 0.0
    for number in way {
      survival *= 1 - lines[number].presentLoss
      roundTrip += lines[number].meanRoundTrip
    }
    return Double(connections)
      * TransportRate.bytesPerSecond(roundTrip: roundTrip, loss: 1 - survival)
  }
}
