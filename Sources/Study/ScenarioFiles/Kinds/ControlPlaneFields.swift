import Autoscaling
import CloudSimulation
import ClusterModel
import Controllers
import Infrastructure
import Quantities
import Scheduling

extension ClientLimits {
  /// The two limits of a client that holds back a stage.
  fileprivate static func fields(
    _ grade: String, _ source: String, _ stage: Stage, _ usage: Usage
  ) -> FieldTable<ClientLimits> {
    FieldTable { table in
      table.field(
        "qps", \.qps, .perSecond,
        Note("Calls per second in the long run.").graded(grade, source).limits(.rate, stage)
          .used(usage))
      table.field(
        "burst", \.burst, .integer(from: 1),
        Note("Calls at once after a pause.").graded(grade, source).used(usage))
    }
  }
}

extension ControlPlaneParameters {
  static let fields = FieldTable<ControlPlaneParameters> { table in
    addDelays(to: &table)
    let manager = "kube-controller-manager's clients: arktos PR 528, cluster-api PR 8579"
    func creation(_ usage: Usage) -> FieldTable<ClientLimits> {
      ClientLimits.fields("E", manager, .create, usage)
    }
    table.part(
      "replicaSet", \.replicaSet, creation(.replicaSets),
      Note("The ReplicaSet controller's client."))
    table.part(
      "deployment", \.deployment, creation(.deployments),
      Note("The Deployment controller's client."))
    table.part(
      "statefulSet", \.statefulSet, creation(.statefulSets),
      Note("The StatefulSet controller's client."))
    table.part(
      "daemonSet", \.daemonSet, creation(.daemonSets), Note("The DaemonSet controller's client."))
    table.part("job", \.job, creation(.jobControl), Note("The Job controller's client."))
    table.part(
      "scheduler", \.scheduler,
      ClientLimits.fields("S", "kube-scheduler's configuration", .bind, .scheduling),
      Note("The scheduler's client."))
    table.part(
      "admission", \.admission,
      ClientLimits.fields("M", "controller-runtime's default client", .admit, .admission),
      Note("The toleration controller's client."))
    table.part(
      "metrics", \.metrics, MetricsParameters.fields,
      Note("The way from what a Pod uses to what autoscalers are told."))
    table.part(
      "nodeAutoscaler", \.nodeAutoscaler,
      ClientLimits.fields("M", "Cluster Autoscaler's default flags", .schedule, .nodeGroups),
      Note("The node autoscaler's client."))
    table.part(
      "horizontalPodAutoscaler", \.self, autoscalerFields,
      Note("The controller of HorizontalPodAutoscalers."))
    table.field(
      "admissionWorkers", \.admissionWorkers,
      Codec<Int>.integer(from: 1).optional(written: "unlimited"),
      Note("The toleration controller's concurrent reconciles.")
        .graded("S", "tkestack/charts, tke-resilience: eks-admission-deployment.yaml")
        .limits(.rate, .admit).used(.admission))
    table.part(
      "nodeLifecycle", \.nodeLifecycle, NodeLifecycleParameters.fields,
      Note("How nodes that aren't heard of are treated, if anything can fail."))
    table.field(
      "resilience", \.resilience, .choice,
      Note("Which published truth table decides about bursting.")
        .graded("S", "tkestack/charts, tke-resilience v1.0.0").used(.admission))
    table.field(
      "scaleIn", \.scaleIn, .choice,
      Note(
        "Which of a ReplicaSet's surplus Pods go first; TKE's distribution: virtual nodes' Pods."))
    table.field(
      "slowStart", \.slowStart, .flag,
      Note("Whether the ReplicaSet controller begins with one Pod and doubles.")
        .graded("M", "Kubernetes' slowStartBatch").used(.creation))
    table.field(
      "podCap", \.podCap, Codec<Int>.integer().optional(written: "unlimited"),
      Note("How many Pods the cluster may have; TKE's levels L5 to L5000 cap 600 to 200,000.")
        .limits(.level, .create).used(.creation))
    table.field(
      "watchCache", \.watchCache, .integer(from: 1),
      Note("How many changes the API server's watch cache keeps.")
        .graded("C", "more than any pass falls behind"))
  }

  private static let autoscalerFields: FieldTable<ControlPlaneParameters> = {
    let manager = "kube-controller-manager's clients: arktos PR 528, cluster-api PR 8579"
    let limits = FieldTable<ControlPlaneParameters> { table in
      table.field(
        "qps", \.horizontalPodAutoscaler.qps, .perSecond,
        Note("Writes per second in the long run.").graded("E", manager).used(.autoscaling))
      table.field(
        "burst", \.horizontalPodAutoscaler.burst, .integer(from: 1),
        Note("Writes at once after a pause.").graded("E", manager).used(.autoscaling))
    }
    return FieldTable { table in
      for field in limits.fields { table.add(field) }
      for field in HorizontalPodAutoscalerConfiguration.fields.fields {
        table.add(field.lifted(\.autoscaling))
      }
    }
  }()

