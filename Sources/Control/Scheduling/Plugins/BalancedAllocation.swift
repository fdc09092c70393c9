/// NodeResourcesBalancedAllocation: how a Pod changes the balance of CPU and memory in use.
enum BalancedAllocation {
  /// Whether the plugin scores a Pod at all.
  static func applies(to pod: PodFootprint) -> Bool { pod.cpu != 0 || pod.memory != 0 }

  /// 50 for the worst change to 100 for the best; about 75 for none.
  ///
  /// > Source: kube-scheduler v1.36 (S): balance before and after in doubles, each truncated.
  @inline(__always)
  static func score(_ pod: PodFootprint, on row: NodeRow) -> Int64 {
    let after = balance(row, row.requestedCPU + pod.cpu, row.requestedMemory + pod.memory)
    return 50 + (50 + after - row.balance) / 2
  }

  /// 100 where both resources are used alike or only one counts, down to 50.
  @inline(__always)
  static func balance(_ row: NodeRow, _ cpu: Int64, _ memory: Int64) -> Int64 {
    if row.cpu == 0 || row.memory == 0 { return 100 }
    let left = min(Double(cpu) / Double(row.cpu), 1)
    let right = min(Double(memory) / Double(row.memory), 1)
    return Int64((1 - abs((left - right) / 2)) * 100)
  }

  /// The same over any number of shares: their standard deviation taken from 1 (M).
  static func balance(_ shares: [Double]) -> Int64 {
    var deviation = 0.0
    if shares.count == 2 {
      deviation = abs((shares[0] - shares[1]) / 2)
    } else if shares.count > 2 {
      let mean = shares.reduce(0, +) / Double(shares.count)
      let squares = shares.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      deviation = (squares / Double(shares.count)).squareRoot()
    }
    return Int64((1 - deviation) * 100)
  }
}
