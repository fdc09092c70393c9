import Infrastructure
import Quantities

/// How much of the work on a service's requests own nodes can't have done.
///
/// Work is time of service, as if nothing slowed it down. It is compared bucket by bucket with the
/// most that own nodes do in that time.
struct ServedWork: Sendable {
  /// What holds whoever serves the requests.
  let limits: ServingLimits
  /// Work that one Pod does per time at most.
  let perPod: Double
  /// Work beyond own nodes so far, in nanoseconds of service.
  private(set) var beyond = 0.0
  private var since = Instant.zero

  init(_ limits: ServingLimits, of service: RequestService) {
    self.limits = limits
    let places = Double(service.places)
    perPod =
      service.coresPerRequest > 0 ? min(places, limits.cores / service.coresPerRequest) : places
  }

  /// So much work was done since the last call.
  mutating func close(_ work: Double, at now: Instant) {
    beyond += max(0, work - perPod * Double(limits.own) * Double((now - since).nanoseconds))
    since = now
  }

  /// Time that Pods in the cloud must have been there, in nanoseconds.
  var cloudTime: Int128 { perPod > 0 ? Int128((beyond / perPod).rounded(.down)) : 0 }

  /// Requests that all Pods together serve in time among those that arrive in one minute.
  func mostServed(deadline: TimeSpan, shortest: TimeSpan) -> Double {
    guard shortest > .zero else { return .infinity }
    let span = TimeSpan.minutes(1) + deadline
    return perPod * Double(limits.all) * Double(span.nanoseconds) / Double(shortest.nanoseconds)
  }
}
