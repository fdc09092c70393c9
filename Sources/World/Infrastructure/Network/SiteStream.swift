import Probability
import Quantities

/// Messages of a kind between two sites, all together, as a queue of a fluid.
///
/// What was sent in a period is carried in the next one as far as the links leave room for its
/// connections; the rest waits before what comes after it. Whoever loses patience is forgotten.
struct SiteStream: Sendable {
  let kind: Int
  let from: Int
  let to: Int
  var connections: Int
  /// How long a message is waited for, in seconds.
  let patience: Double
  var way: [Int]
  /// Whether no way that works leads to the other site.
  var isCut = false
  /// Bytes sent since the last look.
  var offered = 0.0
  /// Bytes sent before it and not carried yet.
  var waiting = 0.0
  /// What the class had moved at the last look.
  var movedBefore = 0.0
  /// Bytes sent, and given up, until the last look.
  var sent = 0.0
  var dropped = 0.0
  /// How long a message waits behind others, in seconds, and how fast it goes then.
  var wait = 0.0
  var speed = Double.infinity
}

/// What a message between two sites meets now.
public struct StreamState: Sendable {
  /// Whether it doesn't arrive.
  public var isDown: Bool
  /// How long it waits behind others, in seconds.
  public var wait: Double
  /// Bytes per second at which it goes.
  public var speed: Double
  /// The laws of its way's round trips, in seconds.
  public var roundTrips: [Law]
}

/// What became of the bytes of streams.
public struct StreamBalance: Hashable, Sendable {
  /// Bytes that were sent.
  public var sent = 0.0
  /// Those that were carried.
  public var carried = 0.0
  /// Those that wait.
  public var waiting = 0.0
  /// Those given up.
  public var dropped = 0.0
}
