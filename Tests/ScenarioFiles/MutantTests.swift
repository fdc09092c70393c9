import Foundation
import ScenarioFiles
import TestSupport
import Testing

@Suite("A line that is wrong")
struct MutantTests {
  /// A scenario with a key on every line, so that every mutant has a line of its own.
  static let text = """
    apiVersion: spillway.sim/v1alpha1
    kind: Scenario
    metadata:
      name: every-line
    spec:
      start:
        at: "2026-11-10T23:58:00+08:00"
        cloudCaches: cold
      duration: 20m
      seed: 7
      replications: 10
      controlPlane:
        writeLatency: lognormal(8ms, 0.4)
        replicaSet:
          qps: 20
          burst: 30
        admissionWorkers: 5
        resilience: v1.0.0
        slowStart: true
        podCap: 6000
      scheduler:
        profile: v1.36
        ties: lowestName
        cycleTime: 8ms
      sites:
      - name: idc
        coldCaches: false
        machine:
          pullRate: 600Mbps
          pullQPS: 5
          serialisesPulls: true
          corePrice: 0.055 CNY/h
      - name: cloud
        serverless:
          preset: tke-eks
          subnets: [10.8.0.0/20]
          securityGroups: 2
          quota:
            podsPerCluster: 5000
            podsPerRegion: 10000
          cpuType: intel
          imageCache: on
          createRate: 1500/min
          boot: lognormal(5s, 0.5)
          retryInitial: 5s
      nodePools:
      - name: rack
        site: idc
        count: 25
        allocatable:
          cpu: "8"
          memory: 32Gi
          pods: "110"
        taints:
        - key: busy
          effect: PreferNoSchedule
      links:
      - name: line
        between: [idc, cloud]
        bandwidth: 10Gbps
        rtt: 3ms
      registries:
      - name: harbor
        site: idc
        egress: 10Gbps
      profiles:
      - name: checkout
        target: Deployment/checkout
        imageBytes: lognormal(400M, 0.6)
        startup: 5s
        cpuUsed: 0.3
      load:
      - name: burst
        target: Deployment/checkout
        drives: replicas
        step:
          at: 2m
          from: 200
          to: 3200
      prices:
        currency: CNY
        coreSecond: 0.00003334
      claims:
      - name: fast
        metric: sustained
        sites: [cloud]
        above: 1000/min
        share: 0.95
      levers:
      - path: ServerlessPool/cloud:spec.createRate
        values: [1000/min, 1500/min]
        price: 0.80 CNY/h
        leadTime: 10d
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: checkout
    spec:
      replicas: 200
      selector:
        matchLabels:
          app: checkout
      template:
        metadata:
          labels:
            app: checkout
        spec:
          terminationGracePeriodSeconds: 30
          containers:
          - name: server
            image: checkout
            resources:
              requests:
                cpu: "1"
                memory: 2Gi
    """

  static var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }

  /// The lines that a text is said to be wrong at.
  static func wrongLines(_ lines: [Substring]) -> Set<Int> {
    let text = lines.joined(separator: "\n")
    do {
      return Set(try ScenarioLoader.load(text: text, called: "mutant.yaml").warnings.map(\.line))
    } catch {
      return Set(error.diagnostics.map(\.line))
    }
  }

  /// Texts that mean nothing here, so that no field can find them wrong: names that nothing
  /// refers to, and words for people.
  static let free = [
    "name: every-line", "name: rack", "name: line", "name: harbor", "name: checkout",
    "name: burst", "name: fast", "key: busy", "name: server", "image: checkout", "name: idc",
    "name: cloud",
  ]

  @Test("is not found in the scenario as it stands")
  func findsNothing() {
    #expect(Self.wrongLines(Self.lines).isEmpty)
  }

  @Test("is named if a key is misspelt")
  func namesMisspeltKeys() throws {
    for (index, line) in Self.lines.enumerated() {
      guard let colon = line.firstIndex(of: ":"), line != "---" else { continue }
      // Labels and resources have the names that users give them.
      let key = line[..<colon].drop { $0 == " " || $0 == "-" }
      if ["app", "cpu", "memory", "pods"].contains(String(key)) { continue }
      var lines = Self.lines
      let middle = line.index(colon, offsetBy: -1)
      lines[index].insert("q", at: middle)
      #expect(Self.wrongLines(lines).contains(index + 1), "\(index + 1): \(lines[index])")
    }
  }

  @Test("is named if a value has a wrong unit, is another word, or refers to nothing")
  func namesWrongValues() throws {
    for (index, line) in Self.lines.enumerated() {
      let content = line.drop { $0 == " " || $0 == "-" }
      guard !content.isEmpty, content.last != ":" else { continue }
      if Self.free.contains(String(content)) { continue }
      let end = line.lastIndex { !"\"])".contains($0) } ?? line.startIndex
      var lines = Self.lines
      lines[index].insert(contentsOf: "zq", at: line.index(after: end))
      let found = Self.wrongLines(lines)
      #expect(found.contains(index + 1), "\(index + 1): \(lines[index]) \(found)")
    }
  }

  @Test("is named if a number is negative")
  func namesNegativeNumbers() throws {
    for (index, line) in Self.lines.enumerated() {
      guard let colon = line.firstIndex(of: ":"),
        let start = line[colon...].firstIndex(where: \.isNumber),
        line[colon..<start].allSatisfy({ ": \"".contains($0) }), !line.contains("at: \"2026")
      else { continue }
      var lines = Self.lines
      lines[index].insert("-", at: start)
      #expect(Self.wrongLines(lines).contains(index + 1), "\(index + 1): \(lines[index])")
    }
  }

  @Test("is named if its indentation has a tab")
  func namesTabs() throws {
    for (index, line) in Self.lines.enumerated() where line.hasPrefix("  ") {
      var lines = Self.lines
      lines[index] = "\t" + line.dropFirst(2)
      let found = Self.wrongLines(lines)
      #expect(found.contains(index + 1) || found.contains(index + 2), "\(index + 1): \(found)")
    }
  }

  @Test("never makes a reader crash, whatever the bytes")
  func neverCrashes() throws {
    var generator = SeededGenerator(seed: 11)
    let bytes = Array(Self.text.utf8)
    for _ in 0..<150 {
      var mutant = bytes
      for _ in 0..<1 + generator.below(4) {
        let place = generator.below(mutant.count)
        switch generator.below(3) {
        case 0: mutant[place] = UInt8(generator.below(256))
        case 1: mutant.remove(at: place)
        default: mutant.insert(generator.pick(Array("{}[]:,-&*!|>'\"%@`#\n\t 0".utf8)), at: place)
        }
      }
      let text = String(decoding: mutant, as: UTF8.self)
      for name in ["mutant.yaml", "mutant.json"] {
        do {
          _ = try ScenarioLoader.load(text: text, called: name)
        } catch {
          #expect(error.diagnostics.allSatisfy { $0.line > 0 || $0.file == "the defaults" })
        }
      }
    }
  }
}
