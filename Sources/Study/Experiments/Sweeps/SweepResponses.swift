import CloudSimulation
import Infrastructure
import Quantities

/// What a sweep records of each replication.
struct SweepResponses: Sendable {
  /// A value by its name.
  struct Response: Sendable {
    var name: String
    var unit: String
    var value: @Sendable (ReplicationResult, BurstMeasures?) -> Double?
  }

  let columns: [Response]
  private let judges: [ClaimJudge]

  /// The responses of a scenario: those asked for, or all.
  ///
  /// - Throws: ``SweepError`` for a name that none has, ``StudyError`` for a claim that can't be
  ///   decided about.
  init(_ names: [String], in scenario: Scenario) throws {
    var judges: [ClaimJudge] = []
    for (index, claim) in scenario.claims.enumerated() {
      judges.append(try ClaimJudge(claim, index: index, in: scenario))
    }
    self.judges = judges
    var all = Claim.Metric.allCases.filter { !$0.isMoney && !$0.isAboutBatch }.map { metric in
      Response(name: metric.rawValue, unit: metric.unit(currency: "")) { $1?[metric] }
    }
    let currency = scenario.prices.currency
    all += [
      Response(name: "cost", unit: currency) { result, _ in result.cash.units },
      Response(name: "costCash", unit: currency) { result, _ in result.cash.units },
      Response(name: "costAmortised", unit: currency) { result, _ in
        (result.cash + result.owned).units
      },
      Response(name: "costPerJob", unit: currency) { result, _ in result.costPerJob },
      Response(name: "spotShare", unit: "") { result, _ in result.spotShare },
      Response(name: "lostWork", unit: "s") { result, _ in result.lostWork.seconds },
      Response(name: "cpuUtilisation", unit: "") { result, _ in result.utilisation.cpu },
      Response(name: "memoryUtilisation", unit: "") { result, _ in result.utilisation.memory },
      Response(name: "serviceCapacity", unit: "requests/s") { result, _ in result.serviceCapacity },
      Response(name: "pulledBytes", unit: "bytes") { result, _ in result.pulledBytes },
      Response(name: "refusals", unit: "") { result, _ in Double(result.refusals) },
    ]
    all += ClairvoyantMetric.all.map { metric in
      Response(name: metric.name, unit: metric.unit ?? currency) { result, _ in
        metric.value(result)
      }
    }
    for (index, cluster) in scenario.batchClusters.enumerated() {
      for (place, known) in BatchResult(name: cluster.name).values.enumerated() {
        all.append(
          Response(name: known.name, unit: known.unit) { result, _ in
            result.batches[index].values[place].value
          })
      }
    }
    let claims = judges.map { judge in
      Response(name: "claim:\(judge.claim.name)", unit: "") { [judge] result, _ in
        judge.isMet(by: Trial(result, of: scenario)) ? 1 : 0
      }
    }
    all += claims
    if names.isEmpty {
      columns = all
    } else {
      var chosen: [Response] = []
      for name in names {
        guard let response = all.first(where: { $0.name == name }) else {
          throw SweepError.unknownResponse(name, known: all.map(\.name))
        }
        chosen.append(response)
      }
      columns = chosen
    }
  }

  /// The values of a replication, in the order of the columns.
  func values(_ result: ReplicationResult) -> [Double?] {
    let burst = result.bursts.first { $0.batch == nil }.map { BurstMeasures($0) }
    return columns.map { $0.value(result, burst) }
  }
}

/// Why a sweep can't be carried out or put together.
public enum SweepError: Error, Hashable, Sendable, CustomStringConvertible {
  /// No metric or claim has that name (exit status 65).
  case unknownResponse(String, known: [String])
  /// A factor of a design that fills the space has no values between its ends (exit status 65).
  case noRange(path: String)
  /// The best point can't be looked for as the experiment asks (exit status 65).
  case noRanking(number: Int, reason: String)
  /// The design has more runs than were allowed; about how long they take, if it is known (exit
  /// status 64).
  case tooLarge(runs: Int, most: Int, estimate: String)
  /// A shard isn't there, or isn't whole (exit status 3).
  case incomplete([String])
  /// A shard is of another plan or version, or is damaged (exit status 3).
  case unusable(file: String, reason: String)
  /// Two sweeps can't be paired (exit status 65).
  case incomparable(String)
  /// A folder can't be made or its plan noted (exit status 73).
  case cannotCreate(path: String, reason: String)
  /// A file can't be written any more; so many of so many runs are kept (exit status 74).
  case cannotWrite(file: String, reason: String, kept: Int, of: Int)

  /// One sentence.
  public var description: String {
    switch self {
    case .unknownResponse(let name, let known):
      "no response is called '\(name)'; expected one of \(known.joined(separator: ", "))"
    case .noRange(let path):
      "\(path) has no values between its first and its last; take a design with levels"
    case .noRanking(_, let reason): "the best point can't be told: " + reason
    case .tooLarge(let runs, let most, let estimate):
      "the design takes \(runs) runs, more than \(most), and \(estimate);"
        + " add --yes to carry it out all the same"
    case .incomplete(let missing): "incomplete: " + missing.joined(separator: "; ")
    case .incomparable(let reason): "the two can't be compared: " + reason
    case .cannotCreate(let path, let reason): "can't create \(path): \(reason)"
    case .cannotWrite(let file, let reason, let kept, let planned):
      "can't write \(file): \(reason); \(kept) of \(planned) runs are kept, and the same command"
        + " goes on behind them"
    case .unusable(let file, let reason): "\(file): \(reason)"
    }
  }
}
