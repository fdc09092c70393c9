/// The stages of a Pod's start, in their order.
public enum Stage: UInt8, Hashable, BitwiseCopyable, Sendable, CaseIterable {
  case create, admit, queue, schedule, bind, accept, call, boot, address, image, start, probe, route

  /// The stage's name, as tables print it.
  public var name: String { Self.names[Int(rawValue)] }
  private static let names = [
    "create", "admit", "queue", "schedule", "bind", "accept", "call", "boot", "address", "image",
    "start", "probe", "route",
  ]
}
