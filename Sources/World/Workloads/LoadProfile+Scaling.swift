import Probability

extension LoadProfile {
  /// The same course with every level multiplied: replicas, Jobs, or rates of requests or Jobs.
  ///
  /// Levels that are whole numbers are rounded to the nearest; a level before a step that the
  /// manifest says stays. What a factor of 1 gives is the load itself.
  ///
  /// - Precondition: the factor is a finite number that isn't negative.
  public func multiplied(by factor: Double) -> LoadProfile {
    precondition(factor.isFinite && factor >= 0, "a demand is multiplied by 0 or more")
    if factor == 1 { return self }
    func whole(_ level: Int) -> Int {
      Int(min(Double(level) * factor, 1e15).rounded())
    }
    var load = self
    switch shape {
    case .step(var step):
      step.from = step.from.map(whole)
      step.to = whole(step.to)
      load.shape = .step(step)
    case .ramp(var ramp):
      ramp.from = ramp.from.map(whole)
      ramp.to = whole(ramp.to)
      load.shape = .ramp(ramp)
    case .diurnal(var day):
      day.base *= factor
      load.shape = .diurnal(day)
    case .mmpp(var process):
      process.low *= factor
      process.high *= factor
      load.shape = .mmpp(process)
    case .flashCrowd(var crowd):
      crowd.from = crowd.from.map(whole)
      crowd.peak = whole(crowd.peak)
      load.shape = .flashCrowd(crowd)
    case .batch(var batch):
      batch.jobs = whole(batch.jobs)
      load.shape = .batch(batch)
    case .arrivals(var arrivals):
      // So many fewer arrivals that none may come before any horizon.
      arrivals.interarrival = arrivals.interarrival.scaled(by: 1 / max(factor, 1e-9))
      load.shape = .arrivals(arrivals)
    case .series(var series):
      series.scale *= factor
      load.shape = .series(series)
    case .trace(var trace):
      trace.scale *= factor
      load.shape = .trace(trace)
    }
    return load
  }
}
