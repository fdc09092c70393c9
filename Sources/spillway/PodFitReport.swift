import Experiments
import Foundation
import Probability
import Quantities
import Reporting
import ScenarioFiles
import Statistics

/// What `fit pods` found, as text and as JSON.
struct PodFitReport {
  private(set) var text = ""
  private(set) var json = ""
  /// The best laws' parameters, a row each.
  private(set) var table = ResultTable(
    "stages",
    columns: [
      .init("workload", kind: .text), .init("site", kind: .text), .init("stage", kind: .text),
      .init("over"), .init("under_way"), .init("law", kind: .text), .init("parameter", kind: .text),
      .init("value"), .init("error"),
    ])
  /// What is to be pasted; empty if nothing could be fitted.
  private(set) var yaml = ""

  init(_ stages: PodStages, name: String, pods: Int) {
    line(
      "\(name): \(pods) Pods of \(stages.workloads.count) workloads. Laws by maximum likelihood, "
        + "times in whole seconds.")
    var findings: [JSONValue] = []
    for workload in stages.workloads {
      for site in stages.sites {
        for stretch in PodStages.Stretch.allCases where stretch != .place {
          let found = stages.finding(stretch, workload: workload, site: site)
          guard found.over > 0 else { continue }
          show(found, "\(workload) on \(site)")
          findings.append(Self.json(found))
        }
      }
    }
    for site in stages.sites {
      let found = stages.finding(.place, site: site)
      guard found.over > 0 else { continue }
      show(found, "all on \(site)")
      findings.append(Self.json(found))
      if let law = Self.law(of: found) { paste(site: site, law) }
    }
    for workload in stages.workloads where !workload.hasPrefix("Pod/") {
      if let law = Self.law(of: stages.finding(.ready, workload: workload)) {
        paste(profileOf: workload, law)
      }
    }
    if yaml.isEmpty {
      line("\nToo few times to fit: three Pods that have come through a stage are needed.")
    } else {
      line("\n# Graded measured: fitted to this dump\n\(yaml)")
      text.removeLast()
    }
    json =
      JSONValue.object([
        ("file", .string(name)), ("pods", .integer(pods)), ("stages", .array(findings)),
        ("yaml", .string(yaml)),
      ]).rendered()
  }

  private mutating func line(_ words: String) { text += words + "\n" }

  private mutating func show(_ found: PodStages.Finding, _ whose: String) {
    let way = found.underWay > 0 ? ", \(found.underWay) under way" : ""
    line("\n\(whose), \(found.stretch.words): \(found.over) over\(way)")
    if let constant = found.constant { line("  always \(constant) s") }
    for (index, fit) in found.fits.enumerated() {
      let parameters = fit.parameters.map { parameter in
        "\(parameter.name) \(FitText.digits(parameter.value))"
          + (parameter.error.map { " ± \(FitText.digits($0))" } ?? "")
      }
      line(
        "  \(fit.family.rawValue): \(parameters.joined(separator: ", ")); "
          + "AIC \(FitText.digits(fit.akaike, 6))")
      guard index == 0 else { continue }
      for parameter in fit.parameters {
        table.append([
          .text(found.workload ?? ""), .text(found.site ?? ""), .text(found.stretch.words),
          .number(Double(found.over)), .number(Double(found.underWay)), .text(fit.family.rawValue),
          .text(parameter.name), .number(parameter.value), .optional(parameter.error),
        ])
      }
      let quantiles = fit.quantiles.map {
        "p\(Int(($0.level * 100).rounded())) \($0.predicted) s for \($0.observed) s"
      }
      line("    predicted for observed: \(quantiles.joined(separator: ", "))")
    }
  }

  // MARK: YAML

  /// The law to be pasted; nil if nothing is known.
  private static func law(of found: PodStages.Finding) -> String? {
    if let best = found.fits.first { return FitText.law(best.law) }
    guard found.over >= 3, let constant = found.constant else { return nil }
    // Both ends were rounded down: nothing is below a second, and nothing known beyond it.
    return "\(max(0, constant))s"
  }

  private mutating func paste(site: String, _ law: String) {
    let isVirtual = site == "virtual nodes"
    let terms = "address: 0s, containerStart: 0s"
    yaml += Self.head(isVirtual ? "ServerlessPool" : "Site", isVirtual ? "cloud" : "idc")
    yaml +=
      isVirtual
      ? "spec: {boot: \"\(law)\", callLatency: 0s, \(terms)}\n"
      : "spec:\n  machine: {sandbox: \"\(law)\", \(terms)}\n"
  }

  private mutating func paste(profileOf workload: String, _ law: String) {
    let name = workload.lowercased().split(separator: "/").joined(separator: "-")
    yaml += Self.head("WorkloadProfile", name)
    yaml += "spec: {target: \(workload), imageBytes: 0, startup: \"\(law)\"}\n"
  }

  private static func head(_ kind: String, _ name: String) -> String {
    "---\napiVersion: spillway.sim/v1alpha1\nkind: \(kind)\nmetadata: {name: \(name), annotations: "
      + "{\(LoadedScenario.gradeKey): \(LoadedScenario.measured)}}\n"
  }

  private static func json(_ found: PodStages.Finding) -> JSONValue {
    [
      "stage": .string(found.stretch.words), "workload": .optional(found.workload),
      "site": .optional(found.site), "over": .integer(found.over),
      "underWay": .integer(found.underWay),
      "laws": .array(
        found.fits.map { fit in
          [
            "law": .string(fit.family.rawValue),
            "parameters": .object(
              fit.parameters.map {
                ($0.name, ["value": .number($0.value), "error": .optional($0.error)])
              }), "akaike": .number(fit.akaike),
            "quantiles": .array(
              fit.quantiles.map {
                [
                  "p": .number($0.level), "observed": .integer($0.observed),
                  "predicted": .integer($0.predicted),
                ]
              }),
          ]
        }),
    ]
  }
}
