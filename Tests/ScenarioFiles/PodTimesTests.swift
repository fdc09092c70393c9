import ScenarioFiles
import TestSupport
import Testing

@Suite("Timestamps in dumps of Pods")
struct PodTimesTests {
  private func pod(
    _ name: String, status: String,
    owner: String = "{kind: ReplicaSet, name: web-5d, controller: true}",
    node: String = "worker-1", created: String = "2026-11-10T12:00:00Z"
  ) -> String {
    """
    - apiVersion: v1
      kind: Pod
      metadata:
        name: \(name)
        namespace: shop
        creationTimestamp: "\(created)"
        labels: {pod-template-hash: 5d}
        ownerReferences: [\(owner)]
      spec: {nodeName: \(node), containers: [{name: c, image: i}]}
      status: {\(status)}

    """
  }

  private func read(_ pods: String) throws -> PodTimesFile {
    try PodTimesFile(text: "apiVersion: v1\nkind: List\nitems:\n" + pods, called: "dump.yaml")
  }

  private let whole = """
    phase: Running, conditions: [{type: PodScheduled, status: "True", lastTransitionTime: "2026-11-10T12:00:01Z"}, \
    {type: Initialized, status: "True", lastTransitionTime: "2026-11-10T12:00:02Z"}, \
    {type: Ready, status: "True", lastTransitionTime: "2026-11-10T12:00:09Z"}], \
    containerStatuses: [{restartCount: 0, state: {running: {startedAt: "2026-11-10T12:00:05Z"}}}]
    """

  @Test("A Pod's stages, its Deployment by the hash, and its node's kind")
  func stages() throws {
    let file = try read(
      pod("web-5d-a", status: whole)
        + """
        - apiVersion: v1
          kind: Node
          metadata: {name: elastic, labels: {node.kubernetes.io/instance-type: eklet}}

        """ + pod("web-5d-b", status: whole, node: "elastic"))
    #expect(file.pods.map(\.workload) == ["Deployment/shop/web", "Deployment/shop/web"])
    #expect(file.pods.map(\.isVirtual) == [false, true])
    let one = file.pods[0]
    #expect(one.scheduled.map { $0 - one.created } == 1)
    #expect(one.initialized.map { $0 - one.created } == 2)
    #expect(one.started.map { $0 - one.created } == 5)
    #expect(one.ready.map { $0 - one.created } == 9)
    #expect(file.latest - one.created == 9 && file.warnings.isEmpty)
  }

  @Test("A restarted container and a Pod that was ready before tell nothing about their start")
  func anew() throws {
    let restarted = whole.replacing("restartCount: 0", with: "restartCount: 2")
    let unready = whole.replacing(
      "{type: Ready, status: \"True\"", with: "{type: Ready, status: \"False\"")
    let file = try read(pod("a", status: restarted) + pod("b", status: unready))
    #expect(file.pods.map(\.hasBegunAnew) == [true, true])
    #expect(file.pods[0].started == nil && file.pods[1].ready == nil)
  }

  @Test("Times that go backwards, that are none, or that are missing are told at their place")
  func bad() throws {
    let backwards = whole.replacing("12:00:05Z", with: "11:00:05Z")
    let file = try read(
      pod("a", status: backwards)
        + pod("b", status: whole.replacing("2026-11-10T12:00:09Z", with: "soon"))
        + pod("c", status: whole, created: ""))
    #expect(file.warnings.map(\.code) == ["out-of-order", "wrong-value"])
    #expect(file.warnings.allSatisfy { $0.line > 1 })
    #expect(file.pods.count == 2 && file.pods[0].started == nil)
    #expect(throws: InvalidInput.self) { try read(pod("c", status: whole, created: "yesterday")) }
  }

  @Test("A Job's Pods are those that come and go, and a Pod that nobody owns is its own workload")
  func owners() throws {
    let file = try read(
      pod("a", status: whole, owner: "{kind: Job, name: night, controller: true}")
        + pod("b", status: whole, owner: "{kind: DaemonSet, name: agent, controller: true}"))
    #expect(file.pods.map(\.workload) == ["Job/shop/night", "DaemonSet/shop/agent"])
    #expect(file.pods.map(\.isJob) == [true, false])
  }
}
