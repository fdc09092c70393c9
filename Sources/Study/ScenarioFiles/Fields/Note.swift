import CloudSimulation
import Infrastructure

/// What is known about a field besides its type.
struct Note: Sendable {
  /// What it means, in a sentence or two.
  var text: String
  /// Evidence grade of the default: S, D, E, C, M or A; empty for the user's own choice.
  var grade = ""
  /// Where the default comes from.
  var source = ""
  /// The ends of the range to be tried; of a law, of its mean.
  var range: (low: String, high: String)?
  /// The limit that it sets.
  var limit: (kind: LimitKind, stage: Stage)?
  /// The value that takes the limit away.
  var unlimited = "unlimited"
  /// Which part of the model uses it.
  var usage: Usage = []
  /// Whether an object without it is an error.
  var isRequired = false
  /// What the field is one way to say, of which an object needs one; nil if it stands alone.
  var alternative: String?
  /// Why the field isn't modelled although it matters; nil if it is.
  var unsupported: String?
  /// The field that this one is a short form of.
  var alias: String?
  /// The kind whose objects are written here in short; nil for a field of the object itself.
  var shortFormOf: String?

  init(_ text: String) { self.text = text }

  /// The default's grade and source.
  func graded(_ grade: String, _ source: String) -> Note {
    with {
      $0.grade = grade
      $0.source = source
    }
  }

  /// The range to be tried; of a law, the range of its mean.
  func range(_ low: String, _ high: String) -> Note { with { $0.range = (low, high) } }

  /// The limit that the field sets.
  func limits(_ kind: LimitKind, _ stage: Stage, unlimited: String = "unlimited") -> Note {
    with {
      $0.limit = (kind, stage)
      $0.unlimited = unlimited
    }
  }

  /// The part of the model that uses the field.
  func used(_ usage: Usage) -> Note { with { $0.usage = usage } }

  /// Makes the field required.
  var required: Note { with { $0.isRequired = true } }

  /// Makes the field one of several ways to say something, of which an object needs one.
  func oneWay(to say: String) -> Note { with { $0.alternative = say } }

  /// Marks the field as one that matters and isn't modelled.
  func unsupported(_ reason: String) -> Note { with { $0.unsupported = reason } }

  private func with(_ change: (inout Note) -> Void) -> Note {
    var note = self
    change(&note)
    return note
  }
}
