extension Witness {
  /// What requests, leases, watches and calls take of links.
  static let crossingFields: Group = [
    (
      "line-for-both", "WorkloadProfile", "shop",
      [
        ("requests.requestSize", "8192"), ("requests.answerSize", "131072"),
        ("requests.connections", "1"),
      ]
    ),
    ("line-for-both", "LoadProfile", "shoppers", [("ingress", "cloud")]),
    ("line-for-both", "Link", "line", [("metered", "idc")]),
    (
      "line-for-both", "Scenario", "line-for-both",
      [
        ("controlPlane.createSize", "1000000"), ("controlPlane.leaseSize", "200000"),
        ("controlPlane.watchSize", "400000"),
      ]
    ),
  ]
}
