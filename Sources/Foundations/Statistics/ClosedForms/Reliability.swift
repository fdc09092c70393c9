#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Machines that fail while they run, and crews that repair them one each.
///
/// At most `needed` machines run; the others are cold spares that don't fail. Birth–death on the
/// number down: Gross et al., *Fundamentals of Queueing Theory*, 4th ed., section 2.8.
struct MachineRepair: ClosedForm {
  private let machines: Int
  private let crews: Int
  private let needed: Int
  private let failing: Double
  private let chain: BirthDeathChain

  init(_ parameters: ModelParameters) throws(ModelError) {
    let machines = try parameters.count("machines", from: 1)
    let crews = try parameters.count("crews", from: 1)
    let needed = try parameters.count("needed", from: 1)
    guard needed <= machines else {
      throw .parameter("needed", problem: "must be at most machines, \(machines)")
    }
    let failing = try parameters.positive("failure_rate")
    let repair = try parameters.positive("repair_rate")
    chain = BirthDeathChain(
      last: machines, birth: { Double(min(machines - $0, needed)) * failing },
      death: { Double(min($0, crews)) * repair })
    (self.machines, self.crews, self.needed) = (machines, crews, needed)
    self.failing = failing
  }

  var quantities: [Quantity] {
    let down = chain.mean { Double($0) }
    let running = chain.mean { Double(min(machines - $0, needed)) }
    let queue = chain.mean { Double(max($0 - crews, 0)) }
    let failures = running * failing
    return [
      ("P_all_up", chain.probabilities[0]), ("P_all_down", chain.probabilities[machines]),
      ("mean_down", down), ("mean_running", running),
      ("fraction_running", running / Double(needed)), ("failure_rate", failures),
      ("mean_repair_queue", queue), ("mean_wait_for_crew", queue / failures),
      ("mean_down_time", down / failures),
      ("crew_utilization", chain.mean { Double(min($0, crews)) } / Double(crews)),
      ("P_full_strength", chain.probability(0..<(machines - needed + 1))),
    ]
  }
}

/// n units, each failing and repaired on its own, of which k must be up.
///
/// The number up is binomial whatever the laws of up and down times (renewal reward).
struct Redundancy: ClosedForm {
  private let n: Int
  private let k: Int
  private let up: Double
  private let down: Double

  init(_ parameters: ModelParameters) throws(ModelError) {
    n = try parameters.count("n", from: 1)
    k = try parameters.count("k", from: 0)
    guard k <= n else { throw .parameter("k", problem: "must be at most n, \(n)") }
    let mtbf = try parameters.positive("mtbf")
    let mttr = try parameters.positive("mttr")
    up = mtbf / (mtbf + mttr)
    down = mttr / (mtbf + mttr)
  }

  var quantities: [Quantity] {
    let (n, up, down) = (n, up, down)
    // The same law as that of n machines with a crew each.
    let chain = BirthDeathChain(
      last: n, birth: { Double(n - $0) * up }, death: { Double($0) * down })
    let count = Double(n)
    return [
      ("availability_one", up), ("availability_k_of_n", chain.probability(k..<(n + 1))),
      ("mean_up", count * up), ("sd_up", (count * up * down).squareRoot()),
      ("nines_one", -log10(down)),
    ]
  }
}

/// The mean time until both units of an active pair are down, with one crew.
///
/// First passage of the chain on the number down; Trivedi, *Probability and Statistics with
/// Reliability, Queuing and Computer Science Applications*, section 8.5.
struct MirroredPair: ClosedForm {
  private let failing: Double
  private let repair: Double

  init(_ parameters: ModelParameters) throws(ModelError) {
    failing = try parameters.positive("failure_rate")
    repair = try parameters.number("repair_rate")
  }

  var quantities: [Quantity] {
    [
      ("mttf_no_repair", 3 / (2 * failing)),
      ("mttf_with_repair", (3 * failing + repair) / (2 * failing * failing)),
    ]
  }
}
