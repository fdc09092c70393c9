import ClusterModel

/// NodePorts: host ports that are taken.
enum NodePortsFilter {
  static let reason = "node(s) didn't have free ports for the requested pod ports"

  /// Whether two claims exclude each other: the wildcard address conflicts with every address.
  static func conflict(_ a: HostPort, _ b: HostPort) -> Bool {
    guard a.port == b.port, transport(a) == transport(b) else { return false }
    let left = address(a)
    let right = address(b)
    return left == right || left == wildcard || right == wildcard
  }

  private static let wildcard = "0.0.0.0"
  private static func address(_ port: HostPort) -> String {
    port.hostIP.isEmpty ? wildcard : port.hostIP
  }
  private static func transport(_ port: HostPort) -> String {
    port.transport.isEmpty ? "TCP" : port.transport
  }

  /// How many claims of one list conflict with any of another.
  static func conflicts(_ wanted: [HostPort], with taken: [HostPort]) -> Int {
    var count = 0
    for port in wanted { for other in taken where conflict(port, other) { count += 1 } }
    return count
  }
}
