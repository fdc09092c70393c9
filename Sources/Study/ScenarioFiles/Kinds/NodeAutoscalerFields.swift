import Autoscaling
import CloudSimulation
import ClusterModel
import Infrastructure
import Quantities

extension NodeAutoscalerConfiguration {
  /// The fields of `Scenario:spec.nodeAutoscaler`, named after Cluster Autoscaler's flags.
  static let fields = FieldTable<NodeAutoscalerConfiguration> { table in
    addGrowth(to: &table)
    addPatience(to: &table)
    addShrinking(to: &table)
  }

  private static let source = "Cluster Autoscaler at Kubernetes 1.36, its default"

  private static func note(_ text: String) -> Note {
    Note(text).graded("S", source).used(.nodeGroups)
  }

  private static func addGrowth(to table: inout FieldTable<NodeAutoscalerConfiguration>) {
    table.field(
      "scanInterval", \.scanInterval, .lastingDuration,
      note("Between the starts of two loops."))
    let chain = Codec<Expander>.choice.list
    table.field(
      "expander", \.expanders, chain,
      note("Filters that choose among groups, one after the other; what remains is drawn."))
    table.field(
      "balanceSimilarNodeGroups", \.balancesSimilarGroups, .flag,
      note("Whether new nodes are shared among groups alike."))
    table.field(
      "maxNodesTotal", \.maxNodesTotal, .integer(),
      note("The most nodes in the cluster; 0: no limit."))
    table.field(
      "maxNodesPerScaleUp", \.maxNodesPerScaleUp, .integer(from: 1),
      note("The most nodes that one scale-up adds."))
    table.field(
      "newPodScaleUpDelay", \.newPodScaleUpDelay, .duration,
      note("How old a Pod must be before it counts."))
  }

  private static func addPatience(to table: inout FieldTable<NodeAutoscalerConfiguration>) {
    table.field(
      "maxNodeProvisionTime", \.maxNodeProvisionTime, .lastingDuration,
      note("How long a machine may take to register."))
    table.field(
      "initialBackoff", \.initialBackoff, .duration,
      note("How long a group rests after a failure; it doubles."))
    table.field("maxBackoff", \.maxBackoff, .duration, note("The longest rest."))
  }

  private static func addShrinking(to table: inout FieldTable<NodeAutoscalerConfiguration>) {
    table.field(
      "scaleDown", \.scalesDown, .flag, note("Whether nodes are removed at all."))
    table.field(
      "scaleDownDelayAfterAdd", \.delayAfterAdd, .duration,
      note("How long no node is removed after a scale-up."))
    table.field(
      "scaleDownUnneededTime", \.unneededTime, .duration,
      note("How long a node must be unneeded before it is removed."))
    table.field(
      "scaleDownUtilizationThreshold", \.utilizationThreshold, .number(),
      note("The share of a node's CPU or memory requested above which it is needed."))
    table.field(
      "ignoreDaemonSetsUtilization", \.ignoresDaemonSetUtilization, .flag,
      note("Whether DaemonSets' Pods don't count as use."))
    table.field(
      "maxScaleDownParallelism", \.maxParallelDeletions, .integer(from: 1),
      note("Nodes removed at once."))
    table.field(
      "maxDrainParallelism", \.maxParallelDrains, .integer(),
      note("Nodes with Pods to move that are removed at once."))
  }
}

extension NodePoolAutoscaling {
  /// The fields of `NodePool:spec.autoscaling`.
  static let fields = FieldTable<NodePoolAutoscaling> { table in
    table.field("min", \.min, .integer(to: 200_000), Note("The fewest machines."))
    table.field("max", \.max, .integer(to: 200_000), Note("The most machines."))
    let cold = "chosen; a cold node takes 45 to 90 s in all (E, model card 1.5)"
    table.field(
      "registration", \.registration, .durationLaw,
      Note("From the request for a machine until it registers.").graded("A", cold)
        .range("30s", "180s").limits(.rate, .queue, unlimited: "0s").used(.nodeGroups))
    table.field(
      "readiness", \.readiness, .durationLaw,
      Note("From registering until the node is ready.").graded("A", cold).range("5s", "30s")
        .used(.nodeGroups))
    table.field(
      "failureShare", \.failureShare, .number(),
      Note("The share of machines asked for that never register.").graded("A", "chosen")
        .range("0", "0.3").used(.nodeGroups))
    table.field(
      "stock", \.stock, Codec<Int>.integer().optional(written: "unlimited"),
      Note("How many machines of this kind there are to be had.").used(.nodeGroups))
    table.field(
      "price", \.price, Codec<Price>.price.optional(written: nil),
      Note("What a machine costs; otherwise what owning its cores costs.").used(.nodeGroups))
  }
}

extension Codec where Value == NodePoolAutoscaling {
  /// How a pool's size changes.
  static let autoscaling = Codec.object(NodePoolAutoscaling.fields) { NodePoolAutoscaling() }
}
