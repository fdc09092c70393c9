import Probability

/// Stations between which customers move, as a model of the event engine plays them.
///
/// Times are in seconds; a model in another unit is simulated as if its unit were the second.
struct StationNetwork: Hashable, Sendable {
  /// Whom a station serves first.
  enum Order: Hashable, Sendable {
    /// Whoever came first.
    case arrival
    /// The lower class, and in it whoever came first.
    case priority
    /// Whoever needs the least service in total.
    case size
    /// Whoever needs the least service from now on.
    case remainder
    /// Whoever came last.
    case reversed
  }

  /// When the servers of a station are away although somebody is there.
  enum Absence: Hashable, Sendable {
    case never
    /// They are off while nobody is there, and take so long to set up for the first who comes.
    case setup(Law)
    /// They leave whenever nobody is there, again and again, for so long each time.
    case vacations(Law)
  }

  struct Station: Hashable, Sendable {
    /// Servers; none: whoever comes stays for good.
    var servers: Int
    /// The service time's law, by class; the last one counts for higher classes, too.
    var services: [Law]
    var order = Order.arrival
    /// Whether somebody who is served first interrupts a service, which later goes on where it
    /// stopped. Of one server only.
    var preempts = false
    /// How long somebody waits before giving up; nil: for ever.
    var patience: Law?
    var absence = Absence.never
    /// Where those go who find all servers busy; nil: they wait.
    var overflow: Int?
    /// Whether nobody is served there: times between failures, or of thinking.
    var isThinking = false
    /// The chances of going on to each station; what is missing to 1 leaves.
    var routing: [Double] = []

    init(servers: Int, service: Law) {
      self.servers = servers
      services = [service]
    }

    /// More servers than anybody will ask for.
    static let unlimited = Int.max / 2
  }

  /// Where customers come from.
  struct Source: Hashable, Sendable {
    var station = 0
    /// Their class; 0 is the highest.
    var priority = 0
    var interarrival: Law
    /// The chances of 1, 2, … customers at once.
    var batch: [Double] = [1]
  }

  var stations: [Station]
  var sources: [Source] = []
  /// Customers who are at the first station from the beginning.
  var population = 0
  /// The run ends when so many are at a station.
  var end: End?

  struct End: Hashable, Sendable {
    var station: Int
    var present: Int
  }

  /// The same with longer services, or longer times between arrivals.
  func scaled(service: Double, interarrival: Double) -> StationNetwork {
    var network = self
    for index in stations.indices {
      let factor = stations[index].isThinking ? interarrival : service
      network.stations[index].services = stations[index].services.map { $0.scaled(by: factor) }
    }
    for index in sources.indices {
      network.sources[index].interarrival = sources[index].interarrival.scaled(by: interarrival)
    }
    return network
  }
}
