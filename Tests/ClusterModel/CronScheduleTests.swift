import ClusterModel
import TestSupport
import Testing

@Suite struct CronScheduleTests {
  /// 2026-11-10, a Tuesday, at midnight.
  private let tuesday: Int64 = 20_767 * 86_400

  private func next(_ text: String, after offset: Int64 = -1) throws -> Int64? {
    try CronSchedule(text).next(after: tuesday + offset).map { $0 - tuesday }
  }

  @Test(
    arguments: [
      ("0 0 * * *", 0), ("30 8 * * *", 30_600), ("15 30 8 * * *", 30_615), ("*/20 * * * *", 0),
      ("0 8 * * 1", 6 * 86_400 + 28_800), ("0 8 * * MON", 6 * 86_400 + 28_800),
      ("0 0 * * 7", 5 * 86_400), ("0 0 * * SUN", 5 * 86_400), ("0 0 1 * *", 21 * 86_400),
      ("0 0 1 jan *", 52 * 86_400), ("5-10/5,40 3 * * *", 3 * 3600 + 300),
      ("0 0 29 2 *", 476 * 86_400), ("0 0 12 * 3", 86_400), ("0 0 * 11 2", 0),
    ] as [(String, Int64)])
  func `the next time of an expression`(text: String, expected: Int64) throws {
    let found = try next(text)
    #expect(found == expected)
  }

  @Test func `a time isn't its own next, and February 30 never comes`() throws {
    let after = try next("0 0 * * *", after: 0)
    #expect(after == 86_400)
    let never = try next("0 0 30 2 *")
    #expect(never == nil)
    #expect(CronSchedule.never.next(after: tuesday) == nil)
  }

  @Test(arguments: [
    "", "* * * *", "* * * * * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * * 13 *",
    "* * * * 8", "a * * * *", "5-1 * * * *", "*/0 * * * *", "1/2/3 * * * *", "1- * * * *",
  ])
  func `what is no expression is refused`(text: String) {
    #expect(throws: CronSchedule.ParsingError.self) { _ = try CronSchedule(text) }
  }

  @Test func `eks-config is read by its own keys`() {
    var data = Labels()
    data["AUTO_SCALE_EKS"] = "true"
    data["LOCAL_REPLICAS"] = "-1"
    data["pod.annotations"] = "a/b: \"30s\"\nnothing\n c : 'x y'\n"
    let map = ConfigMap(namespace: "kube-system", name: "eks-config", data: data)
    let config = EksConfig([ConfigMap(namespace: "default", name: "eks-config", data: [:]), map])
    #expect(config.autoScale == true)
    #expect(config.localReplicas == nil)
    #expect(config.podAnnotations == ["a/b": "30s", "c": "x y"])
    #expect(EksConfig([]) == EksConfig())
  }
}
