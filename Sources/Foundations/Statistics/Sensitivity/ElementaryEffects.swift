import Probability

/// Which inputs matter at all: the effects of single steps along random paths.
///
/// M. D. Morris, *Technometrics* 33 (1991); μ* after F. Campolongo, J. Cariboni, A. Saltelli,
/// *Environmental Modelling & Software* 22 (2007).
public struct ElementaryEffects: Hashable, Sendable {
  /// The mean effect of each input.
  public let mu: [Double]
  /// The mean absolute effect, which opposite effects don't cancel.
  public let muStar: [Double]
  /// The standard deviation of the effects: curvature or interaction.
  public let sigma: [Double]

  /// The effects along trajectories whose neighbours differ in one input.
  ///
  /// - Precondition: trajectories of at least one point, all of one dimension.
  public init(_ trajectories: [[[Double]]], model: ([Double]) throws -> Double) rethrows {
    precondition(!trajectories.isEmpty && !trajectories[0].isEmpty, "There is no trajectory.")
    var effects = [[Double]](repeating: [], count: trajectories[0][0].count)
    for trajectory in trajectories {
      let values = try trajectory.map(model)
      for step in trajectory.indices.dropFirst() {
        let (before, after) = (trajectory[step - 1], trajectory[step])
        guard let input = before.indices.first(where: { before[$0] != after[$0] }) else {
          continue
        }
        effects[input].append(
          (values[step] - values[step - 1]) / (after[input] - before[input]))
      }
    }
    mu = effects.map { Tally($0).mean ?? 0 }
    muStar = effects.map { Tally($0.map(abs)).mean ?? 0 }
    sigma = effects.map { Tally($0).standardDeviation ?? 0 }
  }

  /// Random trajectories over a grid of an even number of levels in the unit cube; each changes
  /// every input once by half of the levels, in a random order.
  public static func trajectories(
    _ count: Int, dimension: Int, levels: Int = 4, on stream: KeyedStream
  ) -> [[[Double]]] {
    precondition(levels >= 2 && levels.isMultiple(of: 2), "A grid has an even number of levels.")
    let step = Double(levels / 2) / Double(levels - 1)
    return (0..<count).map { number in
      let subject = UInt64(number)
      func luck(_ draw: Int) -> Double { stream.uniform(for: subject, number: UInt32(draw)) }
      var point = (0..<dimension).map { input in
        Double(Int(luck(input) * Double(levels / 2))) / Double(levels - 1)
      }
      var order = Array(0..<dimension)
      for last in order.indices.reversed() {
        order.swapAt(last, Int(luck(dimension + last) * Double(last + 1)))
      }
      // Half of the inputs start high and step down.
      let isDown = (0..<dimension).map { luck(2 * dimension + $0) < 0.5 }
      for input in 0..<dimension where isDown[input] { point[input] += step }
      var trajectory = [point]
      for input in order {
        point[input] += isDown[input] ? -step : step
        trajectory.append(point)
      }
      return trajectory
    }
  }
}
