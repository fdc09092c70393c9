import CloudSimulation
import Quantities

/// How fast the Pods of a burst became Ready.
public struct BurstRates: Hashable, Sendable {
  /// How many places the burst has: n.
  public let places: Int
  /// The instant of the ⌈0.1 n⌉-th Ready; nil if it never comes.
  public let t10: Instant?
  /// The instant of the ⌈0.9 n⌉-th Ready; nil if it never comes.
  public let t90: Instant?
  /// Pods per minute from t10 to t90: 60 · (⌈0.9 n⌉ − ⌈0.1 n⌉) / max(t90 − t10, 1 s); 0 if t90
  /// never comes.
  public let sustained: Double
  /// The most Pods in any window (t − 60 s, t].
  public let bestMinute: Double
  /// The fewest Pods in any window (t − 60 s, t] between t10 and t90; equal to ``sustained`` where
  /// they lie less than 60 s apart, 0 if t90 never comes.
  public let worstMinute: Double

  /// The rates of a burst.
  ///
  /// - Parameters:
  ///   - places: how many Pods were asked for.
  ///   - ready: the instants at which Pods became Ready, ascending, in nanoseconds.
  public init(places: Int, ready: [Int64]) {
    self.places = places
    let first = (places + 9) / 10
    let last = (9 * places + 9) / 10
    let t10 = Self.instant(of: first, in: ready)
    let t90 = Self.instant(of: last, in: ready)
    self.t10 = t10
    self.t90 = t90
    bestMinute = Double(Self.most(ready))
    guard let t10, let t90 else {
      sustained = 0
      worstMinute = 0
      return
    }
    let span = t90 - t10
    sustained = 60 * Double(last - first) / max(span.seconds, 1)
    worstMinute =
      span < .minutes(1)
      ? sustained : Double(Self.fewest(ready, from: t10.nanoseconds, to: t90.nanoseconds))
  }

  private static let minute = TimeSpan.minutes(1).nanoseconds

  private static func instant(of rank: Int, in ready: [Int64]) -> Instant? {
    rank >= 1 && rank <= ready.count ? Instant(nanoseconds: ready[rank - 1]) : nil
  }

  /// The most in any window: it ends at some Ready.
  private static func most(_ ready: [Int64]) -> Int {
    var most = 0
    var left = 0
    for right in ready.indices {
      while ready[left] <= ready[right] - minute { left += 1 }
      most = max(most, right - left + 1)
    }
    return most
  }

  /// The fewest in any window that lies between two instants. The count falls only where a Ready
  /// leaves the window, so it is looked at there and where the first window ends.
  private static func fewest(_ ready: [Int64], from begin: Int64, to end: Int64) -> Int {
    var entered = 0
    var left = 0
    func count(until instant: Int64) -> Int {
      while entered < ready.count, ready[entered] <= instant { entered += 1 }
      while left < ready.count, ready[left] <= instant - minute { left += 1 }
      return entered - left
    }
    var fewest = count(until: begin + minute)
    for instant in ready where instant > begin && instant <= end - minute {
      fewest = min(fewest, count(until: instant + minute))
    }
    return fewest
  }
}
