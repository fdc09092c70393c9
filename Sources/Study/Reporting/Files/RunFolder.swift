import Statistics

/// The folder that a run leaves behind.
///
/// Everything is written into a folder beside it, which takes the run's name only when all is
/// there and on disk: whoever finds the folder finds a whole run, or one that says it is partial.
/// A folder without `manifest.json` is no run.
public final class RunFolder {
  /// What a run's folder may hold.
  private static let files = [
    "manifest.json", "summary.json", "report.md", "report.html", "junit.xml",
  ]
  private static let folders = [(name: "charts", ending: ".svg"), (name: "csv", ending: ".csv")]

  /// The folder that will hold the run.
  public let path: String
  /// The folder that holds it until it is complete.
  let workingPath: String
  private var isOpen = true

  /// Prepares a run's folder.
  ///
  /// - Throws: ``OutputError`` if the place is taken by something other than an empty folder or a
  ///   run, complete or partial, or if nothing can be written there.
  public init(at path: String) throws(OutputError) {
    self.path = try Self.destination(path)
    try Self.checkReplaceable(self.path)
    let (parent, name) = Self.split(self.path)
    try FolderCalls.makeAll(parent)
    workingPath = try Self.makeSibling(of: name, in: parent, "unfinished")
  }

  deinit { discard() }

  /// Writes a whole run: summary, report, charts, JUnit, the summary's own tables and others.
  public static func write(
    _ summary: RunSummary, tables: [ResultTable] = [], manifest: RunManifest, at path: String
  ) throws(OutputError) {
    let folder = try RunFolder(at: path)
    try folder.write(summary)
    for table in tables { try folder.write(table) }
    try folder.complete(manifest)
  }

  /// Writes a text file, such as `report.md`.
  public func write(_ text: String, to name: String) throws(OutputError) {
    let sink = try sink(for: name)
    try sink.write(text)
    try sink.finish()
  }

  /// Opens a file that is written piece by piece, such as `csv/events.csv`; its writer finishes it.
  public func sink(for name: String) throws(OutputError) -> FileSink {
    if let slash = name.lastIndex(of: "/") {
      try FolderCalls.makeAll("\(workingPath)/\(name[..<slash])")
    }
    return try FileSink(path: "\(workingPath)/\(name)")
  }

  /// Writes a table as `csv/NAME.csv`.
  public func write(_ table: ResultTable) throws(OutputError) {
    let sink = try sink(for: "csv/\(table.name).csv")
    let writer = try CSVWriter(columns: table.columns, to: sink)
    for row in table.rows { try writer.write(row) }
    try sink.finish()
  }

  /// Writes what follows from a summary: `summary.json`, `report.md`, `report.html`, `charts/`,
  /// `junit.xml` where there are claims, and in `csv/` curves, bill, nodes and groups of Pods.
  public func write(_ summary: RunSummary) throws(OutputError) {
    try write(SummaryJSON.render(summary), to: "summary.json")
    if !summary.claims.isEmpty { try write(JUnitReport.render(summary), to: "junit.xml") }
    try write(SummaryTables.throughput(summary))
    try write(SummaryTables.bill(summary))
    if let table = SummaryTables.nodes(summary.history) { try write(table) }
    if let table = SummaryTables.podGroups(summary.history) { try write(table) }
    // Made of what the folder says, so that reports made anew are the same to the last byte.
    let shown: RunSummary
    do {
      shown = try SummaryReader.read(folder: workingPath)
    } catch {
      throw OutputError(.cannotWrite, path: path, reason: "\(error)")
    }
    for report in Self.reports(of: shown) { try write(report.text, to: report.name) }
  }

  /// What is made of a summary for people: names within the folder and texts.
  private static func reports(of summary: RunSummary) -> [(name: String, text: String)] {
    let charts = ReportCharts.render(summary)
    return charts.map { ("charts/\($0.file)", $0.svg) } + [
      ("report.md", MarkdownReport.render(summary, charts: charts)),
      ("report.html", HTMLReport.render(summary)),
    ]
  }

  /// Writes the reports of a finished run anew; each takes its name only when it is whole.
  public static func renewReports(
    _ summary: RunSummary, in folder: String
  ) throws(OutputError) {
    try FolderCalls.makeAll("\(folder)/charts")
    for report in reports(of: summary) {
      let unfinished = "\(folder)/.unfinished-report"
      let sink = try FileSink(path: unfinished)
      try sink.write(report.text)
      try sink.finish()
      try FolderCalls.move(unfinished, to: "\(folder)/\(report.name)")
    }
  }

  /// Writes what follows from a search for a plan: `summary.json`, `report.md`, `charts/` and
  /// `csv/visited.csv`.
  public func write(_ plan: PlanSummary) throws(OutputError) {
    try write(PlanReport.json(plan).rendered(), to: "summary.json")
    for chart in PlanReport.charts(plan) { try write(chart.svg, to: "charts/\(chart.file)") }
    try write(PlanReport.markdown(plan), to: "report.md")
    try write(PlanReport.visited(plan))
  }

