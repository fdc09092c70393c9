/// The names by which TKE's virtual nodes say where they stand and what they have left, and Pods
/// which processors they want.
///
/// > Source: tke-k8s-distro 1.20, patches 0010 and 0016 (S).
public enum VirtualNodeNames {
  /// A node's annotation: its zone.
  public static let zone = "eks.tke.cloud.tencent.com/zone-id"
  /// A node's annotation: its subnet.
  public static let subnet = "eks.tke.cloud.tencent.com/subnet-id"
  /// A node's label: free addresses in its subnet.
  public static let addresses = "eks.tke.cloud.tencent.com/available-ip-count"
  /// A Pod's annotation: makes of processor, the dearest to it first, with commas between.
  public static let cpuType = "eks.tke.cloud.tencent.com/cpu-type"
  /// A Pod's annotation: models of GPU, the dearest to it first, with commas between.
  public static let gpuType = "eks.tke.cloud.tencent.com/gpu-type"

  /// A node's label: whether a type of instance is in stock, `"true"` or not. Asterisks and slashes
  /// of the type become dashes.
  public static func stock(of type: String) -> String {
    let name = type.lowercased().map { $0 == "*" || $0 == "/" ? "-" : $0 }
    return "eks.tke.cloud.tencent.com/res-" + String(name)
  }
}
