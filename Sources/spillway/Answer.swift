import ArgumentParser
import Reporting
import Statistics

/// In which form a command answers.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
  case text, table, wide, json, yaml, csv, markdown, name

  /// What `-o` does, for every command's help.
  static let help = ArgumentHelp(
    "text, or one table: table, wide, csv, markdown or name; or all there is: json or yaml.")

  /// The form of a table that it asks for, if it asks for one.
  var tableForm: TableText.Form? {
    switch self {
    case .table: .table
    case .wide: .wide
    case .csv: .csv
    case .markdown: .markdown
    case .name: .name
    case .text, .json, .yaml: nil
    }
  }
}

/// What a command has found, in every form in which it can be asked for.
struct Answer {
  private let text: () -> String
  private let json: () throws -> String
  private let table: () -> ResultTable

  /// An answer; only the form that is asked for is made.
  init(
    text: @escaping @autoclosure () -> String, json: @escaping @autoclosure () throws -> String,
    table: @escaping @autoclosure () -> ResultTable
  ) {
    self.text = text
    self.json = json
    self.table = table
  }

  /// Prints it to standard output.
  func say(as format: OutputFormat) throws {
    if let form = format.tableForm {
      spillway.say(TableText.render(table(), as: form, width: Terminal().width))
    } else {
      switch format {
      case .json: spillway.say(try json())
      case .yaml: spillway.say(try YAMLText.render(json: json()))
      default: spillway.say(text())
      }
    }
  }
}

extension ResultTable.Cell {
  /// A number, or nothing.
  static func optional(_ value: Double?) -> ResultTable.Cell {
    value.map { $0.isFinite ? .number($0) : .missing } ?? .missing
  }

  /// A text, or nothing.
  static func optional(_ value: String?) -> ResultTable.Cell { value.map { .text($0) } ?? .missing }
}
