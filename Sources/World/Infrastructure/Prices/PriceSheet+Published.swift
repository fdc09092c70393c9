import Quantities

/// A price list that a provider published.
public struct PublishedSheet: Sendable {
  /// Its name, such as `tke-eks-intel`.
  public let name: String
  /// The prices.
  public let sheet: PriceSheet
  /// The processors that it is about.
  public let cpuType: ServerlessPool.CPUType

  /// All of them.
  public static let all: [PublishedSheet] = [
    PublishedSheet(name: "tke-eks-intel", sheet: PriceSheet(), cpuType: .intel),
    PublishedSheet(name: "tke-eks-amd", sheet: PriceSheet(name: "tke-eks-amd"), cpuType: .amd),
    PublishedSheet(
      name: "aws-fargate",
      sheet: fargate("aws-fargate", vCPUHour: 40_480_000_000, gbHour: 4_445_000_000),
      cpuType: .intel),
    PublishedSheet(
      name: "aws-fargate-arm",
      sheet: fargate("aws-fargate-arm", vCPUHour: 32_380_000_000, gbHour: 3_560_000_000),
      cpuType: .intel),
  ]

  /// The sheet of a name.
  public static func named(_ name: String) -> PublishedSheet? { all.first { $0.name == name } }

  /// Fargate in us-east-1: per hour and billed by the second, at least a minute; Spot at −70 %; no
  /// cards; storage beyond 20 GiB at $0.000111 per GB and hour.
  ///
  /// > Source: model card 1.2 (E, vantage.sh); the storage's price as remembered (M).
  private static func fargate(_ name: String, vCPUHour: Int128, gbHour: Int128) -> PriceSheet {
    var sheet = PriceSheet(name: name)
    sheet.currency = "USD"
    sheet.coreHour = Money(picounits: vCPUHour)
    sheet.gibHour = Money(picounits: gbHour)
    sheet.spotFactor = 0.3
    sheet.v100Hour = .zero
    sheet.t4Hour = .zero
    sheet.diskGibHour = Money(picounits: 111_000_000)
    sheet.sizes = PodSize.fargate
    sheet.coreLadder = PodSize.fargate.map(\.millicores)
    sheet.addedMemory = 256 << 20
    sheet.minimum = .minutes(1)
    return sheet
  }
}
