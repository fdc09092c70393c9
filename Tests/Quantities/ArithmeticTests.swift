import Quantities
import Testing

@Suite("Arithmetic of time, resources and money")
struct ArithmeticTests {
  @Test("Seconds become whole nanoseconds, and never wrap")
  func seconds() {
    #expect(TimeSpan.seconds(1.5).nanoseconds == 1_500_000_000)
    #expect(TimeSpan.seconds(0.000_000_000_6).nanoseconds == 1)
    #expect(TimeSpan.seconds(-0.5).nanoseconds == -500_000_000)
    #expect(TimeSpan.seconds(.infinity) == .infinite)
    #expect(TimeSpan.seconds(1e12) == .infinite)
    #expect(TimeSpan.minutes(2) + .milliseconds(5) == .seconds(120.005))
    #expect(TimeSpan.hours(1) - .minutes(1) == .minutes(59))
    #expect(TimeSpan.seconds(3) * 4 == .seconds(12))
    #expect(TimeSpan.seconds(2).seconds == 2)
    var span = TimeSpan.seconds(1)
    span += .milliseconds(500)
    #expect(span == .seconds(1.5))
    #expect(!(span < .seconds(1.5)))
  }

  @Test("No instant is later than the distant future")
  func instants() {
    #expect(Instant.seconds(1) + .infinite == .distantFuture)
    #expect(Instant.seconds(5) - Instant.seconds(2) == .seconds(3))
    #expect(Instant.zero - .seconds(1) < .zero)
    #expect(Instant.zero + .infinite == .distantFuture)
    #expect(!(Instant.seconds(1) < Instant.seconds(1)))
    #expect(Instant.seconds(1.25).seconds == 1.25)
  }

  @Test("Other resources stay sorted by name, each once")
  func scalars() {
    let gpu = ScalarResource(name: "nvidia.com/gpu", amount: 1)
    let fpga = ScalarResource(name: "example.com/fpga", amount: 2)
    var sum = Resources(cpu: 1, memory: 2, ephemeralStorage: 3, pods: 4, scalars: [gpu, fpga, gpu])
    #expect(sum.scalars == [fpga, gpu])
    #expect(
      sum == Resources(cpu: 1, memory: 2, ephemeralStorage: 3, pods: 4, scalars: [fpga, gpu]))
    sum += Resources(cpu: 10, memory: 20, ephemeralStorage: 30, pods: 40, scalars: [gpu])
    #expect(
      sum
        == Resources(
          cpu: 11, memory: 22, ephemeralStorage: 33, pods: 44,
          scalars: [fpga, ScalarResource(name: gpu.name, amount: 2)]))
    #expect(sum[scalar: "absent"] == nil)
    sum[scalar: fpga.name] = nil
    #expect(sum.scalars.map(\.name) == [gpu.name])
  }

  @Test("What isn't named is nothing")
  func nothing() {
    let none = Resources()
    #expect(none == .zero)
    #expect([none.cpu, none.memory, none.ephemeralStorage, none.pods] == [0, 0, 0, 0])
    #expect(none.scalars.isEmpty)
    #expect(CPU(millicores: 1) < CPU(millicores: 2) && !(CPU(millicores: 2) < CPU(millicores: 2)))
    #expect(Bytes(1) < Bytes(2) && !(Bytes(2) < Bytes(2)))
  }

  @Test("The maximum is taken resource by resource")
  func maximum() {
    var most = Resources(cpu: 5, memory: 1, ephemeralStorage: 7, pods: 0)
    most.formMaximum(
      Resources(
        cpu: 3, memory: 2, ephemeralStorage: 6, pods: 1, scalars: [.init(name: "x", amount: 3)]))
    #expect(
      most
        == Resources(
          cpu: 5, memory: 2, ephemeralStorage: 7, pods: 1, scalars: [.init(name: "x", amount: 3)]))
  }

  @Test("The maximum with nothing is nothing")
  func maximumOfNothing() {
    var most = Resources.zero
    most.formMaximum(Resources(scalars: [.init(name: "x", amount: 0)]))
    #expect(most[scalar: "x"] == 0)
  }

  @Test("Money adds exactly")
  func money() {
    var sum = Money.zero
    for _ in 0..<10 { sum += Money(picounits: 100_000_000_000) }
    #expect(sum.units == 1)
    #expect(sum - Money(picounits: 1) < sum)
    #expect(Money(picounits: 3) * 5 + Money(picounits: 1) == Money(picounits: 16))
  }
}
