import ClusterModel
import Infrastructure
import Probability
import Quantities
import TestSupport
import Testing

@Suite("Images on machines and among peers")
struct ImageTests {
  /// Machines that take no time but for images.
  private var machine: MachineParameters {
    var machine = MachineParameters()
    machine.sandbox = .constant(0)
    machine.address = .constant(0)
    machine.containerStart = .constant(0)
    machine.pullQPS = .unlimited
    return machine
  }

  /// A driver with a registry that sends so many bytes per second, and machines as place 1.
  private func driver(_ machine: MachineParameters, egress: Double) -> PipelineDriver {
    var driver = PipelineDriver(
      PipelineDriver.plainPool, imageBytes: .constant(1e9), startup: .constant(0),
      capacity: egress)
    _ = driver.pipeline.addMachines(machine, from: ImageSource(registry: 0))
    return driver
  }

  private func order(_ n: Int, on slot: Int, set: Int = 0, _ driver: PipelineDriver) -> StartOrder {
    var order = driver.order(n, subnet: slot, place: 1)
    order.imageSet = set
    return order
  }

  /// When the last of n machines has an image of 1 GB.
  private func distribution(_ n: Int, _ sharing: PeerSharing?, down: Int64, egress: Double)
    -> Double
  {
    var machine = machine
    machine.sharing = sharing
    machine.pullRate = Bandwidth(bitsPerSecond: down * 8)
    var driver = driver(machine, egress: egress)
    for n in 0..<n { driver.arrive(order(n, on: n, driver)) }
    driver.run(until: .seconds(20_000.0))
    #expect(driver.ready.count == n)
    return (driver.ready.values.max() ?? .distantFuture).seconds - 0.01
  }

