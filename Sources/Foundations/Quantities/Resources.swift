/// An amount of processing power in thousandths of a core.
public struct CPU: Hashable, Comparable, BitwiseCopyable, Sendable {
  /// Thousandths of a core.
  public var millicores: Int64
  /// So many thousandths of a core.
  @inlinable public init(millicores: Int64) { self.millicores = millicores }
  /// Whether `a` is less than `b`.
  @inlinable public static func < (a: CPU, b: CPU) -> Bool { a.millicores < b.millicores }
}

/// An amount of memory, storage or traffic in bytes.
public struct Bytes: Hashable, Comparable, BitwiseCopyable, Sendable {
  /// The number of bytes.
  public var count: Int64
  /// So many bytes.
  @inlinable public init(_ count: Int64) { self.count = count }
  /// Whether `a` is less than `b`.
  @inlinable public static func < (a: Bytes, b: Bytes) -> Bool { a.count < b.count }
}

/// An amount of one named resource other than CPU, memory, ephemeral storage and Pods, such as
/// `nvidia.com/gpu`, in whole units.
public struct ScalarResource: Hashable, Sendable {
  /// The resource's name.
  public var name: String
  /// The amount in whole units.
  public var amount: Int64
  /// An amount of a named resource.
  public init(name: String, amount: Int64) {
    self.name = name
    self.amount = amount
  }
}

/// Amounts of the resources that Pods request and nodes offer.
public struct Resources: Hashable, Sendable {
  /// CPU in thousandths of a core.
  public var cpu: Int64
  /// Memory in bytes.
  public var memory: Int64
  /// Ephemeral storage in bytes.
  public var ephemeralStorage: Int64
  /// A number of Pods: what a node accepts; 0 in requests.
  public var pods: Int64
  /// Every other resource, sorted by name, each name once.
  public private(set) var scalars: [ScalarResource]

  /// Amounts of resources; what isn't named is zero.
  public init(
    cpu: Int64 = 0, memory: Int64 = 0, ephemeralStorage: Int64 = 0, pods: Int64 = 0,
    scalars: [ScalarResource] = []
  ) {
    self.cpu = cpu
    self.memory = memory
    self.ephemeralStorage = ephemeralStorage
    self.pods = pods
    self.scalars = []
    for scalar in scalars { self[scalar: scalar.name] = scalar.amount }
  }

  /// Nothing of anything.
  public static let zero = Resources()

  /// The amount of a resource by its scalar name; setting keeps the order, also for zero.
  public subscript(scalar name: String) -> Int64? {
    get { scalars.first { $0.name == name }?.amount }
    set {
      let place = scalars.firstIndex { $0.name >= name } ?? scalars.count
      let present = place < scalars.count && scalars[place].name == name
      switch (present, newValue) {
      case (true, let amount?): scalars[place].amount = amount
      case (true, nil): scalars.remove(at: place)
      case (false, let amount?):
        scalars.insert(ScalarResource(name: name, amount: amount), at: place)
      case (false, nil): break
      }
    }
  }

  /// Adds every amount of another set.
  public static func += (a: inout Resources, b: Resources) {
    a.cpu += b.cpu
    a.memory += b.memory
    a.ephemeralStorage += b.ephemeralStorage
    a.pods += b.pods
    for scalar in b.scalars {
      a[scalar: scalar.name] = (a[scalar: scalar.name] ?? 0) + scalar.amount
    }
  }

  /// Takes, resource by resource, the larger amount.
  public mutating func formMaximum(_ other: Resources) {
    cpu = max(cpu, other.cpu)
    memory = max(memory, other.memory)
    ephemeralStorage = max(ephemeralStorage, other.ephemeralStorage)
    pods = max(pods, other.pods)
    for scalar in other.scalars {
      self[scalar: scalar.name] = max(self[scalar: scalar.name] ?? 0, scalar.amount)
    }
  }
}
