import CloudSimulation
import ClusterModel
import Infrastructure
import Quantities
import Workloads

extension LoadedScenario {
  /// The SHA-256 of everything that was read, overrides included, in hexadecimal: the same for
  /// YAML and JSON, wherever the files are, and whatever their comments say.
  public var digest: String {
    var hash = SHA256()
    for document in world.own + world.native where !document.isImplied || document.isChanged {
      hash.update("\(document.path(qualified: true))\n".utf8)
      for entry in document.annotations.entries {
        hash.update("@\(quoted(entry.key)): \(quoted(entry.value))\n".utf8)
      }
      document.tree.feed(&hash)
      hash.update([UInt8(ascii: "\n")])
    }
    for case .series(let series) in scenario.loads.map(\.shape) {
      hash.update("\(series.counts)\n".utf8)
    }
    for case .trace(let trace) in scenario.loads.map(\.shape) {
      for row in trace.rows { hash.update("\(row.at.nanoseconds) \(row.value)\n".utf8) }
    }
    for trace in scenario.faults.flatMap(\.traces) {
      for fault in trace.faults {
        let name = trace.machines[Int(fault.machine)]
        hash.update("\(name) \(fault.at.nanoseconds) \(fault.lasting?.nanoseconds ?? -1)\n".utf8)
      }
    }
    return hash.hexadecimal()
  }
}

extension Document {
  /// Whether an override has put something into an object that no file mentions.
  fileprivate var isChanged: Bool { !tree.entries.isEmpty }
}

extension ManifestValue {
  /// Feeds the value in a form that doesn't depend on how it was written: scalars as their texts,
  /// nothing for what has no value.
  fileprivate func feed(_ hash: inout SHA256) {
    switch content {
    case .null: hash.update([UInt8(ascii: "~")])
    case .scalar(let text, _):
      hash.update("\(text.utf8.count):".utf8)
      hash.update(text.utf8)
    case .list(let elements):
      hash.update([UInt8(ascii: "[")])
      for element in elements { element.feed(&hash) }
      hash.update([UInt8(ascii: "]")])
    case .mapping(let entries):
      hash.update([UInt8(ascii: "{")])
      for entry in entries where !entry.value.isNull {
        hash.update("\(entry.key.utf8.count):".utf8)
        hash.update(entry.key.utf8)
        entry.value.feed(&hash)
      }
      hash.update([UInt8(ascii: "}")])
    }
  }
}
