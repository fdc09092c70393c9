/// A recorded case of the genuine scheduler's decisions.
struct SchedulerVector: Decodable, Sendable {
  struct Group: Codable, Hashable, Sendable {
    var plugin: String
    var code: String
    var reasons: [String]
    var count: Int
    var nodes: [String]?

    /// What the records' groups are sorted by.
    var order: String { ([plugin, code] + reasons).joined(separator: "|") }
  }
  struct Score: Codable, Hashable, Sendable {
    var node: String
    var total: Int64
    var plugins: [Int64?]
  }
  struct Candidate: Codable, Hashable, Sendable {
    var node: String
    var victims: [String]
    var pdbViolations: Int
  }
  struct Preemption: Codable, Hashable, Sendable {
    var status: String
    var message: String?
    var candidateCount: Int
    var candidates: [Candidate]?
    var nominatedNode: String?
    var victims: [String]?
    var pdbViolations: Int?
    var tiedNodes: [String]?
    var clearedNominations: [String]?
  }
  struct Decision: Codable, Sendable {
    var step: Int
    var round: Int
    var pod: String
    var outcome: String
    var node: String?
    var via: String?
    var feasibleCount: Int
    var feasibleNodes: [String]?
    var infeasible: [Group]?
    var preFilterRejection: Group?
    var scores: [Score]?
    var sumOfTotals: Int64?
    var sumPerPlugin: [Int64]?
    var tiedForBest: [String]?
    var tiedCount: Int?
    var gatedBy: String?
    var message: String?
    var preemption: Preemption?
  }
  var detail: String
  /// The score plugins, in the order of the columns.
  var scorePlugins: [String]?
  var decisions: [Decision]
  var bindings: [String: String]
  var evicted: [String]
  var pending: [String]

  /// Lists are cut to this many entries in compact cases: scores, and all others.
  static let scoresInCompact = 5
  static let entriesInCompact = 8
}
