import Probability
import Quantities

/// How a pool's machines come and go when a node autoscaler asks for more or fewer.
public struct NodePoolAutoscaling: Hashable, Sendable {
  /// The fewest machines. Default 0.
  public var min: Int = 0
  /// The most machines. Default 10.
  public var max: Int = 10
  /// From the request until a machine registers with the API server, in seconds. With what follows
  /// 45 to 90 s for a cold node (E, model card 1.5); how it is split is an assumption (A).
  public var registration: Law = .lognormal(median: 50, sigma: 0.25)
  /// From registering until the node is ready, in seconds (A).
  public var readiness: Law = .lognormal(median: 12, sigma: 0.3)
  /// The share of machines asked for that never register. Default 0 (A).
  public var failureShare: Double = 0
  /// How many machines of this kind there are to be had; nil: as many as anybody asks for.
  public var stock: Int?
  /// What a machine costs from the request to its deletion; nil: what owning its cores costs.
  public var price: Price?
  /// The defaults above.
  public init() {}
}
