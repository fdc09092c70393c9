/// M/M/1 a time t after it was empty, by uniformisation.
///
/// Jensen (1953); Grassmann, Computers and Operations Research 4 (1977): the chain of the jumps at
/// rate λ + μ, averaged over the Poisson number of jumps. Needs no load below 1.
struct TransientQueue: ClosedForm {
  private let arrivals: Double
  private let service: Double
  private let elapsed: Double

  init(_ parameters: ModelParameters) throws(ModelError) {
    arrivals = try parameters.positive("arrival_rate")
    service = try parameters.positive("service_rate")
    elapsed = try parameters.number("t")
    let jumps = (arrivals + service) * elapsed
    guard jumps <= Double(ModelParameters.mostStates) else {
      throw .parameter("t", problem: "is too long: \(jumps) jumps on average")
    }
  }

  var quantities: [Quantity] {
    let probabilities = probabilities
    let mean = probabilities.indices.reduce(0) { $0 + Double($1) * probabilities[$1] }
    return [("mean_N_at_t_from_empty", mean), ("P_empty_at_t", probabilities[0])]
  }

  /// The law of the number present; states so unlikely that no result notices are left out.
  private var probabilities: [Double] {
    let jumps = (arrivals + service) * elapsed
    guard jumps > 0 else { return [1] }
    let up = arrivals / (arrivals + service)
    let weights = BirthDeathChain(birth: { _ in jumps }, death: { Double($0) }).probabilities
    var state = [1.0]
    var result: [Double] = []
    for (step, weight) in weights.enumerated() {
      if step > 0 { state = Self.step(state, up: up) }
      while result.count < state.count { result.append(0) }
      for n in state.indices { result[n] += weight * state[n] }
    }
    return result
  }

  private static func step(_ state: [Double], up: Double) -> [Double] {
    var next = [Double](repeating: 0, count: state.count + 1)
    for n in state.indices {
      next[n + 1] += up * state[n]
      next[max(n - 1, 0)] += (1 - up) * state[n]
    }
    while next.count > 1, next[next.count - 1] < 1e-22 { next.removeLast() }
    return next
  }
}
