import Infrastructure

/// A price list that a provider published, a file beside this one that a `PriceSheet` could be read
/// from.
public struct PublishedSheet: Sendable {
  /// Its name, such as `tke-eks-intel`.
  public let name: String
  /// The prices.
  public let sheet: PriceSheet
  /// The processors that it is about.
  public let cpuType: ServerlessPool.CPUType

  /// The lists' names with their texts.
  private static let texts: [(name: String, bytes: [UInt8])] = [
    ("tke-eks-intel", PackageResources.prices_tke_eks_intel_yaml),
    ("tke-eks-amd", PackageResources.prices_tke_eks_amd_yaml),
    ("aws-fargate", PackageResources.prices_aws_fargate_yaml),
    ("aws-fargate-arm", PackageResources.prices_aws_fargate_arm_yaml),
    ("aliyun-eci", PackageResources.prices_aliyun_eci_yaml),
    ("aws-ec2", PackageResources.prices_aws_ec2_yaml),
    ("gce", PackageResources.prices_gce_yaml),
  ]

  /// The lists' names.
  static var names: [String] { texts.map(\.name) }

  /// All of them.
  public static let all: [PublishedSheet] = texts.map { text in
    var sheet = PriceSheet(name: text.name)
    PresetFiles.read(text.bytes, called: text.name, by: PriceSheet.fields, into: &sheet)
    return PublishedSheet(
      name: text.name, sheet: sheet, cpuType: text.name == "tke-eks-amd" ? .amd : .intel)
  }

  /// The sheet of a name.
  public static func named(_ name: String) -> PublishedSheet? { all.first { $0.name == name } }
}
