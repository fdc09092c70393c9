import ClusterModel

/// Whoever can say where Pods would fit: the scheduler's filters over a supposed cluster.
///
/// A node autoscaler supposes nodes and moves of Pods, asks, and takes everything back. The rules
/// themselves are the scheduler's; none of them is known here.
public protocol PlacementOracle: Sendable {
  /// Takes everything back and follows the cluster up to a watch position.
  mutating func begin(_ cluster: borrowing ClusterState, upTo position: Int)
  /// How many steps have been supposed.
  var mark: Int { get }
  /// Takes back what was supposed after a mark.
  mutating func rollback(to mark: Int)
  /// Adds a made-up node.
  mutating func add(_ node: Node) -> SupposedNode
  /// Puts Pods on a node without asking whether they fit.
  mutating func place(
    _ shape: PodShape, on node: SupposedNode, times: Int, in cluster: borrowing ClusterState)
  /// Takes back Pods that ``place(_:on:times:in:)`` or ``fill(_:on:in:)`` put on a node.
  mutating func withdraw(
    _ shape: PodShape, from node: SupposedNode, times: Int, in cluster: borrowing ClusterState)
  /// Takes a Pod off its node.
  mutating func takeAway(_ pod: PodID)
  /// Takes every Pod below a priority off its node.
  mutating func takeAwayAll(below priority: Int32)
  /// The Pods on a node by the cluster's record, without those taken away.
  func pods(on node: SupposedNode) -> [PodID]
  /// What the Pods on a node request, supposed ones included.
  func requested(on node: SupposedNode) -> (cpu: Int64, memory: Int64)
  /// Why a Pod wouldn't be put on a node; empty if it would.
  mutating func refusals(
    _ shape: PodShape, on node: SupposedNode, in cluster: borrowing ClusterState
  ) -> [String]
  /// Puts Pods one after the other on the first node of a list that takes each, until one fits
  /// nowhere.
  mutating func fill(
    _ demand: PodDemand, on nodes: [SupposedNode], in cluster: borrowing ClusterState
  ) -> [PlacedPods]
  /// Packs Pods onto copies of a node, first fit by demand, and takes everything back.
  mutating func pack(
    _ demands: [PodDemand], on node: Node, running: [PodDemand], limit: Int,
    in cluster: borrowing ClusterState
  ) -> Packing
}
