import Autoscaling
import ClusterModel
import Testing

@Suite struct ResilienceProfileTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var cluster: Bool?
    var pod: Bool?
    var older: Bool
    var newer: Bool
    var testDescription: String { "cluster \(cluster as Any), Pod \(pod as Any)" }
  }

  @Test(arguments: [
    Row(cluster: true, pod: true, older: true, newer: true),
    Row(cluster: true, pod: false, older: true, newer: false),
    Row(cluster: true, pod: nil, older: true, newer: true),
    Row(cluster: false, pod: true, older: true, newer: true),
    Row(cluster: false, pod: false, older: false, newer: false),
    Row(cluster: false, pod: nil, older: false, newer: false),
    Row(cluster: nil, pod: true, older: true, newer: true),
    Row(cluster: nil, pod: false, older: true, newer: false),
    Row(cluster: nil, pod: nil, older: true, newer: true),
  ]) func `both switch tables are as published`(row: Row) {
    #expect(ResilienceProfile.v0.allowsBurst(cluster: row.cluster, pod: row.pod) == row.older)
    #expect(ResilienceProfile.v1.allowsBurst(cluster: row.cluster, pod: row.pod) == row.newer)
  }

  /// Switch of the cluster, of the Pod, number of the cluster, of the Pod, and what is kept local
  /// under either profile: −1 where the plugin does nothing.
  struct Kept: Sendable, CustomTestStringConvertible {
    var switches: (cluster: Bool?, pod: Bool?)
    var numbers: (cluster: String?, pod: String?)
    var older: Int
    var newer: Int
    init(_ g: Bool?, _ a: Bool?, _ globalL: String?, _ l: String?, _ older: Int, _ newer: Int) {
      switches = (g, a)
      numbers = (globalL, l)
      self.older = older
      self.newer = newer
    }
    var testDescription: String { "\(switches) \(numbers)" }
  }

  static let table: [Kept] = {
    var rows: [Kept] = []
    for g in [true, false, nil] as [Bool?] {
      // The Pod says no: nothing is kept, whatever the numbers.
      rows += [Kept(g, false, nil, "3", -1, -1), Kept(g, false, "5", nil, -1, -1)]
      // The Pod says yes: without a number of its own, none stays, or the cluster's number does.
      rows += [
        Kept(g, true, nil, nil, 0, 0), Kept(g, true, nil, "3", 3, 3), Kept(g, true, "5", nil, 0, 5),
        Kept(g, true, "5", "3", 3, 3), Kept(g, true, "5", "0", 0, 0), Kept(g, true, nil, "x", 0, 0),
        Kept(g, true, nil, "-2", 0, 0),
      ]
      // The Pod says nothing: only v1.0.0, where the cluster says yes and there is a number.
      let isOn = g == true
      rows += [
        Kept(g, nil, nil, nil, -1, -1), Kept(g, nil, nil, "3", -1, isOn ? 3 : -1),
        Kept(g, nil, "5", nil, -1, isOn ? 5 : -1), Kept(g, nil, "5", "3", -1, isOn ? 3 : -1),
        Kept(g, nil, "0", nil, -1, -1),
      ]
    }
    return rows
  }()

  @Test(arguments: table)
  func `the number of local replicas takes effect where each version says`(row: Kept) {
    var config = EksConfig()
    config.autoScale = row.switches.cluster
    config.localReplicas = EksConfig.replicas(row.numbers.cluster)
    var annotations = Labels()
    annotations[EksConfig.switchKey] = row.switches.pod.map { $0 ? "true" : "false" }
    annotations[EksConfig.replicasKey] = row.numbers.pod
    let older = ResilienceProfile.v0.localReplicas(cluster: config, pod: annotations) ?? -1
    let newer = ResilienceProfile.v1.localReplicas(cluster: config, pod: annotations) ?? -1
    #expect(older == row.older)
    #expect(newer == row.newer)
  }

  @Test func `only the word true switches on`() {
    #expect(EksConfig.switchValue("true") == true)
    #expect(EksConfig.switchValue("false") == false)
    #expect(EksConfig.switchValue("True") == false)
    #expect(EksConfig.switchValue(nil) == nil)
  }

  @Test func `a template's refusal has its reason`() {
    let configuration = VirtualNodeTolerationConfiguration()
    var template = PodTemplate(containers: [Container(name: "app")])
    #expect(configuration.refusal(of: template) == nil)
    template.annotations["AUTO_SCALE_EKS"] = "false"
    #expect(configuration.refusal(of: template) == .switchedOff)
    template.containers[0].hostPorts = [HostPort(port: 61000)]
    #expect(configuration.refusal(of: template) == .port)
    template.containers[0].hostPorts = [HostPort(port: 60999)]
    #expect(configuration.refusal(of: template) == .switchedOff)
    template.namespace = "kube-system"
    #expect(configuration.refusal(of: template) == .namespace)
    template.tolerations = [VirtualNodeTolerationConfiguration.toleration]
    #expect(configuration.refusal(of: template) == .alreadyTolerates)
  }
}
