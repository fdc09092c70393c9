import Foundation
import Synchronization

/// What the program knows of where its output goes.
///
/// The only place that reads the environment.
struct Terminal {
  /// Whether standard output is a terminal.
  let isInteractive = isatty(STDOUT_FILENO) == 1
  /// Whether talk on standard error is read by somebody live.
  let showsProgress: Bool
  /// Whether colours are wanted.
  let color: Bool
  /// How many columns there are.
  let width: Int
  /// Whether GitHub Actions reads the output.
  let isGitHub: Bool
  /// Where GitHub wants a step's summary.
  let stepSummary: String?

  init() {
    let environment = ProcessInfo.processInfo.environment
    let dumb = environment["TERM"] == "dumb"
    let plain = environment["NO_COLOR"].map { !$0.isEmpty } ?? false
    let forced = environment["CLICOLOR_FORCE"].map { $0 != "0" && !$0.isEmpty } ?? false
    showsProgress = isatty(STDERR_FILENO) == 1 && environment["CI"] == nil && !dumb
    color = forced || (isatty(STDOUT_FILENO) == 1 && !plain && !dumb)
    width = environment["COLUMNS"].flatMap { Int($0) } ?? Self.windowWidth() ?? 100
    isGitHub = environment["GITHUB_ACTIONS"] == "true"
    stepSummary = environment["GITHUB_STEP_SUMMARY"]
  }

  private static func windowWidth() -> Int? {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }
}

/// Writes a line to standard error.
func complain(_ text: String) {
  // Where even that can't be written there is nobody left to tell.
  _ = emit(text + "\n", to: STDERR_FILENO)
}

/// Writes text to standard output; a full disk ends the program.
///
/// A reader that has had enough, such as `head`, is no error: what the command has found stays, and
/// so does its exit status.
func say(_ text: String) {
  let failure = emit(text, to: STDOUT_FILENO)
  guard failure != 0, failure != EPIPE else { return }
  complain("spillway: can't write standard output: \(String(cString: strerror(failure)))")
  exit(ExitStatus.outputError.rawValue)
}

/// Appends to the summary that GitHub shows of a step, if there is one.
func appendToStepSummary(_ text: String) {
  guard let path = Terminal().stepSummary else { return }
  guard let handle = FileHandle(forWritingAtPath: path) ?? created(path) else {
    complain("spillway: warning: GITHUB_STEP_SUMMARY, \(path), can't be written")
    return
  }
  handle.seekToEndOfFile()
  handle.write(Data(text.utf8))
  try? handle.close()
}

private func created(_ path: String) -> FileHandle? {
  FileManager.default.createFile(atPath: path, contents: nil)
    ? FileHandle(forWritingAtPath: path) : nil
}

/// Writes all of a text.
///
/// - Returns: 0, or why it couldn't be written, as an `errno`.
private func emit(_ text: String, to descriptor: Int32) -> Int32 {
  var text = text
  return text.withUTF8 { bytes in
    var rest = UnsafeRawBufferPointer(bytes)
    while let start = rest.baseAddress, !rest.isEmpty {
      let count = Foundation.write(descriptor, start, rest.count)
      if count < 0 {
        if errno == EINTR { continue }
        return errno
      }
      rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
    }
    return 0
  }
}

/// One line that says how far a run has come; at most ten times a second, and wiped at the end.
final class ProgressLine: Sendable {
  private struct State {
    var last: ContinuousClock.Instant?
    var printedTenths = 0
  }
  private let state = Mutex(State())
  private let isLive: Bool
  private let isQuiet: Bool
  private let begun = ContinuousClock.now

  /// - Parameters:
  ///   - isLive: rewrite one line; otherwise a line for every tenth.
  ///   - isQuiet: say nothing.
  init(isLive: Bool, isQuiet: Bool) {
    self.isLive = isLive
    self.isQuiet = isQuiet
  }

  /// Shows that so many of a phase's runs are done.
  func show(_ phase: String, done: Int, of total: Int) {
    guard !isQuiet else { return }
    let now = ContinuousClock.now
    state.withLock { state in
      if isLive {
        if done < total, let last = state.last, now - last < .milliseconds(100) { return }
        state.last = now
        let left = remaining(done: done, of: total, elapsed: now - begun)
        write("\r\u{1B}[2K  \(phase) \(done)/\(total)\(left)")
      } else if begun.duration(to: now) > .seconds(10), total > 0 {
        let tenths = done * 10 / total
        guard tenths > state.printedTenths else { return }
        state.printedTenths = tenths
        write("\(phase): \(done) of \(total)\n")
      }
    }
  }

  private func remaining(done: Int, of total: Int, elapsed: Duration) -> String {
    guard done > 0, done < total else { return "" }
    let seconds = Double(elapsed.components.seconds) * Double(total - done) / Double(done)
    return seconds < 2 ? "" : ", about \(Int(seconds.rounded())) s left"
  }

  /// Wipes the line.
  func finish() { if isLive, !isQuiet { write("\r\u{1B}[2K") } }

  private func write(_ text: String) { _ = emit(text, to: STDERR_FILENO) }
}

/// Notices Ctrl-C once, while there is work that has something to show for itself; a second one ends
/// the program at once, and so does the first before such work.
enum Interrupts {
  private static let seen = Atomic<Bool>(false)
  private static let terminated = Atomic<Bool>(false)
  private static let hasWork = Atomic<Bool>(false)

  /// Starts noticing. Output to a closed pipe, and a file that grows beyond a limit, become errors
  /// instead of a death.
  static func watch() {
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
    signal(SIGINT) { _ in Interrupts.note() }
    signal(SIGTERM) { _ in
      Interrupts.terminated.store(true, ordering: .relaxed)
      Interrupts.note()
    }
  }

  /// Whether it was the system that wanted the process to stop, as a batch system does to make room.
  static var isPreemption: Bool { terminated.load(ordering: .relaxed) }

  private static func note() {
    if seen.exchange(true, ordering: .relaxed) || !hasWork.load(ordering: .relaxed) {
      _exit(status.rawValue)
    }
  }

  /// Whether the user wants to stop.
  static var requested: Bool { seen.load(ordering: .relaxed) }

  /// How a command ends whose results are partial.
  static var status: ExitStatus { isPreemption ? .preempted : .interrupted }

  private final class Watch: Sendable {
    let isOver = Atomic<Bool>(false)
  }

  /// Carries out work whose task the first Ctrl-C cancels.
  ///
  /// A thread of its own looks for the signal: the work may hold every thread that tasks run on.
  static func cancelling<Value: Sendable>(
    _ body: @escaping @Sendable () async throws -> Value
  ) async throws -> Value {
    hasWork.store(true, ordering: .relaxed)
    let work = Task(operation: body)
    let watch = Watch()
    Thread.detachNewThread {
      while !requested {
        if watch.isOver.load(ordering: .relaxed) { return }
        usleep(20_000)
      }
      work.cancel()
    }
    defer { watch.isOver.store(true, ordering: .relaxed) }
    return try await work.value
  }
}
