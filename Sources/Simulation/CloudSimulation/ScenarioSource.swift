/// A parameter set to another value, as `--set PATH=VALUE` does.
public struct ParameterSetting: Hashable, Sendable {
  /// The parameter's path.
  public var path: String
  /// The value, as a file would write it.
  public var value: String
  /// A setting from its parts.
  public init(path: String, value: String) {
    self.path = path
    self.value = value
  }
}

/// Where a study gets its scenario from, as it is and with parameters moved.
///
/// Files are one source; tests and code have others.
public protocol ScenarioSource: Sendable {
  /// The scenario with some parameters set to other values; of two settings of one path the later
  /// counts.
  /// - Throws: what is wrong with a path or a value.
  func scenario(setting settings: [ParameterSetting]) throws -> Scenario

  /// The limits and graded values of the scenario with the given settings.
  func parameters(setting settings: [ParameterSetting]) throws -> [Parameter]

  /// The present value of any parameter, as a file would write it, with the given settings; nil if
  /// it can't be told. Two texts of the same value come out alike.
  /// - Throws: what is wrong with a path or a value.
  func value(of path: String, setting settings: [ParameterSetting]) throws -> String?

  /// A value between two values of a parameter, as a file would write it; nil if the parameter has
  /// no values between.
  func interpolate(_ path: String, from low: String, to high: String, fraction: Double) -> String?
}

extension ScenarioSource {
  /// The value of one of the parameters that the source lists; nil for any other.
  public func value(
    of path: String, setting settings: [ParameterSetting]
  ) throws -> String? {
    try parameters(setting: settings).first { $0.path == path }?.value
  }
}
