import ClusterModel
import Testing

@Suite struct SelectorTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var comparison: SelectorOperator
    var values: [String]
    var value: String?
    var matches: Bool
    var testDescription: String { "\(value ?? "nothing") \(comparison.rawValue) \(values)" }
  }

  @Test(arguments: [
    Case(comparison: .isIn, values: ["a", "b"], value: "b", matches: true),
    Case(comparison: .isIn, values: ["a"], value: "c", matches: false),
    Case(comparison: .isIn, values: ["a"], value: nil, matches: false),
    Case(comparison: .notIn, values: ["a"], value: "a", matches: false),
    Case(comparison: .notIn, values: ["a"], value: "b", matches: true),
    Case(comparison: .notIn, values: ["a"], value: nil, matches: true),
    Case(comparison: .exists, values: [], value: "", matches: true),
    Case(comparison: .exists, values: [], value: nil, matches: false),
    Case(comparison: .doesNotExist, values: [], value: "x", matches: false),
    Case(comparison: .doesNotExist, values: [], value: nil, matches: true),
    Case(comparison: .greaterThan, values: ["4"], value: "5", matches: true),
    Case(comparison: .greaterThan, values: ["4"], value: "4", matches: false),
    Case(comparison: .greaterThan, values: ["4"], value: "five", matches: false),
    Case(comparison: .greaterThan, values: ["4", "5"], value: "6", matches: false),
    Case(comparison: .lessThan, values: ["4"], value: "-3", matches: true),
    Case(comparison: .lessThan, values: ["4"], value: "4", matches: false),
    Case(comparison: .lessThan, values: ["4"], value: nil, matches: false),
  ]) func `each operator, present and absent`(row: Case) {
    let requirement = SelectorRequirement(
      key: "k", comparison: row.comparison, values: row.values)
    var labels: Labels = ["other": "x"]
    labels["k"] = row.value
    #expect(requirement.matches(labels) == row.matches)
  }

  @Test func `every pair and every expression must hold, and none always holds`() {
    let labels: Labels = ["app": "web", "tier": "front"]
    let expression = SelectorRequirement(key: "tier", comparison: .isIn, values: ["front"])
    #expect(LabelSelector().isEmpty)
    #expect(LabelSelector().matches([:]))
    #expect(
      LabelSelector(matchLabels: ["app": "web"], matchExpressions: [expression]).matches(labels))
    #expect(
      !LabelSelector(matchLabels: ["app": "db"], matchExpressions: [expression]).matches(labels))
    #expect(
      !LabelSelector(matchLabels: ["app": "web"], matchExpressions: [expression]).matches([
        "app": "web"
      ]))
  }

  @Test func `labels are equal whatever the order of writing`() {
    var labels: Labels = ["b": "2", "a": "1"]
    #expect(labels == ["a": "1", "b": "2"])
    #expect(labels.entries.map(\.key) == ["a", "b"])
    labels["a"] = nil
    #expect(labels == ["b": "2"])
  }

  @Test func `which tolerations bear which taints`() {
    let taint = Taint(key: "k", value: "v", effect: .noSchedule)
    #expect(Toleration(key: "k", value: "v").tolerates(taint))
    #expect(!Toleration(key: "k", value: "w").tolerates(taint))
    #expect(Toleration(key: "k", comparison: .exists, value: "w").tolerates(taint))
    #expect(Toleration(comparison: .exists).tolerates(taint))
    #expect(!Toleration(key: "k", comparison: .exists, effect: .noExecute).tolerates(taint))
    #expect(!Toleration(key: "k", comparison: .greaterThan, value: "0").tolerates(taint))
  }

  @Test func `a percentage is rounded as its use wants`() {
    #expect(CountOrPercent.percent(25).resolved(of: 10, roundingUp: true) == 3)
    #expect(CountOrPercent.percent(25).resolved(of: 10, roundingUp: false) == 2)
    #expect(CountOrPercent.percent(200).resolved(of: .max, roundingUp: true) == .max)
    #expect(CountOrPercent.count(4).resolved(of: 10, roundingUp: true) == 4)
  }
}
