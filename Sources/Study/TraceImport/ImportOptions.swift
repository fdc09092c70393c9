import Quantities

/// How a trace is changed while it is read.
public struct ImportOptions: Sendable {
  /// Which rows are kept.
  public enum Sample: Hashable, Sendable {
    /// Each with this chance.
    case share(Double)
    /// So many of all, each subset of that size being as likely as any other.
    case rows(Int)
  }

  /// What the values of a series are.
  public enum Meaning: String, Hashable, Sendable, CaseIterable {
    /// Requests counted over the time from one row to the next.
    case requests
    /// Requests per second.
    case rate
    /// Replicas.
    case replicas
  }

  /// The part of the trace that is read, from its start on; nil: all of it.
  public var window: Range<TimeSpan>?
  /// What counts, levels, and the CPU, memory and processors of Jobs are multiplied by.
  public var scale = 1.0
  /// Which rows are kept; nil: all.
  public var sample: Sample?
  /// The length of a series' intervals; nil: as the trace has them.
  public var resample: TimeSpan?
  /// How many rows come for each, on average.
  public var inflate = 1.0
  /// How much later than in the trace everything is.
  public var shift = TimeSpan.zero
  /// The seed of which rows are kept or doubled.
  public var seed: UInt64 = 42
  /// What the values of a series are; nil: what they usually are in the format.
  public var meaning: Meaning?
  /// Nothing is changed.
  public init() {}
}

/// A way to change a trace that a format may allow.
public enum Transform: String, Sendable, CaseIterable {
  case window, scale, sample, resample, inflate, shift
  /// What the values of a series are.
  case meaning = "as"
}

extension ImportOptions {
  /// The ways in which these options change a trace.
  public var used: [Transform] {
    Transform.allCases.filter { transform in
      switch transform {
      case .window: window != nil
      case .scale: scale != 1
      case .sample: sample != nil
      case .resample: resample != nil
      case .inflate: inflate != 1
      case .shift: shift != .zero
      case .meaning: meaning != nil
      }
    }
  }
}
