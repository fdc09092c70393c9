import Foundation
import TestSupport
import Testing

@testable import Experiments

@Suite("GPU policies allocate what the published experiment allocated")
struct OpenbConformanceTests {
  /// Lists whose outcome is plain: shares of 600 of ten devices, Pods for four devices of one
  /// model, Pods that need both devices of a node, and one Pod per node for want of CPU.
  @Test("Our own small lists, exactly", arguments: [false, true])
  func smallLists(scan: Bool) throws {
    let folder = PackageFolder.path("Tests/Conformance/Golden/Openb")
    let cases = try OpenbConformance(seeds: [1, 2, 3], scan: scan).run(folder: folder)
    #expect(cases.count == 12)
    for one in cases {
      #expect(one.agrees && one.gap == 0, "\(one.workload) \(one.policy): \(one)")
    }
  }

  @Test("The order of arrival holds what the experiment says")
  func arrivals() throws {
    let folder = try OpenbFolder(PackageFolder.path("Tests/Conformance/Golden/Openb"))
    for workload in folder.workloads {
      let pods = try folder.pods(of: workload)
      let first = OpenbConformance.arrivals(of: pods, capacity: 10_000, seed: 1)
      #expect(first == OpenbConformance.arrivals(of: pods, capacity: 10_000, seed: 1))
      #expect(first != OpenbConformance.arrivals(of: pods, capacity: 10_000, seed: 2))
      let sum = first.reduce(0) { $0 + pods[$1].gpuTotal }
      #expect(sum >= 10_000 && sum - pods[first.last!].gpuTotal < 10_000)
    }
  }

  /// Three seeds instead of ten: a mean's standard error is √(10/3) times that of ten, so the
  /// tolerance is 1.83 times the honest one. BestFit is 2.4 points below the policy that
  /// descends the fragments, DotProd 4.6, and Random 8.7: none would pass as another.
  @Test(
    "The default list of the trace, three seeds",
    .enabled(if: SharedFolder.has("data/openb-fgd")))
  func trace() throws {
    let data = try OpenbFolder(SharedFolder.path("data/openb-fgd"))
    let list = "openb_pod_list_default"
    let pods = try data.pods(of: list)
    let comparison = OpenbConformance(seeds: [42, 43, 44], slack: 1.83)
    var means: [Double] = []
    for policy in OpenbConformance.policies where policy.isJudged {
      let published = try #require(try data.results(of: list).first { $0.policy == policy.name })
      let found = OpenbConformance.Case(
        workload: list, policy: policy.name,
        allocated: comparison.allocated(data.nodes, pods, policy.policy),
        published: published.percent, tolerance: policy.tolerance * comparison.slack)
      #expect(found.agrees, "\(policy.name): \(found)")
      means.append(OpenbConformance.Case.mean(found.allocated))
    }
    #expect(means == means.sorted())
    let swapped = OpenbConformance.Case(
      workload: list, policy: "06-FGD", allocated: [means[2]], published: [means[3]],
      tolerance: 0.5 * comparison.slack)
    #expect(!swapped.agrees)
  }
}
