import Autoscaling
import CloudSimulation
import Infrastructure
import Quantities
import Workloads

extension Scenario: ScenarioKind {
  static let kind = "Scenario"
  static let shortForm: String? = nil
  static func blank(_ name: String) -> Scenario { Scenario(name: name) }
  static func add(_ object: Scenario, to scenario: inout Scenario) { scenario = object }

  static let fields = FieldTable<Scenario> { table in
    table.custom(
      "include", .list(.scalar(name: "path", json: ["string"], unit: "")),
      Note("Files and folders read as well, relative to this file.")
    ) { value, _, reader in
      for element in reader.elements(value, expected: "a list of paths") ?? [] {
        _ = reader.scalar(element, expected: "a path")
      }
    }
    table.group("start", Note("How the run begins.")) { table in
      let expected = "a date and time, such as 2026-11-10T23:58:00+08:00"
      let instant = Codec<String>.scalar(
        "timestamp", expected: expected,
        parse: { text throws(ScalarError) in
          guard timestamp(text) != nil else {
            throw ScalarError(code: "wrong-value", message: "\"\(text)\" is not a date and time")
          }
          return text
        }, encode: { $0 })
      table.field(
        "at", \.startAt, instant.optional(written: nil),
        Note("The date and time of instant zero; otherwise unknown."))
      table.field(
        "cloudCaches", \.warmCloudCaches, .words(yes: "warm", no: "cold"),
        Note("Whether serverless Pods find kept disks and images at the start."))
    }
    table.field("duration", \.duration, .lastingDuration, Note("How long it runs."))
    table.field("seed", \.seed, .integer(), Note("The seed of all chance."))
    table.field(
      "replications", \.replications, Codec<Int>.integer(from: 1).optional(written: "fewest"),
      Note("How many replications; fewest: as many as can settle every claim."))
    table.field(
      "looks", \.looks, Codec<Int>.integer(from: 1).list,
      Note("Numbers of replications after which is looked whether the claims are decided."))
    table.part(
      "controlPlane", \.controlPlane, ControlPlaneParameters.fields,
      Note("The API server and its clients."))
    table.part("scheduler", \.scheduler, SchedulerParameters.fields, Note("The scheduler."))
    table.part(
      "nodeAutoscaler", \.nodeAutoscaler, NodeAutoscalerConfiguration.fields,
      Note("The node autoscaler, which works where a pool is autoscaled."),
      isPresent: { $0.nodePools.contains { $0.autoscaling != nil } })
    table.part("burst", \.burst, BurstParameters.fields, Note("Which Pods go to the cloud."))
    table.shortForm("sites", of: Site.self, isList: true, "Sites.")
    table.shortForm("nodePools", of: NodePool.self, isList: true, "Machines by number.")
    table.shortForm(
      "serverlessPools", of: ServerlessPool.self, isList: true, "Serverless pools.")
    table.shortForm("links", of: Link.self, isList: true, "Links between sites.")
    table.shortForm("registries", of: Registry.self, isList: true, "Where images come from.")
    table.shortForm("images", of: Image.self, isList: true, "Images, layer by layer.")
    table.shortForm(
      "profiles", of: WorkloadProfile.self, isList: true, "What manifests don't say about Pods.")
    table.shortForm("load", of: LoadProfile.self, isList: true, "Demands.")
    table.shortForm("faults", of: FaultPlan.self, isList: true, "What fails.")
    table.shortForm(
      "predictiveScalers", of: PredictiveScaler.self, isList: true, "Scalers ahead of a demand.")
    table.shortForm(
      "batchQueues", of: BatchCluster.self, isList: true, "Batch systems beside the cluster.")
    table.shortForm("prices", of: PriceSheet.self, isList: false, "Prices.")
    table.shortForm("claims", of: Claim.self, isList: true, "Statements to be checked.")
    table.field("levers", \.levers, Codec<Lever>.lever.list, Note("Limits that may be moved."))
  }
}

extension Codec where Value == Lever {
  /// A path with the values that it may take.
  static let lever = Codec.object(
    FieldTable<Lever> { table in
      table.field("path", \.path, .name, Note("The parameter's path.").required)
      table.custom(
        "values", .list(.scalar(name: "anything", json: [], unit: "")),
        Note("The values it may take, in the order in which they are taken.").required
      ) { value, lever, reader in
        lever.values = (reader.elements(value, expected: "a list of values") ?? []).map(\.flowText)
        if lever.values.isEmpty {
          reader.error(
            at: value.place, "wrong-value", "a lever without values", expected: "a list of values")
        }
      }
      let price = Codec<String>.scalar(
        "price", expected: "an amount, a currency and perhaps a time, such as 0.80 CNY/h",
        parse: { text throws(ScalarError) in
          _ = try ScalarError.translating { () throws(QuantityError) in try Price.parse(text) }
          return text
        }, encode: { $0 })
      table.field("price", \.price, price.optional(written: nil), Note("What moving it costs."))
      let time = Codec<TimeSpan>.duration
      let written = Codec<String?>(
        shape: time.shape,
        decode: { value, reader in time.decode(value, &reader).map { _ in value.text } },
        encode: { $0 })
      table.field(
        "leadTime", \.leadTime, written, Note("How long it takes to get."))
    }
  ) { Lever(path: "") }
}
