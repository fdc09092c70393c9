import ClusterModel
import Quantities

/// What a Pod's annotations `eks.tke.cloud.tencent.com/…` ask of the provider.
///
/// > Source: QCD, 超级节点可调度Pod说明.md and its annotations' list (D); model card 3.5.
public struct EksAnnotations: Hashable, Sendable {
  /// What every key begins with.
  public static let prefix = "eks.tke.cloud.tencent.com/"
  /// Keys, without the prefix, that are known and change nothing here, and why.
  public static let withoutEffect: [(key: String, reason: String)] = [
    ("cluster-ip-switch", "how a Service's requests find their way isn't modelled"),
    ("cri-stats-interval", "what Pods use is looked at every controlPlane.metrics.kubeletInterval"),
    ("eip-attributes", "public addresses aren't modelled"),
    ("eip-claim-delete-policy", "public addresses aren't modelled"),
    ("eip-id-list", "public addresses aren't modelled"),
    ("host-sysctls", "kernels aren't modelled"),
    ("image-cache-disk-type", "a snapshot takes the pool's images.cacheMount, whatever its disk"),
    ("image-gc-high-threshold", "the disks of serverless Pods don't fill"),
    ("ipvs-scheduler", "how a Service's requests find their way isn't modelled"),
    ("metrics-port", "metrics are asked for without ports"),
    ("pod-eviction-threshold", "the disks of serverless Pods don't fill"),
    ("registry-http-endpoint", "a pull takes as long by any protocol"),
    ("registry-insecure-skip-verify", "certificates aren't modelled"),
    ("resolv-conf", "names aren't looked up"),
    ("role-name", "rights aren't modelled"),
  ]
  /// How many security groups a run can tell apart.
  public static let mostSecurityGroups = 64
  /// How long a Pod's address is kept for its successor where nobody says. 24 h (M: the annotations'
  /// list, as remembered).
  public static let usualAddressRetention = TimeSpan.hours(24)
  /// After what silence of its agent a Pod is recreated where nobody says. 5 min (D, model card 3.5).
  public static let usualHeartbeatPeriod = TimeSpan.minutes(5)

  /// The size asked for in place of the containers' requests, in thousandths of a core.
  public var millicores: Int64?
  /// The memory asked for in place of the containers' requests, in bytes.
  public var memory: Int64?
  /// Whether a size that is sold out may be the next larger one instead, once.
  public var upgrades = false
  /// Processors in order of preference; empty: the pool's.
  public var cpuTypes: [ServerlessPool.CPUType] = []
  /// Models of GPU in order of preference.
  public var gpuTypes: [String] = []
  /// GPU cards; nil: by the containers' requests.
  public var gpuCount: Int?
  /// Whether it may be reclaimed, at the spot price.
  public var isSpot = false
  /// Whether its images come from a snapshot; nil: as the pool has it.
  public var usesImageCache: Bool?
  /// Whose kept disks it may take over, besides its workload's: all with the same text.
  public var diskKey: String?
  /// How long its sandbox stays after the Pod succeeded.
  public var keptAfterSuccess = TimeSpan.zero
  /// The sandbox stays only if the Pod worked for a shorter time; nil: in any case.
  public var keptIfShorterThan: TimeSpan?
  /// The size of its root disk in bytes; nil: what is free.
  public var rootDisk: Int64?
  /// How long its disk stays for others; nil: as the pool has it.
  public var diskRetention: TimeSpan?
  /// The security groups that it joins; empty: the pool's.
  public var securityGroups: [String] = []
  /// How long its address stays for its successor, if it has one of its name; nil: not at all.
  public var addressRetention: TimeSpan?
  /// After what silence of its agent it is recreated; nil: never.
  public var recreatedAfter: TimeSpan? = Self.usualHeartbeatPeriod
  /// How long its start waits at most for Services' rules; nil: it doesn't.
  public var ruleWait: TimeSpan?

  /// No annotations.
  public init() {}

  /// An annotation that can't be read.
  public struct Problem: Hashable, Sendable {
    /// The annotation's whole key.
    public var key: String
    /// What it should have been.
    public var expected: String
  }

