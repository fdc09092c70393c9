import CloudSimulation
import Quantities
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
      checkBackoff(reading, document)
      let names = reading.profiles.map(\.schedulerName)
      for (place, name) in names.enumerated() where names[..<place].contains(name) {
        report(
          at: ["profiles", "[\(place)]"], in: document, "duplicate-name",
          "a second profile named \"\(name)\"", expected: "a schedulerName of its own")
      }
    }
  }

  /// > Source: Kubernetes' validation of the configuration (M), after its defaults.
  private mutating func checkBackoff(_ reading: SchedulerReading, _ document: Document) {
    let standard = SchedulerParameters()
    let first = reading.initialBackoffSeconds.map { TimeSpan.seconds($0) }
    let most = reading.maxBackoffSeconds.map { TimeSpan.seconds($0) }
    let (initial, longest) = (first ?? standard.initialBackoff, most ?? standard.maxBackoff)
    guard longest < initial else { return }
    report(
      at: [most == nil ? "podInitialBackoffSeconds" : "podMaxBackoffSeconds"], in: document,
      "wrong-value",
      "podMaxBackoffSeconds must be greater than or equal to PodInitialBackoffSeconds, and "
        + "\(longest.formatted) is less than \(initial.formatted)",
      expected: "podMaxBackoffSeconds from \(initial.nanoseconds / 1_000_000_000)")
  }
}
