/// How fast TCP connections go that lose packets.
public enum TransportRate {
  /// Bytes of payload in a packet: 1,460, an Ethernet frame without the headers of IP and TCP.
  public static var segment: Double { 1460 }

  /// The throughput of one connection, in bytes per second; infinite without loss.
  ///
  /// The formula has no receiver's window: windows are scaled. A time-out lasts four round trips,
  /// and every packet is acknowledged.
  ///
  /// > Source: Padhye, Firoiu, Towsley, Kurose, SIGCOMM'98, equation 31 (M); where losses are rare
  /// > it is the square-root law of Mathis et al., CCR 27 (1997).
  ///
  /// - Parameters:
  ///   - roundTrip: in seconds.
  ///   - loss: the share of packets that are lost.
  public static func bytesPerSecond(
    roundTrip: Double, loss: Double, segment: Double = segment, perAcknowledgement: Double = 1
  ) -> Double {
    guard loss > 0, roundTrip > 0 else { return .infinity }
    let root = (2 * perAcknowledgement * loss / 3).squareRoot()
    let timeouts = min(1, 3 * (3 * perAcknowledgement * loss / 8).squareRoot())
    let waiting = 4 * roundTrip * timeouts * loss * (1 + 32 * loss * loss)
    return segment / (roundTrip * root + waiting)
  }
}
