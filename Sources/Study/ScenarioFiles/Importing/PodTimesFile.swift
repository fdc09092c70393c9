import Foundation
import Quantities

/// The timestamps in a dump of Pods, as `kubectl get pods,nodes,replicasets -A -o yaml` prints it.
///
/// A Pod's workload is the Deployment, StatefulSet, DaemonSet or Job at the top of its owners as far as
/// the dump shows them; a ReplicaSet that isn't in it is taken for a Deployment's by its hash. Its site
/// is that of its node: a virtual one by label, or by its name if the dump has no nodes.
public struct PodTimesFile: Sendable {
  /// One Pod's timestamps, in seconds since 1970.
  public struct PodTimes: Hashable, Sendable {
    /// Its workload, as `Kind/namespace/name`; the Pod itself if nobody owns it.
    public var workload: String
    /// Whether that is a Job, whose Pods come and go.
    public var isJob: Bool
    /// Whether its node is a virtual one; nil while it has none.
    public var isVirtual: Bool?
    /// When it was created.
    public var created: Int64
    /// When PodScheduled became true.
    public var scheduled: Int64?
    /// When Initialized did: its init containers had ended.
    public var initialized: Int64?
    /// When the last of its containers started; nil also if one has been restarted, whose first start
    /// nobody knows any more.
    public var started: Int64?
    /// When Ready became true, if it still is, or when its containers had ended.
    public var ready: Int64?
    /// Whether a container was restarted, or the Pod was ready once and isn't any more: how long its
    /// first start took nobody knows.
    public var hasBegunAnew: Bool
    /// Whether it has ended or is told to stop, so that nothing about it is under way.
    public var isLeaving: Bool
  }

  /// The Pods in the order of the dump.
  public private(set) var pods: [PodTimes] = []
  /// When the dump was made at the earliest: its latest timestamp.
  public private(set) var latest: Int64 = 0
  /// What was assumed, each at its place.
  public private(set) var warnings: [Diagnostic] = []

  /// Reads a file or a folder of manifests.
  ///
  /// - Throws: ``InvalidInput`` if it can't be read or has no Pod with a creation time.
  public init(path: String) throws(InvalidInput) {
    var files = FileReading()
    files.read(path)
    try self.init(files)
  }

  /// Reads a text of YAML or JSON.
  ///
  /// - Throws: ``InvalidInput`` if it can't be read or has no Pod with a creation time.
  public init(text: String, called name: String) throws(InvalidInput) {
    var files = FileReading()
    files.read(text, called: name)
    try self.init(files)
  }

  /// A date and time as RFC 3339 has it, in seconds since 1970; nil for anything else.
  public static func seconds(of text: String) -> Int64? {
    timestamp(text).map { $0 / 1_000_000_000 }
  }

  private init(_ files: FileReading) throws(InvalidInput) {
    let errors = (files.diagnostics + files.reading.diagnostics).filter { $0.severity == .error }
    guard errors.isEmpty else { throw InvalidInput(diagnostics: errors) }
    var reading = PodTimesReading(files.sources, files.reading.documents)
    for document in files.reading.documents where document.kind == "Pod" {
      if let pod = reading.pod(document) { pods.append(pod) }
    }
    latest = reading.latest
    warnings = reading.diagnostics
    guard !pods.isEmpty else {
      throw InvalidInput(
        diagnostics: reading.diagnostics + [
          Diagnostic(
            file: files.sources.texts.first?.name ?? "", code: "empty-file",
            message: "no Pod with a creation time in it",
            expected: "a dump by kubectl get pods -A -o yaml (or json), with its status")
        ])
    }
  }
}

/// Takes Pods' timestamps out of documents.
private struct PodTimesReading {
  let sources: Sources
  private(set) var latest: Int64 = 0
  private(set) var diagnostics: [Diagnostic] = []
  private var owners: [String: String] = [:]  // name look-up
  private var virtual: [String: Bool] = [:]  // name look-up

  init(_ sources: Sources, _ documents: [Document]) {
    self.sources = sources
    for document in documents {
      if document.kind == "Node" {
        let labels = document.tree.value(at: ["metadata", "labels"])
        virtual[document.name] =
          labels?["node.kubernetes.io/instance-type"]?.text == "eklet"
          || labels?["type"]?.text == "virtual-kubelet"
          || labels?["eks.amazonaws.com/compute-type"]?.text == "fargate"
      } else if ["ReplicaSet", "Job"].contains(document.kind), let owner = owner(of: document) {
        owners["\(document.kind)/\(document.namespace)/\(document.name)"] = owner
      }
    }
  }

  private func owner(of document: Document) -> String? {
    let references = document.tree.value(at: ["metadata", "ownerReferences"])?.elements ?? []
    guard let owner = references.first(where: { $0["controller"]?.text == "true" }),
      let kind = owner["kind"]?.text, let name = owner["name"]?.text
    else { return nil }
    return "\(kind)/\(document.namespace)/\(name)"
  }

