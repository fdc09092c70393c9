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
    table.field(
      "admissionWorkers", \.admissionWorkers,
      Codec<Int>.integer(from: 1).optional(written: "unlimited"),
      Note("The toleration controller's concurrent reconciles.")
        .graded("S", "tkestack/charts, tke-resilience: eks-admission-deployment.yaml")
        .limits(.rate, .admit).used(.admission))
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
      "endpointPropagation", \.endpointPropagation, .durationLaw,
      Note("From Ready until the endpoint is programmed everywhere.")
        .graded("A", "chosen within kube-proxy's sync period of 30 s (D)").range("100ms", "30s")
        .used(.endpoints))
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
      "cycleTime", \.cycleTime, .duration,
      Note("What one scheduling cycle costs.")
        .graded("E", "100 to 180 Pods a second measured by others")
        .limits(.rate, .schedule, unlimited: "0s").used(.scheduling))
  }
}
