import CloudSimulation
import Probability
import Quantities

/// The stretches of a plan's horizon, and what levers cost over them.
struct PlanCalendar: Sendable {
  /// A stretch in which the same levers are there and the demand has grown as much.
  struct Period: Hashable, Sendable {
    /// When it begins and ends, in years from the decision.
    var from: Double
    var to: Double
    /// The whole years passed when it begins.
    var year: Int { Int(from + 1e-9) }
  }

  /// A year has 365 days.
  static let year = TimeSpan.hours(24 * 365)

  let periods: [Period]
  private let plan: Plan

  init(_ plan: Plan) {
    self.plan = plan
    let end = Double(plan.years)
    var marks = (0...plan.years).map(Double.init)
    for lever in plan.levers {
      let arrival = Self.years(lever.leadTime)
      if arrival < end, !marks.contains(arrival) { marks.append(arrival) }
    }
    marks.sort()
    periods = zip(marks, marks.dropFirst()).map { Period(from: $0, to: $1) }
  }

  private static func years(_ span: TimeSpan) -> Double { span.seconds / year.seconds }

  /// Whether a lever is there in a period.
  func has(_ lever: Plan.Lever, in period: Period) -> Bool {
    Self.years(lever.leadTime) <= period.from
  }

  /// Whether all levers are there, so that the claims are judged.
  func isComplete(_ period: Period) -> Bool { plan.levers.allSatisfy { has($0, in: period) } }

  /// What an amount paid evenly over a period, one unit a year, is worth today: as if paid in its
  /// middle.
  func worth(of period: Period) -> Double {
    (period.to - period.from) * power(1 + plan.discount, -(period.from + period.to) / 2)
  }

  /// What levers cost at some values over the whole horizon, at today's worth.
  ///
  /// What is paid once is paid at the decision; what is paid by time, from when it is there.
  func fixedCost(_ point: [Int]) -> Double {
    var sum = 0.0
    for (lever, value) in zip(plan.levers, point) {
      guard let price = lever.price(of: value) else { continue }
      guard let time = price.period else {
        sum += price.amount
        continue
      }
      let yearly = price.amount * Self.year.seconds / time.seconds
      for period in periods where has(lever, in: period) { sum += yearly * worth(of: period) }
    }
    return sum
  }

  /// What is moved at a point on a kind of day in a period.
  func settings(_ point: [Int], on day: Plan.Day, in period: Period) -> [ParameterSetting] {
    var settings = day.settings
    for (lever, value) in zip(plan.levers, point) where has(lever, in: period) {
      settings = settings.setting(lever.path, to: lever.values[value])
    }
    return settings
  }
}