  private static func addDelays(to table: inout FieldTable<ControlPlaneParameters>) {
    table.field(
      "writeLatency", \.writeLatency, .durationLaw,
      Note("One write, from the client's call until it is stored.")
        .graded("A", "chosen; Kubernetes' objective is 99 % under 1 s").range("5ms", "20ms")
        .used(.creation))
    table.field(
      "watchDelay", \.watchDelay, .durationLaw,
      Note("From a stored change until a watching client knows of it.").graded("A", "chosen")
        .range("2ms", "50ms").used(.creation))
    table.field(
      "callSize", \.callSize, .integer(unit: "bytes"),
      Note("What a report about a Pod takes of the links between its site and the API server.")
        .graded("C", "a Pod's status of about 2 KiB in a patch, its answer, and headers")
        .used(.remoteReports))
    table.field(
      "createSize", \.createSize, .integer(unit: "bytes"),
      Note("What a call to create a Pod takes of the links to its pool; 0: it crosses none.")
        .graded("C", "a few KiB take nothing of a line").used(.remoteCreates))
    table.field(
      "leaseSize", \.leaseSize, .integer(unit: "bytes"),
      Note("What a renewal of a node's lease takes of the links to the API server; 0: nothing.")
        .graded("C", "2 KiB from 1,000 nodes every 10 s are 1.6 Mbit/s").used(.leases))
    table.field(
      "watchSize", \.watchSize, .integer(unit: "bytes"),
      Note("What an event of a node's watch takes of the links to it; 0: nothing.")
        .graded("C", "4 KiB for each change of a Pod, or of endpoints at every node")
        .used(.watches))
    table.field(
      "endpointPropagation", \.endpointPropagation, .durationLaw,
      Note("From Ready until the endpoint is programmed everywhere.")
        .graded("A", "chosen within kube-proxy's sync period of 30 s (D)").range("100ms", "30s")
        .used(.endpoints))
  }
}

extension NodeLifecycleParameters {
  static let fields = FieldTable<NodeLifecycleParameters> { table in
    let flags = "kube-controller-manager's flags"
    let kubespray = "kubespray's documentation of Kubernetes' reliability"
    table.part(
      "client", \.client,
      FieldTable<ClientLimits> { table in
        table.field(
          "qps", \.qps, .perSecond,
          Note("Calls per second in the long run, of each of its three controllers.")
            .graded("E", "arktos PR 528, cluster-api PR 8579").used(.failures))
        table.field(
          "burst", \.burst, .integer(from: 1),
          Note("Calls at once after a pause.")
            .graded("E", "arktos PR 528, cluster-api PR 8579").used(.failures))
      }, Note("Its client."))
    table.field(
      "leasePeriod", \.leasePeriod, .lastingDuration,
      Note("How often a kubelet renews its lease.")
        .graded("M", "a quarter of the lease's 40 s").used(.failures))
    table.field(
      "gracePeriod", \.gracePeriod, Codec<TimeSpan>.lastingDuration.optional(written: "profile"),
      Note("How long a lease that isn't renewed is borne; profile: 50s in v1.36, 40s in tke-1.20.")
        .graded("M", flags).used(.failures))
    table.field(
      "monitorPeriod", \.monitorPeriod, .lastingDuration,
      Note("How often nodes are looked at.").graded("E", kubespray).used(.failures))
    table.field(
      "evictionRate", \.evictionRate, .perSecond,
      Note("Nodes per second that are emptied in a zone.").graded("M", flags).used(.failures))
    table.field(
      "secondaryEvictionRate", \.secondaryEvictionRate, .perSecond,
      Note("The same in a large zone of which many nodes are unhealthy.").graded("M", flags)
        .used(.failures))
    table.field(
      "unhealthyZoneThreshold", \.unhealthyZoneThreshold, .properShare,
      Note("The share of unhealthy nodes from which on a zone counts as disrupted.")
        .graded("M", flags).used(.failures))
    table.field(
      "largeClusterSize", \.largeClusterSize, .integer(),
      Note("Zones with more nodes than this are large.").graded("M", flags).used(.failures))
    table.field(
      "toleration", \.toleration, Codec<TimeSpan>.duration.optional(written: "forever"),
      Note("How long Pods bear an unhealthy node that don't say so.").graded("E", kubespray)
        .used(.failures))
    table.field(
      "exemptsVirtualNodes", \.exemptsVirtualNodes, .flag,
      Note("Whether virtual nodes aren't emptied, and their Pods stay ready, whatever is heard.")
        .graded("S", "tke-k8s-distro, patch 0007").used(.failures))
  }
}

