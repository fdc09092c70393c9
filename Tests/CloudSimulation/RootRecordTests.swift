import ClusterModel
import Quantities
import Testing

@testable import CloudSimulation

@Suite("Places of a workload, as its demand goes up and down")
struct RootRecordTests {
  private func pod(_ n: Int, _ generation: UInt16 = 0) -> PodID {
    PodID(slot: UInt32(n), generation: generation)
  }

  /// Three places asked for at 1 s, held, bound to site 0 and ready a second later.
  private func three() -> RootRecord {
    var root = RootRecord(key: "web")
    root.setLevel(3, at: .seconds(1.0))
    for n in 0..<3 {
      _ = root.hold(Int32(n), pod(n), at: .seconds(1.5))
      root.bind(Int32(n), pod(n), toSite: 0)
      root.becomeReady(Int32(n), at: .seconds(2.0))
    }
    return root
  }

  private func asked(_ root: RootRecord, _ from: Double, _ to: Double) -> [PlaceRecord] {
    root.places(askedFrom: .seconds(from), to: .seconds(to))
  }

  @Test("A place that was given up and is wanted again is asked for anew; in one window it is one")
  func again() {
    var root = three()
    #expect(asked(root, 0, 5).count == 3)
    root.setLevel(2, at: .seconds(10.0))
    root.stop(0, pod(0), at: .seconds(10.1))
    root.lose(0, pod(0), isFree: false, at: .seconds(11.0))
    #expect(root.wanted == 2)
    root.setLevel(4, at: .seconds(20.0))
    #expect(root.waiting == 2)
    let due = root.hold(0, pod(0, 1), at: .seconds(21.0))
    #expect(due == .seconds(20.0))
    #expect(asked(root, 0, 5).map(\.ready) == [.seconds(2.0), .seconds(2.0), .seconds(2.0)])
    #expect(asked(root, 15, 25).count == 2)
    #expect(asked(root, 15, 25).allSatisfy { $0.ready == nil })
    #expect(asked(root, 0, 25).count == 4)
    #expect(asked(root, 0, 25).count { $0.ready != nil } == 3)
  }

  @Test("A replacement takes the place over; it was due when the former Pod was told to stop")
  func replacement() {
    var root = three()
    root.stop(1, pod(1), at: .seconds(30.0))
    let due = root.hold(1, pod(7), at: .seconds(31.0))
    #expect(due == .seconds(30.0))
    root.bind(1, pod(7), toSite: 4)
    root.lose(1, pod(1), isFree: false, at: .seconds(40.0))
    #expect(root.places[1].site == 4)
    #expect(root.places[1].holder == pod(7))
    #expect(root.places[1].ready == .seconds(2.0))
    #expect(root.waiting == 0)
    #expect(root.wanted == 3)
    root.lose(1, pod(7), isFree: true, at: .seconds(50.0))
    #expect(root.places[1].site == -1)
    #expect(root.places[1].due == .seconds(50.0))
  }

  @Test("What was asked for and withdrawn before anybody came doesn't wait, but was asked for")
  func withdrawn() {
    var root = three()
    root.setLevel(6, at: .seconds(5.0))
    #expect(root.waiting == 3)
    root.setLevel(4, at: .seconds(6.0))
    #expect(root.waiting == 1)
    #expect(asked(root, 4, 7).count == 3)
  }

  @Test("Pods of a dump were asked for by nobody, and strange ordinals cost no memory")
  func dump() {
    var root = RootRecord(key: "web")
    root.setLevel(2, at: .zero)
    _ = root.hold(0, pod(0), at: .zero)
    root.adopt(0)
    #expect(asked(root, -1, 5).count == 1)
    #expect(root.waiting == 1)
    _ = root.hold(.max, pod(5), at: .zero)
    _ = root.hold(-3, pod(6), at: .zero)
    #expect(root.places.count == 2)
  }
}