  /// Reads annotations; keys that mean nothing here are passed over.
  public init(_ annotations: Labels, problems: inout [Problem]) {
    var kept: TimeSpan?
    var keepsSucceeded = false
    var retainsAddress = false
    var retention = Self.usualAddressRetention
    var recreates = true
    for entry in annotations.entries where entry.key.hasPrefix(Self.prefix) {
      let value = entry.value
      var expected: String?
      switch entry.key.dropFirst(Self.prefix.count) {
      case "cpu":
        millicores = (try? CPU.parse(value))?.millicores
        if millicores ?? 0 <= 0 { expected = "cores, such as 8" }
      case "mem":
        let bytes = (try? Quantity.parse(value)).map { Int64(clamping: $0.nanos / 1_000_000_000) }
        memory = value.hasSuffix("Gi") ? bytes : nil
        if memory ?? 0 <= 0 { expected = "an amount in Gi, such as 16Gi" }
      case "spec-auto-upgrade": expected = Self.flag(value, &upgrades)
      case "spot-pod": expected = Self.flag(value, &isSpot)
      case "use-image-cache":
        usesImageCache = true
        if value != "auto", value.count <= 4 || !value.hasPrefix("imc-") {
          expected = "auto, or the name of a snapshot, such as imc-6fpo1ab2"
        }
      case "cbs-reuse-key": diskKey = value
      case "reserve-sandbox-duration":
        kept = try? TimeSpan.parse(value)
        if kept == nil { expected = "a duration, such as 1m" }
      case "reserve-succeeded-sandbox": expected = Self.flag(value, &keepsSucceeded)
      case "reserve-task-shorter-than":
        keptIfShorterThan = try? TimeSpan.parse(value)
        if keptIfShorterThan == nil { expected = "a duration, such as 5s" }
      case "retain-ip", "static-ip":
        var isOn = false
        expected = Self.flag(value, &isOn)
        retainsAddress = retainsAddress || isOn
      case "retain-ip-hours":
        retention = .hours(Int(value) ?? 0)
        if !(1...8760).contains(Int(value) ?? 0) { expected = "hours, such as 48" }
      case "recreate-node-lost-pod": expected = Self.flag(value, &recreates)
      case "heartbeat-lost-period":
        recreatedAfter = try? TimeSpan.parse(value)
        if recreatedAfter ?? .zero <= .zero { expected = "a duration above 0, such as 1m" }
      case "duration-to-wait-service-rules":
        ruleWait = try? TimeSpan.parse(value)
        if ruleWait == nil { expected = "a duration, such as 30s" }
      default: expected = readHardware(entry.key.dropFirst(Self.prefix.count), value)
      }
      if let expected { problems.append(Problem(key: entry.key, expected: expected)) }
    }
    if keepsSucceeded { keptIfShorterThan = nil }
    if let kept, keepsSucceeded || keptIfShorterThan != nil { keptAfterSuccess = kept }
    if retainsAddress { addressRetention = retention }
    if !recreates { recreatedAfter = nil }
  }

  /// Reads what is asked of processors, cards, disks and groups.
  /// - Returns: what it should have been; nil if it can be read or means nothing here.
  private mutating func readHardware(_ key: Substring, _ value: String) -> String? {
    var expected: String?
    switch key {
    case "cpu-type":
      let names = Self.list(value)
      cpuTypes = names.compactMap { ServerlessPool.CPUType(rawValue: $0) }
      if cpuTypes.count != names.count { expected = "intel, amd or both, such as amd,intel" }
    case "gpu-type":
      gpuTypes = Self.list(value)
      if gpuTypes.isEmpty || !gpuTypes.allSatisfy(Self.isModel) {
        expected = "models of cards in order of preference, such as T4,V100"
      }
    case "gpu-count":
      gpuCount = Int(value)
      if gpuCount ?? 0 < 1 { expected = "a number of cards, such as 1" }
    case "root-cbs-size":
      rootDisk = Int64(value).map { $0 << 30 }
      if !(1...32_000).contains(Int(value) ?? 0) { expected = "a number of GiB, such as 50" }
    case "image-cache-disk-retain-minute":
      diskRetention = Int(value).map { .minutes($0) }
      if !(0...525_600).contains(Int(value) ?? -1) { expected = "minutes, such as 10" }
    case "security-group-id":
      securityGroups = Self.list(value)
      if securityGroups.isEmpty || !securityGroups.allSatisfy({ $0.hasPrefix("sg-") }) {
        expected = "security groups, such as sg-id1,sg-id2"
      }
    default: break
    }
    return expected
  }

  /// Reads a switch.
  /// - Returns: what it should have been; nil if it is one.
  private static func flag(_ text: String, _ value: inout Bool) -> String? {
    value = text == "true"
    return text == "true" || text == "false" ? nil : "true or false"
  }

  /// Whether a text can be the model of a card, or a part of one, as they are sold: `T4`, `1/4*V100`.
  private static func isModel(_ text: String) -> Bool {
    func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }
    func isCapital(_ byte: UInt8) -> Bool { (65...90).contains(byte) }
    let others = Array("*-./".utf8)
    return text.utf8.contains(where: isDigit) && text.utf8.contains(where: isCapital)
      && text.utf8.allSatisfy { isDigit($0) || isCapital($0) || others.contains($0) }
  }

  private static func list(_ text: String) -> [String] {
    text.split(separator: ",").map { part in
      String(part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
  }
}
