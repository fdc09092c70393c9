import CloudSimulation
import Infrastructure
import Quantities

extension Registry: ScenarioKind {
  static let kind = "Registry"
  static let shortForm: String? = "registries"
  static func blank(_ name: String) -> Registry { Registry(name: name, site: "") }
  static func add(_ object: Registry, to scenario: inout Scenario) {
    scenario.registries.append(object)
  }

  static let fields = FieldTable<Registry> { table in
    table.field("site", \.site, .name, Note("The site it stands in.").required)
    table.field(
      "egress", \.egress, .bandwidth,
      Note("How much it sends at once in all.").graded("E", "one port of a registry's front")
        .limits(.rate, .image).used(.machinePull.union(.serverlessPull)))
    table.field(
      "requestRate", \.requestRate, .rate,
      Note("Requests that it answers: one for a manifest and one for each layer.")
        .limits(.rate, .image))
    table.field(
      "requestBurst", \.requestBurst, .integer(from: 1),
      Note("Requests at once after a pause."))
  }
}
