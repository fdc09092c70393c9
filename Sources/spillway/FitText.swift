import Foundation
import Probability
import Quantities
import Reporting

/// Numbers, times and laws as fits print them.
enum FitText {
  static func digits(_ value: Double, _ count: Int = 4) -> String {
    NumberText.readable(value, digits: count)
      .replacingOccurrences(of: ",", with: "").replacingOccurrences(of: "−", with: "-")
  }

  static func time(_ seconds: Double?) -> String {
    guard let seconds else { return "–" }
    if seconds >= 7200 { return digits(seconds / 3600) + " h" }
    return seconds >= 120 ? digits(seconds / 60) + " min" : digits(seconds) + " s"
  }

  /// The law as a file has it, shapes to four decimals and times to the second.
  static func law(_ law: Law) -> String {
    func round(_ value: Double) -> Double { (value * 10_000).rounded() / 10_000 }
    let rounded: Law =
      switch law {
      case .weibull(let shape, let scale): .weibull(shape: round(shape), scale: scale)
      case .gamma(let shape, let scale): .gamma(shape: round(shape), scale: scale)
      case .lognormal(let median, let sigma): .lognormal(median: median, sigma: round(sigma))
      default: law
      }
    return rounded.formatted {
      TimeSpan.seconds($0 >= 60 ? $0.rounded() : round($0)).formatted
    }
  }
}
