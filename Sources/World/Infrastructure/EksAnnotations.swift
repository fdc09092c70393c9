import ClusterModel
import Quantities

/// What a Pod's annotations `eks.tke.cloud.tencent.com/…` ask of the provider.
///
/// > Source: QCD, 超级节点可调度Pod说明.md and its annotations' list (D); model card 3.5.
public struct EksAnnotations: Hashable, Sendable {
  /// What every key begins with.
  public static let prefix = "eks.tke.cloud.tencent.com/"
  /// Keys that are known and change nothing here, without the prefix.
  public static let unsupported = [
    "cluster-ip-switch", "cri-stats-interval", "eip-attributes", "eip-claim-delete-policy",
    "eip-id-list", "heartbeat-lost-period", "host-sysctls", "image-cache-disk-retain-minute",
    "image-cache-disk-type", "image-gc-high-threshold", "ipvs-scheduler", "metrics-port",
    "pod-eviction-threshold", "recreate-node-lost-pod", "registry-http-endpoint",
    "registry-insecure-skip-verify", "reserve-task-shorter-than", "resolv-conf", "retain-ip",
    "retain-ip-hours", "role-name", "root-cbs-size", "security-group-id", "static-ip",
  ]

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
      case "spec-auto-upgrade": upgrades = value == "true"
      case "cpu-type":
        let names = Self.list(value)
        cpuTypes = names.compactMap { ServerlessPool.CPUType(rawValue: $0) }
        if cpuTypes.count != names.count { expected = "intel, amd or both, such as amd,intel" }
      case "gpu-type": gpuTypes = Self.list(value)
      case "gpu-count":
        gpuCount = Int(value)
        if gpuCount ?? 0 < 1 { expected = "a number of cards, such as 1" }
      case "spot-pod": isSpot = value == "true"
      case "use-image-cache": usesImageCache = value == "auto" || value.hasPrefix("imc-")
      case "cbs-reuse-key": diskKey = value
      case "reserve-sandbox-duration":
        kept = try? TimeSpan.parse(value)
        if kept == nil { expected = "a duration, such as 1m" }
      case "reserve-succeeded-sandbox": keepsSucceeded = value == "true"
      case "duration-to-wait-service-rules":
        ruleWait = try? TimeSpan.parse(value)
        if ruleWait == nil { expected = "a duration, such as 30s" }
      default: break
      }
      if let expected { problems.append(Problem(key: entry.key, expected: expected)) }
    }
    if keepsSucceeded, let kept { keptAfterSuccess = kept }
  }

  private static func list(_ text: String) -> [String] {
    text.split(separator: ",").map { part in
      String(part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
  }
}
