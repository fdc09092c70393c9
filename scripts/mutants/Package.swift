// swift-tools-version: 6.2
// The scheduler alone, with its tests: what scripts/mutants.sh builds again for each mutant.
import PackageDescription

let package = Package(
  name: "mutants",
  platforms: [.macOS(.v15)],
  targets: [
    .target(name: "Quantities"),
    .target(name: "ClusterModel", dependencies: ["Quantities"]),
    .target(name: "Scheduling", dependencies: ["ClusterModel", "Quantities"]),
    .target(name: "TestSupport", dependencies: ["ClusterModel", "Quantities"]),
    .testTarget(
      name: "SchedulingTests",
      dependencies: ["Scheduling", "ClusterModel", "Quantities", "TestSupport"]),
  ])
