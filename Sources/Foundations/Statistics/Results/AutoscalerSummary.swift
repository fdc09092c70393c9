/// What a HorizontalPodAutoscaler did in a run, means over the replications.
public struct AutoscalerSummary: Sendable {
  /// Its name, the namespace before it unless that is `default`.
  public var name: String
  /// Whose scale it sets, such as `Deployment/web`.
  public var target: String
  /// How often it scaled up.
  public var scaleUps = 0.0
  /// How often it scaled down.
  public var scaleDowns = 0.0
  /// For how many seconds `ScalingActive` was False.
  public var inactiveSeconds = 0.0
  /// Why, the reason that lasted longest first.
  public var reasons: [Reason] = []

  /// Why `ScalingActive` was False.
  public struct Reason: Sendable {
    /// The condition's reason, as Kubernetes spells it.
    public var reason: String
    /// What Kubernetes says about it; empty if nothing.
    public var message: String
    /// For how many seconds.
    public var seconds: Double
    /// A reason from its parts.
    public init(reason: String, message: String, seconds: Double) {
      self.reason = reason
      self.message = message
      self.seconds = seconds
    }
  }

  /// An autoscaler that did nothing.
  public init(name: String, target: String) {
    self.name = name
    self.target = target
  }
}
