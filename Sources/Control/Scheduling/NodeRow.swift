/// A node's amounts in one place: what it offers and what its Pods take.
struct NodeRow: BitwiseCopyable, Sendable {
  /// CPU offered, in thousandths of a core.
  var cpu: Int64 = 0
  /// Memory offered, in bytes.
  var memory: Int64 = 0
  /// Ephemeral storage offered, in bytes.
  var storage: Int64 = 0
  /// Pods accepted.
  var allowedPods: Int64 = 0
  /// Pods there.
  var podCount: Int64 = 0
  /// CPU requested by its Pods.
  var requestedCPU: Int64 = 0
  /// Memory requested by its Pods.
  var requestedMemory: Int64 = 0
  /// Ephemeral storage requested by its Pods.
  var requestedStorage: Int64 = 0
  /// CPU requested, with a default for containers that request none.
  var nonZeroCPU: Int64 = 0
  /// Memory requested, with a default for containers that request none.
  var nonZeroMemory: Int64 = 0
  /// The balance of what its Pods request, as BalancedAllocation sees it.
  var balance: Int64 = 100
  /// Whether the slot holds a node.
  var isPresent = false

  /// Counts a Pod in (sign 1) or out (−1).
  mutating func add(_ pod: PodFootprint, sign: Int64) {
    podCount += sign
    requestedCPU += sign * pod.cpu
    requestedMemory += sign * pod.memory
    requestedStorage += sign * pod.storage
    nonZeroCPU += sign * pod.nonZeroCPU
    nonZeroMemory += sign * pod.nonZeroMemory
  }

  /// Works the balance out again after a change.
  mutating func rebalance() {
    balance = BalancedAllocation.balance(self, requestedCPU, requestedMemory)
  }
}

/// What a Pod takes, by each of the three notions that v1.36 uses.
struct PodFootprint: BitwiseCopyable, Sendable {
  /// CPU as filters and BalancedAllocation count it, in thousandths of a core.
  var cpu: Int64 = 0
  /// Memory as filters and BalancedAllocation count it, in bytes.
  var memory: Int64 = 0
  /// Ephemeral storage, in bytes.
  var storage: Int64 = 0
  /// CPU as LeastAllocated counts a Pod that runs.
  var nonZeroCPU: Int64 = 0
  /// Memory as LeastAllocated counts a Pod that runs.
  var nonZeroMemory: Int64 = 0
  /// CPU as LeastAllocated counts the incoming Pod.
  var scoredCPU: Int64 = 0
  /// Memory as LeastAllocated counts the incoming Pod.
  var scoredMemory: Int64 = 0
  /// The resolved priority.
  var priority: Int32 = 0
  /// Whether it claims extended resources.
  var hasScalars = false
  /// Whether it claims host ports.
  var hasPorts = false
  /// What it asks of GPUs, where they are shared.
  var gpu = GPURequest()
  /// Whether host ports taken by others keep it off.
  var avoidsPorts = true
  /// Whether it must fit into what is left of a node.
  var mustFit = true
  /// Whether it must find a free address on a virtual node.
  var needsAddress = false
}