extension HorizontalPodAutoscalerConfiguration {
  static let fields = FieldTable<HorizontalPodAutoscalerConfiguration> { table in
    func flag(_ name: String) -> String { "kube-controller-manager's flag \(name), v1.36" }
    table.field(
      "syncPeriod", \.syncPeriod, .lastingDuration,
      Note("From the end of an autoscaler's sync to its next.")
        .graded("S", flag("horizontal-pod-autoscaler-sync-period")).used(.autoscaling))
    table.field(
      "tolerance", \.tolerance, .number(),
      Note("How far the usage ratio may be off 1 without any action.")
        .graded("S", flag("horizontal-pod-autoscaler-tolerance")).used(.autoscaling))
    table.field(
      "downscaleStabilization", \.downscaleStabilization, .duration,
      Note("For how long earlier recommendations restrain scaling down.")
        .graded("S", flag("horizontal-pod-autoscaler-downscale-stabilization"))
        .used(.autoscaling))
    table.field(
      "cpuInitializationPeriod", \.cpuInitializationPeriod, .duration,
      Note("For how long after its start a Pod's CPU counts only while it is ready.")
        .graded("S", flag("horizontal-pod-autoscaler-cpu-initialization-period"))
        .used(.autoscaling))
    table.field(
      "initialReadinessDelay", \.initialReadinessDelay, .duration,
      Note("A Pod that became unready sooner after its start was never ready.")
        .graded("S", flag("horizontal-pod-autoscaler-initial-readiness-delay"))
        .used(.autoscaling))
    table.field(
      "concurrentSyncs", \.concurrentSyncs,
      Codec<Int>.integer(from: 1).optional(written: "unlimited"),
      Note("How many autoscalers are worked on at once.")
        .graded("S", flag("concurrent-horizontal-pod-autoscaler-syncs")).used(.autoscaling))
    table.field(
      "firstSync", \.firstSync, .choice,
      Note(
        "When autoscalers that exist at the start are looked at first: all a period later, or "
          + "each at an instant of the first period."
      )
      .graded("S", "the rate limiter of the controller's queue").used(.autoscaling))
  }
}

extension SchedulerParameters {
  static let fields = FieldTable<SchedulerParameters> { table in
    table.field(
      "profile", \.profile, .choice,
      Note("Which version's behaviour.").graded("S", "kube-scheduler v1.36.2, by its decisions")
        .used(.scheduling))
    table.field(
      "ties", \.ties, .choice,
      Note("Which of equally good nodes is taken.")
        .graded("C", "kube-scheduler takes any; this one makes runs repeatable").used(.scheduling))
    table.field(
      "percentageOfNodesToScore", \.percentageOfNodesToScore, .integer(from: 0, to: 100),
      Note("The share of nodes searched; 0: it follows from their number.")
        .graded("S", "kube-scheduler's default").used(.scheduling))
    table.field(
      "localReplicas", \.localReplicas,
      Codec<SchedulerParameters.LocalReplicasVariant>.choice.optional(written: "as-configured"),
      Note("Which LocalReplicas takes part: as published it sleeps 300 ms at each node; fixed not.")
        .graded("S", "tke-k8s-distro 1.20, patch 0010")
        .limits(.rate, .schedule, unlimited: "fixed").used(.localReplicas))
    table.field(
      "gpuPolicy", \.gpuPolicy, Codec<GPUPolicy>.choice.optional(written: "none"),
      Note("Who decides about shared GPUs; otherwise nobody looks at devices.").used(.scheduling))
    table.field(
      "cycleTime", \.cycleTime, .duration,
      Note("What one scheduling cycle costs.")
        .graded("E", "100 to 180 Pods a second measured by others")
        .limits(.rate, .schedule, unlimited: "0s").used(.scheduling))
    table.field(
      "bindTimeout", \.bindTimeout, .lastingDuration,
      Note("How long it waits for the answer to a binding before it tries the Pod again.")
        .graded("M", "kube-apiserver's request-timeout").used(.unansweredBindings))
    table.field(
      "unansweredBindings", \.unansweredBindings, .wholeShare,
      Note("The share of bindings that are never answered.")
        .graded("A", "chosen").range("0", "0.1").used(.unansweredBindings))
    table.field(
      "unansweredStored", \.unansweredStored, .wholeShare,
      Note("The share of unanswered bindings that are stored all the same.")
        .graded("A", "chosen").range("0", "1").used(.unansweredBindings))
    table.field(
      "filterTime", \.filterTime, .duration,
      Note(
        "What filtering one node costs one of the workers besides; the workers are the "
          + "KubeSchedulerConfiguration's parallelism, 16 by default."
      )
      .graded("E", "measured cycle times include it; the program itself takes 3 us of CPU a node")
      .range("0s", "5us")
      .limits(.rate, .schedule, unlimited: "0s").used(.scheduling))
  }
}
