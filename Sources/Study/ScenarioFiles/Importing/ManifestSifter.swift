import CloudSimulation
import ClusterModel
import Quantities
import Scheduling
import Statistics

/// Goes through manifests object by object: says what each is and how much of it is understood, and
/// hands it over as one line of JSON without what only an API server needs.
///
/// Memory follows the largest object, not the file.
public struct ManifestSifter: Sendable {
  /// One object.
  public struct Object: Sendable {
    /// Its kind.
    public var kind: String
    /// Its namespace; empty for kinds without one.
    public var namespace: String
    /// Its name.
    public var name: String
    /// `spec.replicas`, where it is given.
    public var replicas: Int?
    /// What the Pod, or one Pod of the workload, asks for; nothing of other kinds.
    public var requests: Resources
    /// Whether it is a Pod that a workload made.
    public var hasOwner: Bool
    /// Its manifest on one line.
    public var json: String
  }

  /// The file's name, for diagnostics.
  public var file: String
  /// What was read so far, by kind.
  public private(set) var input: [InputSummary] = []
  /// Objects that aren't handed over, by kind: nothing is known about it, or it is one of ours, and so
  /// part of a scenario already.
  public private(set) var unknown: [(kind: String, count: Int)] = []
  private let plugins = PluginRegistry()

  /// A sifter at the start of a file.
  public init(file: String) { self.file = file }

  /// Goes through a text of one or several objects.
  ///
  /// - Parameters:
  ///   - bytes: YAML or JSON.
  ///   - isJSON: which of both.
  ///   - line: the number of its first line in the file, from 1.
  ///   - body: takes each object that is understood.
  /// - Throws: ``InvalidInput`` with what is wrong with them, or what `body` throws.
  public mutating func sift(
    _ bytes: [UInt8], isJSON: Bool, line: Int, _ body: (Object) throws -> Void
  ) throws {
    let text = SourceText(name: file, bytes: bytes, countsBytes: isJSON)
    var reading = DocumentReading()
    var sources = Sources()
    let number = sources.add(text)
    reading.sources = sources
    var diagnostics: [Diagnostic] = []
    do {
      try text.documents(number: number) { reading.add($0) }
    } catch let error as ParsingError where error.code == "empty-file" {
      return
    } catch let error as ParsingError {
      diagnostics.append(sources.diagnostic(error))
    }
    diagnostics += reading.diagnostics
    let ours = reading.documents.filter(\.isOwn).map { (kind: $0.kind, count: 1) }
    for other in reading.otherKinds + ours {
      if let index = unknown.firstIndex(where: { $0.kind == other.kind }) {
        unknown[index].count += other.count
      } else {
        unknown.append(other)
      }
    }
    let native = reading.documents.filter { !$0.isOwn }
    for document in native {
      let read = document.read(sources, plugins)
      diagnostics += read.diagnostics
      count(document, read)
    }
    let errors = diagnostics.filter { $0.severity == .error }
    guard errors.isEmpty else {
      throw InvalidInput(
        diagnostics: errors.map { error in
          var error = error
          error.line += line - 1
          return error
        })
    }
    for document in native { try body(Self.object(document)) }
  }

  /// The kind, namespace and name of an object in JSON, as `Deployment/default/web`, whatever else is
  /// wrong with it; nil if it has none.
  ///
  /// - Throws: ``InvalidInput`` for what isn't JSON.
  public func identity(of bytes: [UInt8], line: Int) throws(InvalidInput) -> String? {
    let text = SourceText(name: file, bytes: bytes, countsBytes: true)
    var sources = Sources()
    let number = sources.add(text)
    var identity: String?
    do {
      try text.documents(number: number) { value in
        guard let kind = value["kind"]?.text, let metadata = value["metadata"],
          let name = metadata["name"]?.text
        else { return }
        identity = "\(kind)/\(metadata["namespace"]?.text ?? "default")/\(name)"
      }
    } catch {
      guard let error = error as? ParsingError else { return nil }
      var diagnostic = sources.diagnostic(error)
      diagnostic.line += line - 1
      throw InvalidInput(diagnostic)
    }
    return identity
  }

  private mutating func count(_ document: Document, _ read: ReadDocument) {
    let index = input.firstIndex { $0.kind >= document.kind } ?? input.count
    if index == input.count || input[index].kind != document.kind {
      input.insert(InputSummary(kind: document.kind), at: index)
    }
    input[index].objects += 1
    input[index].read += read.counts.read
    input[index].ignored += read.counts.ignored
    input[index].unsupported += read.counts.unsupported.count
    for field in read.counts.unsupported where !input[index].unsupportedFields.contains(field) {
      input[index].unsupportedFields.append(field)
    }
  }

  private static func object(_ document: Document) -> Object {
    let tree = document.tree
    let spec = document.kind == "Pod" ? tree["spec"] : tree.value(at: ["spec", "template", "spec"])
    return Object(
      kind: document.kind, namespace: document.namespace, name: document.name,
      replicas: tree.value(at: ["spec", "replicas"])?.text.flatMap { Int($0) },
      requests: spec.map(requests) ?? Resources(),
      hasOwner: !(tree.value(at: ["metadata", "ownerReferences"])?.elements.isEmpty ?? true),
      json: tree.json(in: []))
  }

  /// CPU and memory of a Pod's containers together; amounts that aren't quantities count nothing.
  private static func requests(_ spec: ManifestValue) -> Resources {
    // Far above what any machine has, and far below where sums overflow.
    let most: Int64 = 1 << 50
    var sum = Resources()
    for container in spec["containers"]?.elements ?? [] {
      let amounts =
        container.value(at: ["resources", "requests"])
        ?? container.value(at: ["resources", "limits"])
      if let text = amounts?["cpu"]?.text, let milli = try? Quantity.parse(text).milliValue {
        sum.cpu = min(sum.cpu + min(milli, most), most)
      }
      if let text = amounts?["memory"]?.text, let quantity = try? Quantity.parse(text) {
        sum.memory = min(sum.memory + min(quantity.value, most), most)
      }
    }
    return sum
  }
}

extension ManifestValue {
  /// What only an API server or kubectl reads, and what is most of a dump's bytes.
  private static let left = [
    "managedFields", "resourceVersion", "uid", "selfLink",
    "kubectl.kubernetes.io/last-applied-configuration",
  ]

  /// The value as JSON on one line.
  fileprivate func json(in path: [String]) -> String {
    switch content {
    case .null: return "null"
    case .scalar(let text, let isQuoted):
      if !isQuoted, text == "true" || text == "false" || Self.isNumber(text) { return text }
      return quoted(text)
    case .list(let elements):
      return "[" + elements.map { $0.json(in: path) }.joined(separator: ",") + "]"
    case .mapping(let entries):
      let isMetadata = path.last == "metadata" || path.last == "annotations"
      var parts: [String] = []
      for entry in entries where !entry.value.isNull {
        if isMetadata, Self.left.contains(entry.key) { continue }
        parts.append(quoted(entry.key) + ":" + entry.value.json(in: [entry.key]))
      }
      return "{" + parts.joined(separator: ",") + "}"
    }
  }

  /// Whether a plain scalar is a number that JSON writes the same way.
  private static func isNumber(_ text: String) -> Bool {
    let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
    guard let first = digits.first, first.isASCII, first.isNumber,
      first != "0" || digits.count == 1 || digits.dropFirst().first == "."
    else { return false }
    return digits.allSatisfy { $0.isASCII && ($0.isNumber || $0 == ".") } && Double(text) != nil
  }
}
