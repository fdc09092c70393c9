import ClusterModel
import Controllers
import Quantities
import TestSupport
import Testing

@Suite struct JobTests {
  private func api(_ edit: (inout JobShape) -> Void) -> MemoryAPI {
    var job = Manifests.workload(.job, "batch")
    edit(&job.job)
    var delays = MemoryAPI.Delays()
    delays.start = .milliseconds(100)
    var api = MemoryAPI(Manifests.cluster(job), delays: delays)
    api.join(JobController())
    return api
  }

  /// Ends every running Pod.
  private func end(_ api: inout MemoryAPI, as phase: PodPhase, only ordinal: Int32? = nil) {
    for pod in api.activePods(of: "batch") where pod.phase == .running {
      if ordinal == nil || ordinal == pod.ordinal { api.change { $0.setPhase(pod.id, to: phase) } }
    }
  }

  @Test func `seven completions, three at a time`() {
    var api = api {
      $0.completions = 7
      $0.parallelism = 3
    }
    var active: [Int] = []
    for second in 1...5 {
      api.run(until: .seconds(Double(second)))
      active.append(api.activePods(of: "batch").count)
      end(&api, as: .succeeded)
    }
    #expect(active == [3, 3, 1, 0, 0])
    let ordinals = api.pods(of: "batch").map(\.ordinal)
    #expect(ordinals == [0, 1, 2, 3, 4, 5, 6])
  }

  @Test func `a failed Pod comes again in its place after 10 s, then 20 s, at most 6 min`() {
    var api = api {
      $0.completions = 1
      $0.isIndexed = true
      $0.backoffLimit = 100
    }
    var waits: [Double] = []
    for failure in 1...8 {
      let pause = 2000 * Double(failure)
      api.run(until: .seconds(pause))
      end(&api, as: .failed)
      let count = api.issued.count
      api.run(until: .seconds(pause + 1999))
      waits.append(api.issued[count].time.seconds - pause)
    }
    #expect(waits == [10, 20, 40, 80, 160, 320, 360, 360])
    let last = api.pods(of: "batch").last!
    #expect(last.ordinal == 0)
    #expect(last.attempt == 8)
  }

  @Test func `more failures than the limit end the Job and take its Pods along`() {
    var api = api {
      $0.completions = 5
      $0.parallelism = 3
      $0.backoffLimit = 0
    }
    api.run(until: .seconds(1))
    end(&api, as: .failed, only: 1)
    api.run(until: .seconds(1000))
    let left = api.activePods(of: "batch").count
    let created = api.commands().filter { $0.pod == nil }.count
    #expect(left == 0)
    #expect(created == 3)
  }

  @Test func `without a number of completions one success is enough, and the rest may finish`() {
    var api = api { $0.parallelism = 4 }
    api.run(until: .seconds(1))
    end(&api, as: .succeeded, only: 2)
    api.run(until: .seconds(10))
    let active = api.activePods(of: "batch").map(\.ordinal)
    #expect(active == [0, 1, 3])
    end(&api, as: .succeeded)
    api.run(until: .seconds(20))
    let commands = api.commands().count
    #expect(commands == 4)
  }

  @Test func `a Pod that somebody else stops counts as failed and is replaced`() {
    var api = api {
      $0.completions = 2
      $0.parallelism = 2
    }
    api.run(until: .seconds(1))
    let pod = api.pods(of: "batch")[0].id
    api.change { $0.markTerminating(pod) }
    api.run(until: .seconds(5))
    let during = api.activePods(of: "batch").count
    api.run(until: .seconds(15))
    let places = api.activePods(of: "batch").map { [$0.ordinal, $0.attempt] }
    #expect(during == 1)
    #expect(places == [[0, 1], [1, 0]])
  }

  @Test func `fewer at once takes surplus Pods away, without counting them as failures`() {
    var api = api {
      $0.completions = 10
      $0.parallelism = 4
      $0.backoffLimit = 0
    }
    api.run(until: .seconds(1))
    let id = api.workload("batch")
    api.change { $0.setDesired(id, 2) }
    api.run(until: .seconds(5))
    let fewer = api.activePods(of: "batch").map(\.ordinal)
    api.change { $0.setDesired(id, 4) }
    api.run(until: .seconds(10))
    let again = api.activePods(of: "batch").map(\.ordinal)
    #expect(fewer == [0, 1])
    #expect(again == [0, 1, 2, 3])
  }

  @Test func `a success starts the back-off anew`() {
    var api = api {
      $0.completions = 3
      $0.backoffLimit = 100
    }
    var waits: [Double] = []
    for (round, phase) in [PodPhase.failed, .failed, .succeeded, .failed].enumerated() {
      let pause = 1000 * Double(round + 1)
      api.run(until: .seconds(pause))
      end(&api, as: phase)
      let count = api.issued.count
      api.run(until: .seconds(pause + 999))
      waits.append(api.issued[count].time.seconds - pause)
    }
    #expect(waits == [10, 20, 0, 10])
  }

  @Test func `a completion stays one when its Pod is cleaned away`() {
    var api = api {
      $0.completions = 3
      $0.isIndexed = true
    }
    for second in 1...4 {
      api.run(until: .seconds(Double(second)))
      for pod in api.pods(of: "batch") where pod.phase == .succeeded {
        api.change { $0.deletePod(pod.id) }
      }
      end(&api, as: .succeeded)
    }
    let ordinals = api.commands().compactMap { command in
      if case .createPod(_, let ordinal, _, _) = command { ordinal } else { nil }
    }
    #expect(ordinals == [0, 1, 2])
  }
}
