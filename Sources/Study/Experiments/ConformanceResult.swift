/// What a run over recorded cases came to.
public struct ConformanceResult: Sendable {
  /// One case.
  public struct Case: Sendable {
    /// Its name.
    public var name: String
    /// Differences, each with the path of the field; none if it passed.
    public var failures: [String]
    /// Why it wasn't tried; nil if it was.
    public var skipped: String?
    /// A case from its parts.
    public init(name: String, failures: [String], skipped: String? = nil) {
      self.name = name
      self.failures = failures
      self.skipped = skipped
    }
  }
  /// The cases, in the order of their names.
  public var cases: [Case]

  /// A result from its cases.
  public init(cases: [Case]) { self.cases = cases }

  /// Cases tried without a difference.
  public var passed: Int { cases.count { $0.failures.isEmpty && $0.skipped == nil } }
  /// Cases with differences.
  public var failed: Int { cases.count { !$0.failures.isEmpty } }
  /// Cases not tried.
  public var skipped: Int { cases.count { $0.skipped != nil } }
  /// The last line of the command's output.
  public var summary: String { "\(passed) passed, \(failed) failed, \(skipped) skipped" }
}
