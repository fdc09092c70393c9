import ClusterModel

extension CronScaler {
  /// A HorizontalPodCronscaler as its manifest has it.
  struct Reading: Sendable {
    var metadata = Metadata()
    var kind = ""
    var name = ""
    var rules: [Rule] = []

    static let fields = FieldTable<Reading> { table in
      table.part("metadata", \.metadata, Metadata.fields, Note("Who it is."))
      table.group("spec", Note("What it does.").required) { table in
        table.group("scaleTarget", Note("The workload that it scales.").required) { table in
          let text = Shape.scalar(name: "text", json: ["string"], unit: "")
          table.custom("apiVersion", text, Note("The workload's API version.")) { _, _, _ in }
          table.custom("namespace", text, Note("Its namespace, which is the scaler's.")) {
            _, _, _ in
          }
          table.field("kind", \.kind, .name, Note("The workload's kind.").required)
          table.field("name", \.name, .name, Note("The workload's name.").required)
        }
        table.field("crons", \.rules, rule.list, Note("Its rules.").required)
      }
    }

    private static let rule = Codec<Rule>.object(
      FieldTable<Rule> { table in
        table.field("name", \.name, .text, Note("The rule's name."))
        table.field("schedule", \.schedule, .cron, Note("When it acts.").required)
        table.field(
          "excludeDates", \.exclusions, Codec<CronSchedule>.cron.list, Note("When it doesn't."))
        table.field("targetSize", \.replicas, .integer(), Note("Pods from then on.").required)
      }
    ) { Rule(name: "", schedule: .never, replicas: 0) }

    /// The scaler as the cluster's state takes it.
    var object: CronScaler {
      CronScaler(
        namespace: metadata.namespace.isEmpty ? "default" : metadata.namespace,
        name: metadata.name, target: OwnerReference(kind: kind, name: name), rules: rules)
    }
  }
}

extension Codec where Value == CronSchedule {
  /// A cron expression.
  static let cron = Codec.scalar(
    "cron expression",
    expected:
      "five fields, or six with seconds first, such as \"0 8 * * 1-5\" for 8:00 on workdays",
    parse: { text throws(ScalarError) in
      do throws(CronSchedule.ParsingError) {
        return try CronSchedule(text)
      } catch {
        throw ScalarError(code: "wrong-value", message: "\"\(text)\": \(error.message)")
      }
    }, encode: { _ in nil })
}