  @Test("Without peers n images take n times one; with peers the bound of Kumar and Ross")
  func peers() {
    let egress = 1.25e9
    #expect(abs(distribution(400, nil, down: 1_000_000_000, egress: egress) - 320) < 0.01)
    var sharing = PeerSharing()
    sharing.efficiency = 1
    // Uploads of 10, 50, 125 MB/s; downloads of 100 MB/s and 1 GB/s.
    for up in [10, 50, 125] {
      for down in [100, 1000] {
        for n in [1, 40, 400] {
          sharing.up = Bandwidth(bitsPerSecond: Int64(up) * 8_000_000)
          let time = distribution(n, sharing, down: Int64(down) * 1_000_000, egress: egress)
          let bound = max(
            1e9 / egress, 1e9 / (Double(down) * 1e6),
            Double(n) * 1e9 / (egress + Double(n) * Double(up) * 1e6))
          #expect(time >= bound - 0.001)
          #expect(time <= bound + 0.02)
          if n == 400 {
            expectDetects("no peers") { #expect(320 <= bound + 0.02) }
          }
        }
      }
    }
    sharing.efficiency = 0.5
    sharing.up = Bandwidth(bitsPerSecond: 80_000_000)
    let half = distribution(400, sharing, down: 1_000_000_000, egress: egress)
    #expect(abs(half - 400e9 / (1.25e9 + 400 * 5e6)) < 0.02)
  }

  @Test("The registry sends one copy to peers")
  func egress() {
    var machine = machine
    machine.sharing = PeerSharing()
    var driver = driver(machine, egress: 1.25e9)
    for n in 0..<50 { driver.arrive(order(n, on: n, driver)) }
    driver.run(until: .seconds(1000.0))
    #expect(driver.ready.count == 50)
    #expect(abs(driver.pipeline.network.carried[0] - 1e9) < 1)
    #expect(abs(driver.pipeline.pulledBytes - 50e9) < 10)
  }

  @Test("Layers that a machine holds aren't pulled again, and each set counts them once")
  func layers() {
    var machine = machine
    machine.pullRate = .unlimited
    var driver = driver(machine, egress: 1e6)
    driver.pipeline.addImageSet([(0, 30e6), (1, 10e6)])
    driver.pipeline.addImageSet([(0, 30e6), (2, 5e6)])
    driver.arrive(order(0, on: 0, set: 1, driver))
    driver.run(until: .seconds(100.0))
    driver.arrive(order(1, on: 0, set: 2, driver))
    driver.arrive(order(2, on: 1, set: 2, driver))
    driver.run(until: .seconds(300.0))
    let ready = (0..<3).map { driver.ready[driver.order($0).pod]?.seconds ?? 0 }
    #expect(abs(ready[0] - 40.01) < 1e-6)
    // Five megabytes beside thirty-five share the egress: 10 s, and 40 s.
    #expect(abs(ready[1] - 110.01) < 1e-6)
    #expect(abs(ready[2] - 140.01) < 1e-6)
  }

  @Test("Unpacking follows the download, and the next pull waits for both")
  func unpacking() {
    var machine = machine
    machine.pullRate = .unlimited
    machine.unpackRate = Bandwidth(bitsPerSecond: 8_000_000_0)
    var driver = driver(machine, egress: 1e8)
    driver.pipeline.addImageSet([(0, 1e9)])
    driver.pipeline.addImageSet([(1, 1e9)])
    driver.arrive(order(0, on: 0, set: 1, driver))
    driver.arrive(order(1, on: 0, set: 2, driver))
    driver.run(until: .seconds(1000.0))
    #expect(abs((driver.ready[driver.order(0).pod]?.seconds ?? 0) - 110.01) < 1e-6)
    #expect(abs((driver.ready[driver.order(1).pod]?.seconds ?? 0) - 220.01) < 1e-6)
  }

  @Test("A full disk loses the set unused for longest, at a look every five minutes")
  func collection() {
    var machine = machine
    machine.pullRate = .unlimited
    machine.imageDisk.size = 100_000_000
    var driver = driver(machine, egress: 1e9)
    for layer in 0..<4 { driver.pipeline.addImageSet([(layer, 35e6)]) }
    // Three sets make 105 MB, above 80; two are 70, below 75. Sets 1 and 2 aren't in use any more.
    for set in 1...3 {
      driver.arrive(order(set, on: 0, set: set, driver))
      driver.run(until: .seconds(Double(set) * 20))
      if set < 3 { driver.stop(driver.order(set).pod) }
    }
    driver.run(until: .seconds(290.0))
    #expect(driver.pipeline.deletedImages == 0)
    driver.arrive(order(5, on: 0, set: 2, driver))
    driver.run(until: .seconds(299.0))
    #expect(driver.pipeline.counts.machinePulls == 3)
    driver.run(until: .seconds(310.0))
    driver.arrive(order(6, on: 0, set: 1, driver))
    driver.run(until: .seconds(330.0))
    #expect(driver.pipeline.deletedImages == 1)
    #expect(driver.pipeline.counts.machinePulls == 4)
  }

  @Test("A registry that answers two requests a second begins a pull of three layers every 2 s")
  func requests() {
    var machine = machine
    machine.pullRate = .unlimited
    var driver = driver(machine, egress: .infinity)
    driver.pipeline.limitRegistry(0, to: Rate(perSecond: 2), burst: 1)
    driver.pipeline.addImageSet([(0, 1), (1, 1), (2, 1)])
    for n in 0..<10 { driver.arrive(order(n, on: n, set: 1, driver)) }
    driver.run(until: .seconds(100.0))
    let last = driver.ready.values.max() ?? .zero
    #expect(abs(last.seconds - (39 * 0.5 + 0.01)) < 1e-6)
  }

  @Test("What was pulled ahead is there, and who comes too early waits for the rest of it")
  func preheating() {
    var machine = machine
    machine.pullRate = .unlimited
    var driver = driver(machine, egress: 1e7)
    driver.pipeline.addImageSet([(0, 1e9)])
    driver.pipeline.preheat(1, onMachine: 0, place: 1, bytes: 0, at: .zero)
    driver.run(until: .seconds(60.0))
    driver.arrive(order(0, on: 0, set: 1, driver))
    driver.run(until: .seconds(150.0))
    driver.arrive(order(1, on: 0, set: 1, driver))
    driver.run(until: .seconds(500.0))
    #expect(abs((driver.ready[driver.order(0).pod]?.seconds ?? 0) - 100.01) < 1e-6)
    #expect(abs((driver.ready[driver.order(1).pod]?.seconds ?? 0) - 150.01) < 1e-6)
    #expect(driver.pipeline.counts.machinePulls == 0)
  }
}
