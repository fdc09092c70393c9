import Testing

/// Checks that a check can fail: it is given something known to be wrong and must find it.
///
/// - Parameters:
///   - mutant: what is wrong with what is checked.
///   - check: the same expectations as for the right thing, applied to the wrong one.
public func expectDetects(
  _ mutant: Comment, sourceLocation: SourceLocation = #_sourceLocation, _ check: () throws -> Void
) {
  withKnownIssue(mutant, sourceLocation: sourceLocation) { try check() }
}
