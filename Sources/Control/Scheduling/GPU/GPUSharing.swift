import ClusterModel

/// A way to choose among the nodes and devices that would take a Pod.
///
/// > Source: Weng et al., "Beware of Fragmentation", USENIX ATC 2023, and the simulator published
/// > with it (E): what each policy scores, and the names of the plugins.
public enum GPUPolicy: String, Hashable, Sendable, CaseIterable {
  /// Any node that fits, by a keyed choice; a shared device is any that fits.
  case random = "RandomScore"
  /// The node on which the least CPU and GPU is left, half and half; a shared device is the one
  /// with the least left.
  case bestFit = "BestFitScore"
  /// The node, and on it the device, whose expected fragments grow least (Fragmentation Gradient
  /// Descent).
  case fragmentation = "FGDScore"
  /// The node whose free CPU and GPU, as a vector, has the smallest product with what is asked.
  case dotProduct = "DotProductScore"
  /// Nodes that run Pods asking for the same number of devices, the fuller the better.
  case clustering = "GpuClusteringScore"
  /// Devices in use first, then free ones of nodes in use, then idle nodes.
  case packing = "GpuPackingScore"

  /// Whether a node's score depends on that node alone.
  var scoresLocally: Bool { self != .random && self != .bestFit }
}

/// A kind of Pod that is likely to come, as Fragmentation Gradient Descent expects them.
public struct TypicalPod: Hashable, Sendable {
  /// CPU requested, in thousandths of a core.
  public var cpu: Int64
  /// Devices requested.
  public var gpus: Int
  /// What is requested of each device, in thousandths of it.
  public var gpuMilli: Int
  /// Models that will do, joined by `|`; empty: any.
  public var models: String
  /// The share of such Pods, in (0, 1].
  public var frequency: Double

  /// A kind of Pod from its parts.
  public init(cpu: Int64, gpus: Int, gpuMilli: Int, models: String = "", frequency: Double = 1) {
    self.cpu = cpu
    self.gpus = gpus
    self.gpuMilli = gpuMilli
    self.models = models
    self.frequency = frequency
  }

  /// The most frequent kinds among Pods, until they cover a share of them, with their frequencies
  /// among themselves.
  ///
  /// - Parameters:
  ///   - pods: the Pods; their frequencies count as weights.
  ///   - share: the share to cover. Default 0.95 (E: the published experiments).
  /// - Returns: the kinds by falling frequency; among equals the larger CPU, then share of a
  ///   device, then number of devices, then models come first.
  public static func mostFrequent(among pods: [TypicalPod], covering share: Double = 0.95)
    -> [TypicalPod]
  {
    var kinds: [TypicalPod] = []
    for pod in pods.sorted(by: { $0.comesBefore($1) }) {
      if let last = kinds.last, !last.comesBefore(pod) {
        kinds[kinds.count - 1].frequency += pod.frequency
      } else {
        kinds.append(pod)
      }
    }
    let total = kinds.reduce(0) { $0 + $1.frequency }
    kinds.sort {
      $0.frequency != $1.frequency ? $0.frequency > $1.frequency : $0.comesBefore($1)
    }
    var covered = 0.0
    var taken = 0
    while covered < share * total, taken < kinds.count {
      covered += kinds[taken].frequency
      kinds[taken].frequency /= total
      taken += 1
    }
    var result = Array(kinds[..<taken])
    if taken < kinds.count {
      for place in result.indices { result[place].frequency /= covered / total }
    }
    return result
  }

  /// The order among equally frequent kinds.
  private func comesBefore(_ other: TypicalPod) -> Bool {
    if cpu != other.cpu { return cpu > other.cpu }
    if gpuMilli != other.gpuMilli { return gpuMilli > other.gpuMilli }
    if gpus != other.gpus { return gpus > other.gpus }
    return other.models.utf8.lexicographicallyPrecedes(models.utf8)
  }
}

/// Sharing of GPUs between Pods: nodes have devices, Pods ask for whole ones or thousandths of one.
///
/// A node's devices come from its allocatable `alibabacloud.com/gpu-count` and
/// `alibabacloud.com/gpu-milli` (all devices together) and its label
/// `alibabacloud.com/gpu-card-model`; a Pod's request from its annotations
/// `alibabacloud.com/gpu-count`, `alibabacloud.com/gpu-milli` (of each device) and
/// `alibabacloud.com/gpu-card-model` (models that will do, joined by `|`).
///
/// Preemption doesn't free devices: a node that lacks them is passed over.
public struct GPUSharing: Hashable, Sendable {
  /// The name of the plugin that filters and keeps account of devices.
  public static let pluginName = "Open-Gpu-Share"
  /// How nodes and devices are chosen.
  public var policy: GPUPolicy
  /// The kinds of Pods that ``GPUPolicy/fragmentation`` expects. Empty: those that make up 95 % of
  /// the Pods in the cluster at the first attempt.
  public var typicalPods: [TypicalPod]

  /// GPU sharing under a policy.
  public init(_ policy: GPUPolicy, typicalPods: [TypicalPod] = []) {
    self.policy = policy
    self.typicalPods = typicalPods
  }
}

extension ScoreWeights {
  /// No plugin of the default profile scores: a GPU policy decides alone, as in the published runs.
  public static let none: ScoreWeights = {
    var weights = ScoreWeights()
    for plugin in [
      \ScoreWeights.taintToleration, \.nodeAffinity, \.nodeResourcesFit, \.podTopologySpread,
      \.interPodAffinity, \.balancedAllocation, \.imageLocality, \.computeResource,
    ] { weights[keyPath: plugin] = 0 }
    return weights
  }()
}
