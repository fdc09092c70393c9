import Probability

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A long computation that saves its state at intervals and restarts from there after a failure.
///
/// Failures are Poisson, also during saving and restarting. Young, Communications of the ACM 17
/// (1974); Daly, Future Generation Computer Systems 22 (2006), whose equation 13 is the expected
/// wall time and equation 37 the higher-order interval.
struct Checkpointing: ClosedForm {
  private let saving: Double
  private let restart: Double
  private let mtbf: Double
  private let work: Double

  init(_ parameters: ModelParameters) throws(ModelError) {
    saving = try parameters.positive("checkpoint_cost")
    restart = try parameters.number("restart_cost")
    mtbf = try parameters.positive("mtbf")
    work = try parameters.positive("work")
  }

  var quantities: [Quantity] {
    let young = (2 * saving * mtbf).squareRoot()
    return [
      ("young_interval", young), ("daly_interval", daly(young)),
      ("exact_optimal_interval", optimum),
      ("expected_time_at_young", wallTime(young)), ("expected_time_at_daly", wallTime(daly(young))),
      ("expected_time_at_optimum", wallTime(optimum)),
      ("expected_time_without_checkpoints", mtbf * exp(restart / mtbf) * expm1(work / mtbf)),
    ]
  }

  private func daly(_ young: Double) -> Double {
    guard saving < 2 * mtbf else { return mtbf }
    let share = saving / (2 * mtbf)
    return young * (1 + share.squareRoot() / 3 + share / 9) - saving
  }

  /// M (1 + W₀(−e^(−1−d/M))), then Newton's steps on u + e^(−u−d/M) = 1 for u = τ/M, because
  /// adding 1 to W₀ near its branch point loses digits.
  private var optimum: Double {
    let delta = saving / mtbf
    var u = 1 + SpecialFunctions.lambertW(-exp(-1 - delta))
    if u <= 0 { u = (2 * delta).squareRoot() }
    for _ in 0..<4 {
      let decay = expm1(-u - delta)
      u -= (u + decay) / -decay
    }
    return mtbf * u
  }

  private func wallTime(_ interval: Double) -> Double {
    mtbf * exp(restart / mtbf) * expm1((interval + saving) / mtbf) * work / interval
  }
}

/// Instances kept warm for a fixed time after each call; calls are Poisson and take no time.
///
/// A call is cold if none came in the last T. The warm period is the busy period of M/D/∞
/// (Takács, *Introduction to the Theory of Queues*, chapter 3).
struct KeepAlive: ClosedForm {
  private let arrivals: Double
  private let timeout: Double

  init(_ parameters: ModelParameters) throws(ModelError) {
    arrivals = try parameters.positive("arrival_rate")
    timeout = try parameters.positive("idle_timeout")
  }

  var quantities: [Quantity] {
    let cold = exp(-arrivals * timeout)
    return [
      ("P_cold", cold), ("cold_starts_per_time", arrivals * cold),
      ("mean_warm_fraction", -expm1(-arrivals * timeout)),
      ("mean_warm_period", expm1(arrivals * timeout) / arrivals),
    ]
  }
}
