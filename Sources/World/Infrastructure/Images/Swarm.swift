import ClusterModel
import Quantities

/// Those at one place that hand a set of images on to each other.
struct Swarm: Sendable {
  enum Seed: BitwiseCopyable, Sendable { case idle, fetching, complete }
  let place: Int
  let set: Int
  /// What peers and seed send together, among the network's resources, and the peers' class.
  let resource: Int
  let peers: Int
  var seed = Seed.idle
  /// How many have asked for the set so far.
  var members = 0
  /// Who has all pieces but those that the seed has yet to receive.
  var waiting: [FluidNetwork.Key] = []
}

extension StartPipeline {
  /// Has somebody at a place receive a set of images from peers.
  mutating func join(
    _ key: FluidNetwork.Key, set: Int, place: Int, bytes: Double, wholeBytes: Double,
    at now: Instant
  ) {
    let number = swarm(of: set, place: place)
    guard let sharing = places[place].sharing else { return }
    swarms[number].members += 1
    network.setCapacity(
      sharing.seed.bytesPerSecond + sharing.up.bytesPerSecond * sharing.efficiency
        * Double(swarms[number].members), of: swarms[number].resource, at: now)
    network.start(key, inClass: swarms[number].peers, bytes: bytes, at: now)
    guard swarms[number].seed == .idle, let seeds = places[place].routes.seeds else { return }
    swarms[number].seed = .fetching
    network.start(Transfer.seed(number).key, inClass: seeds, bytes: wholeBytes, at: now)
  }

  private mutating func swarm(of set: Int, place: Int) -> Int {
    while places[place].swarms.count <= set { places[place].swarms.append(-1) }
    if places[place].swarms[set] >= 0 { return Int(places[place].swarms[set]) }
    let resource = network.addResource(0)
    let peers = network.addClass(
      crossing: [resource], ownLimit: places[place].routes.pullLimit)
    swarms.append(Swarm(place: place, set: set, resource: resource, peers: peers))
    places[place].swarms[set] = Int32(swarms.count - 1)
    return swarms.count - 1
  }

  /// Whether a set can be had from peers although the registry or the way to it is cut off.
  func isSeeded(_ set: Int, place: Int) -> Bool {
    guard set < places[place].swarms.count, places[place].swarms[set] >= 0 else { return false }
    return swarms[Int(places[place].swarms[set])].seed == .complete
  }

  /// Whether who has received everything from peers must wait for the seed; then it does.
  mutating func waitsForSeed(_ key: FluidNetwork.Key, set: Int, place: Int) -> Bool {
    guard places[place].sharing != nil, set < places[place].swarms.count,
      places[place].swarms[set] >= 0
    else { return false }
    let number = Int(places[place].swarms[set])
    guard swarms[number].seed == .fetching else { return false }
    swarms[number].waiting.append(key)
    return true
  }

  mutating func seedComplete(_ number: Int, at now: Instant, into out: inout PipelineOutbox) {
    swarms[number].seed = .complete
    let waiting = swarms[number].waiting
    swarms[number].waiting = []
    for key in waiting { transferEnded(key, at: now, into: &out) }
  }

  /// The class of a Pod's pull, with or without peers.
  func pullClass(of order: StartOrder) -> Int {
    let swarms = places[order.place].swarms
    guard order.imageSet < swarms.count, swarms[order.imageSet] >= 0 else {
      return places[order.place].routes.pulls
    }
    return self.swarms[Int(swarms[order.imageSet])].peers
  }
}
