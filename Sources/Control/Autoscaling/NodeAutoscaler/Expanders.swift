import ClusterModel
import Quantities

/// A way to grow, as expanders judge it.
struct ExpansionOption: Sendable {
  var group: Int
  var nodeCount: Int
  /// By the places of the equivalence groups: Pods helped.
  var placed: [(group: Int, count: Int)]
  var similar: [Int]
  /// Pods helped, and what they request.
  var podCount: Int
  var cpu: Int64
  var memory: Int64
}

/// What expanders know besides the options.
struct ExpansionContext: Sendable {
  var configuration: NodeAutoscalerConfiguration
  var templates: [GroupTemplate]
  var names: [String]
  var prices: [Money?]
  var clusterNodes: Int
}

extension Expander {
  /// The best of some options; several if they are equally good.
  ///
  /// > Source: Cluster Autoscaler's expanders (S, `autoscaler.md` §3.2).
  func best(of options: [ExpansionOption], _ context: ExpansionContext) -> [ExpansionOption] {
    switch self {
    case .leastWaste: Self.least(options) { Self.waste($0, context) }
    case .mostPods: Self.least(options) { -Double($0.podCount) }
    case .leastNodes: Self.least(options) { Double($0.nodeCount) }
    case .price: Self.least(options) { Self.priceScore($0, context) }
    case .priority: Self.mostUrgent(options, context)
    case .random: options
    }
  }

  private static func least(
    _ options: [ExpansionOption], _ score: (ExpansionOption) -> Double
  ) -> [ExpansionOption] {
    var best: [ExpansionOption] = []
    var lowest = Double.infinity
    for option in options {
      let value = score(option)
      if best.isEmpty || value < lowest {
        best = [option]
        lowest = value
      } else if value == lowest {
        best.append(option)
      }
    }
    return best
  }

  /// The wasted fraction of CPU plus that of memory, of what machines have, not of what Pods may use.
  private static func waste(_ option: ExpansionOption, _ context: ExpansionContext) -> Double {
    let capacity = context.templates[option.group].capacity
    let cpu = capacity.cpu * Int64(option.nodeCount)
    let memory = capacity.memory * Int64(option.nodeCount)
    return Double(cpu - option.cpu) / Double(cpu) + Double(memory - option.memory) / Double(memory)
  }

  /// Groups with the highest number; those that match nothing only where nothing matches.
  private static func mostUrgent(
    _ options: [ExpansionOption], _ context: ExpansionContext
  ) -> [ExpansionOption] {
    var best: [ExpansionOption] = []
    var highest = Int.min
    for option in options {
      let name = context.names[option.group]
      for rule in context.configuration.priorities where rule.matches(name) {
        if rule.number > highest || best.isEmpty {
          best = []
          highest = rule.number
        }
        if rule.number == highest, best.last?.group != option.group { best.append(option) }
      }
    }
    return best.isEmpty ? options : best
  }

  /// The price of the nodes against the worth of the Pods, times how unfit the nodes' size is.
  private static func priceScore(
    _ option: ExpansionOption, _ context: ExpansionContext
  ) -> Double {
    let worth = context.configuration.podWorth
    func value(_ cpu: Double, _ memory: Double) -> Double {
      cpu * worth.core.units + memory * worth.gib.units
    }
    let node = context.prices[option.group]?.units ?? 0
    let total = node * Double(option.nodeCount)
    let pods = value(Double(option.cpu) / 1000, Double(option.memory) / Double(1 << 30))
    // A Pod of 500 m and 500 MiB keeps small sums from deciding.
    let stabilizer = value(0.5, 500.0 / 1024)
    let size = Double(context.templates[option.group].capacity.cpu)
    let preferred = preferredCPU(nodes: context.clusterNodes)
    let unfitness = max(preferred / size, size / preferred)
    let fading = 1 - hyperbolicTangent(Double(option.nodeCount - 1) / 15)
    return ((unfitness - 1) * fading + 1) * (total + stabilizer) / (pods + stabilizer)
  }

  /// Larger clusters prefer larger nodes, in thousandths of a core.
  private static func preferredCPU(nodes: Int) -> Double {
    switch nodes {
    case ...2: 1000
    case ...6: 2000
    case ...20: 4000
    case ...60: 8000
    case ...200: 16_000
    default: 32_000
    }
  }

  /// > Source: Lambert's continued fraction for tanh (1768); 1 where doubles can't tell.
  static func hyperbolicTangent(_ x: Double) -> Double {
    if x > 20 { return 1 }
    var denominator = 121.0
    for odd in stride(from: 119.0, through: 1, by: -2) { denominator = odd + x * x / denominator }
    return x / denominator
  }
}

extension ExpanderPriority {
  /// Whether one of the patterns is found in a name; what isn't a pattern is found nowhere.
  func matches(_ name: String) -> Bool {
    patterns.contains { pattern in
      guard let expression = try? Regex(pattern) else { return false }
      return name.firstMatch(of: expression) != nil
    }
  }
}
