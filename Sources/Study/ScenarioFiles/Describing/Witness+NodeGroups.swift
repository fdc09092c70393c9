// Fields of node groups and of the autoscaler that sizes them.
extension Witness {
  static let nodeGroupFields: Group = [
    (
      "node-autoscaling", "Scenario", "node-autoscaling",
      [
        ("controlPlane.nodeAutoscaler.qps", "5"), ("controlPlane.nodeAutoscaler.burst", "10"),
        ("nodeAutoscaler.scanInterval", "60s"), ("nodeAutoscaler.expander", "[random]"),
        ("nodeAutoscaler.balanceSimilarNodeGroups", "true"),
        ("nodeAutoscaler.maxNodesTotal", "4"), ("nodeAutoscaler.maxNodesPerScaleUp", "1"),
        ("nodeAutoscaler.newPodScaleUpDelay", "90s"),
        ("nodeAutoscaler.maxNodeProvisionTime", "4m"),
        ("nodeAutoscaler.initialBackoff", "30s"), ("nodeAutoscaler.maxBackoff", "5m"),
        ("nodeAutoscaler.scaleDown", "false"),
        ("nodeAutoscaler.scaleDownDelayAfterAdd", "5m"),
        ("nodeAutoscaler.scaleDownUnneededTime", "20m"),
        ("nodeAutoscaler.scaleDownUtilizationThreshold", "0.95"),
        ("nodeAutoscaler.ignoreDaemonSetsUtilization", "true"),
        ("nodeAutoscaler.maxScaleDownParallelism", "1"),
        ("nodeAutoscaler.maxDrainParallelism", "1"),
      ]
    ),
    (
      "node-autoscaling", "NodePool", "scarce",
      [
        ("autoscaling.min", "1"), ("autoscaling.max", "1"),
        ("autoscaling.registration", "3m"), ("autoscaling.readiness", "2m"),
        ("autoscaling.failureShare", "1"), ("autoscaling.stock", "9"),
        ("autoscaling.price", "9 CNY/h"),
      ]
    ),
  ]
}
