import Foundation
import Statistics
import Testing

/// The validation vectors of queueing, reliability and network models.
@Suite struct GoldenQueueingTests {
  private static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  private static let ownCopy = root.appending(path: "Tests/Conformance/Golden/queueing.json")
  private static let shared = root.appending(path: "../shared/golden/queueing/public.json")

  private static func cases(_ file: URL) throws -> [[String: Any]] {
    let document = try JSONSerialization.jsonObject(with: Data(contentsOf: file))
    return try #require((document as? [String: Any])?["cases"] as? [[String: Any]])
  }

  private static func parameters(_ json: Any) throws -> ModelParameters {
    switch json {
    case let text as String: return .string(text)
    case let list as [Any]: return .array(try list.map(parameters))
    case let object as [String: Any]: return .object(try object.mapValues(parameters))
    case let number as NSNumber:
      // JSON's true and false are numbers to Foundation, too.
      return String(cString: number.objCType) == "c"
        ? .bool(number.boolValue) : .number(number.doubleValue)
    default: throw ModelError.parameter("\(json)", problem: "isn't JSON")
    }
  }

  /// What the vectors' own description allows.
  private static func tolerance(_ model: String, _ quantity: String, _ bounded: Bool) -> Double {
    let integrals = ["W_SJF_nonpreemptive", "W_SRPT", "W_LAS", "mean_N_at_t_from_empty"]
    return integrals.contains(quantity) || bounded ? 1e-6 : 1e-9
  }

  /// How many numbers were compared, and what differs; `shift` spoils the expected numbers.
  private static func compare(
    _ file: URL, shift: Double = 0
  ) throws -> (compared: Int, different: [String]) {
    var (compared, different) = (0, [String]())
    for vector in try cases(file) {
      let id = try #require(vector["id"] as? String)
      let model = try #require(vector["model"] as? String)
      let raw = try #require(vector["params"])
      let expected = try #require(vector["expected"] as? [String: Double])
      let params = try parameters(raw)
      let bounded = "\(raw)".contains("bounded_pareto")
      for (name, value) in expected.sorted(by: { $0.key < $1.key }) {
        let computed = try QueueingModels.evaluate(model: model, params: params, quantity: name)
        let allowed = tolerance(model, name, bounded) * abs(value) + 1e-300
        if !(abs(computed - value * (1 + shift)) <= allowed) { different.append("\(id) \(name)") }
        compared += 1
      }
      let unasked = try QueueingModels.evaluate(model: model, params: params).map(\.name)
      #expect(Set(unasked).isSuperset(of: expected.keys), "\(id)")
    }
    return (compared, different)
  }

  @Test func `every vector in the repository is met`() throws {
    let (compared, different) = try Self.compare(Self.ownCopy)
    #expect(compared > 500)
    #expect(different.isEmpty)
  }

  @Test func `vectors that are off by a hundred-thousandth are not met`() throws {
    let (compared, different) = try Self.compare(Self.ownCopy, shift: 1e-5)
    // 0 stays 0: queues of systems without a queue, and the like.
    let zeros = 8
    #expect(different.count == compared - zeros)
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: shared.path)))
  func `every shared vector is met`() throws {
    let (compared, different) = try Self.compare(Self.shared)
    #expect(compared > 500)
    #expect(different.isEmpty)
  }

  @Test func `the vectors cover every model`() throws {
    let models = try Set(Self.cases(Self.ownCopy).compactMap { $0["model"] as? String })
    #expect(models == Set(QueueingModels.names))
  }
}
