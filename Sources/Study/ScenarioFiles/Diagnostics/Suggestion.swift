/// The candidate most like a word that isn't one of them, if one is like enough.
///
/// Like enough is: the same but for upper and lower case, or at most a third of the word's letters
/// changed, and at most 3.
func nearest<S: Sequence>(to word: String, among candidates: S) -> String?
where S.Element == String {
  var best: (name: String, distance: Int)?
  let letters = Array(word.utf8)
  let limit = min(3, max(1, letters.count / 3))
  for candidate in candidates.sorted() {
    if candidate.lowercased() == word.lowercased() { return candidate }
    let distance = editDistance(letters, Array(candidate.utf8), limit: limit)
    if distance <= limit, distance < best?.distance ?? .max { best = (candidate, distance) }
  }
  return best?.name
}

/// The fewest insertions, deletions, replacements and swaps of neighbours that turn one word into
/// another, or something above `limit` if it is above.
///
/// > Source: the optimal string alignment distance; Boytsov, "Indexing methods for approximate
/// > dictionary searching", 2011, section 2.
func editDistance(_ a: [UInt8], _ b: [UInt8], limit: Int) -> Int {
  guard abs(a.count - b.count) <= limit else { return limit + 1 }
  var before: [Int] = []
  var last = Array(0...b.count)
  for (i, x) in a.enumerated() {
    var row = [i + 1]
    for (j, y) in b.enumerated() {
      var cost = min(last[j + 1] + 1, row[j] + 1, last[j] + (x == y ? 0 : 1))
      if i > 0, j > 0, x == b[j - 1], a[i - 1] == y { cost = min(cost, before[j - 1] + 1) }
      row.append(cost)
    }
    (before, last) = (last, row)
  }
  return last[b.count]
}
