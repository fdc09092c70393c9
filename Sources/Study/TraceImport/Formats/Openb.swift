import Foundation
import ScenarioFiles

extension TraceFormat {
  static let openb = TraceFormat(
    "openb", "Alibaba's GPU cluster of 2023: a list of Pods, or its folder (CSV)",
    example: "openb_pod_list_default.csv", ofJobs
  ) { intake in
    var pods = intake.path
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: pods, isDirectory: &isFolder), isFolder.boolValue {
      pods += "/openb_pod_list_default.csv"
    }
    try readOpenbPods(pods, intake)
    let folder = (pods as NSString).deletingLastPathComponent
    let nodes = (folder.isEmpty ? "" : folder + "/") + "openb_node_list_gpu_node.csv"
    if FileManager.default.fileExists(atPath: nodes) {
      try readOpenbNodes(nodes, intake)
      intake.assumptions.append(
        "the machines are those of \((nodes as NSString).lastPathComponent)")
    }
  }

  private static func readOpenbPods(_ path: String, _ intake: Intake) throws {
    let table = try Table(
      intake, path: path, requires: ["name", "cpu_milli", "memory_mib", "num_gpu", "gpu_milli"])
    let (cpu, memory) = (table.place("cpu_milli"), table.place("memory_mib"))
    let (gpus, share) = (table.place("num_gpu"), table.place("gpu_milli"))
    let models = table.column("gpu_spec")
    let (created, deleted) = (table.column("creation_time"), table.column("deletion_time"))
    if created == nil {
      intake.assumptions.append(
        "no times in the file: every Pod comes at the start and works for an hour")
    }
    intake.ignored = table.others(than: [
      "cpu_milli", "memory_mib", "num_gpu", "gpu_milli", "gpu_spec", "creation_time",
      "deletion_time",
    ])
    while try table.next() {
      var size = JobSize()
      size.cpu = try table.whole(cpu, "thousandths of a core")
      size.memory = try table.whole(memory, "MiB", below: 1_073_741_824) << 20
      size.gpus = Int(try table.whole(gpus, "a number of devices", below: 1000))
      size.gpuShare =
        size.gpus > 0 ? Int(try table.whole(share, "thousandths of a device", below: 1001)) : 0
      if let models { size.gpuModels = table.text(models) }
      guard let created, let deleted else {
        try intake.addJob(
          size, at: 0, lasting: 3_600_000_000_000, row: table.row, line: table.line)
        continue
      }
      if table.isEmpty(created) {
        intake.counts.drop("no creation time", line: table.line)
        continue
      }
      if table.isEmpty(deleted) {
        intake.counts.drop("no deletion time", line: table.line)
        continue
      }
      let (from, to) = (try table.seconds(created), try table.seconds(deleted))
      guard to >= from else {
        throw table.failure(
          deleted, "out-of-order", "deleted before it was created: time goes back",
          expected: "at least \(table.text(created))")
      }
      try intake.addJob(size, at: from, lasting: to - from, row: table.row, line: table.line)
    }
  }

  private static func readOpenbNodes(_ path: String, _ intake: Intake) throws {
    let table = try Table(
      intake, path: path, requires: ["sn", "cpu_milli", "memory_mib", "gpu", "model"])
    let counts = intake.counts
    var groups: [NodeGroup] = []
    while try table.next() {
      var group = NodeGroup(
        name: "", count: 1,
        cpu: try table.whole(table.place("cpu_milli"), "thousandths of a core"),
        memory: try table.whole(table.place("memory_mib"), "MiB", below: 1_073_741_824) << 20,
        gpus: Int(try table.whole(table.place("gpu"), "a number of devices", below: 1000)),
        gpuModel: table.text(table.place("model")))
      if let index = groups.firstIndex(where: {
        $0.cpu == group.cpu && $0.memory == group.memory && $0.gpus == group.gpus
          && $0.gpuModel == group.gpuModel
      }) {
        groups[index].count += 1
      } else {
        group.name = "nodes-\(groups.count)"
        groups.append(group)
      }
    }
    intake.counts = counts
    intake.content.nodes = groups
  }
}
