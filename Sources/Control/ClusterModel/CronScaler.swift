/// Sets a workload's number of Pods at given times, as TKE's HorizontalPodCronscaler does.
///
/// > Source: `autoscaling.cloud.tencent.com/v1` (D, document 457/56753).
public struct CronScaler: Hashable, Sendable {
  /// One rule: from its times on, so many Pods.
  public struct Rule: Hashable, Sendable {
    /// Its name.
    public var name: String
    /// When it acts.
    public var schedule: CronSchedule
    /// Times of which none may match for it to act.
    public var exclusions: [CronSchedule]
    /// Pods from then on.
    public var replicas: Int32
    /// A rule from its parts.
    public init(
      name: String, schedule: CronSchedule, exclusions: [CronSchedule] = [], replicas: Int32
    ) {
      self.name = name
      self.schedule = schedule
      self.exclusions = exclusions
      self.replicas = replicas
    }
  }

  /// Its namespace.
  public var namespace: String
  /// Its name.
  public var name: String
  /// The workload that it scales, in its own namespace.
  public var target: OwnerReference
  /// Its rules; of several at one instant, the last acts.
  public var rules: [Rule]
  /// A scaler from its parts.
  public init(namespace: String, name: String, target: OwnerReference, rules: [Rule]) {
    self.namespace = namespace
    self.name = name
    self.target = target
    self.rules = rules
  }
}
