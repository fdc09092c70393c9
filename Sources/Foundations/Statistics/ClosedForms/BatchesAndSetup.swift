/// M^X/M/1: customers come in batches of random size.
///
/// Gross et al., *Fundamentals of Queueing Theory*, 4th ed., section 3.1.
struct BatchArrivals: ClosedForm {
  private let batches: Double
  private let service: Double
  private let probabilities: [Double]

  init(_ parameters: ModelParameters) throws(ModelError) {
    batches = try parameters.positive("batch_arrival_rate")
    service = try parameters.positive("service_rate")
    probabilities = try parameters.numbers("batch_size_probabilities")
    guard abs(probabilities.reduce(0, +) - 1) < 1e-9 else {
      throw .parameter("batch_size_probabilities", problem: "must sum to 1")
    }
    try Stability.require(batches * sizeMoment(1) / service)
  }

  private func sizeMoment(_ k: Int) -> Double {
    probabilities.enumerated().reduce(0) { sum, size in
      let n = Double(size.offset + 1)
      return sum + size.element * (k == 1 ? n : n * n)
    }
  }

  var quantities: [Quantity] {
    let size = sizeMoment(1)
    let (rate, rho) = (batches * size, batches * size / service)
    let number = rho * (1 + sizeMoment(2) / size) / (2 * (1 - rho))
    return [
      ("utilization", rho), ("L", number), ("W", number / rate), ("Lq", number - rho),
      ("Wq", (number - rho) / rate),
    ]
  }
}

/// M/M/1 whose server switches off when idle and needs an exponential set-up time to come back.
///
/// Welch, Operations Research 12 (1964): the set-up adds its mean, as it has no memory.
struct ServerWithSetup: ClosedForm {
  private let arrivals: Double
  private let service: Double
  private let setup: Double

  init(_ parameters: ModelParameters) throws(ModelError) {
    arrivals = try parameters.positive("arrival_rate")
    service = try parameters.positive("service_rate")
    setup = try parameters.positive("setup_rate")
    try Stability.require(arrivals / service)
  }

  var quantities: [Quantity] {
    let rho = arrivals / service
    let wait = rho / (service - arrivals) + 1 / setup
    let response = wait + 1 / service
    return [
      ("W", response), ("L", arrivals * response), ("Wq", wait), ("P_busy", rho),
      ("P_setup", (1 - rho) * arrivals / (arrivals + setup)),
      ("P_off", (1 - rho) * setup / (arrivals + setup)),
    ]
  }
}
