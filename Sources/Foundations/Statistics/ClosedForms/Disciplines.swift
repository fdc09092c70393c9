import Probability

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The mean response of M/M/1 under disciplines that know or don't know the sizes.
///
/// Non-preemptive SJF: Phipps, Operations Research 4 (1956). SRPT: Schrage and Miller, Operations
/// Research 14 (1966). Sizes are exponential, so that every discipline that doesn't know them
/// (FCFS, PS, preemptive LCFS, least attained service) has the same mean: Conway, Maxwell, Miller,
/// *Theory of Scheduling* (1967).
struct Disciplines: ClosedForm {
  private let rho: Double
  private let service: Double

  init(_ parameters: ModelParameters) throws(ModelError) {
    service = try parameters.positive("service_rate")
    rho = try parameters.positive("arrival_rate") / service
    try Stability.require(rho)
  }

  var quantities: [Quantity] {
    let blind = 1 / (service * (1 - rho))
    return [
      ("utilization", rho), ("W_FCFS", blind), ("W_PS", blind), ("W_LCFS_preemptive", blind),
      ("W_SJF_nonpreemptive", shortestFirst / service), ("W_SRPT", shortestRemaining / service),
      ("W_LAS", blind),
    ]
  }

  /// Sizes are counted in mean services here; from 60 on nothing is left of e^(−x).
  private static let longest = 60.0

  /// 1 − the load of the jobs of size up to x.
  private func spare(_ x: Double) -> Double { 1 - rho * SpecialFunctions.gammaP(2, x) }

  /// 1 + the mean wait behind what is in service and behind every shorter job.
  private var shortestFirst: Double {
    1
      + Integration.integral(
        of: { x in rho * exp(-x) / (spare(x) * spare(x)) }, from: 0, to: Self.longest)
  }

  /// The wait until first served, then the residence with interruptions by shorter jobs.
  private var shortestRemaining: Double {
    Integration.integral(
      of: { x in
        let spare = spare(x)
        let truncated = 2 * SpecialFunctions.gammaP(3, x) + x * x * exp(-x)
        return exp(-x) * (rho * truncated / (2 * spare * spare) + 1 / spare)
      }, from: 0, to: Self.longest)
  }
}
