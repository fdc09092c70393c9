/// What a tally adds up over the nodes of each domain.
enum TallySource: Hashable, BitwiseCopyable, Sendable {
  /// Members of a group that aren't stopping.
  case active(Int32)
  /// Members of a group.
  case members(Int32)
  /// Pods that a term keeps apart from those it concerns.
  case apart(Int32)
  /// How much Pods want those that a term concerns near.
  case weight(Int32)
  /// Nothing: only which domains there are.
  case nothing
}

/// What is added up, by which topology key, over which nodes: equal identities share a tally.
struct TallyIdentity: Hashable, Sendable {
  var source: TallySource
  var key: Int32
  /// The placement rules that decide which nodes count; −1: every node does.
  var placement: Int32 = -1
  var honoursAffinity = false
  var honoursTaints = false
  /// Topology keys that a node must have to count.
  var keys: [Int32] = []
}

/// A sum per domain, kept as Pods come and go; made afresh when nodes have changed.
struct DomainTally: Sendable {
  let identity: TallyIdentity
  /// The structure for which it was added up.
  var structureVersion = -1
  private(set) var ofDomain: [Int64] = []
  /// The sum over all domains.
  private(set) var sum: Int64 = 0
  /// Domains with at least one node that counts.
  private(set) var domains = 0
  /// The smallest sum of those domains, and how many of them have it.
  private(set) var least: Int64 = 0
  private var atLeast = 0
  private var isPresent: [Bool] = []

  init(_ identity: TallyIdentity) { self.identity = identity }

  /// Starts again with so many domains, none of which has a node.
  mutating func clear(domains count: Int) {
    ofDomain = [Int64](repeating: 0, count: count)
    isPresent = [Bool](repeating: false, count: count)
    sum = 0
    domains = 0
  }

  /// Adds a node's amount while the tally is made.
  mutating func include(_ domain: Int, _ amount: Int64) {
    if !isPresent[domain] {
      isPresent[domain] = true
      domains += 1
    }
    ofDomain[domain] += amount
    sum += amount
  }

  /// Finds the smallest sum again.
  mutating func findLeast() {
    least = .max
    atLeast = 0
    for domain in ofDomain.indices where isPresent[domain] {
      if ofDomain[domain] < least {
        least = ofDomain[domain]
        atLeast = 1
      } else if ofDomain[domain] == least {
        atLeast += 1
      }
    }
  }

  /// Follows a change on a node that counts.
  mutating func add(_ domain: Int, _ amount: Int64) {
    let before = ofDomain[domain]
    let after = before + amount
    ofDomain[domain] = after
    sum += amount
    if after < least {
      least = after
      atLeast = 1
    } else if before == least {
      atLeast -= 1
      if atLeast == 0 { findLeast() }
    } else if after == least {
      atLeast += 1
    }
  }
}

extension SchedulerCache {
  /// The number of a tally, which follows its source from now on.
  mutating func tally(_ identity: TallyIdentity) -> Int32 {
    if let known = tallyNumbers[identity] { return known }
    let number = Int32(tallies.count)
    tallyNumbers[identity] = number
    tallies.append(DomainTally(identity))
    switch identity.source {
    case .active(let group), .members(let group): groups[Int(group)].tallies.append(number)
    case .apart(let term), .weight(let term): carriedTerms[Int(term)].tallies.append(number)
    case .nothing: break
    }
    return number
  }

  /// Makes sure that a tally is up to date.
  mutating func refreshTally(_ number: Int32) {
    let place = Int(number)
    if tallies[place].structureVersion == structureVersion { return }
    var made = tallies[place]
    let identity = made.identity
    made.clear(domains: topologies[Int(identity.key)].count)
    for slot in nodeOrder.slots where counts(Int(slot), in: identity) {
      let domain = Int(topologies[Int(identity.key)].domainOf[Int(slot)])
      made.include(domain, amount(of: identity.source, on: Int(slot)))
    }
    made.findLeast()
    made.structureVersion = structureVersion
    tallies[place] = made
  }

  /// Follows a Pod of a group that came to a node or left it.
  mutating func follow(_ number: Int32, on slot: Int, by sign: Int32, isActive: Bool) {
    if case .active = tallies[Int(number)].identity.source, !isActive { return }
    follow(number, on: slot, by: Int64(sign))
  }

  /// Follows a Pod with a term that came to a node or left it.
  mutating func follow(_ number: Int32, on slot: Int, _ use: CarriedUse, sign: Int32) {
    if case .apart = tallies[Int(number)].identity.source {
      follow(number, on: slot, by: Int64(sign * use.apart))
    } else {
      follow(number, on: slot, by: Int64(sign) * use.weight)
    }
  }

  @inline(__always)
  private mutating func follow(_ number: Int32, on slot: Int, by amount: Int64) {
    let place = Int(number)
    guard amount != 0, tallies[place].structureVersion == structureVersion,
      counts(slot, in: tallies[place].identity)
    else { return }
    let domain = topologies[Int(tallies[place].identity.key)].domainOf[slot]
    tallies[place].add(Int(domain), amount)
  }

  /// Whether a node counts in a tally.
  @inline(__always)
  private func counts(_ slot: Int, in identity: TallyIdentity) -> Bool {
    if topologies[Int(identity.key)].domainOf[slot] < 0 { return false }
    if identity.placement >= 0 {
      let node = placements[Int(identity.placement)].ofNode[slot]
      if identity.honoursAffinity && !node.meetsAffinity { return false }
      if identity.honoursTaints && !node.toleratesTaints { return false }
    }
    for key in identity.keys where topologies[Int(key)].domainOf[slot] < 0 { return false }
    return true
  }

  private func amount(of source: TallySource, on slot: Int) -> Int64 {
    switch source {
    case .active(let group): Int64(groups[Int(group)].activeOnNode[slot])
    case .members(let group): Int64(groups[Int(group)].onNode[slot])
    case .apart(let term): Int64(carriedTerms[Int(term)].apart[slot])
    case .weight(let term): carriedTerms[Int(term)].weight[slot]
    case .nothing: 0
    }
  }
}
