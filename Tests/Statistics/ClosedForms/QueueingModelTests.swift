import Statistics
import Testing

@Suite struct QueueingModelTests {
  private func law(_ kind: String, _ parameters: KeyValuePairs<String, Double>) -> ModelParameters {
    var members: [String: ModelParameters] = ["kind": .string(kind)]
    for (name, value) in parameters { members[name] = .number(value) }
    return .object(members)
  }

  private func numbers(_ parameters: KeyValuePairs<String, Double>) -> ModelParameters {
    .object(
      Dictionary(parameters.map { ($0.key, .number($0.value)) }, uniquingKeysWith: { $1 }))
  }

  private func near(_ a: Double, _ b: Double, _ tolerance: Double = 1e-11) -> Bool {
    abs(a - b) <= tolerance * abs(b)
  }

  private func value(
    _ model: String, _ params: ModelParameters, _ quantity: String
  ) throws -> Double {
    try QueueingModels.evaluate(model: model, params: params, quantity: quantity)
  }

  @Test func `models that contain each other agree`() throws {
    let single = numbers(["arrival_rate": 0.7, "service_rate": 1])
    let many = numbers(["arrival_rate": 0.7, "service_rate": 1, "servers": 1])
    let finite = numbers(["arrival_rate": 0.7, "service_rate": 1, "servers": 1, "capacity": 300])
    let loyal = numbers([
      "arrival_rate": 0.7, "service_rate": 1, "servers": 1, "abandonment_rate": 1e-13,
    ])
    let general = ModelParameters.object([
      "arrival_rate": .number(0.7), "service": law("exponential", ["mean": 1]),
    ])
    let gaps = ModelParameters.object([
      "interarrival": law("exponential", ["mean": 1 / 0.7]), "service_rate": .number(1),
    ])
    let late = numbers(["arrival_rate": 0.7, "service_rate": 1, "t": 3000])
    for quantity in ["L", "W", "Lq", "Wq"] {
      let expected = try value("M/M/1", single, quantity)
      #expect(try near(value("M/M/c", many, quantity), expected))
      #expect(try near(value("M/M/c/K", finite, quantity), expected))
      #expect(try near(value("M/G/1", general, quantity), expected))
      #expect(try near(value("GI/M/1", gaps, quantity), expected))
    }
    #expect(try near(value("M/M/c+M", loyal, "Lq"), value("M/M/1", single, "Lq"), 1e-9))
    #expect(
      try near(
        value("M/M/1-transient", late, "mean_N_at_t_from_empty"), value("M/M/1", single, "L"), 1e-9)
    )
    #expect(try near(value("M/M/1-transient", late, "P_empty_at_t"), 0.3, 1e-9))
    for quantity in ["P7", "W_p80", "W_p99.9", "W_p999", "Wq_p95", "Wq_p5"] {
      let (one, other) = (try value("M/M/1", single, quantity), try value("M/M/c", many, quantity))
      #expect(abs(one - other) <= 1e-12)
    }
    let logarithm = 1.609_437_912_434_100_3
    #expect(
      try near(value("GI/M/1", gaps, "W_p80"), value("GI/M/1", gaps, "W") * logarithm))
  }

  /// σ where the gaps' transform is an integral, computed apart from this program with 20 digits.
  @Test func `gaps of every law are transformed`() throws {
    let references: [(ModelParameters, Double, Double)] = [
      (law("uniform", ["low": 0.332, "high": 2.713]), 0.7298, 0.838_287_272_744_799_1),
      (law("gamma", ["shape": 5.549, "scale": 1.163]), 0.1722, 0.834_387_498_449_931_2),
      (law("lognormal", ["mu": -0.654, "sigma": 0.441]), 1.9389, 0.838_644_649_867_467),
      (law("weibull", ["shape": 3.422, "scale": 0.533]), 2.3197, 0.824_142_151_458_456_4),
      (
        law("bounded_pareto", ["alpha": 2.381, "low": 0.748, "high": 3376.9]), 0.8616,
        0.873_698_502_328_754_6
      ),
    ]
    for (gap, rate, sigma) in references {
      let params = ModelParameters.object(["interarrival": gap, "service_rate": .number(rate)])
      #expect(try near(value("GI/M/1", params, "sigma"), sigma))
    }
  }

  /// Also computed apart, with 20 digits.
  @Test func `disciplines that know sizes hold up near saturation`() throws {
    let params = numbers(["arrival_rate": 0.99, "service_rate": 1])
    #expect(try near(value("M/M/1-disciplines", params, "W_SRPT"), 17.626_930_050_682_41))
    #expect(
      try near(value("M/M/1-disciplines", params, "W_SJF_nonpreemptive"), 18.450_660_750_175_587))
  }

  @Test func `large systems neither overflow nor lose digits`() throws {
    let params = numbers(["servers": 20_000, "arrival_rate": 19_800, "service_rate": 1])
    let total = try (19_000..<21_000).reduce(0.0) { sum, n in
      n % 200 == 0 ? try sum + value("M/M/c", params, "P\(n)") : sum
    }
    #expect(total > 0 && total < 1)
    #expect(try value("M/M/c", params, "P0") == 0)
    let machines = numbers([
      "machines": 3000, "crews": 3000, "failure_rate": 0.01, "repair_rate": 1, "needed": 3000,
    ])
    #expect(try near(value("machine-repair", machines, "mean_down"), 3000 * 0.01 / 1.01))
  }

  @Test func `unknown names are errors`() {
    let params = numbers(["arrival_rate": 0.5, "service_rate": 1])
    #expect(throws: ModelError.unknownModel("M/M/2")) {
      try QueueingModels.evaluate(model: "M/M/2", params: params)
    }
    for name in [
      "X", "P", "P-1", "P1.5", "L_p95", "W_p0", "W_p", "W_p100.5", "_p95", "W_pxx", "W_p9x",
    ] {
      #expect(throws: ModelError.unknownQuantity(name)) {
        try QueueingModels.evaluate(model: "M/M/1", params: params, quantity: name)
      }
    }
  }

  @Test func `the variance of the overflow needs equal service rates`() throws {
    let params = numbers([
      "arrival_rate": 80, "idc_service_rate": 2, "idc_servers": 30, "cloud_service_rate": 1,
    ])
    #expect(throws: ModelError.unknownQuantity("peakedness")) {
      try QueueingModels.evaluate(
        model: "cloud-burst-overflow", params: params, quantity: "peakedness")
    }
  }

  @Test(arguments: [
    ("M/M/1", ["arrival_rate": 1, "service_rate": 1], "arrival_rate"),
    ("M/M/1", ["arrival_rate": -1, "service_rate": 1], "arrival_rate"),
    ("M/M/1", ["arrival_rate": 0.5], "service_rate"),
    ("M/M/1", ["arrival_rate": .nan, "service_rate": 1], "arrival_rate"),
    ("M/M/c", ["arrival_rate": 1, "service_rate": 1, "servers": 1.5], "servers"),
    ("M/M/c", ["arrival_rate": 1, "service_rate": 1, "servers": 0], "servers"),
    ("M/M/c/K", ["arrival_rate": 1, "service_rate": 1, "servers": 3, "capacity": 2], "capacity"),
    (
      "M/M/c+M", ["arrival_rate": 1, "service_rate": 1, "servers": 3, "abandonment_rate": 0],
      "abandonment_rate"
    ),
    ("k-of-n-availability", ["n": 3, "k": 4, "mtbf": 1, "mttr": 1], "k"),
    ("aloha", ["offered_load": 1, "stations": 3, "p": 1.5], "p"),
    ("tcp-throughput", ["mss_bytes": 1, "rtt_s": 1, "loss": 2, "b": 1], "loss"),
    ("M/G/1", ["arrival_rate": 0.5], "service"),
    ("M/M/c", ["arrival_rate": 1, "service_rate": 1, "servers": 1e9], "servers"),
    ("M/M/inf", ["arrival_rate": 1e9, "service_rate": 1, "t": 1], "arrival_rate"),
    ("M/M/1-transient", ["arrival_rate": 1, "service_rate": 1, "t": 1e9], "t"),
    (
      "M/M/c+M",
      ["arrival_rate": 3, "service_rate": 1, "servers": 1, "abandonment_rate": 1e-9],
      "abandonment_rate"
    ),
  ])
  func `a parameter that makes no sense is named`(
    model: String, params: [String: Double], parameter: String
  ) throws {
    let error = #expect(throws: ModelError.self) {
      try QueueingModels.evaluate(model: model, params: .object(params.mapValues { .number($0) }))
    }
    guard case .parameter(parameter, _)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func `structures that don't fit are named`() {
    let unfit: [(String, [String: ModelParameters], String)] = [
      (
        "M/G/1", ["arrival_rate": .number(0.1), "service": .object(["kind": .string("normal")])],
        "service.kind"
      ),
      (
        "M/G/1", ["arrival_rate": .number(0.1), "service": law("uniform", ["low": 2, "high": 1])],
        "service.high"
      ),
      (
        "M/G/1-priority",
        [
          "arrival_rates": .array([.number(0.1)]), "services": .array([]),
          "preemptive_resume": .bool(true),
        ],
        "services"
      ),
      (
        "open-jackson",
        [
          "external_rates": .array([.number(1)]), "service_rates": .array([.number(3)]),
          "servers": .array([.number(1)]), "routing": .array([.array([.number(1)])]),
        ], "routing"
      ),
      (
        "max-min-fair",
        ["capacities": .array([.number(1)]), "flow_links": .array([.array([.number(1)])])],
        "flow_links"
      ),
      ("max-min-fair", ["capacities": .number(1), "flow_links": .array([])], "capacities"),
    ]
    for (model, params, parameter) in unfit {
      let error = #expect(throws: ModelError.self) {
        try QueueingModels.evaluate(model: model, params: .object(params))
      }
      #expect(error?.description.hasPrefix("\(parameter) ") == true, "\(model)")
    }
  }
}
