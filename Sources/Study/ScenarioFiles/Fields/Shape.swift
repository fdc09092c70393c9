/// What values a field takes, for `explain` and the schema.
indirect enum Shape: Sendable {
  /// One text of a form with a name, such as `duration`; `json` says which JSON types it may have.
  case scalar(name: String, json: [String], unit: String)
  /// One of some words.
  case choice([String])
  /// Values in order.
  case list(Shape)
  /// Values by names that the user gives.
  case dictionary(Shape)
  /// Fields by name.
  case object([FieldOutline])
  /// One of two forms.
  case either(Shape, Shape)

  /// The shape's name, as `explain` prints it.
  var name: String {
    switch self {
    case .scalar(let name, _, _): name
    case .choice(let words): words.joined(separator: "|")
    case .list(let element): "list of \(element.name)"
    case .either(let one, let other): "\(one.name) or \(other.name)"
    case .dictionary(let value): "\(value.name) by name"
    case .object(let fields): "{\(fields.map(\.name).joined(separator: ", "))}"
    }
  }

  /// The unit of the number that the text stands for; empty if there is none.
  var unit: String {
    guard case .scalar(_, _, let unit) = self else { return "" }
    return unit
  }
}

/// A field without its type: what it is called, what it takes, and what is known about it.
struct FieldOutline: Sendable {
  var name: String
  var shape: Shape
  var note: Note
  /// The value of the type's own initialiser, as a file would write it.
  var defaultText: String?
  /// Whether it is set as a whole: an element of a list, say, and not a group of fields.
  var isValue = false

  /// The fields inside.
  var children: [FieldOutline] {
    switch shape {
    case .object(let fields), .list(.object(let fields)), .list(.either(_, .object(let fields))):
      fields
    default: []
    }
  }
}
