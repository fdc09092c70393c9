import Quantities

/// Amounts of resources as a manifest writes them: which are named, and exactly how much.
///
/// Whether a resource is named at all matters (an explicit zero is a request), and so do fractions
/// below a thousandth of a core: Kubernetes rounds up a Pod's sum, not its parts.
public struct ResourceList: Hashable, Sendable {
  /// An amount of one resource in 10⁻⁹ of its unit (core, byte or piece).
  public struct Entry: Hashable, Sendable {
    /// The resource's name.
    public var name: String
    /// The amount in 10⁻⁹ of the unit.
    public var nano: Int128
  }

  /// The entries, sorted by name, each name once.
  public private(set) var entries: [Entry] = []

  /// No resource named.
  public init() {}

  /// A list with CPU in thousandths of a core and memory in bytes.
  public init(cpuMilli: Int64?, memory: Int64?) {
    if let cpuMilli { self["cpu"] = Int128(cpuMilli) * 1_000_000 }
    if let memory { self["memory"] = Int128(memory) * 1_000_000_000 }
  }

  /// Whether no resource is named.
  public var isEmpty: Bool { entries.isEmpty }

  /// The amount of a resource in 10⁻⁹ of its unit, or nil if it isn't named.
  public subscript(name: String) -> Int128? {
    get {
      for entry in entries where entry.name == name { return entry.nano }
      return nil
    }
    set {
      let place = entries.firstIndex { $0.name >= name } ?? entries.count
      let present = place < entries.count && entries[place].name == name
      switch (present, newValue) {
      case (true, let nano?): entries[place].nano = nano
      case (true, nil): entries.remove(at: place)
      case (false, let nano?): entries.insert(Entry(name: name, nano: nano), at: place)
      case (false, nil): break
      }
    }
  }

  /// Adds the amounts of another list.
  public static func += (a: inout ResourceList, b: ResourceList) {
    for entry in b.entries { a[entry.name] = (a[entry.name] ?? 0) + entry.nano }
  }

  /// Takes, resource by resource, the larger amount.
  public mutating func formMaximum(_ other: ResourceList) {
    for entry in other.entries { self[entry.name] = max(self[entry.name] ?? 0, entry.nano) }
  }

  /// The amounts as the scheduler counts them: CPU in thousandths of a core and everything else
  /// in whole units, each rounded up.
  public func rounded() -> Resources {
    var result = Resources.zero
    for entry in entries {
      switch entry.name {
      case "cpu": result.cpu = Self.ceiling(entry.nano, 1_000_000)
      case "memory": result.memory = Self.ceiling(entry.nano, 1_000_000_000)
      case "ephemeral-storage": result.ephemeralStorage = Self.ceiling(entry.nano, 1_000_000_000)
      case "pods": result.pods = Self.ceiling(entry.nano, 1_000_000_000)
      default: result[scalar: entry.name] = Self.ceiling(entry.nano, 1_000_000_000)
      }
    }
    return result
  }

  private static func ceiling(_ value: Int128, _ divisor: Int128) -> Int64 {
    let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
    return Int64(clamping: remainder > 0 ? quotient + 1 : quotient)
  }
}

extension PodTemplate {
  /// What the Pod requests, as filters and accounting count it.
  ///
  /// The larger of (app containers and sidecars together) and the peak while init containers run;
  /// requests at the Pod's level replace it for what they name; overhead comes on top.
  ///
  /// > Source: kube-scheduler v1.36, component-helpers' resource helpers (S).
  public var requests: Resources {
    var running = ResourceList()
    for container in containers { running += container.requests }
    var sidecars = ResourceList()
    var peak = ResourceList()
    for container in initContainers {
      if container.isSidecar {
        sidecars += container.requests
        peak.formMaximum(sidecars)
      } else {
        var during = sidecars
        during += container.requests
        peak.formMaximum(during)
      }
    }
    running += sidecars
    running.formMaximum(peak)
    if let podRequests {
      for entry in podRequests.entries where Self.isPodLevel(entry.name) {
        running[entry.name] = entry.nano
      }
    }
    running += overhead
    return running.rounded()
  }

  /// Whether a resource may be requested at the level of a Pod.
  public static func isPodLevel(_ name: String) -> Bool {
    name == "cpu" || name == "memory" || name.hasPrefix("hugepages-")
  }
}
