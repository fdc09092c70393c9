extension StratumIndex {
  /// Keeps the first so many feasible places from a start on, around the end, and notes each
  /// stratum's best among them.
  ///
  /// - Returns: how many were kept, and how many places were examined until one more feasible
  ///   place was met (or all were).
  mutating func walk(from start: Int, sought: Int) -> (kept: Int, examined: Int) {
    for stratum in met {
      standings[Int(stratum)].kept = 0
      standings[Int(stratum)].best = 0
    }
    met.removeAll(keepingCapacity: true)
    var total = 0
    var examined = 0
    var place = start
    while examined < keys.count {
      let block = place / Self.width
      if place % Self.width == 0, entryCounts[block] >= 0 {
        let length = min(Self.width, keys.count - place)
        if length <= keys.count - examined,
          total + length <= sought || total + feasible(in: block) <= sought
        {
          let start = block * Self.room
          for entry in start..<start + Int(entryCounts[block]) {
            let entry = entries[entry]
            if standings[Int(entry.stratum)].isAdmitted {
              keep(Int(entry.stratum), entry.count, entry.best)
              total += Int(entry.count)
            }
          }
          examined += length
          place += length
          if place == keys.count { place = 0 }
          continue
        }
      }
      let key = keys[place]
      if key != 0, standings[Int(strata[place])].isAdmitted {
        if total == sought { break }
        total += 1
        keep(Int(strata[place]), 1, key)
      }
      examined += 1
      place += 1
      if place == keys.count { place = 0 }
    }
    return (total, examined)
  }

  @inline(__always)
  private func feasible(in block: Int) -> Int {
    let start = block * Self.room
    var count: Int32 = 0
    for entry in start..<start + Int(entryCounts[block])
    where standings[Int(entries[entry].stratum)].isAdmitted { count += entries[entry].count }
    return Int(count)
  }

  @inline(__always)
  private mutating func keep(_ stratum: Int, _ count: Int32, _ key: UInt64) {
    var standing = standings[stratum]
    if standing.kept == 0 { met.append(Int32(stratum)) }
    standing.kept += count
    standing.best = key > standing.best ? key : standing.best
    standings[stratum] = standing
  }

  /// The places of the last walk, of which it kept so many, that score as much as the best of their
  /// stratum, for some strata; each with its position among the places kept.
  func ties(
    from start: Int, kept: Int, isTied: [Bool]
  ) -> [(position: Int, place: Int)] {
    var found: [(position: Int, place: Int)] = []
    var position = 0
    var place = start
    while position < kept {
      let block = place / Self.width
      if place % Self.width == 0, entryCounts[block] >= 0 {
        let count = feasible(in: block)
        if position + count <= kept, !hasTie(in: block, isTied) {
          position += count
          place = place + Self.width >= keys.count ? 0 : place + Self.width
          continue
        }
      }
      let key = keys[place]
      let stratum = Int(strata[place])
      if key != 0, standings[stratum].isAdmitted {
        if isTied[stratum], key >> 32 == standings[stratum].best >> 32 {
          found.append((position, place))
        }
        position += 1
      }
      place = place + 1 == keys.count ? 0 : place + 1
    }
    return found
  }

  /// The places that the last walk kept, so many, with their totals, given those of the best of each
  /// stratum in the order met: within a stratum only what a node scores alone differs.
  func found(from start: Int, kept: Int, _ best: [Int64]) -> (places: [Int], totals: [Int64]) {
    var shared = [Int64](repeating: 0, count: strataCount)
    for (place, stratum) in met.enumerated() {
      shared[Int(stratum)] = best[place] - ScoreIndex.total(standings[Int(stratum)].best)
    }
    var (places, totals): ([Int], [Int64]) = ([], [])
    var place = start
    while places.count < kept {
      let stratum = Int(strata[place])
      if keys[place] != 0, standings[stratum].isAdmitted {
        places.append(place)
        totals.append(shared[stratum] + ScoreIndex.total(keys[place]))
      }
      place = place + 1 == keys.count ? 0 : place + 1
    }
    return (places, totals)
  }

  private func hasTie(in block: Int, _ isTied: [Bool]) -> Bool {
    let start = block * Self.room
    for entry in entries[start..<start + Int(entryCounts[block])] {
      let stratum = Int(entry.stratum)
      if isTied[stratum], entry.best >> 32 == standings[stratum].best >> 32 { return true }
    }
    return false
  }
}
