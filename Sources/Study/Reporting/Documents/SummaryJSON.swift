import Statistics

/// `summary.json`: what a run found out, for scripts.
public enum SummaryJSON {
  /// The text of `summary.json`.
  public static func render(_ summary: RunSummary) -> String { document(summary).rendered() }

  /// The document that `summary.json` holds.
  public static func document(_ summary: RunSummary) -> JSONValue {
    [
      "scenario": .string(summary.scenario),
      "question": .string(summary.question),
      "seed": .unsigned(summary.seed),
      "replications": .integer(summary.replications),
      "partial": .bool(summary.isPartial),
      "version": .string(summary.version),
      "digest": .string(summary.digest),
      "claims": .array(summary.claims.map(claim)),
      "metrics": .array(summary.metrics.map(metric)),
      "pods": pods(summary.pods),
      "money": money(summary.money),
      "conservation": .array(
        summary.conservation.map {
          [
            "quantity": .string($0.quantity), "left": .number($0.left), "right": .number($0.right),
          ]
        }),
      "assumptions": .array(summary.assumptions.map(assumption)),
      "input": .object(summary.input.map { ($0.kind, input($0)) }),
      "stages": .array(summary.stages.map(stage)),
      "autoscalers": .array(summary.autoscalers.map(autoscaler)),
      "unschedulable": .array(
        summary.unschedulable.map { ["pod": .string($0.pod), "reason": .string($0.reason)] }),
      "caveats": .strings(summary.caveats),
      "command": .string(summary.command),
    ]
  }

  static func metric(_ metric: MetricSummary) -> JSONValue {
    [
      "name": .string(metric.name), "unit": .string(metric.unit), "mean": .optional(metric.mean),
      "low": .optional(metric.low), "high": .optional(metric.high), "p50": .optional(metric.p50),
      "p95": .optional(metric.p95), "p99": .optional(metric.p99), "n": .integer(metric.n),
    ]
  }

  private static func pods(_ pods: PodCounts) -> JSONValue {
    [
      "created": .integer(pods.created), "running": .integer(pods.running),
      "pending": .integer(pods.pending), "refused": .integer(pods.refused),
      "starting": .integer(pods.starting), "succeeded": .integer(pods.succeeded),
      "failed": .integer(pods.failed), "deleted": .integer(pods.deleted),
      "evicted": .integer(pods.evicted),
    ]
  }

  private static func money(_ money: MoneySummary) -> JSONValue {
    [
      "currency": .string(money.currency), "cash": .money(money.exactCash),
      "amortised": .money(money.exactAmortised), "incremental": .money(money.exactIncremental),
      "items": .array(
        money.items.map {
          [
            "name": .string($0.name), "quantity": .number($0.quantity), "unit": .string($0.unit),
            "amount": .money($0.exact), "incremental": .money($0.incremental),
            "owned": .bool($0.isOwned),
          ]
        }),
    ]
  }

  private static func assumption(_ assumption: Assumption) -> JSONValue {
    [
      "path": .string(assumption.path), "value": .string(assumption.value),
      "unit": .string(assumption.unit), "grade": .string(assumption.grade),
      "source": .string(assumption.source), "range": .optional(assumption.range),
    ]
  }

  private static func input(_ input: InputSummary) -> JSONValue {
    [
      "objects": .integer(input.objects), "read": .integer(input.read),
      "ignored": .integer(input.ignored), "unsupported": .integer(input.unsupported),
      "unsupportedFields": .strings(input.unsupportedFields),
      "podsTouched": .strings(input.podsTouched),
    ]
  }

  private static func autoscaler(_ autoscaler: AutoscalerSummary) -> JSONValue {
    [
      "name": .string(autoscaler.name), "target": .string(autoscaler.target),
      "scaleUps": .number(autoscaler.scaleUps), "scaleDowns": .number(autoscaler.scaleDowns),
      "inactiveSeconds": .number(autoscaler.inactiveSeconds),
      "reasons": .array(
        autoscaler.reasons.map {
          [
            "reason": .string($0.reason), "message": .string($0.message),
            "seconds": .number($0.seconds),
          ]
        }),
    ]
  }

  private static func stage(_ stage: StageSummary) -> JSONValue {
    [
      "stage": .string(stage.stage), "attempts": .number(stage.attempts),
      "mean": .optional(stage.mean), "p50": .optional(stage.p50), "p95": .optional(stage.p95),
      "p99": .optional(stage.p99), "limitPerMinute": .optional(stage.limitPerMinute),
      "limitPath": .optional(stage.limitPath),
    ]
  }
}

extension SummaryJSON {
  static func claim(_ claim: ClaimResult) -> JSONValue {
    [
      "name": .string(claim.name), "deckClaim": .optional(claim.deckClaim),
      "metric": .string(claim.metric), "unit": .string(claim.unit),
      "threshold": .number(claim.threshold), "above": .bool(claim.isAbove),
      "share": .number(claim.share),
      "confidence": .number(claim.confidence), "met": .integer(claim.met), "of": .integer(claim.of),
      "shareAtLeast": .optional(claim.shareAtLeast), "shareAtMost": .optional(claim.shareAtMost),
      "estimate": .optional(claim.estimate), "low": .optional(claim.low),
      "high": .optional(claim.high), "verdict": .string(claim.verdict.rawValue),
      "replicationsToDecide": .optional(claim.replicationsToDecide),
      "conditions": .array(claim.conditions.map(condition)),
      "bindingStage": .optional(claim.bindingStage), "limit": .optional(claim.limit?.rawValue),
      "counterfactuals": .array(claim.counterfactuals.map(counterfactual)),
      "counterfactualReplications": .integer(claim.counterfactualReplications),
      "ladder": .array(claim.ladder.map(rung)),
      "rates": .array(claim.rates.map(metric)),
      "story": .string(claim.story), "window": .string(claim.window),
    ]
  }

  private static func condition(_ condition: ClaimResult.Condition) -> JSONValue {
    [
      "path": .string(condition.path), "flipsAt": .string(condition.flipsAt),
      "range": .string(condition.range), "end": condition.isLowEnd ? "low" : "high",
      "verdictThere": .string(condition.verdictThere.rawValue),
    ]
  }

  private static func counterfactual(_ effect: ClaimResult.Counterfactual) -> JSONValue {
    [
      "path": .string(effect.path), "stage": .string(effect.stage), "from": .string(effect.from),
      "to": .string(effect.to), "metric": .string(effect.metric),
      "estimate": .optional(effect.estimate), "low": .optional(effect.low),
      "high": .optional(effect.high),
    ]
  }

  private static func rung(_ rung: ClaimResult.Rung) -> JSONValue {
    [
      "path": .string(rung.path), "from": .string(rung.from), "to": .string(rung.to),
      "estimate": .optional(rung.estimate), "low": .optional(rung.low),
      "high": .optional(rung.high), "p5": .optional(rung.p5), "p95": .optional(rung.p95),
      "price": .optional(rung.price),
      "leadTime": .optional(rung.leadTime), "met": .integer(rung.met), "of": .integer(rung.of),
      "verdict": .string(rung.verdict.rawValue), "bindingStage": .optional(rung.bindingStage),
      "bindingLimit": .optional(rung.bindingLimit), "limit": .optional(rung.limit?.rawValue),
      "conditions": .array(rung.conditions.map(condition)),
    ]
  }
}
