import CloudSimulation
import ClusterModel

/// Time zones that keep one distance from UTC all year.
///
/// Summer time is left out: it takes a database of its history, which not every machine has alike.
///
/// > Source: the IANA time zone database (M): zones without summer time in 2026.
enum FixedZones {
  /// The zone's distance from UTC in seconds; nil for one that has summer time or isn't known.
  static func seconds(_ name: String) -> Int64? {
    if let hours = hours.first(where: { $0.name == name })?.hours { return Int64(hours * 3600) }
    // Etc/GMT-8 is eight hours ahead: POSIX counts westward.
    guard name.hasPrefix("Etc/GMT") else { return nil }
    let rest = name.dropFirst("Etc/GMT".count)
    guard let west = Int64(rest), (-14...12).contains(west),
      rest.first.map({ "+-".contains($0) }) == true
    else { return nil }
    return -west * 3600
  }

  private static let hours: [(name: String, hours: Double)] = [
    ("UTC", 0), ("Etc/UTC", 0), ("Etc/GMT", 0), ("GMT", 0), ("Africa/Johannesburg", 2),
    ("Africa/Lagos", 1), ("Africa/Nairobi", 3), ("America/Argentina/Buenos_Aires", -3),
    ("America/Bogota", -5), ("America/Lima", -5), ("America/Phoenix", -7),
    ("America/Sao_Paulo", -3), ("Asia/Bangkok", 7), ("Asia/Dhaka", 6), ("Asia/Dubai", 4),
    ("Asia/Ho_Chi_Minh", 7), ("Asia/Hong_Kong", 8), ("Asia/Jakarta", 7), ("Asia/Karachi", 5),
    ("Asia/Kolkata", 5.5), ("Asia/Kuala_Lumpur", 8), ("Asia/Manila", 8), ("Asia/Riyadh", 3),
    ("Asia/Seoul", 9), ("Asia/Shanghai", 8), ("Asia/Singapore", 8), ("Asia/Taipei", 8),
    ("Asia/Tokyo", 9), ("Australia/Brisbane", 10), ("Europe/Istanbul", 3), ("Europe/Moscow", 3),
  ]
}

extension Scenario {
  /// Tells CronJobs with a time zone how far its clock is from the scenario's.
  mutating func shiftClocks() {
    let start = startAt.flatMap(timestamp).map { $0 / 1_000_000_000 } ?? 0
    let ahead = clockOrigin - start
    for index in cluster.cronJobs.indices {
      guard let zone = cluster.cronJobs[index].timeZone, let seconds = FixedZones.seconds(zone)
      else { continue }
      cluster.cronJobs[index].clockShift = seconds - ahead
    }
  }
}
