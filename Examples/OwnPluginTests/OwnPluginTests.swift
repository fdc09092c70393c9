import ClusterModel
import Quantities
import Scheduling
import Synchronization
import Testing

@testable import OwnPlugin

@Suite("Plugins of one's own")
struct OwnPluginTests {
  static let laws = PluginLaws(
    pods: ["shop", "search"].enumerated().map { place, application in
      var template = PodTemplate(labels: ["app": application])
      template.containers = [
        Container(requests: ResourceList(cpuMilli: 500 + 400 * Int64(place), memory: 1 << 30))
      ]
      return PodView(template, identity: .init(name: "default/\(application)-0"))
    },
    nodes: (0..<6).map { number in
      let node = Node(name: "n\(number)", allocatable: Resources(cpu: 4000, memory: 8 << 30))
      let members = (0..<number).map { PodTemplate(labels: ["app": $0 < 2 ? "shop" : "search"]) }
      return NodeView(
        node, requested: Resources(cpu: Int64(600 * number), pods: Int64(number)), pods: members)
    })

  @Test("keep the laws")
  func keepTheLaws() {
    #expect(Main.registry.violations(Self.laws).map(\.description) == [])
  }

  @Test("are told which law they break, and where")
  func areToldTheLaw() {
    struct Undeclared: OutOfTreeScore {
      let name = "Undeclared"
      let reads: PluginInputs = .requested
      func score(_ pod: PodView, on node: NodeView) -> Int64 { node.pods.isEmpty ? 0 : 100 }
    }
    struct TooMuch: OutOfTreeScore {
      let name = "TooMuch"
      func score(_ pod: PodView, on node: NodeView) -> Int64 { node.requested.cpu / 10 }
    }
    let bad: [(any OutOfTreePlugin, PluginLaw, node: String)] = [
      (Undeclared(), .declared, "n0"), (TooMuch(), .inRange, "n2"),
      (Impure(), .pure, "n0"), (Ordered(), .orderless, "n4"),
    ]
    for (plugin, law, node) in bad {
      let violations = Self.laws.violations(of: plugin)
      #expect(violations.contains { $0.law == law && $0.node == node }, "\(plugin.name)")
      #expect(violations.first?.description.contains(plugin.name) == true)
    }
  }
}

/// Counts how often it was asked, outside of itself.
struct Impure: OutOfTreeScore {
  static let asked = Mutex<Int64>(0)
  let name = "Impure"
  func score(_ pod: PodView, on node: NodeView) -> Int64 {
    Self.asked.withLock { asked in
      asked += 1
      return asked % 100
    }
  }
}

/// Rejects a node unless it was asked about the same or an earlier one before.
struct Ordered: OutOfTreeFilter {
  static let last = Mutex("")
  let name = "Ordered"
  let reasons = ["node(s) came too late"]
  func filter(_ pod: PodView, on node: NodeView) -> FilterAnswer {
    Self.last.withLock { last in
      // The same node again is no news, so that only the order betrays it.
      if last.hasPrefix(node.node.name + " ") {
        return last.hasSuffix("fits") ? .fits : .rejected()
      }
      let isLater = node.node.name > last
      last = node.node.name + (isLater ? " fits" : " rejected")
      return isLater ? .fits : .rejected()
    }
  }
}
