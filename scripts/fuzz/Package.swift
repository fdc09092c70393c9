// swift-tools-version: 6.2
import PackageDescription

/// The readers of files under libFuzzer; `scripts/fuzz.sh` builds it.
let package = Package(
  name: "fuzz",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "spillway", path: "../..")],
  targets: [
    .executableTarget(
      name: "ReadersFuzz", dependencies: [.product(name: "Spillway", package: "spillway")])
  ],
  swiftLanguageModes: [.v6]
)
