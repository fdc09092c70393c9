import ClusterModel
import Quantities

/// The devices of a Pod.
struct HeldDevices: BitwiseCopyable, Sendable {
  /// The slot of the node; −1 if it has no devices.
  var node: Int32 = -1
  /// The devices as bits; 0 if it was bound where there are too few.
  var devices: UInt16 = 0
}

/// What the scheduler knows of GPUs, by the slots of its cache.
struct GPUTable: Sendable {
  /// How GPUs are shared; nil where they aren't.
  let sharing: GPUSharing?
  let isOn: Bool
  let policy: GPUPolicy
  /// The nodes' devices.
  var devices: [GPUDevices] = []
  /// The devices that each Pod has, or had on the node that it was taken off last.
  var held: [HeldDevices] = []
  /// How many Pods each node runs that ask for so many devices; at 0 those that ask for a share.
  var kinds: [SIMD16<Int16>] = []
  /// Expected fragments of each node as it is.
  var fragments: [Double] = []
  /// Measures fragments once the kinds of Pods to expect are known.
  var measure = FragmentMeasure([]) { _ in 0 }
  var measures = false
  /// Bits of the choices of node and device that are made at random for the Pod at hand.
  var nodeBits: UInt64 = 0
  var deviceBits: UInt64 = 0
  private var models: [String] = []

  init(_ sharing: GPUSharing?) {
    self.sharing = sharing
    isOn = sharing != nil
    policy = sharing?.policy ?? .bestFit
  }

  /// The bit of a model; 0, which nothing may use, beyond 64 models.
  mutating func model(_ name: String) -> UInt64 {
    if let known = models.firstIndex(of: name) { return known < 64 ? 1 << UInt64(known) : 0 }
    models.append(name)
    return models.count <= 64 ? 1 << UInt64(models.count - 1) : 0
  }

  /// The bits of the models that a request names, joined by `|`; all if it names none.
  mutating func models(_ text: String) -> UInt64 {
    if text.isEmpty { return .max }
    var bits: UInt64 = 0
    for name in text.split(separator: "|") { bits |= model(String(name)) }
    return bits
  }

  /// The names behind the bits of models, joined by `|`; empty for all.
  func names(of bits: UInt64) -> String {
    if bits == .max { return "" }
    let named = models.indices.filter { $0 < 64 && bits & 1 << UInt64($0) != 0 }
    return named.map { models[$0] }.joined(separator: "|")
  }

  /// The devices of a node as it describes itself.
  mutating func describe(_ node: Node) -> GPUDevices {
    let count = node.allocatable[scalar: GPUNames.count] ?? 0
    guard count > 0 else { return GPUDevices() }
    let milli = node.allocatable[scalar: GPUNames.milli].map { $0 / count } ?? 1000
    return GPUDevices(
      count: Int(clamping: count), milli: Int16(max(0, min(milli, 1000))),
      model: model(node.labels[GPUNames.model] ?? ""))
  }

  /// The devices that a Pod gets on a node, as bits; 0 if there are too few.
  func choose(_ request: GPURequest, on slot: Int, cpuLeft: Int64) -> UInt16 {
    let there = devices[slot]
    guard there.fit(request) else { return 0 }
    if !request.isShare { return there.leastLeft(request) }
    switch policy {
    case .bestFit, .dotProduct, .clustering, .packing: return there.leastLeft(request)
    case .random:
      var pick = Int(deviceBits % UInt64(there.count(withAtLeast: request.milli)))
      for device in 0..<there.count where there.left[device] >= request.milli {
        if pick == 0 { return 1 << UInt16(device) }
        pick -= 1
      }
      return 0
    case .fragmentation:
      guard measures else { return there.leastLeft(request) }
      return GPUScores.fragmentation(
        request, on: there, before: fragments[slot], cpuLeft: cpuLeft, measure
      ).devices
    }
  }
}
