import ClusterModel
import Quantities

/// Images on machines, and those that come before anybody asks for them.
extension StartPipeline {
  /// How many sets of images have been described.
  public var imageSetCount: Int { imageSets.count }

  /// Describes the next set of images: the numbers and sizes of its layers, or nil where they aren't
  /// known and every Pod draws what it pulls.
  public mutating func addImageSet(_ layers: [(number: Int, bytes: Double)]?) {
    imageSets.append(ImageSet(layers: layers))
  }

  /// Limits how many requests for manifests and layers a registry answers.
  public mutating func limitRegistry(_ registry: Int, to rate: Rate, burst: Int) {
    while registryBuckets.count <= registry {
      registryBuckets.append(TokenBucket(rate: .unlimited, burst: 1))
    }
    registryBuckets[registry] = TokenBucket(rate: rate, burst: burst)
  }

  /// When a registry has answered what a pull at a place asks: for a manifest, and for each layer.
  mutating func answered(set: Int, place: Int, from instant: Instant) -> Instant {
    guard let registry = places[place].routes.source.registry, registry < registryBuckets.count
    else { return instant }
    var granted = instant
    for _ in 0...(imageSets[set].layers?.count ?? 1) {
      granted = registryBuckets[registry].take(at: granted)
    }
    return granted
  }

  /// Images of sets unknown to machines that they have deleted so far.
  public var deletedImages: Int {
    kubelets.reduce(0) { $0 + ($1?.images.deletions ?? 0) }
  }

  /// Has a machine pull a set of images that it doesn't hold.
  ///
  /// - Parameter bytes: what it pulls where the layers aren't known.
  public mutating func preheat(
    _ set: Int, onMachine slot: Int, place: Int, bytes: Double, at now: Instant
  ) {
    prepareKubelet(slot, place: place)
    guard !kubelets[slot]!.images.holds(set), !kubelets[slot]!.isPreheating(set),
      !isCut(place) || isSeeded(set, place: place)
    else { return }
    counts.preheatedPulls += 1
    let layers = imageSets[set].layers
    let missing = layers.map { kubelets[slot]!.images.missing($0) } ?? bytes
    let whole = layers.map { $0.reduce(0) { $0 + $1.bytes } } ?? bytes
    kubelets[slot]!.preheating.append((set, missing, []))
    let key = Transfer.preheat(slot: slot, set: set).key
    if places[place].sharing != nil {
      join(key, set: set, place: place, bytes: missing, wholeBytes: whole, at: now)
    } else {
      network.start(key, inClass: places[place].routes.pulls, bytes: missing, at: now)
    }
  }

  /// A machine has pulled a set ahead: Pods that waited for it go on.
  mutating func preheated(
    _ set: Int, onMachine slot: Int, at now: Instant, into out: inout PipelineOutbox
  ) {
    guard slot < kubelets.count, kubelets[slot] != nil,
      let index = kubelets[slot]!.preheating.firstIndex(where: { $0.set == set })
    else { return }
    let (_, bytes, waiting) = kubelets[slot]!.preheating.remove(at: index)
    kubelets[slot]!.images.keep(set, imageSets[set], bytes: bytes, at: now)
    for pod in waiting where entry(pod) != nil { out.set(.imaged, for: pod, at: now) }
  }
}
