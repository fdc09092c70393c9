import Quantities

/// Why a provider refuses a Pod.
public enum RefusalReason: UInt8, Hashable, BitwiseCopyable, Sendable, CaseIterable {
  case clusterQuota, workloadQuota, regionQuota, securityGroup, addresses, stock, outage

  /// The reason as the provider words it.
  public var text: String {
    switch self {
    case .clusterQuota: "QuotaExceeded: Pods per cluster"
    case .workloadQuota: "QuotaExceeded: Pods per workload"
    case .regionQuota: "QuotaExceeded: container instances per region"
    case .securityGroup: "SecurityGroupFull: Pods per security group"
    case .addresses: "IPInsufficient: no free address in the subnet"
    case .stock: "InsufficientResource: sold out"
    case .outage: "ServiceUnavailable: the provider's API doesn't answer"
    }
  }
}

/// What the customer's other pools hold, which counts against the same quotas.
struct HeldElsewhere: BitwiseCopyable, Sendable {
  /// Instances on the cluster's other virtual nodes.
  var inCluster = 0
  /// Those of them in the same region.
  var inRegion = 0
  /// Instances of the same workload.
  var ofWorkload = 0
}

/// What is left for Pods of a virtual node.
public struct Leftovers: Hashable, BitwiseCopyable, Sendable {
  /// Free addresses in the node's subnet.
  public var addresses: Int
  /// Whether the pool's type of instance is in stock.
  public var isInStock: Bool
}

/// What a serverless pool has given out, against what it may.
///
/// A Pod takes its share of everything at once or of nothing.
struct ProviderLevels: Sendable {
  /// The smallest serverless Pod, in thousandths of a core (D, model card 1.2).
  static let smallestPod: Int64 = 250
  var quota: ServerlessQuota
  let securityGroupCapacity: Int?
  private let perGroupCapacity: Int?
  let stock: Int64?  // millicores
  private(set) var instances = 0
  private(set) var perWorkload: [Int32] = []
  private(set) var addressesFree: [Int]
  private(set) var coresUsed: Int64 = 0
  private let addresses: Int
  /// By number of a security group that Pods name: how many have joined it.
  private var perGroup: [Int32] = []
  /// Pods that name their security groups, and aren't in the pool's.
  private var inNamedGroups = 0

  init(_ pool: ServerlessPool) {
    quota = pool.quota
    securityGroupCapacity = pool.podsPerSecurityGroup.map { $0 * pool.securityGroups }
    perGroupCapacity = pool.podsPerSecurityGroup
    stock = pool.stockCores.map { Int64($0) * 1000 }
    addressesFree = pool.subnets.map(\.addresses)
    addresses = addressesFree.reduce(0, +)
  }

  /// How many instances a workload has here.
  func held(by workload: Int) -> Int {
    workload < perWorkload.count ? Int(perWorkload[workload]) : 0
  }

  /// The first limit that a Pod would break, in the order in which the provider checks.
  func refusal(
    workload: Int, subnet: Int, millicores: Int64, groups: UInt64 = 0, elsewhere: HeldElsewhere
  ) -> RefusalReason? {
    if let limit = quota.podsPerCluster, instances + elsewhere.inCluster >= limit {
      return .clusterQuota
    }
    if let limit = quota.podsPerWorkload, held(by: workload) + elsewhere.ofWorkload >= limit {
      return .workloadQuota
    }
    if let limit = quota.podsPerRegion,
      instances + elsewhere.inRegion + quota.regionInUse >= limit
    {
      return .regionQuota
    }
    if isFull(groups) { return .securityGroup }
    if addressesFree[subnet] <= 0 { return .addresses }
    if let stock, coresUsed + millicores > stock { return .stock }
    return nil
  }

  /// Whether one of some security groups takes no more Pods; none: the pool's.
  private func isFull(_ groups: UInt64) -> Bool {
    guard groups != 0 else {
      return securityGroupCapacity.map { instances - inNamedGroups >= $0 } ?? false
    }
    guard let limit = perGroupCapacity else { return false }
    return perGroup.indices.contains { groups >> UInt64($0) & 1 == 1 && perGroup[$0] >= limit }
  }

  private mutating func join(_ groups: UInt64, by sign: Int32) {
    guard groups != 0 else { return }
    inNamedGroups += Int(sign)
    for number in 0..<64 where groups >> UInt64(number) & 1 == 1 {
      while perGroup.count <= number { perGroup.append(0) }
      perGroup[number] += sign
    }
  }

  /// Sets an address of a subnet aside, or gives it back.
  mutating func retainAddress(ofSubnet subnet: Int, _ isRetained: Bool) {
    addressesFree[subnet] -= isRetained ? 1 : -1
  }

  /// Free addresses of a subnet, and whether the smallest Pod would find cores in stock.
  func left(inSubnet subnet: Int) -> Leftovers {
    Leftovers(
      addresses: addressesFree[subnet],
      isInStock: stock.map { coresUsed + Self.smallestPod <= $0 } ?? true)
  }

  /// Addresses given out.
  var addressesTaken: Int { addresses - addressesFree.reduce(0, +) }

  mutating func take(workload: Int, subnet: Int, millicores: Int64, groups: UInt64 = 0) {
    join(groups, by: 1)
    while perWorkload.count <= workload { perWorkload.append(0) }
    instances += 1
    perWorkload[workload] += 1
    addressesFree[subnet] -= 1
    coresUsed += millicores
  }

  mutating func give(workload: Int, subnet: Int, millicores: Int64, groups: UInt64 = 0) {
    join(groups, by: -1)
    instances -= 1
    perWorkload[workload] -= 1
    addressesFree[subnet] += 1
    coresUsed -= millicores
  }
}

/// A level over time and the time spent inside, for Little's law as an identity.
public struct Occupancy: BitwiseCopyable, Sendable {
  /// How many are inside.
  public private(set) var level = 0
  private var area: Int128 = 0
  private var stays: Int128 = 0
  private var since = Instant.zero

  /// Nobody inside.
  public init() {}

  private mutating func advance(to now: Instant) {
    area += Int128(level) * Int128((now - since).nanoseconds)
    since = now
  }

  /// Somebody enters.
  public mutating func enter(at now: Instant) {
    advance(to: now)
    level += 1
  }

  /// Somebody leaves who entered at an instant.
  public mutating func leave(enteredAt: Instant, at now: Instant) {
    advance(to: now)
    level -= 1
    stays += Int128((now - enteredAt).nanoseconds)
  }

  /// The two sides of the identity ∫N dt = Σ time inside, in nanoseconds, at the end of a run.
  ///
  /// - Parameter inside: when those entered who are still inside, by records kept elsewhere, so that
  ///   somebody who left unnoticed, or never came, shows.
  public func identity(
    at end: Instant, inside: some Sequence<Instant>
  ) -> (integral: Int128, stays: Int128) {
    let integral = area + Int128(level) * Int128((end - since).nanoseconds)
    var total = stays
    for entry in inside { total += Int128((end - entry).nanoseconds) }
    return (integral, total)
  }
}
