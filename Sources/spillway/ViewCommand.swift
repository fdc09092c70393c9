import ArgumentParser
import Foundation

/// Shows a run's folder in a browser.
struct ViewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "view", abstract: "Serves a run's folder to a browser on this machine.",
    discussion: """
      Examples:
        spillway view out/claim-holds
        spillway view out/claim-holds --port 9000

      Only this machine can reach it, and it only reads. Ctrl-C ends it.
      """)
  @Argument(help: "A run's folder.", completion: .directory) var folder: String
  @Option(help: "The port; 0 for any that is free.") var port: UInt16 = 8742

  func run() throws {
    Interrupts.watch()
    do {
      let server = try FolderServer(folder: folder, port: port)
      say("http://127.0.0.1:\(server.port)/\n")
      server.serve { Interrupts.requested }
    } catch {
      complain("spillway: \(error.reason)")
      throw (error.isMissing ? ExitStatus.missingInput : .cannotCreate).code
    }
  }
}
