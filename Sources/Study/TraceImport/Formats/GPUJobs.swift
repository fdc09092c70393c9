import ScenarioFiles

extension TraceFormat {
  static let dlrm = TraceFormat(
    "alibaba-dlrm", "Alibaba's disaggregated recommendation models of 2025 (CSV)",
    example: "disaggregated_DLRM_trace.csv", ofJobs
  ) { intake in
    let table = try Table(
      intake,
      requires: [
        "role", "cpu_request", "gpu_request", "memory_request", "creation_time", "deletion_time",
      ])
    let (cpu, gpus) = (table.place("cpu_request"), table.place("gpu_request"))
    let (memory, created) = (table.place("memory_request"), table.place("creation_time"))
    let deleted = table.place("deletion_time")
    intake.ignored = table.others(than: [
      "cpu_request", "gpu_request", "memory_request", "creation_time", "deletion_time",
    ])
    intake.unsupported = ["max_instance_per_node", "rdma_request"].filter(table.heading.contains)
    intake.ignored.removeAll { intake.unsupported.contains($0) }
    // What was there before the trace began arrives at its start, and what outlived it never ends;
    // but when the trace ended the file doesn't say.
    intake.assumptions.append("instances without a creation time were there at the start")
    while try table.next() {
      if table.isEmpty(deleted) {
        intake.counts.drop("outlived the trace", line: table.line)
        continue
      }
      let from = table.isEmpty(created) ? 0 : try table.seconds(created)
      let to = try table.seconds(deleted)
      guard to >= from else {
        throw table.failure(
          deleted, "out-of-order", "deleted before it was created: time goes back",
          expected: "at least \(table.text(created))")
      }
      let gigabytes = try table.number(memory, "GiB", below: 65_536)
      var size = JobSize(
        cpu: Int64((try table.number(cpu, "cores", below: 1e6) * 1000).rounded()),
        memory: Int64(gigabytes * 1_073_741_824))
      size.gpus = Int(try table.whole(gpus, "a number of devices", below: 100_000))
      try intake.addJob(size, at: from, lasting: to - from, row: table.row, line: table.line)
    }
  }

  static let tiresias = TraceFormat(
    "tiresias", "GPU jobs as Tiresias' experiments have them (CSV)", example: "60_job.csv", ofJobs
  ) { intake in
    let table = try Table(intake, requires: ["job_id", "num_gpu", "submit_time", "duration"])
    let (gpus, submitted) = (table.place("num_gpu"), table.place("submit_time"))
    let duration = table.place("duration")
    intake.ignored = table.others(than: ["num_gpu", "submit_time", "duration"])
    intake.assumptions.append(
      "a GPU comes with 4 cores and 8 GiB, which the trace doesn't say; a job is one Pod")
    var last: Int64 = 0
    while try table.next() {
      let at = try table.seconds(submitted)
      guard at >= last else {
        throw table.failure(
          submitted, "out-of-order",
          "\(table.text(submitted)) is earlier than the row before: time goes back",
          expected: "jobs in the order of their submission")
      }
      last = at
      let devices = Int(try table.whole(gpus, "a number of devices", below: 100_000))
      var size = JobSize(cpu: Int64(devices) * 4000, memory: Int64(devices) << 33)
      size.gpus = devices
      try intake.addJob(
        size, at: at, lasting: try table.seconds(duration), row: table.row, line: table.line)
    }
  }
}
