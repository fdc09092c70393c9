import ArgumentParser
import Foundation

/// Prints the manual page, from the same tree of commands as `--help`.
struct ManualCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "manual", abstract: "Prints the manual page, for man.",
    discussion: """
      Examples:
        spillway manual | man -l -
        spillway manual > spillway.1
      """, shouldDisplay: false)

  func run() throws {
    let tree = try JSONDecoder().decode(
      CommandTree.self, from: Data(SpillwayCommand._dumpHelp().utf8))
    say(ManualPage(tree.command, version: SpillwayCommand.configuration.version).text)
  }
}

/// What the argument parser says of its commands.
struct CommandTree: Decodable {
  /// A command with those below it.
  struct Command: Decodable {
    var commandName: String
    var abstract: String?
    var discussion: String?
    var shouldDisplay: Bool?
    var subcommands: [Command]?
    var arguments: [Argument]?
  }

  /// An argument, option or flag.
  struct Argument: Decodable {
    /// One of its names.
    struct Name: Decodable {
      var kind: String
      var name: String
    }
    var kind: String
    var names: [Name]?
    var valueName: String?
    var abstract: String?
    var defaultValue: String?
    var isOptional: Bool
    var isRepeating: Bool
    var shouldDisplay: Bool
  }

  var command: Command
}

/// A manual page in the language of troff's `man` macros.
struct ManualPage {
  /// The page.
  private(set) var text = ""

  /// The page of a command and all below it.
  init(_ command: CommandTree.Command, version: String) {
    let name = command.commandName
    line(".TH \(name.uppercased()) 1 \"\" \"\(name) \(version)\" \"User Commands\"")
    line(".SH NAME")
    line("\(escaped(name)) \\- \(escaped(command.abstract ?? ""))")
    line(".SH SYNOPSIS")
    line(".B \(escaped(name))")
    line(".I COMMAND")
    line("[options]")
    line(".SH DESCRIPTION")
    prose(command.discussion ?? "")
    line(".SH COMMANDS")
    for one in command.subcommands ?? [] { write(one, below: name) }
  }

  private mutating func write(_ command: CommandTree.Command, below name: String) {
    // Every command has an option that explains it; the parser's own command says the same.
    guard command.shouldDisplay != false, command.commandName != "help" else { return }
    let name = "\(name) \(command.commandName)"
    let arguments = (command.arguments ?? []).filter { $0.shouldDisplay && !isHelp($0) }
    line(".SS \"\(escaped(name))\(arguments.map(synopsis).joined())\"")
    line(escaped(command.abstract ?? ""))
    for argument in arguments {
      line(".TP")
      line("\\fB\(escaped(heading(argument)))\\fR")
      let value = argument.defaultValue.map { " (default: \($0))" } ?? ""
      line(escaped((argument.abstract ?? "") + value))
    }
    if let discussion = command.discussion {
      line(".PP")
      prose(discussion)
    }
    for one in command.subcommands ?? [] { write(one, below: name) }
  }

  private func isHelp(_ argument: CommandTree.Argument) -> Bool {
    argument.names?.contains { $0.name == "help" || $0.name == "version" } ?? false
  }

  private func synopsis(_ argument: CommandTree.Argument) -> String {
    guard argument.kind == "positional" else { return "" }
    let word = (argument.valueName ?? "value").uppercased() + (argument.isRepeating ? "..." : "")
    return argument.isOptional ? " [\(word)]" : " \(word)"
  }

  private func heading(_ argument: CommandTree.Argument) -> String {
    let value = argument.valueName ?? "value"
    guard argument.kind != "positional" else { return value.uppercased() }
    let names = (argument.names ?? []).map { ($0.kind == "long" ? "--" : "-") + $0.name }
    return names.joined(separator: ", ") + (argument.kind == "option" ? " \(value)" : "")
  }

  /// Paragraphs; indented lines, as of examples, stay as they are.
  private mutating func prose(_ text: String) {
    var isExample = false
    for piece in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if piece.hasPrefix("  ") != isExample {
        isExample.toggle()
        line(isExample ? ".PP\n.RS 4\n.nf" : ".fi\n.RE")
      }
      line(piece.isEmpty ? ".PP" : escaped(String(piece)))
    }
    if isExample { line(".fi\n.RE") }
  }

  private mutating func line(_ content: String) {
    let content = content.trimmingCharacters(in: .whitespaces)
    if !content.isEmpty { text += content + "\n" }
  }

  /// Text that troff prints as it is.
  private func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "\\": result += "\\e"
      case "-": result += "\\-"
      case "\"": result += "\\(dq"
      default: result.append(character)
      }
    }
    // A line that begins so would be a command of troff's.
    return result.hasPrefix(".") || result.hasPrefix("'") ? "\\&" + result : result
  }
}
