import ArgumentParser
import Experiments
import Foundation

/// What carries out a sweep's shards on an engine that runs arrays of tasks.
struct ArrayScript {
  /// Engines for which there is a script.
  enum Engine: String, ExpressibleByArgument, CaseIterable { case slurm, kubernetes, parallel }

  /// Slurm's `MaxArraySize` is 1,001 unless somebody has changed it.
  static let mostShards = 1_000

  /// The plan.
  let plan: SweepPlan
  /// The files of the input.
  let files: [String]
  /// Options of `sweep` that decide what is run.
  let options: [String]
  /// The sweep's folder.
  let folder: String
  /// Processors of a task.
  let jobs: Int
  /// How many tasks there are.
  let shards: Int
  /// How long all of it takes.
  let estimate: String

  func text(for engine: Engine) throws -> String {
    switch engine {
    case .slurm: slurm()
    case .kubernetes: try kubernetes()
    case .parallel: parallel()
    }
  }

  private var summary: String {
    "\(plan.experiment): \(plan.points.count) points, \(plan.replications) replications each, in"
      + " \(shards) shards; \(estimate)"
  }

  /// The program as it was called, so that tasks find the same one.
  private var program: String {
    let called = CommandLine.arguments[0]
    guard called.contains("/") else { return "spillway" }
    return shellQuoted(
      called.hasPrefix("/") ? called : FileManager.default.currentDirectoryPath + "/" + called)
  }

  private func slurm() -> String {
    let words = (files + options + ["--out", folder]).map(shellQuoted).joined(separator: " ")
    return """
      #!/usr/bin/env bash
      # \(summary).
      # `bash` this script: it hands itself in as an array, and a job that merges the shards.
      # A task that was killed goes on where it ended when it is handed in again:
      #   sbatch --array=3,17 THIS
      #SBATCH --job-name=spillway-\(plan.experiment)
      #SBATCH --array=1-\(shards)
      #SBATCH --cpus-per-task=\(jobs)
      #SBATCH --requeue
      #SBATCH --open-mode=append
      set -euo pipefail

      if [ -z "${SLURM_ARRAY_TASK_ID:-}" ]; then
        array=$(sbatch --parsable "$0")
        # Whatever became of the tasks, merging tells whether all is there.
        merge=$(sbatch --parsable --dependency="afterany:${array%%;*}" \\
          --job-name=spillway-\(plan.experiment)-merge \\
          --wrap \(shellQuoted("\(program) merge \(shellQuoted(folder))")))
        echo "array $array, merge $merge; then \(folder)/results.csv"
        exit
      fi
      # Some tasks of an array, handed in again, are counted anew: the number of shards stands here.
      export SPILLWAY_SHARD="$SLURM_ARRAY_TASK_ID/\(shards)"
      exec \(program) sweep \(words) \\
        --jobs "${SLURM_CPUS_PER_TASK:-\(jobs)}" --quiet

      """
  }

  private func parallel() -> String {
    let words = (files + options + ["--out", folder]).map(shellQuoted).joined(separator: " ")
    let task = "\(program) sweep \(words) --shard auto --shards \(shards) --jobs \(jobs) --quiet"
    return """
      #!/usr/bin/env bash
      # \(summary).
      # `bash` this script: GNU parallel runs the shards on this machine's processors, or, by its own
      # options (--sshlogin, --jobs), elsewhere. Run again, it goes on where it ended.
      set -uo pipefail

      # A job has its number in PARALLEL_SEQ; only --shards tells it of how many.
      workers=$(($(nproc) / \(jobs)))
      seq \(shards) | parallel --jobs "$((workers > 0 ? workers : 1))" -n0 --line-buffer "$@" \\
        \(shellQuoted(task))
      # Whatever became of the shards, merging tells whether all is there.
      exec \(program) merge \(shellQuoted(folder))

      """
  }

  private func kubernetes() throws -> String {
    let name = "spillway-\(Self.label(plan.experiment))"
    var data = ""
    var paths: [String] = []
    for (number, file) in files.enumerated() {
      guard let content = FileManager.default.contents(atPath: file), content.count < 900_000 else {
        throw ValidationError(
          "--emit kubernetes: \(file) can't be put into a ConfigMap; name single files under 900 kB"
        )
      }
      let key = "\(number)-\(Self.label((file as NSString).lastPathComponent))"
      paths.append("/plan/\(key)")
      data += "  \(key): |2\n"
      for line in String(decoding: content, as: UTF8.self).split(
        separator: "\n", omittingEmptySubsequences: false)
      { data += line.isEmpty ? "\n" : "    \(line)\n" }
    }
    let words = ["sweep"] + paths + options
    let arguments = (words + ["--shard", "auto", "--jobs", "\(jobs)", "--quiet", "--out", "/out"])
      .map { "        - \"\(Self.escaped($0))\"" }.joined(separator: "\n")
    return """
      # \(summary).
      # The claim `\(name)` is a volume that every node can write. Files that the input names, such
      # as a trace, belong into the ConfigMap too. When the Job has ended:
      #   spillway merge FOLDER
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: \(name)}
      data:
      \(data)---
      apiVersion: batch/v1
      kind: Job
      metadata: {name: \(name)}
      spec:
        completions: \(shards)
        parallelism: \(min(shards, 20))
        completionMode: Indexed
        backoffLimitPerIndex: 5
        podFailurePolicy:
          rules:
          - action: FailIndex
            onExitCodes: {operator: In, values: [64, 65, 66, 70]}
          - action: Ignore
            onPodConditions: [{type: DisruptionTarget}]
        template:
          spec:
            restartPolicy: Never
            containers:
            - name: spillway
              image: spillway:\(plan.version)
              env: [{name: JOB_COMPLETIONS, value: "\(shards)"}]
              args:
      \(arguments)
              resources: {requests: {cpu: "\(jobs)", memory: 512Mi}}
              volumeMounts:
              - {name: plan, mountPath: /plan}
              - {name: out, mountPath: /out}
            volumes:
            - name: plan
              configMap: {name: \(name)}
            - name: out
              persistentVolumeClaim: {claimName: \(name)}

      """
  }

  /// A name as Kubernetes takes it: lower case letters, digits, dots and hyphens.
  private static func label(_ text: String) -> String {
    let mapped = text.lowercased().map { character in
      character.isASCII && (character.isLetter || character.isNumber || character == ".")
        ? character : "-"
    }
    return String(mapped)
  }

  private static func escaped(_ text: String) -> String {
    text.replacingOccurrences(of: "\\", with: "\\\\").replacingOccurrences(of: "\"", with: "\\\"")
  }
}
