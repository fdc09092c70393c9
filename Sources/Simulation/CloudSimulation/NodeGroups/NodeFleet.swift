import ClusterModel
import Infrastructure
import Probability
import Quantities

/// What is known of one autoscaled pool beside the cloud's record.
struct FleetGroup: Sendable {
  let pool: NodePool
  let autoscaling: NodePoolAutoscaling
  let site: Int
  /// Ended stays of machines, from the request to the deletion.
  var stays = TimeSpan.zero
  var endedCount = 0
}

/// The clouds' side of node groups: how machines come, and how long they were there.
struct NodeFleet: Sendable {
  var groups: [FleetGroup] = []
  let luck: KeyedStream

  init(_ source: RandomSource) { luck = source.stream("nodes/provisioning") }

  /// A machine's identity for draws: that of its node.
  static func subject(_ name: String) -> UInt64 { Subject("Node").child(name).raw }

  /// How long a machine takes to register; nil: it never does.
  func registration(of name: String, in group: Int) -> TimeSpan? {
    let rules = groups[group].autoscaling
    let subject = Self.subject(name)
    if rules.failureShare > 0,
      luck.draw(.uniform(low: 0, high: 1), for: subject, number: 0) < rules.failureShare
    {
      return nil
    }
    return luck.drawSpan(rules.registration, for: subject, number: 1)
  }

  /// How long a registered node takes to be ready.
  func readiness(of name: String, in group: Int) -> TimeSpan {
    luck.drawSpan(groups[group].autoscaling.readiness, for: Self.subject(name), number: 2)
  }
}

extension Scenario {
  /// Pools whose size a node autoscaler changes, in the order of the input.
  var autoscaledPools: [NodePool] { nodePools.filter { $0.autoscaling != nil } }

  /// Pools of a fixed size whose machines have a provider's price.
  var rentedPools: [NodePool] {
    nodePools.filter { $0.autoscaling == nil && $0.instance != nil }
  }
}

extension NodePool {
  /// The group that an autoscaled pool is to the node autoscaler.
  func nodeGroup(_ autoscaling: NodePoolAutoscaling) -> NodeGroup {
    var template = node(0)
    template.name = name
    let hourly = (autoscaling.price ?? instance?.price).map { $0.cost(of: .hours(1)) }
    return NodeGroup(
      name: name, minSize: Int32(clamping: autoscaling.min),
      maxSize: Int32(clamping: autoscaling.max), template: template, hourlyPrice: hourly)
  }
}
