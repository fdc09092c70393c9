import Quantities

/// Which parameters are moved to which values, and how often each combination is run.
///
/// What a run does doesn't depend on it; a sweep carries it out.
public struct Experiment: Hashable, Sendable {
  /// How the points at which the model is run are chosen.
  public enum Design: String, Hashable, Sendable, CaseIterable {
    /// Every combination of levels.
    case fullFactorial
    /// Every factor's first level, then its other levels one factor at a time.
    case oneAtATime
    /// A random Latin hypercube over the factors' ranges.
    case latinHypercube
    /// Sobol's sequence over the factors' ranges.
    case sobol
    /// Halton's sequence over the factors' ranges.
    case halton

    /// Whether points lie anywhere in the factors' ranges rather than on their levels.
    public var fillsSpace: Bool {
      switch self {
      case .fullFactorial, .oneAtATime: false
      case .latinHypercube, .sobol, .halton: true
      }
    }
  }

  /// A parameter that is moved.
  public struct Factor: Hashable, Sendable {
    /// The parameter's path.
    public var path: String
    /// The levels, as written: the first is the base; a design that fills the space takes the
    /// first and the last for the ends of the range.
    public var values: [String]
    /// A factor from its parts.
    public init(path: String, values: [String] = []) {
      self.path = path
      self.values = values
    }
  }

  /// A question after the best point.
  public struct Ranking: Hashable, Sendable {
    /// The response that decides.
    public var response: String
    /// The difference that doesn't matter, in ``unit``.
    public var indifference = 0.0
    /// The unit in which that is written; empty: the response's.
    public var unit = ""
    /// How sure the answer has to be. Default 0.95.
    public var confidence = 0.95
    /// A question about a response.
    public init(response: String) { self.response = response }
  }

  /// The experiment's name.
  public var name: String
  /// What is moved.
  public var factors: [Factor] = []
  /// How points are chosen. Default every combination.
  public var design = Design.fullFactorial
  /// How many points a design that fills the space has. Default 16.
  public var points = 16
  /// How many replications each point is run with, all points on the same luck. Default 20.
  public var replications = 20
  /// When runs branch: until then each is the base's, from then on factors have the point's levels;
  /// nil: they have them from the start.
  public var branchAt: TimeSpan?
  /// The metrics to be recorded; empty: all.
  public var responses: [String] = []
  /// By which responses the best point is looked for.
  public var ranking: [Ranking] = []
  /// An experiment that moves nothing.
  public init(name: String) { self.name = name }
}
