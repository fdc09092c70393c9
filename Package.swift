// swift-tools-version: 6.2
import PackageDescription

/// Settings of every Swift target: warnings are errors, and nothing is imported by accident.
let strict: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// A library target in a layer's folder, with the data that is built into it.
func module(
  _ name: String, in layer: String, uses: [Target.Dependency] = [], besides prose: [String] = [],
  data: [String] = []
) -> Target {
  .target(
    name: name, dependencies: uses, path: "Sources/\(layer)/\(name)", exclude: prose,
    resources: data.map { .embedInCode($0) }, swiftSettings: strict)
}

/// A test target, named after what it tests.
func tests(
  _ name: String, of uses: [Target.Dependency], besides data: [String] = []
) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: uses + ["TestSupport"], path: "Tests/\(name)",
    exclude: data, swiftSettings: strict)
}

let package = Package(
  name: "spillway",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "spillway", targets: ["spillway"]),
    .library(
      name: "Spillway",
      targets: [
        "CloudSimulation", "ScenarioFiles", "Experiments", "Scheduling", "Autoscaling",
        "Controllers", "ClusterModel", "Quantities",
      ]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    // Foundations
    module("Quantities", in: "Foundations"),
    module("Compression", in: "Foundations"),
    .systemLibrary(
      name: "CGSL", path: "Sources/Foundations/CGSL", pkgConfig: "gsl",
      providers: [.apt(["libgsl-dev"]), .brew(["gsl"])]),
    .target(
      name: "CRandom", dependencies: ["CGSL"], path: "Sources/Foundations/CRandom"),
    module("Probability", in: "Foundations", uses: ["CRandom", "CGSL", "Quantities"]),
    module("Statistics", in: "Foundations", uses: ["Quantities", "Probability"]),
    module("DiscreteEvents", in: "Foundations", uses: ["Quantities"]),
    // Control
    module("ClusterModel", in: "Control", uses: ["Quantities"]),
    module(
      "Scheduling", in: "Control", uses: ["ClusterModel", "Quantities"], besides: ["README.md"]),
    module("Autoscaling", in: "Control", uses: ["ClusterModel", "Quantities"]),
    module("Controllers", in: "Control", uses: ["ClusterModel", "Quantities"]),
    // World
    module("Workloads", in: "World", uses: ["ClusterModel", "Probability", "Quantities"]),
    module(
      "Infrastructure", in: "World", uses: ["ClusterModel", "Probability", "Quantities"],
      besides: ["README.md"]),
    // Simulation
    module(
      "CloudSimulation", in: "Simulation",
      uses: [
        "Quantities", "Probability", "Statistics", "DiscreteEvents", "ClusterModel", "Scheduling",
        "Autoscaling", "Controllers", "Workloads", "Infrastructure",
      ], besides: ["README.md"]),
    // Study
    module(
      "ScenarioFiles", in: "Study",
      uses: [
        "CloudSimulation", "Statistics", "ClusterModel", "Infrastructure", "Workloads",
        "Controllers", "Autoscaling", "Scheduling", "Probability", "Quantities",
        .product(name: "Yams", package: "Yams"),
      ],
      data: [
        "Presets/tke-eks.yaml", "Presets/aws-fargate.yaml", "Presets/aws-fargate-eks.yaml",
        "Presets/aliyun-eci.yaml", "Presets/prices-tke-eks-intel.yaml",
        "Presets/prices-tke-eks-amd.yaml", "Presets/prices-aws-fargate.yaml",
        "Presets/prices-aws-fargate-arm.yaml", "Presets/prices-aliyun-eci.yaml",
        "Presets/prices-aws-ec2.yaml", "Presets/prices-gce.yaml", "Presets/ec2-us-east-1.csv",
        "Presets/gce.csv",
      ]),
    module(
      "Experiments", in: "Study",
      uses: [
        "CloudSimulation", "Statistics", "Probability", "Quantities", "DiscreteEvents",
        "ClusterModel", "Scheduling", "Autoscaling", "Infrastructure", "Workloads",
      ]),
    module("Reporting", in: "Study", uses: ["Statistics", "Quantities"]),
    module(
      "TraceImport", in: "Study",
      uses: [
        "ScenarioFiles", "Reporting", "Infrastructure", "Workloads", "ClusterModel", "Statistics",
        "Probability", "Quantities", "Compression",
      ]),
    .executableTarget(
      name: "spillway",
      dependencies: [
        "ScenarioFiles", "TraceImport", "Experiments", "Reporting", "CloudSimulation", "Statistics",
        "DiscreteEvents", "Probability", "Quantities", "ClusterModel", "Scheduling",
        "Infrastructure", "Workloads", "Autoscaling",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Sources/spillway", swiftSettings: strict),
    // Tests
    .target(
      name: "TestSupport", dependencies: ["ClusterModel", "Quantities"],
      path: "Tests/TestSupport", swiftSettings: strict),
    tests("Quantities", of: ["Quantities"]),
    tests("Compression", of: ["Compression"]),
    tests("Probability", of: ["Probability", "Quantities"]),
    tests("Statistics", of: ["Statistics", "Quantities"]),
    tests("DiscreteEvents", of: ["DiscreteEvents", "Quantities"]),
    tests("ClusterModel", of: ["ClusterModel", "Quantities"]),
    tests("Scheduling", of: ["Scheduling", "ClusterModel", "Quantities"]),
    tests(
      "Autoscaling",
      of: ["Autoscaling", "CloudSimulation", "Scheduling", "ClusterModel", "Quantities"]),
    tests("Controllers", of: ["Controllers", "ClusterModel", "Quantities"]),
    tests("Workloads", of: ["Workloads", "ClusterModel", "Probability", "Quantities"]),
    tests("Infrastructure", of: ["Infrastructure", "ClusterModel", "Probability", "Quantities"]),
    tests(
      "CloudSimulation",
      of: [
        "CloudSimulation", "ClusterModel", "Infrastructure", "Workloads", "Probability",
        "Quantities", "DiscreteEvents", "Statistics", "Scheduling", "Autoscaling", "Controllers",
      ]),
    tests(
      "ScenarioFiles",
      of: [
        "ScenarioFiles", "CloudSimulation", "ClusterModel", "Infrastructure", "Workloads",
        "Probability", "Scheduling", "Statistics", "Quantities",
      ]),
    tests(
      "Experiments",
      of: [
        "Experiments", "CloudSimulation", "ClusterModel", "Infrastructure", "Workloads",
        "Probability", "Statistics", "Quantities", "Autoscaling",
      ]),
    tests(
      "TraceImport", of: ["TraceImport", "ScenarioFiles", "CloudSimulation", "Quantities"]),
    tests("Reporting", of: ["Reporting", "Statistics", "Quantities"]),
    tests(
      "Conformance",
      of: [
        "ScenarioFiles", "Experiments", "Autoscaling", "Scheduling", "ClusterModel", "Quantities",
      ], besides: ["Golden"]),
    tests(
      "Validation",
      of: [
        "Experiments", "Statistics", "Probability", "DiscreteEvents", "Quantities",
        "CloudSimulation", "ScenarioFiles", "Autoscaling", "ClusterModel", "Infrastructure",
        "Workloads", "Controllers",
      ]),
    tests(
      "Replay",
      of: [
        "CloudSimulation", "Experiments", "ScenarioFiles", "ClusterModel", "Infrastructure",
        "Workloads", "Probability", "Quantities", "DiscreteEvents", "Statistics", "Autoscaling",
      ]),
    tests("CommandLine", of: []),
    tests("Tidy", of: []),
  ],
  swiftLanguageModes: [.v6]
)
