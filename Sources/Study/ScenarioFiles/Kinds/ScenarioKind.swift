import Autoscaling
import CloudSimulation
import Infrastructure
import Workloads

/// A kind of ours: an object of its own, or an entry of a `Scenario`'s short form.
protocol ScenarioKind: Sendable {
  /// The kind's name.
  static var kind: String { get }
  /// The key in a `Scenario` that holds such objects; nil for the `Scenario` itself and for
  /// what is always an object of its own.
  static var shortForm: String? { get }
  /// The fields of its `spec`.
  static var fields: FieldTable<Self> { get }
  /// An object with a name and every default.
  static func blank(_ name: String) -> Self
  /// Puts an object where a scenario keeps its like.
  static func add(_ object: Self, to scenario: inout Scenario)
}

/// The kinds of ours.
enum ScenarioKinds {
  /// The API version that all of them carry.
  static let apiVersion = "spillway.sim/v1alpha1"

  /// All, in the order in which `explain` lists them.
  static let all: [any ScenarioKind.Type] = [
    Scenario.self, Site.self, NodePool.self, ServerlessPool.self, Link.self, Registry.self,
    Image.self, WorkloadProfile.self, LoadProfile.self, PredictiveScaler.self, FaultPlan.self,
    PriceSheet.self, Claim.self, Experiment.self, Plan.self,
    BatchCluster.self,
  ]

  /// The kind of a name.
  static func named(_ name: String) -> (any ScenarioKind.Type)? { all.first { $0.kind == name } }
}

extension ScenarioKind {
  /// The fields with the defaults of the type's own initialiser.
  static var outlines: [FieldOutline] { fields.outlines(blank("name")) }
}
