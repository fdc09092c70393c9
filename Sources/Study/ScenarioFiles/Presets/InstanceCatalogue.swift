import ClusterModel
import Infrastructure
import Quantities

/// A provider's instance type, as its catalogue beside this file has it.
struct InstanceType: Sendable {
  var name: String
  var cores: Int64
  var memoryMiB: Int64
  var cards: Int64
  /// On demand, per hour.
  var price: Price
  /// Pods that a node takes at most.
  var pods: Int64
  var isGoogle: Bool

  /// What Pods may use of a node: its capacity less what kubelet, system and eviction keep.
  ///
  /// > Source: of CPU 6 % of the first core, 1 % of the second, 0.5 % of the third and fourth and
  /// > 0.25 % of the others (D, GKE; EKS's bootstrap script has the same, S). Of memory on EKS
  /// > 255 MiB and 11 MiB a Pod (S); on GKE 25 % of the first 4 GiB, 20 % of the next 4, 10 % of the
  /// > next 8, 6 % of the next 112 and 2 % above (D); 100 MiB for eviction on both.
  var allocatable: Resources {
    let milli = cores * 1000
    var kept = min(milli, 1000) * 60
    kept += min(max(milli - 1000, 0), 1000) * 10
    kept += min(max(milli - 2000, 0), 2000) * 5
    kept = (kept * 10 + max(milli - 4000, 0) * 25) / 10_000
    let memory = memoryMiB - keptMemory - 100
    return Resources(cpu: milli - kept, memory: memory << 20, pods: pods)
  }

  private var keptMemory: Int64 {
    guard isGoogle else { return 255 + 11 * pods }
    var kept: Int64 = 0
    var rest = memoryMiB
    for (size, percent) in [(4096, 25), (4096, 20), (8192, 10), (114_688, 6), (.max, 2)]
      as [(Int64, Int64)]
    {
      kept += min(rest, size) * percent / 100
      rest -= min(rest, size)
    }
    return kept
  }

  /// All of them.
  static let all: [InstanceType] =
    read(PackageResources.ec2_us_east_1_csv, isGoogle: false)
    + read(PackageResources.gce_csv, isGoogle: true)

  /// The type of a name.
  static func named(_ name: String) -> InstanceType? { all.first { $0.name == name } }

  private static func read(_ bytes: [UInt8], isGoogle: Bool) -> [InstanceType] {
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    return lines.filter { !$0.hasPrefix("#") }.dropFirst().map { line in
      let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      guard cells.count == 6, let cores = Int64(cells[1]), let memory = Int64(cells[2]),
        let cards = Int64(cells[3]), let amount = try? Money.parse(cells[4]),
        let pods = Int64(cells[5])
      else { preconditionFailure("no instance type: \(line)") }
      return InstanceType(
        name: cells[0], cores: cores, memoryMiB: memory, cards: cards,
        price: Price(amount, currency: "USD", per: .hours(1)), pods: pods, isGoogle: isGoogle)
    }
  }
}
