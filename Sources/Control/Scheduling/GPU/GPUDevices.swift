import ClusterModel

/// What a Pod asks of GPUs.
struct GPURequest: Hashable, BitwiseCopyable, Sendable {
  /// Devices; 0: none.
  var count: Int16 = 0
  /// Thousandths of each device, from 1 to 1000.
  var milli: Int16 = 0
  /// The models that will do, as bits.
  var models: UInt64 = .max

  /// Thousandths over all devices.
  var total: Int64 { Int64(count) * Int64(milli) }
  /// Which kind of Pod clustering takes it for: the number of devices, 0 for a share.
  var kind: Int { isShare ? 0 : min(Int(count), 15) }
  /// Whether it is a part of one device.
  var isShare: Bool { count == 1 && milli < 1000 }

  /// A request as annotations write it.
  ///
  /// Without a positive `gpu-milli` nothing is asked for; without a `gpu-count` one device is.
  static func read(_ annotations: Labels) -> (count: Int16, milli: Int16, models: String)? {
    guard let milli = annotations[GPUNames.milli].flatMap({ Int16($0) }), milli > 0 else {
      return nil
    }
    let count = annotations[GPUNames.count].flatMap { Int16($0) } ?? 1
    return count > 0 ? (count, milli, annotations[GPUNames.model] ?? "") : nil
  }
}

/// The names under which nodes and Pods speak of GPUs (S: Alibaba's GPU share device plugin).
enum GPUNames {
  static let count = "alibabacloud.com/gpu-count"
  static let milli = "alibabacloud.com/gpu-milli"
  static let model = "alibabacloud.com/gpu-card-model"
}

/// A node's devices: what is left of each, in thousandths.
struct GPUDevices: Hashable, BitwiseCopyable, Sendable {
  /// Devices counted per node; further ones are ignored.
  static let most = 16

  /// What is left of each device; −1 where there is none.
  var left = SIMD16<Int16>(repeating: -1)
  /// How many there are.
  var count = 0
  /// The bit of the devices' model; 0 if no request may name it.
  var model: UInt64 = 0

  /// No devices.
  init() {}

  /// Devices of a model, each with so many thousandths.
  init(count: Int, milli: Int16 = 1000, model: UInt64 = 1) {
    self.count = min(max(0, count), Self.most)
    self.model = model
    for device in 0..<self.count { left[device] = milli }
  }

  /// What is left of all devices together.
  var idle: Int64 {
    var sum: Int64 = 0
    for device in 0..<count { sum += Int64(left[device]) }
    return sum
  }

  /// How many devices are free as a whole.
  var freeCount: Int { count(withAtLeast: 1000) }

  /// How many devices have so much left.
  func count(withAtLeast milli: Int16) -> Int {
    var enough = 0
    for device in 0..<count where left[device] >= milli { enough += 1 }
    return enough
  }

  /// Whether a Pod may use the devices and there are enough of them.
  func fit(_ request: GPURequest) -> Bool {
    if request.count == 0 { return true }
    return model & request.models != 0 && count(withAtLeast: request.milli) >= request.count
  }

  /// The devices with the least left that still have enough, the first among equals: for whole
  /// devices the first free ones.
  /// - Returns: their bits; 0 if there are too few.
  func leastLeft(_ request: GPURequest) -> UInt16 {
    var chosen: UInt16 = 0
    for _ in 0..<request.count {
      var best = -1
      for device in 0..<count where left[device] >= request.milli {
        if chosen & 1 << UInt16(device) != 0 { continue }
        if best < 0 || left[device] < left[best] { best = device }
      }
      if best < 0 { return 0 }
      chosen |= 1 << UInt16(best)
    }
    return chosen
  }

  /// Takes a request from devices (sign 1) or gives it back (−1).
  mutating func take(_ milli: Int16, from devices: UInt16, sign: Int16 = 1) {
    for device in 0..<count where devices & 1 << UInt16(device) != 0 {
      left[device] -= sign * milli
    }
  }
}
