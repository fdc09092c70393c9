extension Array where Element == Int64 {
  /// Moves elements so that the one with a rank stands in its place, smaller ones before it and
  /// larger ones after it. Those before `start` are smaller already.
  ///
  /// > Source: Hoare's FIND (Communications of the ACM 4, 1961), with the median of three.
  mutating func place(rank: Int, from start: Int) {
    var low = start
    var high = count - 1
    while low < high {
      let middle = low + (high - low) / 2
      let pivot = Swift.max(
        Swift.min(self[low], self[middle]),
        Swift.min(Swift.max(self[low], self[middle]), self[high]))
      var left = low
      var right = high
      while left <= right {
        while self[left] < pivot { left += 1 }
        while self[right] > pivot { right -= 1 }
        if left <= right {
          swapAt(left, right)
          left += 1
          right -= 1
        }
      }
      if rank <= right {
        high = right
      } else if rank >= left {
        low = left
      } else {
        return
      }
    }
  }
}
