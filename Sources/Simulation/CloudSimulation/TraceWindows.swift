import Workloads

extension Scenario {
  /// Into how many windows its traces are cut; 1: not at all.
  ///
  /// Windows are blocks: replication r sees window r modulo their number, each with its own luck;
  /// averages are taken inside a window before windows are compared.
  public var windows: Int {
    let traces = loads.map { load in
      if case .series(let series) = load.shape { series.windows } else { 1 }
    }
    return (traces + batchClusters.map(\.windows)).reduce(1, max)
  }

  /// The scenario with every trace cut to the window that a replication sees.
  func inWindow(of replication: Int) -> Scenario {
    guard windows > 1 else { return self }
    var copy = self
    for index in copy.loads.indices {
      guard case .series(var series) = copy.loads[index].shape, series.windows > 1 else { continue }
      let length = series.counts.count / series.windows
      let begin = replication % series.windows * length
      series.counts = Array(series.counts[begin..<begin + length])
      series.windows = 1
      copy.loads[index].shape = .series(series)
    }
    return copy
  }
}
