// swift-tools-version: 6.2
import PackageDescription

/// Packages of users: each target uses only Spillway's library product. They share a package so that
/// Spillway is compiled once.
let spillway: Target.Dependency = .product(name: "Spillway", package: "spillway")

let strict: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
  name: "examples",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "spillway", path: "..")],
  targets: [
    .executableTarget(
      name: "OwnPlugin", dependencies: [spillway], path: "OwnPlugin",
      exclude: ["own-scheduler.yaml"], swiftSettings: strict),
    .testTarget(
      name: "OwnPluginTests", dependencies: ["OwnPlugin", spillway], path: "OwnPluginTests",
      swiftSettings: strict),
    .executableTarget(
      name: "OwnPolicy", dependencies: [spillway], path: "OwnPolicy", swiftSettings: strict),
    .testTarget(
      name: "OwnPolicyTests", dependencies: ["OwnPolicy", spillway], path: "OwnPolicyTests",
      swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)
