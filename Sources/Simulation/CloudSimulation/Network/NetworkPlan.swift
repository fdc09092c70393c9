import Infrastructure
import Quantities

/// The shared resources of a scenario by number: registries' egress first, then links.
struct NetworkPlan {
  /// Bytes per second.
  let capacities: [Double]
  let registries: [Registry]
  let topology: Topology
  private let links: [Link]
  private let sites: [Site]

  /// Without a registry in the scenario there is one at the first site, which sends as much as its
  /// links carry.
  init(_ scenario: Scenario, sites: [Site]) {
    self.sites = sites
    links = scenario.links
    var registries = scenario.registries
    if registries.isEmpty {
      var registry = Registry(name: "registry", site: sites[0].name)
      registry.egress = .unlimited
      registries = [registry]
    }
    self.registries = registries
    let lines = links.enumerated().map { number, link in
      let ends = link.between.compactMap { name in sites.firstIndex { $0.name == name } }
      return Line(
        ends: ends.count == 2 ? (ends[0], ends[1]) : nil, resource: registries.count + number,
        capacity: Self.bytes(link.bandwidth) * (1 - link.overhead), lines: link.lines,
        roundTrip: link.roundTrip, loss: (link.loss.usual, link.loss.burst))
    }
    topology = Topology(sites: sites.count, lines: lines)
    capacities =
      registries.map { Self.bytes($0.egress) } + lines.map { $0.capacity * Double($0.lines) }
  }

  /// The number of a link among the shared resources.
  static func resource(ofLink index: Int, in scenario: Scenario) -> Int {
    max(1, scenario.registries.count) + index
  }

  private static func bytes(_ bandwidth: Bandwidth) -> Double {
    bandwidth == .unlimited ? .infinity : bandwidth.bytesPerSecond
  }

  /// Where a place at a site has its images from: the registry named, else one at the site, else
  /// the first.
  func source(ofSite site: Int, registry name: String?) -> ImageSource {
    let own = sites[site].name
    let index =
      registries.firstIndex { $0.name == name } ?? registries.firstIndex { $0.site == own } ?? 0
    let from = sites.firstIndex { $0.name == registries[index].site } ?? site
    return ImageSource(registry: index, registrySite: from, site: site)
  }

  /// When links are scripted to go down and come back and traffic of others begins and ends, in
  /// order; while several outages overlap, the link is down.
  ///
  /// - Parameter traffic: the pipeline's number of the first traffic; the others follow.
  func changes(traffic: Int) -> [LineChange] {
    var changes: [LineChange] = []
    var number = traffic
    for (index, link) in links.enumerated() {
      for outage in link.outages where outage.from < outage.to {
        let (from, to) = (Instant.zero + outage.from, Instant.zero + outage.to)
        changes.append(LineChange(at: from, effect: .outage(link: index, begins: true)))
        changes.append(LineChange(at: to, effect: .outage(link: index, begins: false)))
      }
      for other in link.traffic {
        changes.append(
          LineChange(at: .zero + other.from, effect: .traffic(number: number, flows: true)))
        if let until = other.until {
          changes.append(
            LineChange(at: .zero + until, effect: .traffic(number: number, flows: false)))
        }
        number += 1
      }
    }
    return changes.sorted { $0.at < $1.at }
  }
}

/// What is scripted about a link.
struct LineChange: BitwiseCopyable, Sendable {
  enum Effect: BitwiseCopyable, Sendable {
    /// All its lines fail or work again.
    case outage(link: Int, begins: Bool)
    /// Traffic of others begins or ends.
    case traffic(number: Int, flows: Bool)
  }
  var at: Instant
  var effect: Effect
}

/// The bursts of loss on a link.
struct LossCourse: BitwiseCopyable, Sendable {
  var link: Int
  var every: TimeSpan
  var lasting: TimeSpan
  var subject: UInt64
  /// How many stays are over, and whether there is a burst now.
  var number: UInt32 = 0
  var isBurst = false
}