  /// The workload at the top of a Pod's owners.
  private func workload(of document: Document) -> String {
    guard let owner = owner(of: document) else {
      return "Pod/\(document.namespace)/\(document.name)"
    }
    if owner.hasPrefix("Job/") { return owner }
    if let top = owners[owner] { return top }
    guard owner.hasPrefix("ReplicaSet/"),
      let hash = document.tree.value(at: ["metadata", "labels", "pod-template-hash"])?.text,
      owner.hasSuffix("-\(hash)")
    else { return owner }
    return "Deployment/" + owner.dropFirst("ReplicaSet/".count).dropLast(hash.count + 1)
  }

  /// A Pod with its timestamps; nil without a creation time.
  mutating func pod(_ document: Document) -> PodTimesFile.PodTimes? {
    let tree = document.tree
    guard let created = time(tree.value(at: ["metadata", "creationTimestamp"])) else {
      if tree.value(at: ["metadata", "creationTimestamp"]) == nil {
        warn(
          document.namePlace, "missing-key",
          "\(document.namespace)/\(document.name) has no creation time; it was left out")
      }
      return nil
    }
    let top = workload(of: document)
    let phase = tree.value(at: ["status", "phase"])?.text
    let isFinished = phase == "Succeeded" || phase == "Failed"
    var pod = PodTimesFile.PodTimes(
      workload: top, isJob: top.hasPrefix("Job/"), isVirtual: isVirtual(tree), created: created,
      hasBegunAnew: false,
      isLeaving: isFinished || tree.value(at: ["metadata", "deletionTimestamp"]) != nil)
    var unready: Int64?
    for condition in tree.value(at: ["status", "conditions"])?.elements ?? [] {
      let at = time(condition["lastTransitionTime"])
      guard condition["status"]?.text == "True" else {
        if condition["type"]?.text == "Ready" { unready = at }
        continue
      }
      switch condition["type"]?.text {
      case "PodScheduled": pod.scheduled = at
      case "Initialized": pod.initialized = at
      case "Ready": pod.ready = at
      default: break
      }
    }
    readContainers(of: tree, into: &pod)
    if let started = pod.started, let unready, unready > started { pod.hasBegunAnew = true }
    order(&pod, document)
    return pod
  }

  private func isVirtual(_ tree: ManifestValue) -> Bool? {
    guard let node = tree.value(at: ["spec", "nodeName"])?.text, !node.isEmpty else { return nil }
    if let known = virtual[node] { return known }
    return ["eklet-", "fargate-", "virtual-kubelet"].contains { node.hasPrefix($0) }
  }

  private mutating func readContainers(
    of tree: ManifestValue, into pod: inout PodTimesFile.PodTimes
  ) {
    let containers = tree.value(at: ["status", "containerStatuses"])?.elements ?? []
    var starts: [Int64] = []
    for container in containers {
      if let restarts = container["restartCount"]?.text, restarts != "0" { pod.hasBegunAnew = true }
      for state in ["running", "terminated"] {
        if let at = time(container.value(at: ["state", state, "startedAt"])) { starts.append(at) }
      }
    }
    if !pod.hasBegunAnew, starts.count == containers.count { pod.started = starts.max() }
  }

  /// Timestamps that go backwards can't all be meant: the later stage is left out.
  private mutating func order(_ pod: inout PodTimesFile.PodTimes, _ document: Document) {
    let name = "\(document.namespace)/\(document.name)"
    func note(_ reading: inout Self, _ word: String) {
      reading.warn(
        document.namePlace, "out-of-order",
        "\(name): \(word) lies before the stage ahead of it; it was left out")
    }
    if let at = pod.scheduled, at < pod.created {
      pod.scheduled = nil
      note(&self, "PodScheduled")
    }
    let before = pod.scheduled ?? pod.created
    if let at = pod.initialized, at < before {
      pod.initialized = nil
      note(&self, "Initialized")
    }
    if let at = pod.started, at < pod.initialized ?? before {
      pod.started = nil
      note(&self, "a container's start")
    }
    if let at = pod.ready, at < pod.started ?? pod.initialized ?? before {
      pod.ready = nil
      note(&self, "Ready")
    }
  }

  private mutating func time(_ value: ManifestValue?) -> Int64? {
    guard let value, let text = value.text, !text.isEmpty, !value.isNull, text != "null" else {
      return nil
    }
    guard let nanoseconds = timestamp(text) else {
      warn(
        value.place, "wrong-value", "\"\(text)\" is no date and time; it was left out",
        width: text.count)
      return nil
    }
    let seconds =
      (nanoseconds - ((nanoseconds % 1_000_000_000) + 1_000_000_000) % 1_000_000_000)
      / 1_000_000_000
    latest = max(latest, seconds)
    return seconds
  }

  private mutating func warn(_ place: Place, _ code: String, _ message: String, width: Int = 1) {
    guard diagnostics.count < 20 else { return }
    diagnostics.append(sources.diagnostic(.warning, at: place, code, message, width: width))
  }
}
