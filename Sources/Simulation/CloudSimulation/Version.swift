/// The program itself.
public enum Spillway {
  /// The version by semantic versioning; the first section of `CHANGELOG.md` tells what is in it.
  public static let version = "0.1.0"
}