  /// Adds `manifest.json` and gives the folder its name, in place of an earlier run.
  public func complete(_ manifest: RunManifest) throws(OutputError) {
    precondition(isOpen, "A run's folder is completed once.")
    try write(manifest.rendered(), to: "manifest.json")
    for folder in Self.folders
    where try FolderCalls.entry(at: "\(workingPath)/\(folder.name)") == .folder {
      try FolderCalls.synchronise("\(workingPath)/\(folder.name)")
    }
    try FolderCalls.synchronise(workingPath)
    // Somebody may have put something there since the run began.
    try Self.checkReplaceable(path)
    let (parent, name) = Self.split(path)
    if try FolderCalls.entry(at: path) == .folder {
      try replace(name, in: parent)
    } else {
      try FolderCalls.move(workingPath, to: path)
    }
    isOpen = false
    try FolderCalls.synchronise(parent)
  }

  /// Deletes what has been written, if the run hasn't been completed.
  public func discard() {
    guard isOpen else { return }
    isOpen = false
    // There is nobody left to tell; what remains has no manifest and so is no run.
    try? FolderCalls.remove(workingPath)
  }

  /// Moves the earlier run aside, this one into its place, and deletes the earlier one; should the
  /// second step fail, the first is taken back.
  private func replace(_ name: String, in parent: String) throws(OutputError) {
    let aside = try Self.makeSibling(of: name, in: parent, "replaced")
    try FolderCalls.move(path, to: "\(aside)/\(name)")
    do throws(OutputError) {
      try FolderCalls.move(workingPath, to: path)
    } catch {
      try FolderCalls.move("\(aside)/\(name)", to: path)
      try FolderCalls.remove(aside)
      throw error
    }
    try FolderCalls.remove(aside)
  }
}

extension RunFolder {
  /// The path without slashes at its end and with links followed.
  private static func destination(_ path: String) throws(OutputError) -> String {
    var path = path
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    if path.isEmpty { throw OutputError(.cannotCreate, path: "--out", reason: "the name is empty") }
    let last = path.split(separator: "/").last ?? "."
    let isSpecial = last == "." || last == ".."
    let isLink = try FolderCalls.entry(at: path) == .link
    guard isSpecial || isLink else { return path }
    guard let resolved = FolderCalls.resolved(path) else {
      throw OutputError(.cannotCreate, path: path, reason: "leads nowhere")
    }
    if isSpecial || resolved == FolderCalls.resolved(".") {
      throw OutputError(
        .cannotCreate, path: path, reason: "a run needs a folder of its own; give another name")
    }
    return resolved
  }

  private static func split(_ path: String) -> (parent: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return (".", path) }
    let parent = slash == path.startIndex ? "/" : String(path[..<slash])
    return (parent, String(path[path.index(after: slash)...]))
  }

  /// Makes a new folder beside another, with a name that says what it is for.
  private static func makeSibling(
    of name: String, in parent: String, _ purpose: String
  ) throws(OutputError) -> String {
    for number in 1...1000 {
      let suffix = number == 1 ? "" : "-\(number)"
      let path = "\(parent)/.\(name).\(purpose)\(suffix)"
      if try FolderCalls.make(path) { return path }
    }
    throw OutputError(
      .cannotCreate, path: "\(parent)/.\(name).\(purpose)",
      reason: "a thousand unfinished runs are in its place; delete them")
  }

  /// Refuses to replace anything but an empty folder or a run's.
  private static func checkReplaceable(_ path: String) throws(OutputError) {
    switch try FolderCalls.entry(at: path) {
    case .nothing: return
    case .folder: break
    case .link, .other:
      throw OutputError(.cannotCreate, path: path, reason: "is there already and is no folder")
    }
    let names = try FolderCalls.names(in: path)
    if names.isEmpty { return }
    let beginning = FolderCalls.beginning(of: "\(path)/manifest.json", bytes: 256)
    guard let beginning, RunManifest.isManifest(beginning) else {
      throw OutputError(
        .cannotCreate, path: path,
        reason: "holds \(names[0]) but no run; give another name, or empty it")
    }
    var strangers: [String] = []
    for name in names where !files.contains(name) {
      guard let folder = folders.first(where: { $0.name == name }),
        try FolderCalls.entry(at: "\(path)/\(name)") == .folder
      else {
        strangers.append(name)
        continue
      }
      let inside = try FolderCalls.names(in: "\(path)/\(name)")
      strangers += inside.filter { !$0.hasSuffix(folder.ending) }.map { "\(name)/\($0)" }
    }
    if let stranger = strangers.first {
      throw OutputError(
        .cannotCreate, path: path,
        reason: "holds \(stranger), which is no part of a run; give another name, or move it away")
    }
  }
}
