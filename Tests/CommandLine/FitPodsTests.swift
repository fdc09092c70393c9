import Foundation
import TestSupport
import Testing

@Suite("Laws of stages from a dump")
struct FitPodsTests {
  /// Pods of a Deployment on virtual nodes: sixteenths of a second drawn evenly, from 4 to 8 s until
  /// their containers start and from 2 to 4 s more until they are ready, seen in whole seconds.
  private static func dump(_ count: Int) -> String {
    var generator = SeededGenerator(seed: 4)
    func time(_ sixteenths: Int) -> String {
      let second = sixteenths / 16
      return "2026-11-10T12:\(10 + second / 60):\(10 + second % 60)Z"
    }
    var text = "apiVersion: v1\nkind: List\nitems:\n"
    for number in 0..<count {
      // No minute is crossed, so that the text of a time is easy.
      let created = number % 40 * 60 * 16 + generator.below(16)
      let started = created + 64 + generator.below(65)
      let ready = started + 32 + generator.below(33)
      text += """
        - apiVersion: v1
          kind: Pod
          metadata:
            name: web-5d-\(number)
            namespace: shop
            creationTimestamp: "\(time(created))"
            labels: {pod-template-hash: 5d}
            ownerReferences: [{kind: ReplicaSet, name: web-5d, controller: true}]
          spec: {nodeName: eklet-a, containers: [{name: c, image: "i:1"}]}
          status:
            phase: Running
            conditions:
            - {type: PodScheduled, status: "True", lastTransitionTime: "\(time(created))"}
            - {type: Initialized, status: "True", lastTransitionTime: "\(time(created))"}
            - {type: Ready, status: "True", lastTransitionTime: "\(time(ready))"}
            containerStatuses: [{restartCount: 0, state: {running: {startedAt: "\(time(started))"}}}]

        """
    }
    return text
  }

  private static let scenario = """
    apiVersion: spillway.sim/v1alpha1
    kind: Scenario
    metadata: {name: pasted}
    spec:
      duration: 20m
      sites: [{name: idc}]
      links: [{name: line, between: [idc, cloud], bandwidth: 10Gbps, rtt: 3ms}]
      load: [{name: s, target: Deployment/web, step: {at: 1m, from: 0, to: 40}}]
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web, namespace: shop}
    spec:
      replicas: 0
      selector: {matchLabels: {app: web}}
      template:
        metadata: {labels: {app: web}}
        spec: {containers: [{name: c, image: "i:1", resources: {requests: {cpu: "1", memory: 1Gi}}}]}

    """

  @Test("come out with their means, predict what was seen, and run when they are pasted")
  func pasted() throws {
    try withTemporaryFolder { folder in
      try Self.dump(400).write(toFile: "\(folder)/dump.yaml", atomically: true, encoding: .utf8)
      let fit = try Spillway.call("fit", "pods", "\(folder)/dump.yaml", "-o", "json")
      #expect(fit.status == 0, "\(fit.errors)")
      let answer = try #require(
        JSONSerialization.jsonObject(with: Data(fit.output.utf8)) as? [String: Any])
      let stages = try #require(answer["stages"] as? [[String: Any]])
      let start = try #require(stages.first { $0["workload"] == nil || $0["workload"] is NSNull })
      let laws = try #require(start["laws"] as? [[String: Any]])
      let best = try #require(laws.first)
      let quantiles = try #require(best["quantiles"] as? [[String: Double]])
      // Half of 4 to 8 s are seen as 6 s or less; a second either way is what rounding allows.
      for quantile in quantiles.prefix(2) {
        let difference = (quantile["predicted"] ?? 0) - (quantile["observed"] ?? 9)
        #expect(abs(difference) <= 1)
      }
      let yaml = try #require(answer["yaml"] as? String)
      #expect(yaml.contains("spillway.sim/grade: measured"))
      // Measured values are no assumptions; the same values without the annotation are.
      let plain = yaml.replacingOccurrences(
        of: ", annotations: {spillway.sim/grade: measured}", with: "")
      for (text, isAssumed) in [(yaml, false), (plain, true)] {
        let file = "\(folder)/pasted.yaml"
        try (Self.scenario + text).write(toFile: file, atomically: true, encoding: .utf8)
        let out = "\(folder)/out-\(isAssumed)"
        let run = try Spillway.call("run", file, "--quiet", "--out", out)
        #expect(run.status == 0, "\(run.errors)")
        let summary = try String(contentsOfFile: "\(out)/summary.json", encoding: .utf8)
        #expect(summary.contains("ServerlessPool/cloud:spec.boot") == isAssumed)
      }
    }
  }

  @Test("A dump without Pods, and a time that is none, are bad input")
  func bad() throws {
    try withTemporaryFolder { folder in
      try Self.scenario.write(toFile: "\(folder)/none.yaml", atomically: true, encoding: .utf8)
      #expect(try Spillway.call("fit", "pods", "\(folder)/none.yaml").status == 65)
      #expect(try Spillway.call("fit", "pods", "\(folder)/missing.yaml").status == 66)
      try Self.dump(5).write(toFile: "\(folder)/dump.yaml", atomically: true, encoding: .utf8)
      #expect(
        try Spillway.call("fit", "pods", "\(folder)/dump.yaml", "--at", "noon").status == 64)
    }
  }
}
