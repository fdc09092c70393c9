import Quantities
import ScenarioFiles

/// A format that can be imported.
public struct TraceFormat: Sendable {
  /// Its name on the command line.
  public let name: String
  /// What it is, for a list.
  public let summary: String
  /// What an import of it is called with.
  public let example: String
  /// The ways in which its traces can be changed.
  public let transforms: [Transform]
  /// Whether a sample can be a number of rows: only those of Jobs, which are kept until the end.
  public var samplesRows: Bool { transforms.contains(.inflate) && !transforms.contains(.resample) }
  let read: @Sendable (Intake) throws -> Void

  init(
    _ name: String, _ summary: String, example: String, _ transforms: [Transform],
    _ read: @escaping @Sendable (Intake) throws -> Void
  ) {
    self.name = name
    self.summary = summary
    self.example = example
    self.transforms = transforms
    self.read = read
  }

  /// What can be changed of Jobs.
  static let ofJobs: [Transform] = [.window, .scale, .sample, .inflate, .shift]
  /// What can be changed of a series.
  static let ofSeries: [Transform] = [.window, .scale, .resample, .shift, .meaning]

  /// The format of a name; nil if there is none.
  public static func named(_ name: String) -> TraceFormat? { all.first { $0.name == name } }
}
