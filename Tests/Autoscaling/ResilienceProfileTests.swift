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
