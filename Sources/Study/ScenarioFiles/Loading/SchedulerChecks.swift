import Scheduling

extension Checks {
  /// Profiles of one scheduler that contradict each other.
  mutating func checkScheduler() {
    for (document, read) in zip(world.native, world.nativeReads) {
      guard case .scheduler(let reading) = read.native else { continue }
      let policies = reading.gpuPolicies.map(\.rawValue)
      if policies.count > 1 {
        report(
          at: ["profiles"], in: document, "wrong-value",
          "\(policies.joined(separator: " and ")) decide about the same devices",
          expected: "one GPU policy for all profiles")
      }
      let names = reading.profiles.map(\.schedulerName)
      for (place, name) in names.enumerated() where names[..<place].contains(name) {
        report(
          at: ["profiles", "[\(place)]"], in: document, "duplicate-name",
          "a second profile named \"\(name)\"", expected: "a schedulerName of its own")
      }
    }
  }
}
